//! The short form of a fault: `NAME[:KIND][=NUMBER or TARGET][@METHOD PATH[#nth]]`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use strum::VariantNames;

use super::catalogue::check_unknown_state;
use super::rule::METHODS;
use super::{Fault, FaultRule, Takes};

impl FromStr for FaultRule {
    type Err = String;

    /// Reads the short form, as `hcops rehearse --fault` takes it.
    ///
    /// ```
    /// use hcops_simulator::{Fault, FaultRule};
    ///
    /// let rule: FaultRule = "cut-after-effect@POST /addon-attachments#2".parse().unwrap();
    /// assert_eq!((rule.fault, rule.nth), (Fault::CutAfterEffect, Some(2)));
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let (what, place) = text.split_once('@').map_or((text, None), |(what, place)| (what, Some(place)));
        let (what, value) = what.split_once('=').map_or((what, None), |(what, value)| (what, Some(value)));
        let (name, kind) = what.split_once(':').map_or((what, None), |(name, kind)| (name, Some(kind)));
        let mut rule = Self { kind: kind.map(str::to_owned), ..name.trim().parse::<Fault>()?.into() };
        if let Some(value) = value {
            rule.put_value(value)?;
        }
        if let Some(place) = place {
            rule.put(place)?;
        }
        rule.check()?;
        Ok(rule)
    }
}

impl Takes {
    /// What is meant where a fault takes a number and none is given.
    pub(super) const fn usual_number(self) -> u64 {
        match self {
            Self::Number { usual, .. } => usual,
            Self::Nothing | Self::Status | Self::Kind(_) | Self::UnknownState | Self::Drift => 0,
        }
    }
}

impl FaultRule {
    /// What stands behind `:`, one of a few words.
    ///
    /// # Errors
    /// One sentence that lists them, when it is another one.
    pub(super) fn kind_of<K: FromStr + VariantNames>(&self) -> Result<Option<K>, String> {
        let Some(kind) = self.kind.as_deref() else { return Ok(None) };
        kind.parse().map(Some).map_err(|_| self.no_such_kind(kind, K::VARIANTS))
    }

    fn no_such_kind(&self, kind: &str, known: &[&str]) -> String {
        format!("there is no {}:{kind}; there are: {}", self.fault, known.join(", "))
    }

    fn put_value(&mut self, value: &str) -> Result<(), String> {
        match self.fault.spec().takes {
            Takes::Number { of, .. } => {
                let number = value.parse().map_err(|_| format!("{value:?} behind = is no number of {of}"))?;
                self.seconds = Some(number);
            }
            Takes::Status => {
                self.status =
                    Some(value.parse().map_err(|_| format!("{value:?} behind = is not a status; {STATUSES}"))?);
            }
            Takes::Nothing | Takes::Kind(_) | Takes::UnknownState | Takes::Drift => {
                self.target = Some(value.to_owned());
            }
        }
        Ok(())
    }

    fn put(&mut self, place: &str) -> Result<(), String> {
        let (place, nth) = place.rsplit_once('#').map_or((place, None), |(place, nth)| (place, Some(nth)));
        self.nth = nth.map(|nth| nth.parse().map_err(|_| format!("{nth:?} behind # is no number"))).transpose()?;
        let mut words = place.split_whitespace();
        for word in words.by_ref().take(2) {
            if word.contains('/') || self.method.is_some() {
                self.path = Some(word.to_owned());
            } else {
                self.method = Some(word.to_ascii_uppercase());
            }
        }
        match words.next() {
            Some(word) => Err(format!("{word:?} is too much: a place is METHOD PATH#nth")),
            None => Ok(()),
        }
    }

    /// Checks the parts that belong together.
    ///
    /// # Errors
    /// One sentence about what is wrong.
    pub fn check(&self) -> Result<(), String> {
        self.check_what()?;
        if self.nth == Some(0) {
            return Err("requests are counted from 1, so #0 never comes".to_owned());
        }
        let Some(method) = self.method.as_deref() else { return Ok(()) };
        if !METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) {
            return Err(format!("{method:?} is no method of a request; there are: {}", METHODS.join(", ")));
        }
        if self.fits(&method.to_ascii_uppercase()) {
            return Ok(());
        }
        Err(format!("{} never strikes a {method}: {}", self.fault, self.fault.summary()))
    }

    /// Checks what is written behind the name.
    fn check_what(&self) -> Result<(), String> {
        let (name, takes) = (self.fault, self.fault.spec().takes);
        match (takes, self.kind.as_deref()) {
            (Takes::Drift, _) => drop(self.drift()?),
            (_, None) => {}
            (Takes::UnknownState, Some(word)) => check_unknown_state(word)?,
            (Takes::Kind(known), Some(kind)) if known.contains(&kind) => {}
            (Takes::Kind(known), Some(kind)) => return Err(self.no_such_kind(kind, known)),
            (Takes::Nothing | Takes::Number { .. } | Takes::Status, Some(kind)) => {
                return Err(format!("{name} has no kinds, so :{kind} says nothing"));
            }
        }
        match (takes, self.seconds) {
            (_, None) => {}
            (Takes::Number { of, .. }, Some(0)) => {
                return Err(format!("{name}=0 would change nothing; use 1 or more {of}"));
            }
            (Takes::Number { .. }, Some(_)) => {}
            (Takes::Nothing | Takes::Status | Takes::Kind(_) | Takes::UnknownState | Takes::Drift, Some(number)) => {
                return Err(format!("{name} takes no number, so {number} says nothing"));
            }
        }
        match (takes, &self.target, self.status) {
            (Takes::Status, _, Some(status)) if !(500..=599).contains(&status) => {
                Err(format!("{name}={status} isn't a server error; {STATUSES}"))
            }
            (Takes::Drift, _, _) | (_, None, _) => Ok(()),
            (_, Some(target), _) => Err(format!("{name} has no target, so ={target} says nothing")),
        }
    }
}

const STATUSES: &str = "use one from 500 to 599";

/// The short form. What only the long form can say (`every`, `times`, headers, body, the status of an `answer`) is left out.
impl Display for FaultRule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.fault.name())?;
        if let Some(kind) = &self.kind {
            write!(formatter, ":{kind}")?;
        }
        let status = self.status.filter(|_| matches!(self.fault.spec().takes, Takes::Status));
        let number = self.seconds.or(status.map(u64::from)).map(|number| number.to_string());
        if let Some(value) = self.target.clone().or(number) {
            write!(formatter, "={value}")?;
        }
        let place = self.place();
        if !place.is_empty() {
            write!(formatter, "@{place}")?;
        }
        self.nth.map_or(Ok(()), |nth| write!(formatter, "{}#{nth}", if place.is_empty() { "@" } else { "" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_places_a_fault() {
        let rule: FaultRule = "server-error@GET /apps/*/formation#2".parse().unwrap();
        assert_eq!(rule.method.as_deref(), Some("GET"));
        assert_eq!(rule.path.as_deref(), Some("/apps/*/formation"));
        assert_eq!(rule.nth, Some(2));
        let rule: FaultRule = "api-lag=45".parse().unwrap();
        assert_eq!(rule.seconds, Some(45));
        let rule: FaultRule = "drift:maintenance-off=acme-jobs@/actions/pause".parse().unwrap();
        assert_eq!(rule.kind.as_deref(), Some("maintenance-off"));
        assert_eq!(rule.target.as_deref(), Some("acme-jobs"));
        assert_eq!((rule.method, rule.path.as_deref()), (None, Some("/actions/pause")));
    }

    #[test]
    fn the_short_form_is_told_as_it_was_given() {
        for text in [
            "html",
            "api-lag=45",
            "server-error=503@POST",
            "unknown-connection-state:DREAMING",
            "drift:maintenance-off=acme-jobs@/actions/pause",
            "server-error@GET /apps/*/formation#2",
            "cut-after-effect@POST",
            "html@#3",
        ] {
            let rule: FaultRule = text.parse().unwrap();
            assert_eq!(rule.to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for (text, word) in [
            ("gremlin", "gremlin"),
            ("drift", "maintenance-off"),
            ("drift:x", "x"),
            ("html@GET /a#x", "x"),
            ("html@GET /a b", "b"),
            ("html#0", "html#0"),
            ("html:x", ":x"),
            ("html=x", "=x"),
            ("api-lag=soon", "soon"),
            ("copy-with-warnings=0", "use 1 or more warnings"),
            ("connect-maintenance=0", "use 1 or more seconds"),
            ("server-error=404", "from 500 to 599"),
            ("server-error=down", "from 500 to 599"),
            ("unknown-connection-state:IDLE", "any word except: NEW, "),
            ("unknown-connection-state:", "any word except"),
            ("gremlin", "api-lag"),
            ("schema-refused:nonsense", "import"),
            ("copy-fails=acme-crm", "acme-crm"),
            ("html@GTE /apps", "GTE"),
            ("accepted-never-done@GET /apps", "never strikes a GET"),
            ("api-lag@POST /apps", "never strikes a POST"),
        ] {
            let error = text.parse::<FaultRule>().unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}

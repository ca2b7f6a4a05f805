//! The short form of a fault: `NAME[:KIND][=SECONDS or TARGET][@METHOD PATH[#nth]]`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::rule::METHODS;
use super::{FaultRule, Takes, drift};

impl FromStr for FaultRule {
    type Err = String;

    /// Reads the short form, as `hcops rehearse --fault` takes it.
    ///
    /// ```
    /// use hcops_simulator::FaultRule;
    ///
    /// let rule: FaultRule = "cut-after-effect@POST /addon-attachments#2".parse().unwrap();
    /// assert_eq!((rule.name.as_str(), rule.nth), ("cut-after-effect", Some(2)));
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let (what, place) = text.split_once('@').map_or((text, None), |(what, place)| (what, Some(place)));
        let (what, value) = what.split_once('=').map_or((what, None), |(what, value)| (what, Some(value)));
        let (name, kind) = what.split_once(':').map_or((what, None), |(name, kind)| (name, Some(kind)));
        let mut rule = Self { kind: kind.map(str::to_owned), ..Self::named(name.trim()) };
        match (rule.fault()?.takes, value) {
            (_, None) => (),
            (Takes::Number(what), Some(given)) => {
                let number = given.parse().map_err(|_| format!("{given:?} behind = is no number of {what}"))?;
                rule.seconds = Some(number);
            }
            (_, Some(target)) => rule.target = Some(target.to_owned()),
        }
        if let Some(place) = place {
            rule.put(place)?;
        }
        rule.check()?;
        Ok(rule)
    }
}

impl FaultRule {
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
        Err(format!("{} never strikes a {method}: {}", self.name, self.fault()?.summary))
    }

    /// Checks what is written behind the name.
    fn check_what(&self) -> Result<(), String> {
        let (name, takes) = (&self.name, self.fault()?.takes);
        match (takes, self.kind.as_deref()) {
            (Takes::Drift, kind) => drop(drift::named(kind)?),
            (_, None) | (Takes::Word, _) => (),
            (Takes::Kind(known), Some(kind)) if known.contains(&kind) => (),
            (Takes::Kind(known), Some(kind)) => {
                return Err(format!(
                    "there is no {name}:{kind}; behind {name}: stands {}, or nothing",
                    known.join(", ")
                ));
            }
            (Takes::Nothing | Takes::Number(_), Some(kind)) => {
                return Err(format!("{name} has no kinds, so :{kind} says nothing"));
            }
        }
        if let (Some(target), false) = (&self.target, takes == Takes::Drift) {
            return Err(format!("{name} has no target, so ={target} says nothing"));
        }
        if let (Some(seconds), false) = (self.seconds, matches!(takes, Takes::Number(_))) {
            return Err(format!("{name} takes no number, so {seconds} says nothing"));
        }
        Ok(())
    }
}

/// The short form. What only the long form can say (`every`, `times`, `status`, headers, body) is left out.
impl Display for FaultRule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        if let Some(kind) = &self.kind {
            write!(formatter, ":{kind}")?;
        }
        if let Some(value) = self.target.clone().or(self.seconds.map(|seconds| seconds.to_string())) {
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

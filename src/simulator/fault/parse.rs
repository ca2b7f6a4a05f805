//! The short form of a fault: `NAME[:KIND][=SECONDS or TARGET][@METHOD PATH[#nth]]`.

use std::str::FromStr;

use super::FaultRule;

impl FromStr for FaultRule {
    type Err = String;

    /// Reads the short form, as `hcops rehearse --fault` takes it.
    ///
    /// ```
    /// use hcops::simulator::FaultRule;
    ///
    /// let rule: FaultRule = "cut-after-effect@POST /addon-attachments#2".parse().unwrap();
    /// assert_eq!((rule.name.as_str(), rule.nth), ("cut-after-effect", Some(2)));
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let (what, place) = text.split_once('@').map_or((text, None), |(what, place)| (what, Some(place)));
        let (what, value) = what.split_once('=').map_or((what, None), |(what, value)| (what, Some(value)));
        let (name, kind) = what.split_once(':').map_or((what, None), |(name, kind)| (name, Some(kind)));
        let mut rule = Self { kind: kind.map(str::to_owned), ..Self::named(name.trim()) };
        rule.fault()?;
        match value.map(|value| (value, value.parse())) {
            Some((_, Ok(seconds))) => rule.seconds = Some(seconds),
            Some((target, Err(_))) => rule.target = Some(target.to_owned()),
            None => (),
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
        self.fault()?;
        if self.name == "drift" {
            super::drift::check(self.kind.as_deref())?;
        }
        if self.nth == Some(0) {
            return Err("requests are counted from 1, so #0 never comes".to_owned());
        }
        Ok(())
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
    fn nonsense_is_refused_with_a_reason() {
        for (text, word) in [
            ("gremlin", "gremlin"),
            ("drift", "maintenance-off"),
            ("drift:x", "x"),
            ("html@GET /a#x", "x"),
            ("html@GET /a b", "b"),
            ("html#0", "html#0"),
        ] {
            let error = text.parse::<FaultRule>().unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Fault};
use crate::world::World;

/// A fault and where it strikes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// What goes wrong.
    #[serde(rename = "name", default)]
    pub fault: Fault,
    /// What stands behind `:`: what sort of drift, `maintenance-off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The app, add-on or connection that a change of the world is about; the first one if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Method in capitals; any if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Part of the path. `*` stands for one segment, `$` for the end; a leading `/` for the beginning of a segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only the nth matching request, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Every so many matching requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// At most so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Before or after the effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// The number behind `=`, where the fault takes one: mostly a length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// HTTP status of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers of the answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Body of the answer; `null` for an empty one.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
    /// Matching requests so far.
    #[serde(default)]
    pub seen: u64,
    /// How often it has struck.
    #[serde(default)]
    pub struck: u64,
    /// How often its place came and the change was impossible, or would have changed nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missed: u64,
    /// Why it did not strike when its place came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_missed: Option<String>,
}

/// The methods of the requests that the simulator answers.
pub(super) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Where in a request a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Before anything is done: the request has no effect.
    Before,
    /// After it was done, before the answer.
    After,
}

impl From<Fault> for FaultRule {
    /// The fault at its usual place.
    fn from(fault: Fault) -> Self {
        Self { fault, ..Self::default() }
    }
}

impl FaultRule {
    /// Whether it strikes before or after the effect.
    #[must_use]
    pub fn when(&self) -> When {
        self.when.unwrap_or_else(|| self.fault.spec().when)
    }

    /// Whether it changes the world at once, without waiting for a request.
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        self.is_of_world() && self.method.is_none() && self.path.is_none() && self.nth.is_none() && self.every.is_none()
    }

    /// Whether it changes the world and leaves the exchange of a request alone.
    pub(crate) fn is_of_world(&self) -> bool {
        matches!(self.effect(), Effect::World(_) | Effect::Attempt(_))
    }

    /// What it does.
    pub(crate) fn effect(&self) -> Effect {
        self.fault.spec().effect
    }

    /// The number that it takes, as given or as usual.
    pub(crate) fn number(&self) -> u64 {
        self.seconds.unwrap_or_else(|| self.fault.spec().takes.usual_number())
    }

    /// Changes the world as it says. What strikes the exchange of a request leaves the world alone.
    ///
    /// # Errors
    /// One sentence, when the change is impossible or would change nothing.
    pub(crate) fn inflict(&self, world: &mut World) -> Result<(), String> {
        match self.effect() {
            Effect::World(change) => change(world, self),
            Effect::Attempt(change) => change(world, self)?,
            Effect::Answer
            | Effect::RateLimit
            | Effect::ServerError
            | Effect::Html
            | Effect::Cut
            | Effect::Timeout
            | Effect::NeverDone
            | Effect::Stuck
            | Effect::Lag => {}
        }
        Ok(())
    }

    /// Counts a request if it matches, and says whether the fault strikes it.
    pub(crate) fn strikes(&mut self, method: &str, path: &str) -> bool {
        if !self.matches(method, path) {
            return false;
        }
        self.seen += 1;
        let placed = match (self.nth, self.every) {
            (Some(nth), _) => self.seen == nth,
            (None, Some(every)) => self.seen.is_multiple_of(every),
            (None, None) => true,
        };
        let strikes = placed && self.times.or(self.usual_times()).is_none_or(|times| self.struck + self.missed < times);
        self.struck += u64::from(strikes);
        strikes
    }

    fn usual_times(&self) -> Option<u64> {
        let lasting = self.fault.spec().lasting || self.every.is_some();
        (!lasting).then_some(1)
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.fits(method)
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|pattern| path_matches(pattern, path))
    }

    /// Whether it can strike requests of this method.
    pub(super) fn fits(&self, method: &str) -> bool {
        match self.effect() {
            Effect::NeverDone | Effect::Stuck => method != "GET",
            Effect::Lag => method == "GET",
            // A cut or a timeout of a read after its "effect" is the same as before it; left unplaced, it is meant for
            // the first change.
            Effect::Timeout | Effect::Cut => {
                self.when() == When::Before || method != "GET" || self.method.is_some() || self.path.is_some()
            }
            Effect::Answer
            | Effect::RateLimit
            | Effect::ServerError
            | Effect::Html
            | Effect::World(_)
            | Effect::Attempt(_) => true,
        }
    }

    /// Method and path, as far as they are given.
    pub(super) fn place(&self) -> String {
        [self.method.as_deref(), self.path.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Whether a pattern occurs in a path. Only whole runs without `/` fit a `*` (also written `[^/]+`).
fn path_matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.replace("[^/]+", "*");
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern.as_str(), false), |rest| (rest, true));
    let (pattern, from_the_start) = pattern.strip_prefix('^').map_or((pattern, false), |rest| (rest, true));
    let starts = path.char_indices().map(|(index, _)| index).filter(|index| !from_the_start || *index == 0);
    starts.into_iter().any(|index| fits_here(pattern, &path[index..], to_the_end))
}

fn fits_here(pattern: &str, path: &str, to_the_end: bool) -> bool {
    let Some((fixed, rest)) = pattern.split_once('*') else {
        return if to_the_end { path == pattern } else { path.starts_with(pattern) };
    };
    let Some(path) = path.strip_prefix(fixed) else { return false };
    let segment = path.find('/').unwrap_or(path.len());
    (1..=segment).rev().filter(|end| path.is_char_boundary(*end)).any(|end| fits_here(rest, &path[end..], to_the_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_parts_of_paths() {
        let path = "/client/v11/databases/abc/upgrade/run";
        for pattern in
            ["upgrade", "/databases/*/upgrade/run", "run$", "^/client", "/client/v11/databases/[^/]+/upgrade"]
        {
            assert!(path_matches(pattern, path), "{pattern}");
        }
        for pattern in ["upgrade$", "^/databases", "/databases/*/run$", "/databases/*$", "/databases/[^/]+$"] {
            assert!(!path_matches(pattern, path), "{pattern}");
        }
    }

    #[test]
    fn a_rule_strikes_where_it_is_placed() {
        let struck = |rule: &FaultRule| -> Vec<bool> {
            let mut rule = rule.clone();
            (0..6).map(|_| rule.strikes("GET", "/apps/acme-crm")).collect()
        };
        let rule = FaultRule::from(Fault::ServerError);
        assert_eq!(struck(&rule), [true, false, false, false, false, false]);
        let third = FaultRule { nth: Some(3), ..rule.clone() };
        assert_eq!(struck(&third), [false, false, true, false, false, false]);
        let every = FaultRule { every: Some(2), ..rule.clone() };
        assert_eq!(struck(&every), [false, true, false, true, false, true]);
        let twice = FaultRule { times: Some(2), ..rule.clone() };
        assert_eq!(struck(&twice), [true, true, false, false, false, false]);
        let elsewhere = FaultRule { method: Some("POST".to_owned()), ..rule };
        assert_eq!(struck(&elsewhere), [false; 6]);
    }

    #[test]
    fn a_fault_of_a_change_leaves_reads_alone() {
        let mut rule = FaultRule::from(Fault::CutAfterEffect);
        assert!(!rule.strikes("GET", "/apps/acme-crm"));
        assert!(rule.strikes("PATCH", "/apps/acme-crm"));
    }
}

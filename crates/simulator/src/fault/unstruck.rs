//! The faults that were asked for and never struck, with the reason: nobody shall believe that they were rehearsed.

use serde::Serialize;

use super::FaultRule;
use crate::world::World;

/// A fault that has not struck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unstruck {
    /// Its short form.
    pub fault: String,
    /// Why, in words that follow a colon.
    pub why: String,
}

impl FaultRule {
    /// Says so if the fault has not struck, or if nothing has met what it changed.
    #[must_use]
    pub fn unstruck(&self, world: &World) -> Option<Unstruck> {
        Some(Unstruck { fault: self.to_string(), why: self.why_unstruck(world)? })
    }

    fn why_unstruck(&self, world: &World) -> Option<String> {
        if self.struck > 0 {
            let unmet = self.fault.spec().unmet.filter(|_| !world.behaviour.met.contains(&self.fault));
            return unmet.map(str::to_owned);
        }
        if let Some(why) = &self.why_missed {
            return Some(why.clone());
        }
        let requests = self.requests();
        Some(match (self.seen, self.nth.or(self.every)) {
            (0, _) | (_, None) => format!("no {requests} was sent"),
            (1, Some(wanted)) => format!("one {requests} was sent, and it was for number {wanted}"),
            (seen, Some(wanted)) => format!("{seen} times a {requests} was sent, and it was for number {wanted}"),
        })
    }

    /// What it waits for.
    fn requests(&self) -> String {
        let what = match (&self.method, self.fits("GET"), self.fits("POST")) {
            (None, false, _) => "request that changes something",
            (None, _, false) => "read",
            _ => "request",
        };
        match (self.place(), &self.method) {
            (place, _) if place.is_empty() => what.to_owned(),
            (place, Some(_)) => format!("{what} {place}"),
            (place, None) => format!("{what} of {place}"),
        }
    }
}

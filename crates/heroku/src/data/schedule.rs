//! Whether an upgrade is scheduled, from the only place that says so: the free text of its wait status.
//!
//! A scheduled upgrade and none at all both report `waiting?: false` (docs/heroku/data.md, "Readiness").
//! The text counts as "scheduled" only when it has that word and a whole moment with its zone.

use jiff::Timestamp;

use super::{WaitStatus, WaitVerdict};
use crate::Moment;

impl WaitStatus {
    /// When Heroku runs a scheduled upgrade by itself. Nothing where the text tells no moment in a form that is
    /// recognised: that does not mean that none is scheduled.
    #[must_use]
    pub fn scheduled_for(&self) -> Option<Timestamp> {
        if self.verdict() == WaitVerdict::Quiet { scheduled_in(&self.message) } else { None }
    }
}

/// The moment in a text that speaks of a schedule.
fn scheduled_in(text: &str) -> Option<Timestamp> {
    if !text.to_lowercase().contains("scheduled") {
        return None;
    }
    let years = text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()).map(|(at, _)| at);
    years.into_iter().find_map(|at| moment_at(&text[at..]))
}

/// The longest beginning of `text` that is a moment with its zone.
fn moment_at(text: &str) -> Option<Timestamp> {
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take(LONGEST);
    let beginnings: Vec<&str> = ends.skip(SHORTEST).map(|end| &text[..end]).collect();
    beginnings.into_iter().rev().find_map(|beginning| Moment::read(beginning).at)
}

/// Characters of the longest moment: `2026-11-22 06:40:12.551902+00:00`.
const LONGEST: usize = 32;
/// Characters of the shortest moment, less one: `2026-11-22T06:40Z`.
const SHORTEST: usize = 16;

#[cfg(test)]
mod tests {
    use super::scheduled_in;

    #[test]
    fn only_a_schedule_with_a_whole_moment_is_one() {
        let found = |text: &str| scheduled_in(text).map(|at| at.to_string());
        let recorded = "upgrade is scheduled on 2026-01-06 18:30:00 UTC. You could also run the upgrade immediately \
                        using `heroku pg:upgrade:run`.";
        assert_eq!(found(recorded).as_deref(), Some("2026-01-06T18:30:00Z"));
        assert_eq!(found("Scheduled for 2026-01-06T18:30:00Z").as_deref(), Some("2026-01-06T18:30:00Z"));
        assert_eq!(found("17 scheduled: 2026-01-06 18:30 UTC").as_deref(), Some("2026-01-06T18:30:00Z"));
        for other in [
            "no upgrade in progress",
            "upgrade complete at 2026-01-06 18:30:00 UTC",
            "upgrade is scheduled on Tuesday",
            "upgrade is scheduled on 2026-01-06 18:30:00",
            "",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}

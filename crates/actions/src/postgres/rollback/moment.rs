//! Moments that a rollback can go back to.

use jiff::Timestamp;

use hcops_heroku::Moment;

/// A moment as a person gives it: RFC 3339, or `2026-11-22 01:30 UTC` as Heroku shows it.
pub(super) fn read(given: &str) -> Option<Timestamp> {
    Moment::read(given).at
}

/// The earliest moment, from `earliest from 2015-06-05 01:11 UTC` (docs/heroku/data.md, "Database").
pub(super) fn earliest(shown: &str) -> Option<Timestamp> {
    read(shown.trim().strip_prefix("earliest from")?.trim())
}

#[cfg(test)]
mod tests {
    use super::{earliest, read};

    #[test]
    fn both_forms_mean_a_moment_and_nothing_else_does() {
        let moment = "2026-11-22T01:30:00Z".parse().ok();
        assert_eq!(read("2026-11-22T01:30:00Z"), moment);
        assert_eq!(read("2026-11-22 01:30 UTC"), moment);
        assert_eq!(earliest("earliest from 2026-11-22 01:30 UTC"), moment);
        for other in ["yesterday", "Unsupported", "2026-11-22"] {
            assert_eq!((read(other), earliest(other)), (None, None), "{other}");
        }
    }
}

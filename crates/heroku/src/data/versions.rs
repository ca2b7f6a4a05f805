//! Which Postgres major versions Heroku offers, and until when, as far as that is known. Nothing here is worked out from the
//! Postgres project's own calendar: Heroku's dates are its own.
//!
//! Its policy (Dev Center changelog 2722): when a major is released the third one before it is deprecated; new databases on that
//! one are barred 3 months later, but for forks and followers; upgrades are forced after 5, and its life ends after 6. 18 is the
//! default (endoflife.date, heroku-postgres). Of 15 its mails name two ends, 2027-01-20 (MozillaFoundation/foundation.mozilla.org
//! issue 16331) and 2027-02-28 (votingworks/arlo issue 2390); which one holds for a database only its owner's own mail says
//! (docs/heroku/procedures.md, "Versions and dates").

use jiff::civil::{Date, date};
use serde::Serialize;

/// The day as of which the dates below are what is known.
pub const AS_OF: Date = date(2026, 11, 30);

/// The newest version that Heroku offers, and its default: what a forced upgrade ends on, and what is taken when none is
/// named.
pub const NEWEST: u32 = 18;

/// The oldest version that Heroku still has.
pub const OLDEST: u32 = 15;

/// How long a version will be supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "support", rename_all = "kebab-case")]
pub enum Standing {
    /// Its end is announced, with two dates: which pair holds for a database only the mail to its owner says.
    Ending {
        /// From this day on no new database can be created on it.
        barred: Date,
        /// By the mails with the earlier dates.
        earlier: Deadline,
        /// By the mails with the later ones.
        later: Deadline,
    },
    /// Offered, and no end is announced that this version of hcops knows of.
    NoEndKnown,
    /// Heroku has removed it.
    Removed {
        /// Since when.
        on: Date,
    },
    /// Older than every version in the table, so its end is not later than that of the oldest one there.
    OlderThanKnown,
    /// Newer than every version in the table: nothing is known.
    Unknown,
}

/// What a mail of Heroku's says of the end of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// Owners must have upgraded by this day; afterwards Heroku upgrades by itself.
    pub act_by: Date,
    /// The last day.
    pub ends: Date,
}

/// What is known of a major version.
#[must_use]
pub const fn standing(major: u32) -> Standing {
    match major {
        15 => Standing::Ending {
            barred: date(2026, 10, 20),
            earlier: Deadline { act_by: date(2026, 12, 20), ends: date(2027, 1, 20) },
            later: Deadline { act_by: date(2027, 1, 28), ends: date(2027, 2, 28) },
        },
        16..=NEWEST => Standing::NoEndKnown,
        14 => Standing::Removed { on: date(2025, 11, 28) },
        13 => Standing::Removed { on: date(2024, 10, 29) },
        12 => Standing::Removed { on: date(2024, 5, 30) },
        ..=11 => Standing::OlderThanKnown,
        _ => Standing::Unknown,
    }
}

/// Why Heroku does not upgrade a database to a major version, or with `creates` does not create a new one on it, on this day;
/// nothing where it does.
#[must_use]
pub fn not_offered(major: u32, creates: bool, today: Date) -> Option<String> {
    let offered = format!("Heroku offers Postgres {OLDEST} to {NEWEST}, as far as hcops knows (as of {AS_OF})");
    match standing(major) {
        Standing::NoEndKnown => None,
        Standing::Ending { barred, .. } if creates && today >= barred => Some(format!(
            "no new database can be created on Postgres {major} since {barred}, three months after its deprecation; only forks \
             and followers of one that is on it"
        )),
        Standing::Ending { later, .. } if today > later.ends => {
            Some(format!("Postgres {major} ended on {}; {offered}", later.ends))
        }
        Standing::Ending { .. } => None,
        Standing::Removed { on } => Some(format!("Heroku removed Postgres {major} on {on}; {offered}")),
        Standing::OlderThanKnown | Standing::Unknown => Some(format!("{offered}, and not {major}")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::not_offered;

    #[test]
    fn what_is_offered_depends_on_the_day_and_on_what_is_done() {
        let (before, now, after) = (date(2026, 10, 19), date(2026, 11, 22), date(2027, 3, 1));
        for (major, creates, today, refused) in [
            (18, true, now, false),
            (16, true, after, false),
            (15, true, before, false),
            (15, true, now, true),
            (15, false, now, false),
            (15, false, date(2027, 1, 21), false),
            (15, false, date(2027, 2, 28), false),
            (15, false, after, true),
            (14, false, now, true),
            (12, true, now, true),
            (9, false, now, true),
            (19, false, now, true),
            (71, true, now, true),
            (0, true, now, true),
        ] {
            let told = not_offered(major, creates, today);
            assert_eq!(told.is_some(), refused, "{major} {creates} {today}: {told:?}");
        }
        assert!(not_offered(14, false, now).unwrap().contains("2025-11-28"));
        assert!(not_offered(15, true, now).unwrap().contains("2026-10-20"));
        assert!(not_offered(15, false, after).unwrap().contains("ended on 2027-02-28"));
    }
}

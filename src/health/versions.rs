//! Until when each Postgres major version is supported at Heroku, as far as that is known. Nothing here is worked out from
//! the Postgres project's own calendar: Heroku's dates are its own.
//!
//! Source: `reference/procedures.md` section 3.1, "Deadline" and "Versions". Its policy: new databases of a version are
//! barred 3 months after its deprecation, upgrades are forced after 5, and its life ends after 6. For 15 both dates were
//! published, and they agree with the policy.

use jiff::civil::{Date, date};
use serde::Serialize;

/// The day as of which the dates below are what is known.
pub(super) const AS_OF: Date = date(2026, 11, 22);

/// The newest version that Heroku offers: what a forced upgrade ends on, and what is taken when none is named.
pub(super) const NEWEST: u32 = 18;

/// The oldest version that there is something to say about.
const OLDEST: u32 = 15;

/// How long a version will be supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "support", rename_all = "kebab-case")]
pub enum Standing {
    /// Its end is announced.
    Ending {
        /// Owners must have upgraded by this day; afterwards Heroku upgrades by itself.
        act_by: Date,
        /// The last day.
        ends: Date,
    },
    /// Offered, and no end is announced that this version of hcops knows of.
    NoEndKnown,
    /// Older than every version in the table, so its end is not later than that of the oldest one there.
    OlderThanKnown,
    /// Newer than every version in the table: nothing is known.
    Unknown,
}

/// What is known of a major version.
#[must_use]
pub const fn standing(major: u32) -> Standing {
    match major {
        15 => Standing::Ending { act_by: date(2026, 12, 20), ends: date(2027, 1, 20) },
        16..=NEWEST => Standing::NoEndKnown,
        ..OLDEST => Standing::OlderThanKnown,
        _ => Standing::Unknown,
    }
}

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::local::Local;
use hcops_survey::checkup::{Checkup, ConnectionCheckup, DatabaseCheckup, Notices};

/// Everything that a judgement is made of.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What was seen.
    pub checkup: &'a Checkup,
    /// What the status sites say.
    pub notices: &'a Notices,
    /// What only this machine knows.
    pub local: &'a Local,
    /// How far ahead counts as soon.
    pub horizon: Horizon,
}

/// How far ahead counts as soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// For deadlines, in days.
    pub days: u32,
    /// For announced and planned maintenance, in hours.
    pub hours: u32,
}

impl Default for Horizon {
    /// Two months for deadlines: an upgrade needs a date, a rehearsal and somebody's agreement. A week for maintenance: as
    /// long as it takes until a weekly look is made again.
    fn default() -> Self {
        Self { days: 60, hours: 7 * 24 }
    }
}

impl Case<'_> {
    /// The present moment of the checkup.
    pub(super) const fn now(&self) -> Timestamp {
        self.checkup.at
    }

    /// Whole days from today until a date, in UTC; negative when it is past.
    pub(super) fn days_until(&self, date: Date) -> i32 {
        let today = TimeZone::UTC.to_datetime(self.now()).date();
        today.until(date).map_or(i32::MAX, |span| span.get_days())
    }

    /// Whether a moment is so near that maintenance at it counts as soon; a past one does too.
    pub(super) fn is_soon(&self, at: Timestamp) -> bool {
        at.duration_since(self.now()) <= SignedDuration::from_hours(i64::from(self.horizon.hours))
    }

    /// `-a APP`, with `--resource NAME` where the app has several connections.
    pub(super) fn on(&self, connection: Option<&ConnectionCheckup>) -> String {
        let app = format!("-a {}", self.checkup.app);
        match connection {
            Some(connection) if self.checkup.connections.len() > 1 => format!("{app} --resource {}", connection.name),
            _ => app,
        }
    }

    /// The same for the first connection of a database.
    pub(super) fn on_database(&self, database: &DatabaseCheckup) -> String {
        self.on(self.checkup.connections_of(database).next())
    }

    /// An unfinished run of this procedure, or of any.
    pub(super) fn open_run(&self, procedure: Option<&str>) -> Option<&super::OpenRun> {
        self.local.open_runs.iter().find(|run| procedure.is_none_or(|procedure| run.procedure == procedure))
    }
}

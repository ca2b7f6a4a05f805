//! Heroku's own maintenance of a database: planned for its weekly window, put off by its owner, or run now
//! (docs/heroku/data.md, "Maintenances"; docs/heroku/procedures.md, "Postgres maintenance").

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Due, PlanName, Refusal, World};

/// The times of a database's maintenance; its status is the database's field `maintenance`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaintenanceTimes {
    /// When it will run.
    pub scheduled_for: Option<Timestamp>,
    /// When it was to run before somebody put it off.
    pub previously_scheduled_for: Option<Timestamp>,
    /// When it must have run.
    pub required_by: Option<Timestamp>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Whether its owner has chosen the time.
    pub customer_requested: bool,
}

/// A maintenance that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastMaintenance {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Timestamp,
}

/// From the planning to the day by which it must have run. Chosen.
const REQUIRED_WITHIN_WEEKS: i64 = 4;

/// The length of a window: 4 hours (docs/heroku/procedures.md, "Postgres maintenance").
const WINDOW_HOURS: i64 = 4;

impl World {
    /// Heroku plans a maintenance for the database's next weekly window: it is `ready` to run at once (heroku/typescript-api-schema,
    /// generated routes: `none, preparing, ready, running, completed, unknown`).
    ///
    /// # Errors
    /// 404; 422 on the Essential tier, whose maintenance is not announced.
    pub fn plan_maintenance(&mut self, key: &str) -> Result<(), Refusal> {
        self.check_has_maintenance(key)?;
        let now = self.settled_at;
        let database = self.database_mut(key)?;
        let at = next_window(&database.maintenance_window, now);
        "ready".clone_into(&mut database.maintenance);
        database.maintenance_times = MaintenanceTimes {
            scheduled_for: Some(at),
            required_by: weeks_after(now, REQUIRED_WITHIN_WEEKS),
            ..MaintenanceTimes::default()
        };
        self.begin_maintenance_at(key, at)
    }

    /// Runs a planned maintenance now.
    ///
    /// # Errors
    /// 404; 422 on the Essential tier, and when none is planned.
    pub fn run_maintenance(&mut self, key: &str) -> Result<(), Refusal> {
        self.check_planned_maintenance(key)?;
        let addon = self.database(key)?.addon.clone();
        self.begin_maintenance(&addon);
        Ok(())
    }

    /// Puts a planned maintenance off by whole weeks.
    ///
    /// # Errors
    /// 404; 422 on the Essential tier, when none is planned, and for 0 weeks.
    pub fn delay_maintenance(&mut self, key: &str, weeks: i64) -> Result<(), Refusal> {
        self.check_planned_maintenance(key)?;
        if weeks < 1 {
            return Err(Refusal::unprocessable("delay_weeks must be at least 1."));
        }
        let database = self.database_mut(key)?;
        let before = database.maintenance_times.scheduled_for;
        let at = before.and_then(|before| weeks_after(before, weeks));
        database.maintenance_times.previously_scheduled_for = before;
        database.maintenance_times.scheduled_for = at;
        database.maintenance_times.customer_requested = true;
        at.map_or(Ok(()), |at| self.begin_maintenance_at(key, at))
    }

    /// Sets the weekly window, `Tuesday` and `20:30` or `8:30PM` in UTC; a planned maintenance goes with it. Returns the window before.
    ///
    /// # Errors
    /// 404; 422 on the Essential tier, and for what is no day or time.
    pub fn set_maintenance_window(&mut self, key: &str, day: &str, time: &str) -> Result<String, Refusal> {
        self.check_has_maintenance(key)?;
        let wrong = || Refusal::unprocessable("day_of_week is a weekday, and time_of_day a time as in 20:30.");
        let (day, time) = (weekday(day).ok_or_else(wrong)?, time_of_day(time).ok_or_else(wrong)?);
        let end = time.wrapping_add(Span::new().hours(WINDOW_HOURS));
        let end_day = if end < time { day.next() } else { day };
        let shown = format!("{}s {} to {}s {} UTC", spoken(day), clock(time), spoken(end_day), clock(end));
        let (now, database) = (self.settled_at, self.database_mut(key)?);
        let before = std::mem::replace(&mut database.maintenance_window, shown);
        if database.maintenance != "ready" {
            return Ok(before);
        }
        let at = next_window(&database.maintenance_window, now);
        database.maintenance_times.previously_scheduled_for = database.maintenance_times.scheduled_for.replace(at);
        self.begin_maintenance_at(key, at)?;
        Ok(before)
    }

    fn check_has_maintenance(&self, key: &str) -> Result<(), Refusal> {
        if self.addon(&self.provisioned_database(key)?.addon)?.plan.is_essential() {
            return Err(Refusal::unprocessable("Maintenances can't be managed on Essential-tier databases."));
        }
        Ok(())
    }

    fn check_planned_maintenance(&self, key: &str) -> Result<(), Refusal> {
        self.check_has_maintenance(key)?;
        if self.database(key)?.maintenance == "ready" {
            return Ok(());
        }
        Err(Refusal::unprocessable("There is no maintenance that could be run or scheduled."))
    }

    fn begin_maintenance_at(&mut self, key: &str, at: Timestamp) -> Result<(), Refusal> {
        let addon = self.database(key)?.addon.clone();
        let seconds = u64::try_from(at.as_second() - self.settled_at.as_second()).unwrap_or(0);
        self.cancel_due(|due| matches!(due, Due::MaintenanceBegins { addon: of } if *of == addon));
        self.schedule(seconds, Due::MaintenanceBegins { addon });
        Ok(())
    }

    /// The window has come, or somebody runs it: the database changes over to another server.
    pub(crate) fn begin_maintenance(&mut self, id: &str) {
        let (now, seconds) = (self.settled_at, self.latency.maintenance);
        self.cancel_due(|due| matches!(due, Due::MaintenanceBegins { addon: of } if of == id));
        let Ok(database) = self.database_mut(id) else { return };
        "running".clone_into(&mut database.maintenance);
        database.maintenance_times.started_at = Some(now);
        database.wait("performing maintenance", None);
        self.schedule(seconds, Due::MaintenanceEnds { addon: id.to_owned() });
    }

    pub(crate) fn end_maintenance(&mut self, id: &str) {
        let now = self.settled_at;
        let Ok(database) = self.database_mut(id) else { return };
        "completed".clone_into(&mut database.maintenance);
        database.maintenance_times.completed_at = Some(now);
        let started_at = database.maintenance_times.started_at.unwrap_or(now);
        database.past_maintenances.push(PastMaintenance { started_at, completed_at: now });
        database.waiting = None;
    }
}

/// `13:30` or `1:30PM`, as the official command's examples have it.
fn time_of_day(text: &str) -> Option<Time> {
    text.parse().ok().or_else(|| Time::strptime("%I:%M%p", text).ok())
}

fn weeks_after(time: Timestamp, weeks: i64) -> Option<Timestamp> {
    time.checked_add(Span::new().hours(weeks.checked_mul(7 * 24)?)).ok()
}

/// When the window that is written as `Tuesdays 20:30 to Wednesdays 00:30 UTC` begins next; in a week where it says
/// nothing that could be read.
fn next_window(window: &str, now: Timestamp) -> Timestamp {
    let mut words = window.split_whitespace();
    let day = words.next().and_then(|day| weekday(day.trim_end_matches('s')));
    let time = words.next().and_then(|time| time.parse::<Time>().ok());
    let found = day.zip(time).and_then(|(day, time)| {
        let today = now.to_zoned(TimeZone::UTC);
        let on = |date: jiff::civil::Date| date.to_datetime(time).to_zoned(TimeZone::UTC).ok();
        let here = if today.weekday() == day { on(today.date()).filter(|at| at.timestamp() > now) } else { None };
        here.or_else(|| on(today.date().nth_weekday(1, day).ok()?)).map(|at| at.timestamp())
    });
    found.or_else(|| weeks_after(now, 1)).unwrap_or(now)
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

fn weekday(name: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, day)| *day)
}

fn spoken(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, known)| *known == day).map_or("", |(name, _)| name)
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::next_window;

    fn next(window: &str, now: &str) -> String {
        next_window(window, now.parse().unwrap()).to_string()
    }

    #[test]
    fn the_next_window_is_the_one_that_has_not_begun() {
        let window = "Tuesdays 20:30 to Wednesdays 00:30 UTC";
        assert_eq!(next(window, "2026-11-22T10:00:00Z"), "2026-11-24T20:30:00Z");
        assert_eq!(next(window, "2026-11-24T20:29:00Z"), "2026-11-24T20:30:00Z");
        assert_eq!(next(window, "2026-11-24T20:30:00Z"), "2026-12-01T20:30:00Z");
        assert_eq!(next("some day", "2026-11-24T20:30:00Z"), "2026-12-01T20:30:00Z");
    }
}

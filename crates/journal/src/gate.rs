//! The gate: where the operator lets the downtime begin.

use std::fmt;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};

/// For how long an opening stands: `now` after it was said, a moment after it has come.
pub const STANDS: Duration = Duration::from_secs(15 * 60);

/// When the downtime may begin, and how long it may last until its point of no return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// When.
    pub when: When,
    /// Longest time from writes going off to the point of no return.
    pub budget: Option<Duration>,
}

/// When the downtime may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// As soon as everything is as it has to be.
    Now,
    /// Not before this moment.
    At(Timestamp),
    /// While it is between these hours, on whichever day.
    Window(Window),
}

/// Hours of each day in which the downtime may begin and must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its first minute.
    from: Time,
    /// The first minute after it; earlier in the day than `from` where midnight lies between.
    until: Time,
    /// Where clocks show these hours.
    zone: TimeZone,
    /// The name of that place: `Europe/Berlin`.
    place: String,
}

/// What an opening means at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// The downtime may begin.
    Open,
    /// It may begin then.
    OpensAt(Timestamp),
    /// It does not count any more, because of this.
    Over(String),
}

impl Opening {
    /// Reads `now`, `at TIME` or `window FROM-TO[@ZONE]`, each with ` budget DURATION` after it. A time of day without a date is
    /// the next one after `now`; without a zone both are in `zone`.
    ///
    /// # Errors
    /// One sentence on what cannot be understood.
    pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, String> {
        let (when, budget) = match text.trim().split_once(" budget ") {
            Some((when, budget)) => (when.trim(), Some(read_budget(budget)?)),
            None => (text.trim(), None),
        };
        let when = match when.split_once(' ') {
            None if when == "now" => When::Now,
            Some(("at", moment)) => When::At(read_moment(moment.trim(), now, zone)?),
            Some(("window", hours)) => When::Window(Window::read(hours.trim(), zone)?),
            _ => return Err(format!("`{text}` is neither `now` nor `at TIME` nor `window FROM-TO@ZONE`")),
        };
        Ok(Self { when, budget })
    }

    /// Reads an opening as it is written down: moments and zones are spelled out.
    ///
    /// # Errors
    /// One sentence on what cannot be understood.
    pub fn written(text: &str) -> Result<Self, String> {
        let opening = Self::read(text, Timestamp::UNIX_EPOCH, &TimeZone::UTC)?;
        let is_spelled_out = opening.to_string() == text.trim();
        if is_spelled_out { Ok(opening) } else { Err(format!("`{text}` leaves open on which day or in which zone")) }
    }

    /// What it means at `now`, given at `given_at` for a downtime that usually takes `takes`; `stands` is [`STANDS`] by the run's
    /// clock.
    #[must_use]
    pub fn door(&self, now: Timestamp, given_at: Timestamp, takes: Duration, stands: Duration) -> Door {
        let from = match &self.when {
            When::Now => given_at,
            When::At(moment) => *moment,
            When::Window(window) => return window.door(now, takes),
        };
        let since = now.duration_since(from);
        match Duration::try_from(since) {
            Err(_) => Door::OpensAt(from),
            Ok(since) if since <= stands => Door::Open,
            Ok(since) => Door::Over(format!("it was to begin {} ago", spoken(since))),
        }
    }

    /// Why a downtime that usually takes `takes`, and `until_point` until its point of no return, does not fit; nothing where it
    /// does.
    #[must_use]
    pub fn objection(&self, takes: Duration, until_point: Duration) -> Option<String> {
        if let Some(budget) = self.budget.filter(|budget| *budget < until_point) {
            return Some(format!(
                "the budget of {} is shorter than the {} that it usually takes until the point of no return",
                spoken(budget),
                spoken(until_point)
            ));
        }
        let When::Window(window) = &self.when else { return None };
        let length = window.length();
        (length < takes).then(|| {
            format!(
                "the window of {} is shorter than the {} that writes are usually off",
                spoken(length),
                spoken(takes)
            )
        })
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.when {
            When::Now => write!(f, "now")?,
            When::At(moment) => write!(f, "at {moment}")?,
            When::Window(window) => write!(f, "window {window}")?,
        }
        self.budget.map(spoken).map_or(Ok(()), |budget| write!(f, " budget {budget}"))
    }
}

impl Window {
    /// Reads `22:00-02:00`, with `@Europe/Berlin` after it where that is not `zone`.
    ///
    /// # Errors
    /// One sentence on what cannot be understood.
    pub fn read(text: &str, zone: &TimeZone) -> Result<Self, String> {
        let (hours, place) = text.split_once('@').map_or((text, None), |(hours, place)| (hours, Some(place)));
        let zone = zone_of(place, zone)?;
        let place = match zone.iana_name() {
            Some(name) => name.to_owned(),
            None => return Err(format!("name the time zone of `{text}`, as in `22:00-02:00@Europe/Berlin`")),
        };
        let (from, until) = hours.split_once('-').ok_or_else(|| format!("`{text}` is not of the form 22:00-02:00"))?;
        let (from, until) = (read_time(from.trim())?, read_time(until.trim())?);
        if from == until {
            return Err(format!("`{text}` begins when it ends"));
        }
        Ok(Self { from, until, zone, place })
    }

    /// Whether a downtime of `takes` may begin now, or when it may.
    fn door(&self, now: Timestamp, takes: Duration) -> Door {
        let fits = |until: &Zoned| {
            let left = until.timestamp().duration_since(now);
            Duration::try_from(left).is_ok_and(|left| left >= takes)
        };
        match self.nights(now).find(|(from, until)| from.timestamp() > now || fits(until)) {
            Some((from, _)) if from.timestamp() > now => Door::OpensAt(from.timestamp()),
            Some(_) => Door::Open,
            None => Door::Over("no such hours come any more".to_owned()),
        }
    }

    /// The openings that are not over at `now`, from the one of yesterday on.
    fn nights(&self, now: Timestamp) -> impl Iterator<Item = (Zoned, Zoned)> {
        let today = now.to_zoned(self.zone.clone()).date();
        let through_midnight = i64::from(self.until < self.from);
        let night = move |day: i64| {
            let date = today.checked_add(day.days()).ok()?;
            let end = date.checked_add(through_midnight.days()).ok()?;
            let at = |date: jiff::civil::Date, time: Time| date.to_datetime(time).to_zoned(self.zone.clone()).ok();
            Some((at(date, self.from)?, at(end, self.until)?))
        };
        (-1..=3).filter_map(night).filter(move |(_, until)| until.timestamp() > now)
    }

    fn length(&self) -> Duration {
        let seconds = |time: Time| i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60;
        let length = (seconds(self.until) - seconds(self.from)).rem_euclid(24 * 3600);
        Duration::from_secs(length.unsigned_abs())
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until, place, .. } = self;
        write!(f, "{}-{}@{place}", from.strftime("%H:%M"), until.strftime("%H:%M"))
    }
}

/// The zone that was named, else `zone`, where that is known: a guess would let writes go off at another hour.
fn zone_of(place: Option<&str>, zone: &TimeZone) -> Result<TimeZone, String> {
    match place {
        Some(place) => TimeZone::get(place).map_err(|_| format!("`{place}` is no time zone known here")),
        None if zone.is_unknown() => {
            Err("the time zone of this machine is not known: name one, as in `22:00@Europe/Berlin`".to_owned())
        }
        None => Ok(zone.clone()),
    }
}

fn read_time(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text).map_err(|_| format!("`{text}` is no time of day, as 22:00 is"))
}

fn read_moment(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let (local, place) = text.split_once('@').map_or((text, None), |(local, place)| (local, Some(place)));
    let zone = zone_of(place, zone)?;
    if let Ok(moment) = local.parse::<jiff::civil::DateTime>() {
        return moment.to_zoned(zone).map(|moment| moment.timestamp()).map_err(|error| error.to_string());
    }
    let time = read_time(local)
        .map_err(|_| format!("`{text}` is no time, as 22:00, 2026-12-03T22:00 or 2026-12-03T22:00:00Z is"))?;
    let next = |day: i64| {
        let date = now.to_zoned(zone.clone()).date().checked_add(day.days()).ok()?;
        date.to_datetime(time).to_zoned(zone.clone()).ok().map(|moment| moment.timestamp())
    };
    (0..=2).filter_map(next).find(|moment| *moment > now).ok_or_else(|| format!("`{text}` never comes"))
}

/// Reads a budget: `30m`, `1h 30m`.
///
/// # Errors
/// One sentence on what cannot be understood.
pub fn read_budget(text: &str) -> Result<Duration, String> {
    let budget = text.trim().parse::<SignedDuration>().ok().and_then(|budget| Duration::try_from(budget).ok());
    let whole_minutes = |budget: &Duration| budget.as_secs() >= 60 && budget.subsec_nanos() == 0;
    budget.filter(whole_minutes).ok_or_else(|| format!("`{text}` is no time of a minute and more, as 30m or 1h 30m is"))
}

fn spoken(duration: Duration) -> String {
    let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Result<Opening, String> {
        Opening::read(text, at("2026-12-03T20:00:00Z"), &TimeZone::UTC)
    }

    fn door(opening: &str, now: &str) -> Door {
        read(opening).unwrap().door(at(now), at("2026-12-03T20:00:00Z"), HOUR, STANDS)
    }

    #[test]
    fn what_is_written_down_is_read_back() {
        for (typed, written) in [
            ("now", "now"),
            (" now budget 30m", "now budget 30m"),
            ("at 22:00", "at 2026-12-03T22:00:00Z"),
            ("at 19:30", "at 2026-12-04T19:30:00Z"),
            ("at 2026-12-05T01:00", "at 2026-12-05T01:00:00Z"),
            ("at 2026-12-05T01:00:00+01:00 budget 90m", "at 2026-12-05T00:00:00Z budget 1h 30m"),
            ("window 22:00-02:00", "window 22:00-02:00@UTC"),
        ] {
            let opening = read(typed).unwrap();
            assert_eq!(opening.to_string(), written, "{typed}");
            assert_eq!(Opening::written(written), Ok(opening), "{written}");
        }
        for open in ["at 22:00", "window 22:00-02:00", "at 2026-12-05T01:00"] {
            assert!(Opening::written(open).is_err(), "{open}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        for wrong in [
            "",
            "yes",
            "later",
            "at",
            "at noon",
            "at 25:00",
            "window 22:00",
            "window 22:00-22:00",
            "window 22:00-02:00@Mars/Base",
            "now budget",
            "now budget soon",
            "now budget 0m",
            "now budget 10s",
            "now budget -5m",
            "at 2026-13-01T00:00:00Z",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn where_the_zone_of_the_machine_is_not_known_it_has_to_be_named() {
        let read = |text: &str| Opening::read(text, at("2026-12-03T20:00:00Z"), &TimeZone::unknown());
        for text in ["at 22:00", "at 2026-12-05T01:00", "window 22:00-02:00"] {
            assert!(read(text).unwrap_err().contains("name one"), "{text}");
        }
        for text in ["now", "at 2026-12-05T01:00:00Z", "at 22:00@UTC", "window 22:00-02:00@UTC"] {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn now_stands_for_a_quarter_of_an_hour_and_a_moment_as_well() {
        assert_eq!(door("now", "2026-12-03T20:15:00Z"), Door::Open);
        assert!(matches!(door("now", "2026-12-03T20:15:01Z"), Door::Over(_)));
        assert_eq!(door("at 22:00", "2026-12-03T21:59:59Z"), Door::OpensAt(at("2026-12-03T22:00:00Z")));
        assert_eq!(door("at 22:00", "2026-12-03T22:00:00Z"), Door::Open);
        assert!(matches!(door("at 22:00", "2026-12-05T09:00:00Z"), Door::Over(_)));
    }

    #[test]
    fn a_window_comes_each_night_and_must_hold_the_whole_downtime() {
        let opens = |moment: &str| Door::OpensAt(at(moment));
        assert_eq!(door("window 22:00-02:00", "2026-12-03T21:59:00Z"), opens("2026-12-03T22:00:00Z"));
        assert_eq!(door("window 22:00-02:00", "2026-12-03T22:00:00Z"), Door::Open);
        assert_eq!(door("window 22:00-02:00", "2026-12-04T01:00:00Z"), Door::Open);
        assert_eq!(door("window 22:00-02:00", "2026-12-04T01:00:01Z"), opens("2026-12-04T22:00:00Z"));
        assert_eq!(door("window 22:00-02:00", "2026-12-09T12:00:00Z"), opens("2026-12-09T22:00:00Z"));
        assert_eq!(door("window 08:00-10:00", "2026-12-09T08:30:00Z"), Door::Open);
        assert_eq!(door("window 08:00-10:00", "2026-12-09T09:30:00Z"), opens("2026-12-10T08:00:00Z"));
    }

    #[test]
    fn a_window_or_budget_that_is_too_short_is_refused() {
        let objection = |text: &str| read(text).unwrap().objection(HOUR, HOUR / 2);
        assert_eq!(objection("now"), None);
        assert_eq!(objection("now budget 30m"), None);
        assert!(objection("now budget 29m").unwrap().contains("budget of 29m"));
        assert_eq!(objection("window 23:30-00:30"), None);
        assert!(objection("window 23:30-00:00").unwrap().contains("window of 30m"));
    }

    #[test]
    fn hours_are_those_of_their_place_in_winter_and_in_summer() {
        let Ok(zone) = TimeZone::get("Europe/Berlin") else { return };
        let window = Window::read("22:00-02:00", &zone).unwrap();
        assert_eq!(window.to_string(), "22:00-02:00@Europe/Berlin");
        let opens = |now: &str| window.door(at(now), HOUR);
        assert_eq!(opens("2026-12-03T12:00:00Z"), Door::OpensAt(at("2026-12-03T21:00:00Z")));
        assert_eq!(opens("2026-07-03T12:00:00Z"), Door::OpensAt(at("2026-07-03T20:00:00Z")));
    }
}

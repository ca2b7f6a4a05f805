//! Begin and end of a maintenance, from prose: on Heroku's status site they are nowhere else
//! (docs/heroku/status.md, "Heroku Status").
//!
//! The forms differ from notice to notice (docs/heroku/status.md, "Notices about Connect"): `Wednesday, December 3rd,
//! 2026 at 22:00 UTC`, `3 Dec 22:00 to 23:30 UTC`, `5:30 PM PST (01:30 UTC)`. Read is what leaves no doubt: a date with
//! a month's name or in ISO form, and times of day, in one zone that is told and known; times in a second zone have to
//! be the same moments. Everything else that speaks of time is [`Says::Unclear`], and left for a person to read: a time
//! that is not understood is never safe.

mod lexer;
mod times;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use lexer::{Token, tokens};
use times::{Part, parts};

/// Begin and end; the end is told less often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The begin.
    pub starts: Timestamp,
    /// The end, where it is told.
    pub ends: Option<Timestamp>,
}

/// What a text says about when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Nothing.
    Nothing,
    /// Something that a person has to read.
    Unclear,
    /// This.
    Window(Told),
}

/// Words after which no time in the text is what it seems: what was announced has changed.
const CHANGES: [&str; 8] = ["postpon", "reschedul", "extend", "delay", "moved", "longer", "overrun", "instead"];

/// What a text says about when: from the first begin to the last end where it tells several. A date without a year is the
/// next such day after `announced`.
#[must_use]
pub fn says(text: &str, announced: Timestamp) -> Says {
    let lower = text.to_lowercase();
    if CHANGES.iter().any(|word| lower.contains(word)) {
        return Says::Unclear;
    }
    let Some(parts) = parts(&tokens(text)) else { return Says::Unclear };
    if parts.is_empty() {
        return Says::Nothing;
    }
    let announced = TimeZone::UTC.to_datetime(announced).date();
    window(&parts, announced).map_or(Says::Unclear, Says::Window)
}

/// A time of day, with the date that it belongs to.
struct Moment {
    local: DateTime,
    /// Whether its own date stands before it.
    dated: bool,
}

fn window(parts: &[Part], announced: Date) -> Option<Told> {
    let zones = zones(parts)?;
    let main = *zones.first()?;
    let (mut date, mut moments, mut lasts) = (only_date(parts, announced), Vec::<Moment>::new(), None);
    let (mut nth, mut dated) = (0, false);
    for part in parts {
        match part {
            Part::Date { year, month, day } => {
                date = Some(dated_on(*year, *month, *day, announced)?);
                dated = true;
            }
            Part::Lasting(length) => lasts = lasts.max(Some(*length)),
            Part::Time { time, .. } => {
                let zone = zones[nth];
                nth += 1;
                if zone == main {
                    moments
                        .push(Moment { local: DateTime::from_parts(date?, *time), dated: std::mem::take(&mut dated) });
                } else if !moments.iter().any(|moment| same_moment(moment.local, main, *time, zone)) {
                    return None;
                }
            }
        }
    }
    let starts = moments.first()?.local;
    if !main.is_in_season(starts.date()) {
        return None;
    }
    let mut ends: Option<DateTime> = None;
    for moment in &moments[1..] {
        let later = moment.local > ends.unwrap_or(starts);
        let local = match (later, moment.dated) {
            (true, _) => moment.local,
            (false, false) => moment.local.checked_add(1.day()).ok()?,
            (false, true) => return None,
        };
        ends = Some(local);
    }
    let utc = |local: DateTime| TimeZone::UTC.to_timestamp(local).ok()?.checked_sub(main.offset()).ok();
    let starts = utc(starts)?;
    let told = match ends {
        Some(ends) => Some(utc(ends)?),
        None => None,
    };
    let lasting = lasts.and_then(|length| starts.checked_add(length).ok());
    Some(Told { starts, ends: told.max(lasting) })
}

/// The zone of each time: its own, else that of the next one that has any, else of the one before.
fn zones(parts: &[Part]) -> Option<Vec<times::Zone>> {
    let told: Vec<Option<times::Zone>> =
        parts.iter().filter_map(|part| if let Part::Time { zone, .. } = part { Some(*zone) } else { None }).collect();
    let zone_at = |at: usize| {
        let next = told[at..].iter().find_map(|zone| *zone);
        next.or_else(|| told[..at].iter().rev().find_map(|zone| *zone))
    };
    (0..told.len()).map(zone_at).collect()
}

/// The date of a text that has one only, for times that stand before it.
fn only_date(parts: &[Part], announced: Date) -> Option<Date> {
    let mut dates = parts.iter().filter_map(|part| match part {
        Part::Date { year, month, day } => Some((*year, *month, *day)),
        _ => None,
    });
    let (year, month, day) = dates.next()?;
    if dates.next().is_some() { None } else { dated_on(year, month, day, announced) }
}

/// Whether a time of day in another zone is the same moment, on whichever day.
fn same_moment(local: DateTime, main: times::Zone, time: jiff::civil::Time, zone: times::Zone) -> bool {
    let seconds = |time: jiff::civil::Time, zone: times::Zone| {
        let of_day = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        (of_day - zone.offset().as_secs()).rem_euclid(86_400)
    };
    seconds(local.time(), main) == seconds(time, zone)
}

fn dated_on(year: Option<i16>, month: i8, day: i8, announced: Date) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let this_year = Date::new(announced.year(), month, day).ok()?;
    if this_year >= announced { Some(this_year) } else { Date::new(announced.year() + 1, month, day).ok() }
}

/// The longest that a notice is believed to speak of.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 14);

#[cfg(test)]
mod tests;

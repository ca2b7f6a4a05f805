//! Begin and end of a maintenance, from prose: on Heroku's status site they are nowhere else
//! (`reference/connect-api.md` section 9.1).
//!
//! The forms differ from notice to notice (section 9.3): `Wednesday, December 3rd, 2026 at 22:00 UTC`, `3 Dec 22:00 to
//! 23:30 UTC`, `2026-12-03 22:00 UTC`. What is read: a date with a month's name or in ISO form, and times of day, in UTC.
//! A text without a date, a time or the word UTC says nothing, and is left for a person to read.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Begin and end; the end is told less often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The begin.
    pub starts: Timestamp,
    /// The end, where it is told.
    pub ends: Option<Timestamp>,
}

/// The first window that a text tells. A date without a year is the next such day after `announced`.
#[must_use]
pub fn window_in(text: &str, announced: Timestamp) -> Option<Told> {
    if !text.contains("UTC") {
        return None;
    }
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '(' | ')' | '–' | '—' | 'T'))
        .flat_map(split_range)
        .filter(|word| !word.is_empty())
        .collect();
    let announced = TimeZone::UTC.to_datetime(announced).date();
    let (mut date, mut moments) = (None, Vec::new());
    for (at, word) in words.iter().enumerate() {
        if let Some(found) = date_at(&words[at..], announced) {
            date = Some(found);
        } else if let (Some(date), Some(time)) = (date, time_of(word)) {
            moments.push(DateTime::from_parts(date, time));
        }
        if moments.len() == 2 {
            break;
        }
    }
    let starts = *moments.first()?;
    let utc = |moment: DateTime| TimeZone::UTC.to_timestamp(moment).ok();
    Some(Told { starts: utc(starts)?, ends: moments.get(1).and_then(|ends| utc(after(starts, *ends)?)) })
}

/// `22:00-23:30` is two times; a date in ISO form is one word.
fn split_range(word: &str) -> Vec<&str> {
    if word.contains(':') { word.split('-').collect() } else { vec![word] }
}

/// A time of day that is not after the begin is one of the next day.
fn after(starts: DateTime, ends: DateTime) -> Option<DateTime> {
    if ends > starts { Some(ends) } else { ends.checked_add(1.day()).ok().filter(|ends| *ends > starts) }
}

fn date_at(words: &[&str], announced: Date) -> Option<Date> {
    let word = words.first()?;
    if let Ok(date) = Date::strptime("%Y-%m-%d", word.trim_end_matches('.')) {
        return Some(date);
    }
    let next = words.get(1)?;
    let (month, day) = match (month_of(word), day_of(next)) {
        (Some(month), Some(day)) => (month, day),
        _ => (month_of(next)?, day_of(word)?),
    };
    let year = words.get(2).and_then(|word| year_of(word));
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => next_such_day(month, day, announced),
    }
}

fn next_such_day(month: i8, day: i8, announced: Date) -> Option<Date> {
    let this_year = Date::new(announced.year(), month, day).ok()?;
    if this_year >= announced { Some(this_year) } else { Date::new(announced.year() + 1, month, day).ok() }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A month's English name, whole or shortened.
fn month_of(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    let short = word.get(..3)?;
    let index = MONTHS.iter().position(|month| *month == short)?;
    let whole = word.chars().all(|letter| letter.is_ascii_lowercase());
    whole.then(|| i8::try_from(index + 1).ok()).flatten()
}

fn day_of(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h', '.']);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year_of(word: &str) -> Option<i16> {
    word.trim_end_matches('.').parse().ok().filter(|year| (2000..2100).contains(year))
}

fn time_of(word: &str) -> Option<Time> {
    let word = word.trim_end_matches(['.', ';', 'Z']);
    ["%H:%M", "%H:%M:%S"].iter().find_map(|form| Time::strptime(form, word).ok())
}

#[cfg(test)]
mod tests {
    use super::window_in;

    fn told(text: &str) -> Option<(String, Option<String>)> {
        let announced = "2026-11-20T10:00:00Z".parse().expect("a moment");
        window_in(text, announced).map(|told| (told.starts.to_string(), told.ends.map(|ends| ends.to_string())))
    }

    #[test]
    fn the_forms_that_were_seen_are_read() {
        let both = |starts: &str, ends: &str| Some((starts.to_owned(), Some(ends.to_owned())));
        let begin = |starts: &str| Some((starts.to_owned(), None));
        for text in [
            "Heroku Maintenance scheduled on December 3rd, 2026 at 22:00 UTC",
            "Heroku Connect (Dublin) Maintenance Wednesday, December 3, 22:00 UTC (14:00 PST)",
            "Maintenance scheduled on 3 Dec 2026 at 22:00 UTC.",
            "It begins 2026-12-03 22:00 UTC.",
        ] {
            let found = told(text).map(|(starts, _)| starts);
            assert_eq!(found.as_deref(), Some("2026-12-03T22:00:00Z"), "{text}");
        }
        assert_eq!(
            told("On December 3rd from 22:00 to 23:30 UTC"),
            both("2026-12-03T22:00:00Z", "2026-12-03T23:30:00Z")
        );
        assert_eq!(told("Dec 3, 22:00-23:30 UTC"), both("2026-12-03T22:00:00Z", "2026-12-03T23:30:00Z"));
        assert_eq!(told("December 3 23:30 to 00:30 UTC"), both("2026-12-03T23:30:00Z", "2026-12-04T00:30:00Z"));
        assert_eq!(
            told("from December 31 23:00 UTC until January 1 01:00 UTC"),
            both("2026-12-31T23:00:00Z", "2027-01-01T01:00:00Z")
        );
        assert_eq!(told("on January 5 at 08:00 UTC"), begin("2027-01-05T08:00:00Z"));
    }

    #[test]
    fn what_tells_no_moment_says_nothing() {
        for text in [
            "",
            "Heroku Platform Maintenance",
            "On December 3rd at 22:00",
            "at 22:00 UTC",
            "December 3 UTC",
            "may at UTC",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}

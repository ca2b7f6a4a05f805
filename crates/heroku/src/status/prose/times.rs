//! Dates, times of day, zones and lengths among the words of a notice.

use jiff::SignedDuration;
use jiff::civil::{Date, Time};

use super::{LONGEST, Token};

/// What a notice says about time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    /// A day.
    Date {
        /// Where it is told.
        year: Option<i16>,
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// A time of day, in its zone where that is told.
    Time {
        /// The time.
        time: Time,
        /// The zone.
        zone: Option<Zone>,
    },
    /// How long it takes.
    Lasting(SignedDuration),
}

/// A zone: its offset, and the part of the year in which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone {
    minutes: i32,
    season: Season,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Season {
    All,
    Summer,
    Winter,
}

impl Zone {
    pub(super) fn offset(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }

    /// Whether the zone's name fits the day: who writes PST in July may mean PDT. The months of the change have both.
    pub(super) fn is_in_season(self, date: Date) -> bool {
        let changes_back = if self.minutes < 0 { 11 } else { 10 };
        let month = date.month();
        match self.season {
            Season::All => true,
            Season::Summer => (3..=changes_back).contains(&month),
            Season::Winter => month <= 3 || month >= changes_back,
        }
    }
}

/// Names that mean one offset on an English status site; `IST`, `PT` and others mean several.
const ZONES: [(&str, i32, Season); 18] = [
    ("UTC", 0, Season::All),
    ("GMT", 0, Season::All),
    ("Z", 0, Season::All),
    ("PST", -480, Season::Winter),
    ("PDT", -420, Season::Summer),
    ("MST", -420, Season::Winter),
    ("MDT", -360, Season::Summer),
    ("CST", -360, Season::Winter),
    ("CDT", -300, Season::Summer),
    ("EST", -300, Season::Winter),
    ("EDT", -240, Season::Summer),
    ("CET", 60, Season::Winter),
    ("CEST", 120, Season::Summer),
    ("JST", 540, Season::All),
    ("SGT", 480, Season::All),
    ("AEST", 600, Season::All),
    ("AEDT", 660, Season::All),
    ("NZDT", 780, Season::All),
];

/// Words that speak of time and leave open of which.
const VAGUE: [&str; 26] = [
    "today",
    "tonight",
    "tomorrow",
    "noon",
    "midnight",
    "midday",
    "morning",
    "afternoon",
    "evening",
    "weekend",
    "weekends",
    "soon",
    "shortly",
    "am",
    "pm",
    "utc",
    "gmt",
    "hour",
    "hours",
    "hr",
    "hrs",
    "minutes",
    "days",
    "week",
    "weeks",
    "overnight",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Everything that the text says about time, in order; nothing where any of it is not understood.
pub(super) fn parts(tokens: &[Token]) -> Option<Vec<Part>> {
    let (mut parts, mut at, mut weekday) = (Vec::new(), 0, false);
    while at < tokens.len() {
        let rest = &tokens[at..];
        let found = date(rest).or_else(|| lasting(rest));
        let (part, length) = match found {
            Some(found) => found,
            None => match time(rest)? {
                Some(found) => found,
                None => {
                    weekday |= is_weekday(&rest[0]);
                    if is_vague(rest) {
                        return None;
                    }
                    at += 1;
                    continue;
                }
            },
        };
        parts.push(part);
        at += length;
        if matches!(part, Part::Date { .. }) && goes_on(&tokens[at..]) {
            return None;
        }
    }
    let has = |wanted: fn(&Part) -> bool| parts.iter().any(wanted);
    let has_date = has(|part| matches!(part, Part::Date { .. }));
    if parts.is_empty() && !weekday {
        return Some(parts);
    }
    // A length alone is no time; a date without a time, or a time without a date, is half of one.
    let whole = has_date && has(|part| matches!(part, Part::Time { .. }));
    whole.then_some(parts)
}

fn word(token: Option<&Token>) -> Option<String> {
    match token? {
        Token::Word(word) => Some(word.to_lowercase()),
        _ => None,
    }
}

fn number(token: Option<&Token>, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    match token? {
        Token::Number(number, count) if digits.contains(count) => Some(*number),
        _ => None,
    }
}

fn is_sign(token: Option<&Token>, sign: char) -> bool {
    token == Some(&Token::Sign(sign))
}

fn is_weekday(token: &Token) -> bool {
    word(Some(token)).is_some_and(|word| WEEKDAYS.contains(&word.as_str()))
}

/// A sign of time that was not read: `12/03`, `25:99`, `in December`, `several hours`.
fn is_vague(rest: &[Token]) -> bool {
    let between = |sign| {
        number(rest.first(), 1..=9).is_some() && is_sign(rest.get(1), sign) && number(rest.get(2), 1..=9).is_some()
    };
    let named = word(rest.first()).is_some_and(|word| {
        VAGUE.contains(&word.as_str()) || (word != "may" && word != "march" && month(&word).is_some())
    });
    between(':') || between('/') || named
}

fn month(word: &str) -> Option<i8> {
    let fits = |name: &&str| {
        word == *name || (word.len() == 3 && name.starts_with(word)) || (word == "sept" && name.starts_with("sep"))
    };
    let index = MONTHS.iter().position(fits)?;
    i8::try_from(index + 1).ok()
}

fn day(token: Option<&Token>) -> Option<i8> {
    number(token, 1..=2).filter(|day| (1..=31).contains(day)).and_then(|day| i8::try_from(day).ok())
}

/// `December 3rd, 2026`, `3 Dec`, `3rd of December`, `2026-12-03`; how many tokens it takes.
fn date(rest: &[Token]) -> Option<(Part, usize)> {
    if let (Some(year), true, Some(month), true, Some(day)) = (
        year(rest.first()),
        is_sign(rest.get(1), '-'),
        number(rest.get(2), 2..=2),
        is_sign(rest.get(3), '-'),
        day(rest.get(4)),
    ) {
        let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
        let t = usize::from(rest.get(5) == Some(&Token::Word("T".to_owned())));
        return Some((Part::Date { year: Some(year), month, day }, 5 + t));
    }
    let ordinal = |at: usize| {
        usize::from(word(rest.get(at)).is_some_and(|word| ["st", "nd", "rd", "th"].contains(&word.as_str())))
    };
    let (month, day, mut length) = if let Some(month) = word(rest.first()).and_then(|word| month(&word)) {
        let dot = usize::from(is_sign(rest.get(1), '.'));
        (month, day(rest.get(1 + dot))?, 2 + dot + ordinal(2 + dot))
    } else {
        let day = day(rest.first())?;
        let mut at = 1 + ordinal(1);
        at += usize::from(word(rest.get(at)).as_deref() == Some("of"));
        (word(rest.get(at)).and_then(|word| month(&word))?, day, at + 1)
    };
    let comma = usize::from(is_sign(rest.get(length), ',') || is_sign(rest.get(length), '.'));
    let year = year(rest.get(length + comma)).filter(|_| !is_sign(rest.get(length + comma + 1), ':'));
    if year.is_some() {
        length += comma + 1;
    }
    Some((Part::Date { year, month, day }, length))
}

fn year(token: Option<&Token>) -> Option<i16> {
    number(token, 4..=4).filter(|year| (2000..2100).contains(year)).and_then(|year| i16::try_from(year).ok())
}

/// Whether a span of days follows the date: `3 to 5`, `3 and 5`.
fn goes_on(rest: &[Token]) -> bool {
    let joined = is_sign(rest.first(), '-')
        || is_sign(rest.first(), '&')
        || is_sign(rest.first(), '/')
        || word(rest.first()).is_some_and(|word| ["to", "until", "through", "and", "or"].contains(&word.as_str()));
    joined && day(rest.get(1)).is_some() && !matches!(time(&rest[1..]), Some(Some(_))) && date(&rest[1..]).is_none()
}

/// A time of day with its zone, and how many tokens it takes; `None` where it is one that is not understood.
#[expect(clippy::option_option, reason = "not understood, none, and one")]
fn time(rest: &[Token]) -> Option<Option<(Part, usize)>> {
    let Some((hour, minute, second, mut length)) = digits(rest) else { return Some(None) };
    let half = word(rest.get(length)).filter(|word| word == "am" || word == "pm");
    let hour = match &half {
        Some(half) => {
            length += 1;
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour % 12 + if half == "pm" { 12 } else { 0 }
        }
        None if is_sign(rest.get(1), ':') || length == 1 && number(rest.first(), 4..=4).is_some() => hour,
        None => return Some(None),
    };
    let time = Time::new(hour, minute, second, 0).ok()?;
    let (zone, taken) = zone(&rest[length..])?;
    Some(Some((Part::Time { time, zone }, length + taken)))
}

/// `22:00`, `22:00:30`, `5`, and `2200` before UTC: hour, minute, second, tokens.
fn digits(rest: &[Token]) -> Option<(i8, i8, i8, usize)> {
    let small = |token: Option<&Token>, digits| number(token, digits).and_then(|number| i8::try_from(number).ok());
    if let Some(both) = number(rest.first(), 4..=4).filter(|both| !(2000..2100).contains(both)) {
        let utc = word(rest.get(1)).is_some_and(|word| word == "utc" || word == "gmt");
        return utc.then_some((i8::try_from(both / 100).ok()?, i8::try_from(both % 100).ok()?, 0, 1));
    }
    let hour = small(rest.first(), 1..=2)?;
    if !is_sign(rest.get(1), ':') {
        return Some((hour, 0, 0, 1));
    }
    let minute = small(rest.get(2), 2..=2)?;
    match (is_sign(rest.get(3), ':'), small(rest.get(4), 2..=2)) {
        (true, Some(second)) => Some((hour, minute, second, 5)),
        (true, None) => None,
        (false, _) => Some((hour, minute, 0, 3)),
    }
}

/// The zone after a time, with an offset to it where one follows; `None` where there is one that is not known.
fn zone(rest: &[Token]) -> Option<(Option<Zone>, usize)> {
    if is_sign(rest.first(), '+') {
        let (minutes, taken) = offset(&rest[1..])?;
        return Some((Some(Zone { minutes, season: Season::All }), 1 + taken));
    }
    let Some(Token::Word(name)) = rest.first() else { return Some((None, 0)) };
    let known = ZONES.iter().find(|(zone, ..)| zone == name || (*zone == "UTC" && name.eq_ignore_ascii_case("utc")));
    match known {
        Some((zone, minutes, season)) => {
            let shifted = matches!(*zone, "UTC" | "GMT").then(|| rest.get(1)).flatten();
            let sign = if shifted == Some(&Token::Sign('+')) { 1 } else { -1 };
            let after = if shifted.is_some() { time(&rest[2..]) } else { Some(None) };
            if shifted == Some(&Token::Sign('-')) && matches!(after, Some(Some((Part::Time { zone: None, .. }, _)))) {
                // `UTC-05:00` is an offset or a span.
                return None;
            }
            let follows = shifted == Some(&Token::Sign('+'))
                || shifted == Some(&Token::Sign('-')) && !matches!(after, Some(Some(_)));
            match offset(rest.get(2..).unwrap_or_default()).filter(|_| follows) {
                Some((by, taken)) => Some((Some(Zone { minutes: minutes + sign * by, season: *season }), 2 + taken)),
                None if shifted == Some(&Token::Sign('+')) => None,
                None => Some((Some(Zone { minutes: *minutes, season: *season }), 1)),
            }
        }
        // Capitals after a time of day are a zone, and this one is not known.
        None if (2..=5).contains(&name.len()) && name.chars().all(|letter| letter.is_ascii_uppercase()) => None,
        None if ["local", "pacific", "eastern", "central", "mountain"].contains(&name.to_lowercase().as_str()) => None,
        None => Some((None, 0)),
    }
}

/// `2`, `02:00`, `0200`: minutes, tokens.
fn offset(rest: &[Token]) -> Option<(i32, usize)> {
    let minutes = |hours: u32, minutes: u32| i32::try_from(hours * 60 + minutes).ok().filter(|all| *all <= 14 * 60);
    if let Some(both) = number(rest.first(), 4..=4) {
        return Some((minutes(both / 100, both % 100)?, 1));
    }
    let hours = number(rest.first(), 1..=2)?;
    match (is_sign(rest.get(1), ':'), number(rest.get(2), 2..=2)) {
        (true, Some(rest)) => Some((minutes(hours, rest)?, 3)),
        _ => Some((minutes(hours, 0)?, 1)),
    }
}

const COUNTS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// `4 hours`, `45-minute`, `two days`.
fn lasting(rest: &[Token]) -> Option<(Part, usize)> {
    let count = match rest.first()? {
        Token::Number(count, 1..=4) => i64::from(*count),
        other => {
            let word = word(Some(other))?;
            let counted = COUNTS.iter().position(|count| *count == word);
            i64::try_from(counted.or_else(|| ["a", "an"].contains(&word.as_str()).then_some(0))? + 1).ok()?
        }
    };
    let dash = usize::from(is_sign(rest.get(1), '-'));
    let one = match word(rest.get(1 + dash))?.trim_end_matches('s') {
        "minute" | "min" => SignedDuration::from_mins(1),
        "hour" | "hr" => SignedDuration::from_hours(1),
        "day" => SignedDuration::from_hours(24),
        "week" => SignedDuration::from_hours(24 * 7),
        _ => return None,
    };
    let length = SignedDuration::from_secs(one.as_secs().checked_mul(count)?).min(LONGEST);
    Some((Part::Lasting(length), 2 + dash))
}

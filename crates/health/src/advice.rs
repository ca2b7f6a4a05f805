//! Moments and spans of time in words. Findings are read in logs elsewhere: they tell UTC.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use hcops_text::counted;

/// `2026-12-03 22:00 UTC`.
pub(super) fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The two largest units: `3 days 4 hours`, `12 minutes`.
pub(super) fn span(duration: SignedDuration) -> String {
    let minutes = duration.as_mins().max(0);
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let words = [(days, "day"), (hours, "hour"), (rest, "minute")];
    let told: Vec<String> = words
        .iter()
        .skip_while(|(count, _)| *count == 0)
        .take(2)
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| counted(*count, unit))
        .collect();
    if told.is_empty() { "less than a minute".to_owned() } else { told.join(" ") }
}

/// How far a day is from today: `in 28 days`, `today`, `1 day ago`.
pub fn when(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", counted(days, "day")),
        ..0 => format!("{} ago", counted(-i64::from(days), "day")),
    }
}

/// `1 commit`, `12,345 commits`.
pub(super) fn counted_grouped(count: u64, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{} {unit}s", grouped(count)) }
}

/// `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let from_the_end = digits.len();
    digits
        .char_indices()
        .flat_map(|(at, digit)| {
            let comma = (at > 0 && (from_the_end - at).is_multiple_of(3)).then_some(',');
            comma.into_iter().chain([digit])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{grouped, span, utc, when};
    use jiff::SignedDuration;

    #[test]
    fn spans_numbers_and_moments_are_told_in_words() {
        let told = |minutes| span(SignedDuration::from_mins(minutes));
        assert_eq!([told(0), told(1), told(61)], ["less than a minute", "1 minute", "1 hour 1 minute"]);
        assert_eq!([told(1_440), told(4_561)], ["1 day", "3 days 4 hours"]);
        assert_eq!([-2, -1, 0, 1, 2].map(when), ["2 days ago", "1 day ago", "today", "in 1 day", "in 2 days"]);
        assert_eq!([grouped(7), grouped(1_000), grouped(12_345_678)], ["7", "1,000", "12,345,678"]);
        assert_eq!(utc("2026-12-03T22:00:31Z".parse().unwrap()), "2026-12-03 22:00 UTC");
    }
}

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use textwrap::{Options, WordSeparator, WordSplitter};

/// `text` without anything that could move a cursor, change a colour or reorder what is read: escape sequences, control
/// characters and the marks that turn the direction of text. Line breaks and tabs become spaces.
#[must_use]
pub fn clean(text: &str) -> String {
    console::strip_ansi_codes(text)
        .chars()
        .filter_map(|character| match character {
            '\n' | '\r' | '\t' => Some(' '),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            other if other.is_control() => None,
            other => Some(other),
        })
        .collect()
}

/// `text`, cleaned and broken into lines of at most `columns`; the first starts with `first`, the others with `rest`.
/// Words are never cut, so that names and addresses can be copied.
#[must_use]
pub fn wrap(text: &str, columns: usize, first: &str, rest: &str) -> Vec<String> {
    let text = clean(text);
    // Japanese has no spaces to break at; where there are spaces, an address stays whole.
    let has_wide = console::measure_text_width(&text) > text.chars().count();
    let separator = if has_wide { WordSeparator::new() } else { WordSeparator::AsciiSpace };
    let options = Options::new(columns.max(20))
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false)
        .word_separator(separator)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(&text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Seconds in words: `3m 20s`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    let whole = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    format!("{whole:#}")
}

/// Seconds from `from` to `to`; 0 when `to` is earlier.
pub(super) fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0)
}

/// A moment with its zone: `2026-11-22 01:02:03 UTC`.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// The time of day: `01:02:03`.
pub(super) fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::{clean, duration, moment, wrap};
    use jiff::tz::TimeZone;

    #[test]
    fn server_text_cannot_steer_the_terminal() {
        let hostile = "ok\u{1b}[2J\u{1b}]0;title\u{7}\rgone\u{202e}txt\u{0}\u{9b}31m";
        let cleaned = clean(hostile);
        assert!(!cleaned.chars().any(char::is_control), "{cleaned:?}");
        assert!(!cleaned.contains('\u{202e}'));
        assert!(cleaned.starts_with("ok"));
    }

    #[test]
    fn words_are_never_cut() {
        let lines = wrap("see postgresql-curved-12345-with-a-rather-long-name now", 24, "  ", "    ");
        assert_eq!(lines, ["  see", "    postgresql-curved-12345-with-a-rather-long-name", "    now"]);
    }

    #[test]
    fn addresses_are_never_cut_and_japanese_is() {
        let lines = wrap("see http://127.0.0.1/client/v11/databases now", 24, "", "  ");
        assert_eq!(lines, ["see", "  http://127.0.0.1/client/v11/databases", "  now"]);
        for line in wrap("同期を一時停止しています。元に戻すことはできません。", 24, "", "  ")
        {
            assert!(console::measure_text_width(&line) <= 24, "{line}");
        }
    }

    #[test]
    fn durations_and_moments_are_told_in_words() {
        assert_eq!(duration(0), "0s");
        assert_eq!(duration(200), "3m 20s");
        let at = "2026-11-22T01:02:03Z".parse().expect("a timestamp");
        assert_eq!(moment(at, &TimeZone::UTC), "2026-11-22 01:02:03 UTC");
    }
}

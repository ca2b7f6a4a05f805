use console::measure_text_width;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};

use hcops_text::plain::plain;

/// `text` without anything that could move a cursor, change a colour or reorder what is read: escape sequences, control
/// characters, and whatever else is not plain ([`hcops_text::plain::is_plain`]). Line breaks and tabs become spaces.
#[must_use]
pub fn clean(text: &str) -> String {
    plain(&console::strip_ansi_codes(text))
}

/// `text`, cleaned and broken into lines of at most `columns`; the first starts with `first`, the others with `rest`.
/// Words are never cut, so that names and addresses can be copied, nor are commands in backticks that fit on a line.
/// Japanese, which has no spaces, is broken where its own rules allow.
#[must_use]
pub fn wrap(text: &str, columns: usize, first: &str, rest: &str) -> Vec<String> {
    let columns = columns.max(20);
    let room = columns.saturating_sub(measure_text_width(first).max(measure_text_width(rest)));
    let options = Options::new(columns)
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation);
    let text = with_whole_commands(&clean(text), room);
    textwrap::wrap(&text, options).into_iter().map(|line| line.trim_end().replace(UNBROKEN, " ")).collect()
}

/// A space at which no line is broken.
const UNBROKEN: char = '\u{a0}';

fn with_whole_commands(text: &str, room: usize) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // The last piece is outside: either no backtick is open there, or it was never closed.
    let around = |at: usize| {
        let (before, after) = (pieces[at - 1].chars().rev(), pieces[at + 1].chars());
        let marks: String = before.take_while(clings).chain(after.take_while(clings)).collect();
        measure_text_width(&marks) + 2
    };
    let whole = |at: usize| at % 2 == 1 && at + 1 < pieces.len() && measure_text_width(pieces[at]) + around(at) <= room;
    let kept = pieces.iter().enumerate().map(|(at, piece)| match whole(at) {
        true => piece.replace(' ', UNBROKEN.encode_utf8(&mut [0; 2])),
        false => (*piece).to_owned(),
    });
    kept.collect::<Vec<_>>().join("`")
}

/// Marks that stay on the line of what they stand beside.
fn clings(mark: &char) -> bool {
    "()[].,;:（）「」。、；：".contains(*mark)
}

/// What stays together on a line: whatever has no space in it, and of Japanese what the line breaking rules of Unicode keep
/// together. Those rules alone would cut addresses after a slash.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let (mut start, mut end) = (0, 0);
    let pieces = WordSeparator::UnicodeBreakProperties.find_words(line);
    Box::new(pieces.filter_map(move |piece| {
        end += piece.word.len() + piece.whitespace.len();
        may_break(&line[..end], &line[end..]).then(|| {
            let word = Word::from(&line[start..end]);
            start = end;
            word
        })
    }))
}

fn may_break(before: &str, after: &str) -> bool {
    match (before.chars().next_back(), after.chars().next()) {
        (Some(last), Some(first)) => last == ' ' || !last.is_ascii() || !first.is_ascii(),
        _ => true,
    }
}

/// A label that fills `columns`, with at least one space after it: what follows stands under what follows other labels. A
/// wide character takes two columns.
#[must_use]
pub fn padded(label: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(measure_text_width(label)).max(1);
    format!("{label}{}", " ".repeat(spaces))
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
    use super::{clean, duration, moment, padded, wrap};
    use console::measure_text_width;
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
        let address = "https://devcenter.heroku.com/articles/heroku-connect";
        assert_eq!(wrap(&format!("see {address} and on"), 24, "", ""), ["see", address, "and on"]);
    }

    #[test]
    fn a_command_in_backticks_stays_on_one_line_where_it_fits() {
        let lines = wrap("Until then turn back with `hcops abort 0192`, or go on.", 40, "", "  ");
        assert_eq!(lines, ["Until then turn back with", "  `hcops abort 0192`, or go on."]);
        let lines = wrap("それまでは`hcops abort 0192`で戻せます。", 26, "", "");
        assert_eq!(lines, ["それまでは", "`hcops abort 0192`で戻せま", "す。"]);
        let wide = wrap("`hcops run version-upgrade --to 17` does", 20, "", "");
        assert_eq!(wide, ["`hcops run", "version-upgrade --to", "17` does"], "it does not fit anywhere");
        assert_eq!(wrap("a `b c", 20, "", ""), ["a `b c"], "never closed");
    }

    /// Every Japanese message, with names in its holes, as wide as small and as usual terminals are.
    #[test]
    fn no_line_of_japanese_is_too_wide_or_begins_with_a_mark_that_ends_a_sentence() {
        let messages = include_str!("../../i18n/src/ja.ftl").lines().filter_map(|line| Some(line.split_once(" = ")?.1));
        for message in messages {
            let text = filled(message);
            if text.is_empty() {
                // A word of English grammar that Japanese has no word for.
                continue;
            }
            for columns in [60, 80] {
                let lines = wrap(&text, columns, "  - ", "    ");
                for (nth, line) in lines.iter().enumerate() {
                    let begins = line.trim_start().trim_start_matches("- ").chars().next();
                    let stray = nth > 0 && begins.is_some_and(|first| "、。，．：；）」』】？！ーょっ".contains(first));
                    let unbroken = line.trim_start().is_ascii();
                    assert!(!stray, "{columns}: {line}\nin {text}");
                    assert!(measure_text_width(line) <= columns || unbroken, "{columns}: {line}");
                }
                let together: String = lines.concat().split_whitespace().collect();
                assert_eq!(together, format!("-{text}").split_whitespace().collect::<String>(), "nothing is lost");
            }
        }
    }

    /// A name in each hole, the letters of quoted ones.
    fn filled(message: &str) -> String {
        let mut pieces = message.split("{ ");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (hole, rest) = piece.split_once(" }").expect("a hole ends");
            text.push_str(if hole.starts_with('$') { "postgresql-curved-12345" } else { hole.trim_matches('"') });
            text.push_str(rest);
        }
        text
    }

    #[test]
    fn labels_are_as_wide_as_they_look() {
        assert_eq!(padded("why", 6), "why   ");
        assert_eq!(padded("理由", 6), "理由  ");
        assert_eq!(padded("リクエスト", 6), "リクエスト ", "one space at least");
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

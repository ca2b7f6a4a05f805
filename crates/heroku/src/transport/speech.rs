//! What servers say, made fit for a terminal, a journal and a report.

use hcops_secrets::passwords::without_passwords;
use hcops_text::plain::is_plain;

/// Longest text of a server that is repeated, in characters.
const LONGEST: usize = 400;

/// `text` on one line: control and direction characters removed, passwords masked wherever they stand, bounded in length.
pub(crate) fn spoken(text: &str) -> String {
    let plain: String = text.chars().map(|character| if is_plain(character) { character } else { ' ' }).collect();
    let one_line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&without_passwords(&masked(&one_line)))
}

/// Names and passwords between `://` and `@` replaced by `***`.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let (authority, remainder) = after.split_at(end_of_authority(before, after));
        rest = match authority.rfind('@') {
            Some(sign) => {
                out.push_str("***");
                out.push_str(authority.get(sign..).unwrap_or(""));
                remainder
            }
            None => after,
        };
    }
    out.push_str(rest);
    out
}

/// Where the part with user and password ends. A database's password may hold a slash that nobody escaped, so there
/// everything up to the last `@` counts.
fn end_of_authority(before: &str, after: &str) -> usize {
    let is_database = before.ends_with("postgres://") || before.ends_with("postgresql://");
    let ends = |character: char| {
        character.is_whitespace() || "\"'`<>".contains(character) || (character == '/' && !is_database)
    };
    after.find(ends).unwrap_or(after.len())
}

/// The first line of `text` that says something, without HTML tags.
pub(super) fn first_words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..body.len().min(4096)).unwrap_or(body));
    let words = without_tags(&text);
    shorten(&words.lines().map(spoken).find(|line| !line.is_empty()).unwrap_or_default())
}

/// Whether a body is data rather than words, whole or not. Data is not repeated: config vars are secrets, and what is cut
/// or doubled on its way can't be read well enough to take them out.
pub(super) fn is_data(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches(|character: char| character == '\u{feff}' || character.is_whitespace());
    text.starts_with(['{', '[', '"']) || text.contains("\":") || text.contains("\" :")
}

fn without_tags(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|character| {
            let tag = inside || character == '<';
            inside = tag && character != '>';
            if tag { '\n' } else { character }
        })
        .collect()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_do_not_reach_the_terminal() {
        assert_eq!(spoken("a\u{1b}[2Jb\r\n\u{9b}c\u{202e}d\u{7}"), "a [2Jb c d");
    }

    #[test]
    fn passwords_in_addresses_are_masked_wherever_they_stand() {
        let text = "copy from postgres://u:p@ss@h:1/d to \"postgres://a:b@c/d\" and https://x.example/@y";
        let masked = spoken(text);
        assert_eq!(masked, "copy from postgres://***@h:1/d to \"postgres://***@c/d\" and https://x.example/@y");
        assert_eq!(spoken("postgres://u:secret@h"), "postgres://***@h");
        assert_eq!(spoken("(postgresql://u:se/cr@et@h:5/d)"), "(postgresql://***@h:5/d)");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let long = "ä".repeat(500);
        let cut = spoken(&long);
        assert_eq!(cut.chars().count(), 401);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn data_is_known_whole_or_not() {
        let whole = "{\"A\": \"x\"}";
        for data in [whole, &whole[..5], &format!("{whole}{whole}"), "[1", "\u{feff} {", "SECRET\":\"x\"}"] {
            assert!(is_data(data.as_bytes()), "{data}");
        }
        for words in ["", "Bad gateway", "<html lang=\"en\">Odd</html>", "error: no"] {
            assert!(!is_data(words.as_bytes()), "{words}");
        }
    }

    #[test]
    fn a_page_is_told_by_its_first_words() {
        assert_eq!(first_words(b"<!DOCTYPE html>\n<html><head><title>Application error</title>"), "Application error");
        assert_eq!(first_words(b"\xff\xfe  "), "\u{fffd}\u{fffd}");
        assert_eq!(first_words(b"  "), "");
    }

    proptest::proptest! {
        #[test]
        fn nothing_around_it_brings_a_password_out(before in "[^:]{0,12}|.{0,12}", after in ".{0,12}") {
            let said = spoken(&format!("{before}postgres://user:hunter2@db.example/name{after}"));
            proptest::prop_assert!(!said.contains("hunter2"), "{}", said);
        }

        #[test]
        fn no_text_keeps_a_control_character(text in ".{0,80}") {
            let said = spoken(&text);
            proptest::prop_assert!(said.chars().all(|character| !character.is_control()));
            proptest::prop_assert!(said.chars().count() <= LONGEST + 1);
        }
    }
}

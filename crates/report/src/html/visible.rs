//! The last door: what others wrote may hold marks that cannot be seen or that reorder what is read.

use std::borrow::Cow;

use maud::{Markup, html};

/// The page with every control character shown as its own picture, and every mark that turns the direction of text or
/// hides in it shown as the replacement character. Line breaks stay, other white space becomes spaces.
///
/// It is done to the finished page and not to each text, so that none can be forgotten: the page's own text has no such
/// marks.
pub(super) fn visible(page: &str) -> String {
    let mut shown = String::with_capacity(page.len());
    for character in page.chars() {
        shown.push(match character {
            '\n' => '\n',
            '\t' | '\r' => ' ',
            '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
            '\u{7f}' => '\u{2421}',
            '\u{80}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => char::REPLACEMENT_CHARACTER,
            other => other,
        });
    }
    shown
}

/// A text that begins with a capital, where it begins with a small letter.
pub(super) fn sentence(text: &str) -> Cow<'_, str> {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if first.is_lowercase() && begins_with_a_word(text) => {
            Cow::Owned(first.to_uppercase().chain(characters).collect())
        }
        _ => Cow::Borrowed(text),
    }
}

/// Whether it begins with a word and not with a name such as `acme-crm` or `DATABASE_URL`, which stays as it is.
fn begins_with_a_word(text: &str) -> bool {
    text.split_whitespace()
        .next()
        .is_some_and(|word| word.trim_end_matches([',', '.', ':', ';']).chars().all(char::is_alphabetic))
}

/// A text as a sentence, with what stands between backticks as code.
pub(super) fn prose(text: &str) -> Markup {
    coded(&sentence(text))
}

/// A text with what stands between backticks as code.
pub(super) fn coded(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{prose, sentence, visible};

    #[test]
    fn control_characters_are_seen_and_direction_is_not_turned() {
        assert_eq!(visible("a\u{1b}[31mb\u{0}\u{7f}\r\n\tc"), "a\u{241b}[31mb\u{2400}\u{2421} \n c");
        assert_eq!(visible("exe\u{202e}txt\u{9b}\u{feff}"), "exe\u{fffd}txt\u{fffd}\u{fffd}");
        assert_eq!(visible("\u{202e}"), "\u{fffd}");
        assert_eq!(visible("日本語 café 👩"), "日本語 café 👩");
    }

    #[test]
    fn a_sentence_begins_with_a_capital_unless_it_begins_with_a_name() {
        assert_eq!(sentence("none: nothing"), "None: nothing");
        assert_eq!(sentence("acme-crm is kept"), "acme-crm is kept");
        assert_eq!((sentence(""), sentence("`x`")), ("".into(), "`x`".into()));
    }

    #[test]
    fn what_stands_between_backticks_is_code_and_stays_text() {
        assert_eq!(prose("run `a <b>` now").into_string(), "Run <code>a &lt;b&gt;</code> now");
        assert_eq!(prose("one ` alone").into_string(), "One ` alone");
    }
}

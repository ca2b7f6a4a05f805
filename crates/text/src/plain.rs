//! Text from elsewhere, made fit to be shown: the one definition of what may not reach a screen, a page or a message.

use serde_json::Value;

/// Whether a character shows itself and does nothing else: neither steers a terminal nor turns the order of what is read
/// around, and is not there unseen. Names that look the same must be the same (Unicode Standard Annex 9 and Technical
/// Report 36: controls of direction, joiners, fillers, tags, variation selectors).
#[must_use]
pub fn is_plain(character: char) -> bool {
    let unseen = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    );
    !character.is_control() && !unseen
}

/// What stands in its place: a space for a break of lines or columns, else nothing.
#[must_use]
pub fn in_its_place(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        plain if is_plain(plain) => Some(plain),
        _ => None,
    }
}

/// `text` on one line, without anything that is not plain.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().filter_map(in_its_place).collect()
}

/// The same document with all its texts and names made fit by `change`.
#[must_use]
pub fn with_texts(value: Value, change: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(&text)),
        Value::Array(items) => items.into_iter().map(|item| with_texts(item, change)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (change(&name), with_texts(value, change))).collect()
        }
        other => other,
    }
}

/// JSON with the same lines for every reader: whatever is not plain is escaped, so that its meaning stays (RFC 8259, section 7).
#[must_use]
pub fn escaped_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        // Between values, a document may be broken into lines.
        if is_plain(character) || character == '\n' {
            escaped.push(character);
        } else {
            escaped.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HOSTILE: &str =
        "ac\u{202e}me\u{200b}-\u{ad}c\u{2066}r\u{e0041}m\u{9b}31m\u{2028}next\u{85}one\u{feff}\u{61c}\u{fe0f}\u{3164}";

    #[test]
    fn what_cannot_be_seen_is_not_there() {
        assert_eq!(plain(HOSTILE), "acme-crm31m next one");
        assert_eq!(plain("Größe 株式会社 مرحبا e\u{301} 🙂"), "Größe 株式会社 مرحبا e\u{301} 🙂");
    }

    #[test]
    fn escaped_json_means_the_same_on_one_line_of_ascii_marks() {
        let value = json!({ "name": HOSTILE, "at": "\u{1b}[2J\n\u{7f}" });
        let escaped = escaped_json(&value.to_string());
        assert!(escaped.chars().all(is_plain), "{escaped}");
        assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), value);
    }

    #[test]
    fn every_text_of_a_document_is_changed() {
        let value = with_texts(json!({ "a\u{200b}": ["b\u{202e}", { "c": 1 }] }), &plain);
        assert_eq!(value, json!({ "a": ["b", { "c": 1 }] }));
    }
}

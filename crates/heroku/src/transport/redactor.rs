//! Takes the token out of whatever a server says, in every spelling in which a server could repeat it.

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::WireResponse;
use hcops_model::Secret;
use hcops_text::plain;

/// What stands in the place of a secret.
const MASK: &str = "[secret]";

/// What is shorter is no real token, and its letters would be found in ordinary words.
const SHORTEST: usize = 8;

/// Finds one secret, however it is spelled: as it is, percent-encoded, and within base64 of anything that holds it, such
/// as the user and password of Basic authentication (RFC 7617).
pub(super) struct Redactor {
    spelled: Vec<String>,
    within_base64: Vec<String>,
    /// Finds any of them in one pass: nearly every answer holds none.
    any: Option<AhoCorasick>,
}

impl Redactor {
    pub(super) fn new(secret: &Secret) -> Self {
        let open = secret.open();
        let (spelled, within_base64) = if open.len() < SHORTEST { Default::default() } else { spellings(open) };
        let any = AhoCorasick::new(spelled.iter().chain(&within_base64)).ok();
        Self { spelled, within_base64, any }
    }

    /// The answer without the secret, in its headers and in its body. An answer that does not hold it stays as it is, to
    /// the byte.
    pub(super) fn response(&self, mut response: WireResponse) -> WireResponse {
        for (name, value) in &mut response.headers {
            self.take_from(name);
            self.take_from(value);
        }
        if let Some(body) = self.body(&response.body) {
            response.body = body;
        }
        response
    }

    /// Takes the secret out of a text.
    pub(super) fn take_from(&self, text: &mut String) {
        if !self.is_in(text) {
            return;
        }
        for spelling in &self.spelled {
            if text.contains(spelling.as_str()) {
                *text = text.replace(spelling.as_str(), MASK);
            }
        }
        for core in &self.within_base64 {
            while let Some(at) = text.find(core.as_str()) {
                let is_around = |character: char| character.is_ascii_alphanumeric() || "+/-_=%".contains(character);
                let before = &text[..at];
                let start = before.trim_end_matches(is_around).len();
                let after = &text[at + core.len()..];
                let end = text.len() - after.trim_start_matches(is_around).len();
                text.replace_range(start..end, MASK);
            }
        }
    }

    /// No automaton is refused to so few and short patterns. If it were, each is looked for one by one.
    fn is_in(&self, text: &str) -> bool {
        self.any.as_ref().is_none_or(|any| any.is_match(text))
    }

    /// The body without the secret, where it holds it. JSON may spell each letter of it by its number, so that it shows
    /// only in what the text means.
    fn body(&self, body: &[u8]) -> Option<Vec<u8>> {
        let mut text = String::from_utf8_lossy(body).into_owned();
        let plainly = self.is_in(&text);
        if plainly {
            self.take_from(&mut text);
        }
        let escaped = text.contains('\\').then(|| serde_json::from_str::<Value>(&text).ok()).flatten();
        let redacted = escaped.map(|value| plain::with_texts(value.clone(), &|text| self.text(text)) != value);
        if redacted == Some(true) {
            let value = serde_json::from_str::<Value>(&text).ok()?;
            return Some(plain::with_texts(value, &|text| self.text(text)).to_string().into_bytes());
        }
        plainly.then(|| text.into_bytes())
    }

    fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        self.take_from(&mut text);
        text
    }
}

/// The spellings of a secret as it is and percent-encoded, and what base64 shows of it.
fn spellings(open: &str) -> (Vec<String>, Vec<String>) {
    let mut spelled = vec![open.to_owned()];
    for every in [false, true] {
        spelled.extend([percent_encoded(open, every, true), percent_encoded(open, every, false)]);
    }
    let mut within_base64 = Vec::new();
    for before in 0..3 {
        let (standard, url_safe) = (inside(&STANDARD_NO_PAD, open, before), inside(&URL_SAFE_NO_PAD, open, before));
        within_base64.extend([percent_encoded(&standard, false, true), percent_encoded(&standard, false, false)]);
        within_base64.extend([standard, url_safe]);
    }
    for list in [&mut spelled, &mut within_base64] {
        list.sort();
        list.dedup();
    }
    (spelled, within_base64)
}

/// What base64 shows of `open` for sure when `before` bytes stand before it: without the letters that it shares with what
/// stands around it.
fn inside(engine: &impl Engine, open: &str, before: usize) -> String {
    let padded: Vec<u8> = std::iter::repeat_n(0, before).chain(open.bytes()).collect();
    let shared = (before * 8).div_ceil(6);
    let whole = padded.len() * 8 / 6;
    engine.encode(&padded).get(shared..whole).unwrap_or_default().to_owned()
}

/// Percent-encoded: what has a meaning of its own in an address, or everything that is no letter and no digit.
fn percent_encoded(text: &str, every: bool, capitals: bool) -> String {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || (!every && b"-._~".contains(&byte));
    let spelled = text.bytes().map(|byte| match (stays(byte), capitals) {
        (true, _) => char::from(byte).to_string(),
        (false, true) => format!("%{byte:02X}"),
        (false, false) => format!("%{byte:02x}"),
    });
    spelled.collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::*;

    const TOKEN: &str = "HRKU-canary~5d2f/8a+?>";

    fn redacted(text: &str) -> String {
        Redactor::new(&Secret::new(TOKEN)).text(text)
    }

    #[test]
    fn every_spelling_of_the_token_is_taken_out() {
        let mut spellings = vec![TOKEN.to_owned()];
        for every in [false, true] {
            spellings.extend([percent_encoded(TOKEN, every, true), percent_encoded(TOKEN, every, false)]);
        }
        for around in [("", ""), (":", ""), ("u:", ""), ("you@acme.example:", "\n"), ("x", "yz"), ("ab", "c")] {
            let text = format!("{}{TOKEN}{}", around.0, around.1);
            let encoded = STANDARD.encode(&text);
            spellings.extend([percent_encoded(&encoded, false, true), encoded, URL_SAFE.encode(&text)]);
        }
        for spelling in spellings {
            let said = redacted(&format!("Request {spelling}, again {spelling}."));
            assert_eq!(said, "Request [secret], again [secret].", "{spelling}");
        }
    }

    #[test]
    fn a_body_may_spell_it_by_the_numbers_of_its_letters() {
        let spelled: String = TOKEN.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
        let redactor = Redactor::new(&Secret::new(TOKEN));
        let body = format!(r#"{{"name":"a","message":"no {spelled}","{spelled}":[1.50]}}"#);
        let redacted = String::from_utf8(redactor.body(body.as_bytes()).unwrap()).unwrap();
        assert_eq!(redacted, r#"{"name":"a","message":"no [secret]","[secret]":[1.5]}"#);
    }

    #[test]
    fn what_does_not_hold_it_stays_to_the_byte() {
        let redactor = Redactor::new(&Secret::new(TOKEN));
        for body in [br#"{"price":1.50,"text":"a\nb \u00e4"}"#.as_slice(), b"\xff\xfe", b"", b"HRKU-canar"] {
            assert_eq!(redactor.body(body), None);
        }
        assert_eq!(Redactor::new(&Secret::new("short")).text("short"), "short");
    }
}

//! Words, numbers and signs of a notice.

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits, at most nine of them, and how many.
    Number(u32, usize),
    /// Letters, as they stand.
    Word(String),
    /// Anything else but space.
    Sign(char),
}

/// The tokens of a text. `p.m.` is one word, and every sort of dash is the same sign.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text = text.replace("a.m.", "am").replace("p.m.", "pm").replace("A.M.", "AM").replace("P.M.", "PM");
    let mut tokens = Vec::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let same = |character: char| {
            if first.is_ascii_digit() { character.is_ascii_digit() } else { character.is_alphabetic() }
        };
        let is_run = first.is_ascii_digit() || first.is_alphabetic();
        let end = if is_run { rest.find(|character| !same(character)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (run, after) = rest.split_at(end);
        match first {
            _ if first.is_whitespace() => (),
            _ if first.is_ascii_digit() => tokens.push(match run.parse() {
                Ok(number) if run.len() <= 9 => Token::Number(number, run.len()),
                _ => Token::Sign('#'),
            }),
            _ if first.is_alphabetic() => tokens.push(Token::Word(run.to_owned())),
            '–' | '—' | '‐' | '‑' | '−' => tokens.push(Token::Sign('-')),
            other => tokens.push(Token::Sign(other)),
        }
        rest = after;
    }
    tokens
}

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text with the name that messages call it by.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of the file, as the person gave it.
    pub file_name: String,
    /// Its whole contents.
    pub text: Arc<str>,
}

impl Source {
    /// A source of this name and text.
    #[must_use]
    pub fn new(file_name: &str, text: &str) -> Self {
        Self { file_name: file_name.to_owned(), text: Arc::from(text) }
    }

    /// Line and column of a byte offset, both counted from 1; columns count characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The part of `span` that reads `needle`; `span` itself when it is not written there literally.
    pub(super) fn narrow(&self, span: &Range<usize>, needle: &str) -> Range<usize> {
        let found = self.text.get(span.clone()).and_then(|part| part.find(needle));
        found.map_or_else(|| span.clone(), |offset| span.start + offset..span.start + offset + needle.len())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({} bytes)", self.file_name, self.text.len())
    }
}

/// A value with the bytes of the source that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot<T> {
    /// The value.
    pub value: T,
    /// Byte offsets in the source.
    pub span: Range<usize>,
}

impl<T> Spot<T> {
    /// A value read from `span`.
    pub const fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("a.toml", "über\nzwei = 2\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(3), (1, 3), "ü is one column and two bytes");
        assert_eq!(source.position(source.text.find('=').expect("there is one")), (2, 6));
        assert_eq!(source.position(10_000), (3, 1), "an offset behind the end is the end");
    }
}

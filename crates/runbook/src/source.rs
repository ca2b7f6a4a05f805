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
    /// The files that parts of it were taken from, one for each use, in the order of their offsets.
    used: Vec<Used>,
}

/// A file that a part was taken from. Its offsets begin behind those of the text and of the files used before, so that a
/// span also says in which file it is.
#[derive(Clone, PartialEq, Eq)]
struct Used {
    base: usize,
    file_name: String,
    text: Arc<str>,
    by: Spot<String>,
}

/// Where a span is.
pub(super) struct Located<'s> {
    pub(super) file_name: &'s str,
    pub(super) text: &'s str,
    /// The span in this text.
    pub(super) span: Range<usize>,
    /// What used the text, and where; absent when it is the runbook's own.
    pub(super) user: Option<&'s Spot<String>>,
}

impl Source {
    /// A source of this name and text.
    #[must_use]
    pub fn new(file_name: &str, text: &str) -> Self {
        Self { file_name: file_name.to_owned(), text: Arc::from(text), used: Vec::new() }
    }

    /// Adds a file that `who` uses at `span`. Returns where its offsets begin.
    pub(super) fn using(&mut self, file: &Self, span: Range<usize>, who: String) -> usize {
        let (base, length) = self.used.last().map_or((0, self.text.len()), |last| (last.base, last.text.len()));
        let base = base + length + 1;
        let (file_name, text) = (file.file_name.clone(), Arc::clone(&file.text));
        self.used.push(Used { base, file_name, text, by: Spot::new(who, span) });
        base
    }

    /// The file that a span is in, and where it is there.
    pub(super) fn locate(&self, span: &Range<usize>) -> Located<'_> {
        let behind = self.used.partition_point(|used| used.base <= span.start);
        let Some(used) = behind.checked_sub(1).and_then(|last| self.used.get(last)) else {
            return Located { file_name: &self.file_name, text: &self.text, span: span.clone(), user: None };
        };
        let span = span.start - used.base..span.end.saturating_sub(used.base);
        Located { file_name: &used.file_name, text: &used.text, span, user: Some(&used.by) }
    }

    /// Line and column of a byte offset in its file, both counted from 1; columns count characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let place = self.locate(&(offset..offset));
        let before = place.text.get(..place.span.start).unwrap_or(place.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// What is written at a span.
    pub(super) fn part(&self, span: &Range<usize>) -> Option<&str> {
        let place = self.locate(span);
        place.text.get(place.span)
    }

    /// The part of `span` that reads `needle`; `span` itself when it is not written there literally.
    pub(super) fn narrow(&self, span: &Range<usize>, needle: &str) -> Range<usize> {
        let found = self.part(span).and_then(|part| part.find(needle));
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

    #[test]
    fn an_offset_behind_the_text_is_in_a_file_that_it_uses() {
        let mut source = Source::new("a.toml", "a = 1\n");
        let fragment = Source::new("fragments/b.toml", "b = 2\nc = 3\n");
        let bases = [(); 2].map(|()| source.using(&fragment, 0..1, "the step `a`".to_owned()));
        for base in bases {
            let c = base + 6..base + 7;
            assert_eq!((source.part(&c), source.position(c.start)), (Some("c"), (2, 1)));
            assert_eq!(source.narrow(&(base..base + 12), "3"), base + 10..base + 11);
            assert_eq!(source.locate(&c).file_name, "fragments/b.toml");
        }
        assert_eq!(source.locate(&(6..6)).file_name, "a.toml", "the end of the text is still its own");
    }
}

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

use super::source::{Located, Source};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It cannot be used as it is.
    Error,
    /// It can be used, but somebody will miss something.
    Warning,
}

/// One finding about a runbook, its inputs or a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What was seen, in one sentence.
    pub message: String,
    /// Why it matters, shown at the caret.
    pub why: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Where in the source, in bytes; absent when it is not about a place in a file.
    pub span: Option<Range<usize>>,
}

impl Diagnostic {
    /// An error that is not about a place in a file.
    pub fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, message: message.into(), why: None, help: None, span: None }
    }

    /// A warning that is not about a place in a file.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Points to a place in the file, in bytes.
    #[must_use]
    pub fn at(mut self, span: &Range<usize>) -> Self {
        self.span = Some(span.clone());
        self
    }

    /// The same finding in a file whose offsets begin at `base`.
    pub(super) fn moved(mut self, base: usize) -> Self {
        self.span = self.span.map(|span| span.start + base..span.end + base);
        self
    }

    /// What stands beside the place.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What to do, where that is known.
    #[must_use]
    pub fn help_if(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

/// Where a finding is, for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// For a place in a fragment: where the runbook uses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Box<Place>>,
}

/// Findings that are told of many.
pub(super) const TOLD: usize = 50;

/// Findings, with the text that they point into. `Display` shows each with its file, line and a caret, uncoloured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    source: Option<Source>,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Findings in one file, in its order.
    #[must_use]
    pub fn of(source: &Source, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|finding| (finding.span.as_ref().map(|span| span.start), finding.severity as u8));
        // A fragment that is used twice has each mistake twice, and is to be mended once.
        let mut told = BTreeSet::new();
        list.retain(|finding| {
            let Some(place) =
                finding.span.as_ref().map(|span| source.locate(span)).filter(|place| place.user.is_some())
            else {
                return true;
            };
            told.insert((place.file_name.to_owned(), place.span.start, finding.message.clone()))
        });
        Self { source: Some(source.clone()), list }
    }

    /// A finding that is about no file.
    #[must_use]
    pub fn one(finding: Diagnostic) -> Self {
        Self { source: None, list: vec![finding] }
    }

    /// The findings, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// The findings that are told of many: the first ones. A file that is something else altogether has one in every line.
    pub fn told(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().take(TOLD)
    }

    /// How many findings are not told.
    #[must_use]
    pub const fn untold(&self) -> usize {
        self.list.len().saturating_sub(TOLD)
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether anything was found that prevents use; warnings alone do not.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Where a finding of this list is.
    #[must_use]
    pub fn place(&self, finding: &Diagnostic) -> Option<Place> {
        let (source, span) = (self.source.as_ref()?, finding.span.as_ref()?);
        Some(place_of(source, span))
    }

    fn show(&self, finding: &Diagnostic) -> String {
        match (&self.source, &finding.span) {
            (Some(source), Some(span)) => with_caret(finding, source, span),
            _ => without_place(finding),
        }
    }
}

fn place_of(source: &Source, span: &Range<usize>) -> Place {
    let (line, column) = source.position(span.start);
    let place = source.locate(span);
    let used_at = place.user.map(|user| Box::new(place_of(source, &user.span)));
    Place { file: place.file_name.to_owned(), line, column, used_at }
}

fn with_caret(finding: &Diagnostic, source: &Source, span: &Range<usize>) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let place = source.locate(span);
    let user = place.user.map(|user| {
        let Place { file, line, .. } = place_of(source, &user.span);
        format!("used by {}, {file}:{line}", user.value)
    });
    let Some(snippet) = snippet(&place, finding.why.as_deref()) else {
        let (line, column) = source.position(span.start);
        let user = user.map(|user| format!("\nnote: {user}")).unwrap_or_default();
        return format!("{}\n --> {}:{line}:{column}{user}", without_place(finding), place.file_name);
    };
    let group = level.primary_title(&finding.message).element(snippet);
    let group = group.elements(user.as_deref().map(|user| Level::NOTE.message(user)));
    let group = group.elements(finding.help.as_deref().map(|help| Level::HELP.message(help)));
    Renderer::plain().render(&[group])
}

fn without_place(finding: &Diagnostic) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let parts = [(level, Some(&finding.message)), ("note", finding.why.as_ref()), ("help", finding.help.as_ref())];
    let lines = parts.into_iter().filter_map(|(name, text)| text.map(|text| format!("{name}: {text}")));
    lines.collect::<Vec<_>>().join("\n")
}

/// The part of the file that is shown around a span. Nothing where the span lies too far behind in its line.
fn snippet<'a>(place: &Located<'a>, label: Option<&'a str>) -> Option<Snippet<'a, Annotation<'a>>> {
    let text = place.text;
    let (around, span) = window(text, &place.span)?;
    let mut annotation = AnnotationKind::Primary.span(span.start - around.start..span.end - around.start);
    if let Some(label) = label {
        annotation = annotation.label(label);
    }
    let number = text.get(..around.start)?.matches('\n').count() + 1;
    Some(Snippet::source(text.get(around)?).line_start(number).path(place.file_name).annotation(annotation))
}

/// The lines of the span, and the span itself, no longer than can be looked at: what is rendered must not grow with the file,
/// nor with one of its lines.
fn window(text: &str, span: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let start = span.start.min(text.len());
    let end = boundary(text, span.end.clamp(start, start.saturating_add(LONGEST)));
    let first = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let last = boundary(text, end.saturating_add(LONGEST));
    let last = text.get(end..last)?.find('\n').map_or(last, |newline| end + newline);
    (start - first <= LONGEST).then_some((first..last, start..end))
}

/// The last place up to this one where a character begins, or the end of the text.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Longest part of a file that is pointed at, and of its line before and after it, in bytes.
const LONGEST: usize = 4_000;

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.told().enumerate() {
            if index > 0 {
                formatter.write_str("\n\n")?;
            }
            formatter.write_str(&self.show(finding))?;
        }
        match self.untold() {
            0 => Ok(()),
            more => write!(formatter, "\n\nand {more} more"),
        }
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, at: Range<usize>) -> String {
        Diagnostics::of(&Source::new("a.toml", text), vec![Diagnostic::error("odd").at(&at)]).to_string()
    }

    #[test]
    fn of_a_long_line_no_more_is_handed_on_than_can_be_looked_at() {
        let text = format!("a = 1\nb = \"{}\"\nc = 2\n", "é".repeat(1_000_000));
        let middle = (text.len() / 2) & !1;
        for at in [6..7, 10..text.len() - 20, 1000..1000, middle..middle + 5] {
            let around = window(&text, &at);
            assert!(around.is_none_or(|(around, _)| around.len() <= 3 * LONGEST), "{at:?}");
        }
        assert_eq!(window("a = 1\nb = 2\nc", &(10..11)), Some((6..11, 10..11)));
        assert!(shown(&text, 6..7).contains(" --> a.toml:2:1\n"));
        let far = text.find("\"\nc").unwrap();
        assert_eq!(shown(&text, far..far + 1), format!("error: odd\n --> a.toml:2:{}", 1_000_006));
        assert_eq!(shown("a", 100..200).lines().next(), Some("error: odd"));
    }
}

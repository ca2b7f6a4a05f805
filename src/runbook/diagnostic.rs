use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

use super::source::Source;

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
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, message: message.into(), why: None, help: None, span: None }
    }

    /// A warning that is not about a place in a file.
    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    pub(crate) fn at(mut self, span: &Range<usize>) -> Self {
        self.span = Some(span.clone());
        self
    }

    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn help_if(self, help: Option<String>) -> Self {
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
    pub(crate) fn of(source: &Source, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|finding| (finding.span.as_ref().map(|span| span.start), finding.severity as u8));
        Self { source: Some(source.clone()), list }
    }

    pub(crate) fn one(finding: Diagnostic) -> Self {
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
        let (line, column) = source.position(span.start);
        Some(Place { file: source.file_name.clone(), line, column })
    }

    fn show(&self, finding: &Diagnostic) -> String {
        match (&self.source, &finding.span) {
            (Some(source), Some(span)) => with_caret(finding, source, span),
            _ => without_place(finding),
        }
    }
}

fn with_caret(finding: &Diagnostic, source: &Source, span: &Range<usize>) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let snippet = snippet(source, span, finding.why.as_deref());
    let group = level.primary_title(&finding.message).element(snippet);
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

/// Only the lines of the span are handed on: what is rendered must not grow with the file.
fn snippet<'a>(source: &'a Source, span: &Range<usize>, label: Option<&'a str>) -> Snippet<'a, Annotation<'a>> {
    let text = &*source.text;
    let end = text.len();
    let span = span.start.min(end)..span.end.min(end).min(span.start.saturating_add(LONGEST));
    let first = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let after = text.get(span.end..).and_then(|rest| rest.find('\n')).map_or(end, |newline| span.end + newline);
    let (Some(lines), Some(before)) = (text.get(first..after), text.get(..first)) else {
        return Snippet::source(text).path(&source.file_name);
    };
    let mut annotation = AnnotationKind::Primary.span(span.start - first..span.end - first);
    if let Some(label) = label {
        annotation = annotation.label(label);
    }
    let number = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    Snippet::source(lines).line_start(number).path(&source.file_name).annotation(annotation)
}

/// Longest part of a file that is pointed at, in bytes.
const LONGEST: usize = 10_000;

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

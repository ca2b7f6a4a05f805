//! Counts what passed, failed and was skipped, and says so even when the test runner keeps output to itself.

use std::io::Write as _;

use crate::settings;

/// The outcome of one kind of judgement over many cases.
#[derive(Debug)]
pub(crate) struct Report {
    judge: &'static str,
    passed: usize,
    failures: Vec<String>,
    skipped: Vec<String>,
}

impl Report {
    /// An empty report of `judge`.
    pub(crate) const fn new(judge: &'static str) -> Self {
        Self { judge, passed: 0, failures: Vec::new(), skipped: Vec::new() }
    }

    /// A case that was judged: it passed when there are no complaints.
    pub(crate) fn add(&mut self, case: &str, complaints: Vec<String>) {
        if complaints.is_empty() {
            self.passed += 1;
            if settings::names_cases() {
                say(&format!("{}: passed  {case}", self.judge));
            }
            return;
        }
        let complaints: String = complaints.iter().map(|complaint| format!("    {complaint}\n")).collect();
        say(&format!("{}: FAILED  {case}\n{complaints}", self.judge));
        self.failures.push(case.to_owned());
    }

    /// A case that could not be judged here.
    pub(crate) fn skip(&mut self, case: &str, why: &str) {
        say(&format!("{}: skipped: {case}: {why}", self.judge));
        hcops_testing::missing("official-cli", why);
        self.skipped.push(case.to_owned());
    }

    /// Something to know about the cases.
    pub(crate) fn note(&self, what: &str) {
        say(&format!("{}: {what}", self.judge));
    }

    /// The count, as the last line.
    ///
    /// # Panics
    /// When a case failed: then the test fails.
    pub(crate) fn close(self) {
        let (failed, skipped) = (self.failures.len(), self.skipped.len());
        say(&format!("{}: {} passed, {failed} failed, {skipped} skipped", self.judge, self.passed));
        assert!(self.failures.is_empty(), "cases that do not agree: {}", self.failures.join("; "));
    }
}

/// Writes past the runner's capture, which would hide from a green run what was skipped.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

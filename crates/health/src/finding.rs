use serde::Serialize;

use super::Grade;

/// One thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable: scripts may match it.
    pub id: &'static str,
    /// What is looked at, in a few words.
    pub looks_at: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// Where that is documented.
    pub source: &'static str,
}

/// What a rule found on one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub id: &'static str,
    /// How grave it is.
    pub grade: Grade,
    /// What it is about: the name of an app, a connection, a database or a run.
    pub about: String,
    /// What was seen.
    pub saw: String,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it; empty where nothing has to be done.
    pub remedy: String,
    /// The exact command that helps, where there is one.
    pub command: Option<String>,
    /// Where it is documented.
    pub source: &'static str,
}

impl Rule {
    /// A finding of this rule.
    pub(super) fn found(&self, grade: Grade, about: &str, saw: impl Into<String>) -> Finding {
        Finding {
            id: self.id,
            grade,
            about: about.to_owned(),
            saw: saw.into(),
            why: self.why,
            remedy: String::new(),
            command: None,
            source: self.source,
        }
    }

    /// That it was looked at and is well.
    pub(super) fn well(&self, about: &str, saw: impl Into<String>) -> Finding {
        self.found(Grade::Ok, about, saw)
    }
}

impl Finding {
    /// The same finding with what to do about it.
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// The same finding with the exact command that helps.
    pub(super) fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }
}

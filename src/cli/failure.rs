//! The one error at the edge: what to say, and the exit code. All conversions from the crates' errors are here.

use hcops_engine::answer::AnswerFault;
use hcops_heroku::NO_TOKEN;
use hcops_heroku::transport::{INVALID_TOKEN, NOT_ASKED};
use hcops_journal::StoreFault;
use hcops_model::{Exit, Fault, FaultKind, JournalFault};
use hcops_runbook::Diagnostics;

/// Why a command ended without doing what it was asked.
#[derive(Debug)]
pub(super) struct Failure {
    /// How the process ends.
    pub(super) exit: Exit,
    /// What is said.
    pub(super) fault: Fault,
    /// Text that is shown as it is before the fault: findings with their carets, a difference.
    pub(super) detail: Vec<String>,
}

impl Failure {
    /// A failure with its own exit code.
    pub(super) const fn new(exit: Exit, fault: Fault) -> Self {
        Self { exit, fault, detail: Vec::new() }
    }

    /// The command line or an input file is wrong.
    pub(super) fn usage(saw: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Fault::new(FaultKind::Usage, saw, why, remedy))
    }

    /// The same failure with the exact command that helps.
    pub(super) fn with_command(mut self, command: impl Into<String>) -> Self {
        self.fault.command = Some(command.into());
        self
    }

    /// The same failure with text that is shown before it.
    pub(super) fn with_detail(mut self, detail: impl IntoIterator<Item = String>) -> Self {
        self.detail.extend(detail);
        self
    }

    /// The same failure of a command that only looks: what could not be looked at is not known to be well.
    pub(super) fn of_look(mut self) -> Self {
        if self.exit == Exit::Failed && is_unseen(&self.fault) {
            self.exit = Exit::NotSeen;
        }
        self
    }

    /// A file that could not be read or written.
    pub(super) fn file(verb: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::usage(
            format!("cannot {verb} {}: {error}", path.display()),
            "The command needs this file.",
            "Check the path and its permissions.",
        )
    }
}

/// Whether the fault says that something could not be seen: it was not answered, not shown to this token, or not understood.
/// Without a token, or with one that is not valid, nothing was looked at at all.
pub(super) fn is_unseen(fault: &Fault) -> bool {
    match (fault.kind, fault.code.as_deref()) {
        (_, Some(NO_TOKEN | INVALID_TOKEN)) => false,
        (FaultKind::Transient | FaultKind::Unauthorized | FaultKind::Unreadable, _) | (_, Some(NOT_ASKED)) => true,
        _ => false,
    }
}

/// The exit code for a fault outside a run. What was named and is not there counts as a wrong command line: nothing was
/// done, and naming something else helps.
const fn exit_of(kind: FaultKind) -> Exit {
    match kind {
        FaultKind::Usage | FaultKind::NotFound => Exit::Usage,
        FaultKind::Verification => Exit::VerificationFailed,
        FaultKind::Unsupported => Exit::Blocked,
        FaultKind::Transient
        | FaultKind::Refused
        | FaultKind::Unauthorized
        | FaultKind::Unreadable
        | FaultKind::Bug => Exit::Failed,
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::new(exit_of(fault.kind), fault)
    }
}

impl From<StoreFault> for Failure {
    fn from(fault: StoreFault) -> Self {
        let (why, command) = match &fault {
            StoreFault::LeasedElsewhere { .. } => ("Two processes must never work on one run.", Some("hcops watch")),
            StoreFault::Copied { .. } => (COPIED, None),
            StoreFault::NotFound { .. } => ("The command is about one run.", Some("hcops runs")),
            StoreFault::Journal(_) => (JOURNAL_MATTERS, None),
        };
        let mut said = Fault::new(FaultKind::Usage, fault.to_string(), why, fault.remedy());
        said.command = command.map(str::to_owned);
        Self::new(fault.exit(), said)
    }
}

const COPIED: &str =
    "Two folders of one run know nothing of each other: what one has finished the other would do again.";

const JOURNAL_MATTERS: &str = "The journal is the record of the run: what is not in it is not known to have happened.";

impl From<JournalFault> for Failure {
    fn from(fault: JournalFault) -> Self {
        Self::new(fault.exit, Fault::new(FaultKind::Unreadable, fault.saw, JOURNAL_MATTERS, fault.remedy))
    }
}

impl From<AnswerFault> for Failure {
    fn from(fault: AnswerFault) -> Self {
        match fault {
            AnswerFault::Refused(fault) => fault.into(),
            AnswerFault::Journal(fault) => fault.into(),
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(found: Diagnostics) -> Self {
        let findings: Vec<_> = found.iter().collect();
        let failure = |saw: String, remedy: String| {
            Self::usage(saw, "A plan is made only from what is certain; nothing was done.", remedy)
        };
        match findings.as_slice() {
            [one] if one.span.is_none() => {
                failure(one.message.clone(), sentence(one.help.as_deref().unwrap_or("Correct it, then try again.")))
            }
            several => {
                let count = several.len();
                let saw = format!("{count} {} found", if count == 1 { "problem was" } else { "problems were" });
                failure(saw, "Correct what is shown above.".to_owned())
                    .with_detail(found.to_string().lines().map(str::to_owned))
            }
        }
    }
}

/// With a capital in front.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use hcops_model::{Exit, Fault, FaultKind};

    #[test]
    fn the_kind_of_a_fault_decides_the_exit_code() {
        let exit = |kind| Failure::from(Fault::new(kind, "", "", "")).exit;
        assert_eq!(exit(FaultKind::NotFound), Exit::Usage);
        assert_eq!(exit(FaultKind::Usage), Exit::Usage);
        assert_eq!(exit(FaultKind::Unsupported), Exit::Blocked);
        assert_eq!(exit(FaultKind::Unauthorized), Exit::Failed);
        assert_eq!(exit(FaultKind::Verification), Exit::VerificationFailed);
    }
}

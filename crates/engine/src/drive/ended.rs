use hcops_model::{Exit, Fault, JournalFault, Needs, Verdict};

/// How a process's work on a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// The exit code.
    pub exit: Exit,
    /// What the parked run needs.
    pub needs: Option<Needs>,
    /// Why it stopped, where that was a failure.
    pub fault: Option<Fault>,
    /// How the run ended, if it did.
    pub verdict: Option<Verdict>,
}

impl Ended {
    /// The run is over.
    #[must_use]
    pub const fn with_verdict(exit: Exit, verdict: Verdict) -> Self {
        Self { exit, needs: None, fault: None, verdict: Some(verdict) }
    }

    /// Interrupted; the run can be resumed.
    #[must_use]
    pub const fn interrupted() -> Self {
        Self { exit: Exit::Interrupted, needs: None, fault: None, verdict: None }
    }
}

/// Why the loop is left, however deep inside it we are.
#[derive(Debug)]
pub(super) enum Halt {
    Ended(Box<Ended>),
    Journal(JournalFault),
}

impl From<JournalFault> for Halt {
    fn from(fault: JournalFault) -> Self {
        Self::Journal(fault)
    }
}

impl From<Ended> for Halt {
    fn from(ended: Ended) -> Self {
        Self::Ended(Box::new(ended))
    }
}

impl Halt {
    pub(super) fn into_result(self) -> Result<Ended, JournalFault> {
        match self {
            Self::Ended(ended) => Ok(*ended),
            Self::Journal(fault) => Err(fault),
        }
    }
}

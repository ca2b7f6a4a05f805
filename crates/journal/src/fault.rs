use crate::lease::Holder;
use hcops_model::{Exit, JournalFault};

/// Why a run could not be created or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// Another process holds it (exit 13).
    #[error("{saw}")]
    LeasedElsewhere {
        /// Who, where and since when, in one sentence.
        saw: String,
        /// What to do about it.
        remedy: String,
        /// The holder, where it could be read.
        holder: Option<Holder>,
    },
    /// The run's folder is a copy of another one, and nobody said that it is to be gone on with here (exit 13).
    #[error("{saw}")]
    Copied {
        /// Of which folder, and who had it.
        saw: String,
        /// What to do about it.
        remedy: String,
    },
    /// No run of this name, or more than one (exit 2).
    #[error("{saw}")]
    NotFound {
        /// What was looked for and what there is.
        saw: String,
        /// What to do about it.
        remedy: String,
    },
    /// The journal cannot be read or written (exit 1).
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

impl StoreFault {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &str {
        match self {
            Self::LeasedElsewhere { remedy, .. } | Self::Copied { remedy, .. } | Self::NotFound { remedy, .. } => {
                remedy
            }
            Self::Journal(fault) => &fault.remedy,
        }
    }

    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::LeasedElsewhere { .. } | Self::Copied { .. } => Exit::LeasedElsewhere,
            Self::NotFound { .. } => Exit::Usage,
            Self::Journal(fault) => fault.exit,
        }
    }
}

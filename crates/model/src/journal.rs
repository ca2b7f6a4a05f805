use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Digest, Entry, Exit, Line};

/// Version of the journal's format. A newer minor is read-only here; a newer major is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Format {
    /// Raised when an old reader would misunderstand.
    pub major: u32,
    /// Raised when fields or kinds are added.
    pub minor: u32,
}

/// The format that this version writes.
pub const FORMAT: Format = Format { major: 1, minor: 3 };

/// The record of one run. Synchronous, and durable when `append` returns.
pub trait Journal: Send {
    /// Writes one entry and returns it as written. When this returns, it survives a power cut.
    ///
    /// # Errors
    /// Any error ends the run: what is not on disk must not be acted on.
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault>;

    /// Everything written so far, oldest first.
    fn lines(&self) -> &[Line];

    /// Keeps a piece of evidence beside the journal and returns its name and digest.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault>;
}

/// A kept piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceMark {
    /// File name below `evidence/`.
    pub name: String,
    /// SHA-256 of its contents.
    pub digest: Digest,
}

/// Why a journal could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{saw}")]
pub struct JournalFault {
    /// What was seen, with path and line.
    pub saw: String,
    /// What to do about it.
    pub remedy: String,
    /// How the process ends: [`Exit::LeasedElsewhere`] when another one has taken the run, else [`Exit::Failed`].
    pub exit: Exit,
}

impl JournalFault {
    /// A fault of the journal itself.
    #[must_use]
    pub fn new(saw: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { saw: saw.into(), remedy: remedy.into(), exit: Exit::Failed }
    }

    /// The same fault, whose cause is that another process has taken the run.
    #[must_use]
    pub fn taken_elsewhere(mut self) -> Self {
        self.exit = Exit::LeasedElsewhere;
        self
    }
}

use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// It was looked at and is well.
    Ok,
    /// Good to know; nothing has to be done now.
    Note,
    /// Somebody should see to it: soon it would break, cost or surprise.
    Attention,
    /// It is broken now.
    Broken,
}

impl Grade {
    /// The word for people; the same as in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Attention => "attention",
            Self::Broken => "broken",
        }
    }
}

/// From which grade on a finding decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// From this grade on.
    From(Grade),
    /// No finding decides it.
    Never,
}

impl FailOn {
    /// Whether findings of this grade decide the exit code.
    #[must_use]
    pub fn reaches(self, grade: Grade) -> bool {
        match self {
            Self::From(from) => grade >= from,
            Self::Never => false,
        }
    }
}

use schemars::JsonSchema;
use serde::Serialize;

/// One of the seven signs that sync has really resumed (docs/heroku/procedures.md, "Resumed sync").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Sign {
    /// Its letter there: `a` to `g`.
    pub(super) letter: char,
    /// How it stands.
    pub(super) standing: Standing,
    /// The value that was seen.
    pub(super) value: String,
}

/// How a sign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Standing {
    /// It is there.
    Shown,
    /// It is still to come.
    Awaited,
    /// It says the contrary: somebody must do something.
    Against,
    /// It cannot show: nothing happened that would.
    Idle,
    /// It was not looked at, for the reason that the value tells.
    NotChecked,
}

impl Sign {
    pub(super) fn new(letter: char, standing: Standing, value: impl Into<String>) -> Self {
        Self { letter, standing, value: value.into() }
    }

    /// `(c) 0 open rows`.
    pub(super) fn spoken(&self) -> String {
        format!("({}) {}", self.letter, self.value)
    }
}

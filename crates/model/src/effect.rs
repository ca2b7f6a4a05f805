use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What doing an action twice would mean. Declared by the action, never by a runbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Changes nothing.
    ReadOnly,
    /// Doing it again leaves the world as doing it once: it may be repeated after an interruption.
    Idempotent,
    /// Carries a mark chosen before acting, by which `observe` finds what an interrupted act did. It is repeated only
    /// after the mark has been looked for and was not there for the grace period.
    Findable,
    /// Must never be done twice. After an interruption without a sign in the world, a person is asked what happened.
    OneShot,
}

impl Effect {
    /// Whether an act of this effect changes anything outside this program.
    #[must_use]
    pub const fn changes_the_world(self) -> bool {
        !matches!(self, Self::ReadOnly)
    }
}

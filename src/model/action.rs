use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Fault, Permit, RequestMark, Seen, StepId};

/// A step action as the engine knows it: a name, an effect, a way to look and a way to act. The typed form, which
/// authors write, is in the room of actions.
#[async_trait]
pub trait AnyAction: Send + Sync {
    /// The name that runbooks use: `connect.pause`.
    fn name(&self) -> &'static str;

    /// One sentence for lists and help.
    fn summary(&self) -> &'static str;

    /// What doing it twice would mean.
    fn effect(&self) -> Effect;

    /// How often it must be seen satisfied before that counts.
    fn steadiness(&self) -> Steadiness;

    /// JSON Schema of the parameters.
    fn parameters(&self) -> Value;

    /// JSON Schema of the output that later steps may refer to.
    fn output(&self) -> Value;

    /// Checks parameters without looking at the world. Strings that are still `${steps.…}` references count as fitting.
    ///
    /// # Errors
    /// One sentence that names the parameter and what is wrong with it.
    fn check(&self, with: &Value) -> Result<(), String>;

    /// Looks at the world. Any time, any number of times; changes nothing.
    ///
    /// # Errors
    /// When the look itself failed: that says nothing about the world.
    async fn observe(&self, with: &Value, prior: &Prior) -> Result<Look, Fault>;

    /// Acts, at most once per permit.
    ///
    /// # Errors
    /// With [`super::Happened::No`] only when the act is known not to have taken place.
    async fn act(&self, with: &Value, permit: Permit) -> Result<Receipt, Fault>;
}

/// A set of actions by name.
pub trait Actions: Send + Sync {
    /// The action of this name.
    fn find(&self, name: &str) -> Option<&dyn AnyAction>;

    /// All of them, sorted by name.
    fn all(&self) -> Vec<&dyn AnyAction>;
}

/// How often an action must be seen satisfied, in a row and apart in time, before that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steadiness {
    /// Consecutive satisfied looks that are needed; at least 1.
    pub looks: u32,
    /// Time between two of them.
    pub apart: Duration,
}

impl Steadiness {
    /// One look is enough.
    pub const ONCE: Self = Self { looks: 1, apart: Duration::ZERO };
}

/// What has happened to a step so far, for `observe`.
#[derive(Debug, Clone, Default)]
pub struct Prior {
    /// The step, where there is one (a hold or a plan's look has none).
    pub step: Option<StepId>,
    /// When the newest intent was written.
    pub intended_at: Option<Timestamp>,
    /// What the newest act returned. An act that was interrupted has an intent and no receipt.
    pub receipt: Option<Receipt>,
    /// What a person answered to this step's question.
    pub answer: Option<String>,
    /// What the action noted at its last look in this process, for rates and comparisons.
    pub memo: Option<Value>,
}

/// One look: what was seen and the requests it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What was seen.
    pub seen: Seen<Value>,
    /// The exchanges it took, oldest first.
    pub requests: Vec<RequestMark>,
    /// Handed back as [`Prior::memo`] at the next look.
    pub memo: Option<Value>,
}

/// What an act returned: enough to follow what it started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// What the server said, in one line.
    pub said: String,
    /// Ids and marks for the next look (a transfer's id, an attachment's id). Never a secret.
    pub marks: Value,
    /// The server's own time of the answer, from its `Date` header.
    pub server_time: Option<Timestamp>,
    /// The exchanges it took, oldest first.
    pub requests: Vec<RequestMark>,
}

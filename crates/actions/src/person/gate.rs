use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, GATE, Prior, Seen};

/// The gate: the operator lets the downtime begin.
///
/// Nothing is looked at here and nothing is done: the engine asks at this step when the downtime may begin, waits until then, and
/// looks at the step's standing conditions before it asks and again before it goes on. One that is on its way, such as a follower
/// that fell behind, is waited for.
pub(crate) struct Gate;

/// It takes none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

/// It shows nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {}

impl Action for Gate {
    const NAME: &'static str = GATE;
    const SUMMARY: &'static str = "Have the operator say when the downtime may begin.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, _context: &Context, _params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        Ok(satisfied(Output {}))
    }
}

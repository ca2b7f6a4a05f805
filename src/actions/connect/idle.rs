use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::{self, Condition};
use super::pointer::Pointer;
use crate::actions::sight::satisfied;
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Waits until a connection has no work in progress: `IDLE`, or `PAUSED` already.
///
/// `PAUSED` counts because it is only reached from `IDLE`: where a pause runs beside this wait, either may come first.
pub(in crate::actions) struct Idle;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
}

/// How the connection is.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// Its state.
    state: String,
}

impl Action for Idle {
    const NAME: &'static str = "connect.idle";
    const SUMMARY: &'static str = "Wait until a connection has no work in progress.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Idle | Condition::Paused => satisfied(Output { state: connection.state.to_string() }),
            Condition::Working => condition::working(&connection),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }
}

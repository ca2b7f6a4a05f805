use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{self, Condition};
use super::pointer::{Pointer, name};
use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::sight::satisfied;
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Pauses a connection and waits until it is `PAUSED`.
///
/// A pause is legal in `IDLE` only, and an accepted one is not yet a pause: pending work is finished first
/// (`reference/connect-api.md` section 4, `reference/procedures.md` P6 and section 3.3).
pub(in crate::actions) struct Pause;

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

impl Action for Pause {
    const NAME: &'static str = "connect.pause";
    const SUMMARY: &'static str = "Pause a connection and wait until it is PAUSED.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Paused => satisfied(Output { state: connection.state.to_string() }),
            Condition::Idle => {
                let will = format!(
                    "pause sync on {}: changes collect in the trigger log and in Salesforce",
                    name(&connection)
                );
                ready_unless_accepted(context, prior, vec![will])
            }
            Condition::Working => condition::working(&connection),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let address = pointer(params).address(context)?;
        let answer = context.clients.connect.pause(&permit, &address).await?;
        Ok(receipt(&answer, format!("the pause was accepted ({})", answer.status), Value::Null))
    }
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

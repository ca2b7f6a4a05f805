use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{self, Condition};
use super::pointer::{Pointer, name};
use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::sight::satisfied;
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen, Steadiness};

/// Resumes a connection and waits until it has left `PAUSED` for a healthy state.
///
/// Seen twice, because a pause that was accepted a moment ago may still take effect after a first look.
pub(in crate::actions) struct Resume;

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

impl Action for Resume {
    const NAME: &'static str = "connect.resume";
    const SUMMARY: &'static str = "Resume a connection and wait until it has left PAUSED.";
    const EFFECT: Effect = Effect::Idempotent;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(20) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Paused => {
                let will = format!("resume sync on {}: both sides catch up on what has collected", name(&connection));
                ready_unless_accepted(context, prior, vec![will])
            }
            Condition::Idle | Condition::Working => satisfied(Output { state: connection.state.to_string() }),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let address = pointer(params).address(context)?;
        let answer = context.clients.connect.resume(&permit, &address).await?;
        Ok(receipt(&answer, format!("the resumption was accepted ({})", answer.status), Value::Null))
    }
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

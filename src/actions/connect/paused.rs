use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::{self, Condition};
use super::pointer::{Pointer, name, options};
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Holds while a connection is `PAUSED`.
pub(in crate::actions) struct Paused;

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

impl Action for Paused {
    const NAME: &'static str = "connect.paused";
    const SUMMARY: &'static str = "Check that a connection is paused.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Paused => satisfied(Output { state: connection.state.to_string() }),
            Condition::Unknown => condition::unknown(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Idle | Condition::Working | Condition::Changing => blocked(
                format!("{} is {}, not PAUSED: sync runs.", name(&connection), connection.state),
                format!(
                    "Somebody has resumed it: a colleague in the dashboard, or another run. Find out who, then pause it \
                     again in IDLE (`heroku connect:pause {}`). What it wrote meanwhile must reach the follower before the \
                     run goes on.",
                    options(&connection)
                ),
            ),
        })
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::mappings;
use super::pointer::{Pointer, name};
use crate::actions::sight::{counted, satisfied};
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Notes what a connection shows now, so that later looks can be compared with it: state, pending writes, write errors.
///
/// Any state will do: nothing is judged here.
pub(in crate::actions) struct Noted;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
}

/// What was there.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// Its state.
    state: String,
    /// Writes that wait to be sent to Salesforce; absent where that is not shown.
    pending: Option<i64>,
    /// Ids of the write errors of the last 24 hours: their entries in the trigger log.
    errors: Vec<String>,
    /// The same for people.
    shown: String,
}

impl Action for Noted {
    const NAME: &'static str = "connect.noted";
    const SUMMARY: &'static str = "Note what a connection shows now: state, pending writes, write errors.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let errors = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        let errors: Vec<String> = errors.into_iter().map(|error| error.id).collect();
        let shown = format!(
            "{} is {}, {}, {} in 24 hours",
            name(&connection),
            connection.state,
            mappings::pending_spoken(&connection),
            counted(errors.len() as u64, "write error")
        );
        let pending = mappings::pending(&connection);
        Ok(satisfied(Output { state: connection.state.to_string(), pending, errors, shown }))
    }
}

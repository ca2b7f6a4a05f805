use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pointer::Pointer;
use crate::actions::sight::satisfied;
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Notes which write errors of the last 24 hours a connection shows, so that later ones can be told from them.
pub(in crate::actions) struct ErrorsBaseline;

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
    /// Ids of the errors: their entries in the trigger log.
    ids: Vec<String>,
    /// How many there are.
    count: usize,
}

impl Action for ErrorsBaseline {
    const NAME: &'static str = "connect.errors-baseline";
    const SUMMARY: &'static str = "Note the write errors that a connection has now.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let errors = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        let ids: Vec<String> = errors.into_iter().map(|error| error.id).collect();
        Ok(satisfied(Output { count: ids.len(), ids }))
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::unsent_rows::UnsentRows;
use crate::connect::pointer::Pointer;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while nothing more waits for Salesforce, or was refused, than somebody has acknowledged.
pub(crate) struct NothingUnsent;

/// Which connection, and what was acknowledged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Writes that waited; absent where that was not shown.
    #[serde(default)]
    pending: Option<i64>,
    /// Ids of the refused writes.
    refused: Vec<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// It, in a sentence.
    seen: String,
}

impl Action for NothingUnsent {
    const NAME: &'static str = "connect.nothing-unsent";
    const SUMMARY: &'static str = "Check that nothing more has missed Salesforce than was acknowledged.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let rows = UnsentRows::of(context, &pointer).await?;
        let more = rows.may_write() && rows.pending.unwrap_or(0) > params.pending.unwrap_or(0);
        let new = rows.refused.iter().filter(|error| !params.refused.contains(&error.id)).count();
        if !more && new == 0 {
            return Ok(satisfied(Output { seen: rows.spoken() }));
        }
        Ok(blocked(
            format!("More has not reached Salesforce than was acknowledged: {}.", rows.spoken()),
            "Somebody has written to a mapped table since. Find the writer and stop it; then turn back, let sync drain, and \
             begin anew.",
        ))
    }
}

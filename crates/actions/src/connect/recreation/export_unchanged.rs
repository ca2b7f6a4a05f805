use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::differences;
use crate::connect::pointer::Pointer;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while a connection's mappings are configured as they were when they were exported.
pub(crate) struct ExportUnchanged;

/// Which connection, and what was exported.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The exported document.
    document: Value,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many mappings are as they were exported: all.
    mappings: usize,
}

impl Action for ExportUnchanged {
    const NAME: &'static str = "connect.export-unchanged";
    const SUMMARY: &'static str = "Check that a connection is still configured as it was exported.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let now = context.clients.connect.export(&pointer.address(context)?).await?;
        let changed = differences::of_mappings(&params.document, &now);
        if changed.is_empty() {
            return Ok(satisfied(Output { mappings: differences::mappings(&now).len() }));
        }
        Ok(blocked(
            format!("The configuration has changed since it was exported: {}.", changed.join("; ")),
            "The file would bring back the older configuration. Find out who changed it; then turn back and begin anew, or \
             undo the change.",
        ))
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::differences;
use crate::actions::connect::pointer::Pointer;
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Holds while a connection's mappings are configured as they were when they were exported.
pub(in crate::actions) struct ExportUnchanged;

/// Which connection, and what was exported.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The exported document.
    document: Value,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
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

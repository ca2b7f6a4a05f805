use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connect::pointer::Pointer;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while nobody has saved a mapping since it was looked at: its configuration has the same revision.
pub(crate) struct MappingUnchanged;

/// Which mapping, and its revision.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The mapping's id.
    mapping: String,
    /// The revision that its configuration should have.
    revision: i64,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The revision.
    revision: i64,
}

impl Action for MappingUnchanged {
    const NAME: &'static str = "connect.mapping-unchanged";
    const SUMMARY: &'static str = "Check that nobody has saved a mapping since it was looked at.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let mapping = context.clients.connect.mapping(&pointer.address(context)?, &params.mapping).await?;
        Ok(match mapping.config.and_then(|config| config.revision) {
            Some(revision) if revision == params.revision => satisfied(Output { revision }),
            revision => blocked(
                format!(
                    "The mapping {} has revision {} instead of {}: somebody has saved it.",
                    mapping.object_name,
                    revision.map_or_else(|| "unknown".to_owned(), |revision| revision.to_string()),
                    params.revision
                ),
                "Saving now would take their change back. Find out who it was, then plan again.",
            ),
        })
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{self, Condition};
use super::pointer::{Pointer, name};
use super::recreation::{document_faults, import_notices, mapping_changes, spelled_otherwise};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a document is a configuration that can be imported, and says what the import would change. Mappings that
/// the document does not name are left alone (docs/heroku/connect.md, "Export and import").
pub(crate) struct Importable;

/// Which connection, and what it would get.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The document, as it was exported.
    document: Value,
}

/// What would change.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Each change, in a sentence.
    changes: Vec<String>,
    /// The same for those who approve the plan, bounded.
    before_approval: Vec<String>,
}

impl Action for Importable {
    const NAME: &'static str = "connect.importable";
    const SUMMARY: &'static str = "Check that a configuration can be imported, and say what that would change.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let faults = document_faults(&params.document);
        if !faults.is_empty() {
            return Ok(not_importable(&faults));
        }
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        match Condition::of(&connection.state) {
            Condition::Broken => return Ok(condition::broken(&connection)),
            Condition::Unknown => return Ok(condition::unknown(&connection)),
            Condition::Paused => {
                return Ok(blocked(
                    format!("{} is PAUSED, and an import needs an idle connection.", name(&connection)),
                    "Resume it (`hcops connect resume`), and retry.",
                ));
            }
            Condition::Idle | Condition::Working | Condition::Changing => {}
        }
        let now = context.clients.connect.export(&pointer.address(context)?).await?;
        let misspelled = spelled_otherwise(&params.document, &now);
        if !misspelled.is_empty() {
            return Ok(not_importable(&misspelled));
        }
        let before_approval = import_notices(name(&connection), &params.document, &now);
        Ok(satisfied(Output { changes: mapping_changes(&params.document, &now), before_approval }))
    }
}

/// Faults that are told of a document.
const TOLD: usize = 20;

fn not_importable<T>(faults: &[String]) -> Seen<T> {
    let more = faults.len().saturating_sub(TOLD);
    let rest = if more == 0 { String::new() } else { format!("; and {more} more") };
    blocked(
        format!(
            "The document is no configuration that could be imported: {}{rest}.",
            faults[..faults.len() - more].join("; ")
        ),
        "Take a file that `hcops connect export -o FILE` or `heroku connect:export` has written.",
    )
}

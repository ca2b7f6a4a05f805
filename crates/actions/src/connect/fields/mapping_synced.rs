use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connect::mappings;
use crate::connect::pointer::{Pointer, name, options};
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, Mapping, MappingState};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Checks that a mapping syncs again after it was saved, without new write errors, and notes the rows of its table beside
/// those of before. The apps write all the while, so that some writes always wait; the values of a column only SQL shows.
pub(crate) struct MappingSynced;

/// Which mapping, and what was there before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The object's API name.
    object: String,
    /// Ids of the connection's write errors before.
    errors_before: Vec<String>,
    /// Rows of its table before, where that was shown.
    #[serde(default)]
    before: Option<i64>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Rows now, where that is shown.
    now: Option<i64>,
    /// Rows in Salesforce, where that is shown.
    salesforce: Option<i64>,
    /// All of it, in a sentence.
    seen: String,
}

impl Action for MappingSynced {
    const NAME: &'static str = "connect.mapping-synced";
    const SUMMARY: &'static str = "Check that a mapping syncs again, without new write errors.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        if let Some(seen) = mappings::fault(&connection) {
            return Ok(seen);
        }
        let Some(mapping) = connection.mapping(&params.object) else {
            return Ok(blocked(
                format!("{} does not map {} any more.", name(&connection), params.object),
                "Somebody has removed the mapping. Its configuration is in the run's evidence.",
            ));
        };
        if mapping.state != MappingState::DataSynced {
            return Ok(underway(format!("{} is {}", mapping.object_name, mapping.state), 10));
        }
        let errors = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        let new = errors.iter().filter(|error| !params.errors_before.contains(&error.id)).count();
        Ok(if new == 0 { satisfied(output(params, mapping)) } else { new_errors(&connection, new) })
    }
}

fn output(params: &Params, mapping: &Mapping) -> Output {
    let counts = mapping.counts.unwrap_or_default();
    let shown = |count: Option<i64>| count.map_or_else(|| "not shown".to_owned(), |count| count.to_string());
    let seen = format!(
        "{} is in sync; rows: {} before, {} now, {} in Salesforce",
        mapping.object_name,
        shown(params.before),
        shown(counts.db),
        shown(counts.sf)
    );
    Output { now: counts.db, salesforce: counts.sf, seen }
}

fn new_errors(connection: &Connection, new: usize) -> Seen<Output> {
    blocked(
        format!("{} since the mapping was saved.", counted(new as u64, "new write error")),
        format!(
            "`heroku connect:write-errors {}` shows them. Where they have nothing to do with the field, skip this step with that \
             reason; a refused write is not repeated by itself.",
            options(connection)
        ),
    )
}

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::connect::pointer::{Pointer, name};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Notes how many rows each mapping's table has, beside those of before. Connect's numbers are estimates above a million
/// rows, and may be some time old (docs/heroku/connect.md, "Mapping").
pub(crate) struct Counts;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Rows by object before; absent where there is nothing to compare with.
    #[serde(default)]
    before: BTreeMap<String, Value>,
}

/// The numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Rows by object; null where they are not shown.
    rows: BTreeMap<String, Value>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All of it, as a document.
    document: Value,
    /// All of it, in a sentence.
    seen: String,
}

impl Action for Counts {
    const NAME: &'static str = "connect.counts";
    const SUMMARY: &'static str = "Note the rows of each mapping's table, beside those of before.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let (mut rows, mut told) = (BTreeMap::new(), Vec::new());
        for mapping in &connection.mappings {
            let counts = mapping.counts.unwrap_or_default();
            let shown =
                |count: &Value| count.as_i64().map_or_else(|| "not shown".to_owned(), |count| count.to_string());
            let now = json!(counts.db);
            let before =
                params.before.get(&mapping.object_name).map_or_else(String::new, |old| format!("{}, now ", shown(old)));
            told.push(format!(
                "{} {before}{} ({} in Salesforce)",
                mapping.object_name,
                shown(&now),
                shown(&json!(counts.sf))
            ));
            rows.insert(mapping.object_name.clone(), now);
        }
        let when = if params.before.is_empty() { "before" } else { "after" };
        Ok(satisfied(Output {
            document: json!({ "resource_name": connection.resource_name, "rows": rows, "before": params.before }),
            rows,
            keep_as: format!("rows-{when}-of-{}.json", name(&connection)),
            seen: told.join("; "),
        }))
    }
}

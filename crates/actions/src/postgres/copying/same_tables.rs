use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Compares what Heroku shows of two databases: as many tables, and a size that is not next to nothing. It can't show that
/// the rows are the same; only a comparison by SQL does.
pub(crate) struct SameTables;

/// Which databases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The one that was copied, by its add-on's name.
    source: String,
    /// The copy, by its add-on's name.
    target: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Tables in each.
    tables: i64,
    /// All of it, in a sentence.
    seen: String,
}

impl Action for SameTables {
    const NAME: &'static str = "postgres.same-tables";
    const SUMMARY: &'static str = "Check that a copy has as many tables as the database that was copied.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let source = context.clients.data.database(&params.source).await?;
        let target = context.clients.data.database(&params.target).await?;
        let tables = |count: i64| counted(count.unsigned_abs(), "table");
        let bytes =
            |bytes: Option<i64>| bytes.map_or_else(|| "size not shown".to_owned(), |bytes| format!("{bytes} bytes"));
        Ok(match (source.tables(), target.tables()) {
            (Some(old), Some(new)) if old == new => satisfied(Output {
                tables: new,
                seen: format!(
                    "{} in both; {}: {}, {}: {}; rows were not compared here",
                    tables(new),
                    params.source,
                    bytes(source.num_bytes),
                    params.target,
                    bytes(target.num_bytes)
                ),
            }),
            (Some(old), Some(new)) => blocked(
                format!("{} has {}, and its copy {} has {new}.", params.source, tables(old), params.target),
                "The copy is not whole, or somebody has made or dropped tables meanwhile. Turn back and begin anew.",
            ),
            _ => unclear(
                "Heroku does not show how many tables the databases have.",
                format!(
                    "Are there as many in both? (`heroku pg:info {}`, `heroku pg:info {}`)",
                    params.source, params.target
                ),
            ),
        })
    }
}

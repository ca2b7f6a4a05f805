use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::in_use;
use crate::postgres::subject::Subject;
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Checks that a database holds no table and that nobody uses it: a copy erases its target first (Dev Center: `pg:copy`).
pub(crate) struct Empty;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many tables it has: none.
    tables: i64,
}

impl Action for Empty {
    const NAME: &'static str = "postgres.empty";
    const SUMMARY: &'static str = "Check that a database holds no table.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        if let Some((why, remedy)) = in_use::by_somebody(context, &params.app, &params.database).await? {
            return Ok(blocked(why, remedy));
        }
        let database = context.clients.data.database(subject.database).await?;
        Ok(match database.tables() {
            Some(0) => satisfied(Output { tables: 0 }),
            Some(tables) => blocked(
                format!("{} is not empty: it has {}.", params.database, counted(tables.unsigned_abs(), "table")),
                format!(
                    "A copy would erase them. Where that is no loss, empty it (`heroku pg:reset {} -a {}`) and retry; \
                     otherwise copy into another database.",
                    params.database, params.app
                ),
            ),
            None => unclear(
                format!("Heroku does not show how many tables {} has.", params.database),
                format!("Is {} empty? (`{}`)", params.database, subject.shown_by()),
            ),
        })
    }
}

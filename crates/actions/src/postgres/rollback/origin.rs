use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::postgres::subject::Subject;
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database that somebody else has made was made from another one, and that it is not in use yet.
///
/// Heroku shows what a fork or rollback was made from, and not for which moment (docs/heroku/data.md, "Database").
pub(crate) struct MadeFrom;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns both.
    app: String,
    /// The database that was made, by its add-on's name.
    database: String,
    /// The one that it should come from, which is in use.
    source: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// In a sentence.
    seen: String,
}

impl Action for MadeFrom {
    const NAME: &'static str = "postgres.made-from";
    const SUMMARY: &'static str = "Check that a database was made from another one, and is not in use yet.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        if params.database == params.source {
            return Ok(in_use(params));
        }
        let made = context.clients.data.database(&params.database).await?;
        let source = context.clients.data.database(&params.source).await?;
        Ok(match (made.origin(), source.resource_url.map(|url| url.place())) {
            (Some(from), Some(expected)) if from == expected => {
                satisfied(Output { seen: format!("{} was made from {}", params.database, params.source) })
            }
            (Some(from), Some(_)) => blocked(
                format!("{} was made from {from}, and not from {}.", params.database, params.source),
                "Name the rollback of this database with --new-name, or have one made (--take create).",
            ),
            _ => not_shown(params, prior),
        })
    }
}

fn not_shown(params: &Params, prior: &Prior) -> Seen<Output> {
    let Params { app, database, source } = params;
    match prior.answer.as_deref().map(str::trim) {
        Some("yes" | "y") => {
            satisfied(Output { seen: format!("somebody says that {database} was made from {source}") })
        }
        Some("no" | "n") => blocked(
            format!("{database} was not made from {source}."),
            "Name the rollback of this database with --new-name, or have one made (--take create).",
        ),
        _ => unclear(
            format!("Heroku does not show what {database} was made from."),
            format!("Was it made from {source}? (`{}`)", Subject { app, database }.shown_by()),
        ),
    }
}

fn in_use(params: &Params) -> Seen<Output> {
    blocked(
        format!(
            "{} is in use by the connection already: somebody has promoted it. What was written to the database before it \
             since the moment can't be brought back from here, and nothing shows it to hcops any more; nor can the switch be \
             taken back without losing what was written since.",
            params.database
        ),
        "What is left is to load every mapping again: pause sync (`hcops run sync-pause`), reload each mapping on the \
         connection's page or with `heroku connect:mapping:reload`, wait for DATA_SYNCED, and resume (`hcops run \
         sync-resume`). Save what is still wanted from the database before, while it is there.",
    )
}

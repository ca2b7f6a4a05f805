use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readiness::{self, Readiness};
use super::schedule::Standing;
use super::subject::Subject;
use crate::acceptance::{PATIENCE, intended_within, ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Prepares the upgrade of a leader and waits until that has ended, which may take up to a day.
///
/// Heroku refuses to prepare what is scheduled already, so it may be repeated after an interruption
/// (docs/heroku/data.md, "Upgrade"). Whether it is scheduled now is for the next step to see.
pub(crate) struct PrepareUpgrade;

/// Which database, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The Postgres major version to end on.
    version: u32,
}

/// How it ended.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Heroku's words.
    said: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 60;

impl Action for PrepareUpgrade {
    const NAME: &'static str = "postgres.prepare-upgrade";
    const SUMMARY: &'static str = "Prepare (and so schedule) a version upgrade and wait until it is prepared.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        Ok(match Standing::of(context, &params.database).await? {
            Standing::Scheduled { said, .. } => satisfied(Output { said }),
            Standing::Quiet { said } => {
                let long_accepted = prior.receipt.is_some() && !intended_within(context, prior, PATIENCE);
                if long_accepted {
                    satisfied(Output { said })
                } else {
                    ready_unless_accepted(context, prior, will(params))
                }
            }
            Standing::Other(Readiness::Waiting { message, part }) => {
                let words = format!("{message} (a preparation may take up to a day and needs no process here)");
                readiness::waiting(&params.database, &words, part, LOOK_AGAIN)
            }
            Standing::Other(Readiness::Failed { message }) => blocked(
                format!("Heroku reports that the upgrade of {} failed: \"{message}\".", params.database),
                "Nothing is upgraded. Turn back with `hcops abort`; Heroku's support can see the cause.",
            ),
            Standing::Other(_) => readiness::unknown(subject, ""),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.data.prepare_upgrade(&permit, &params.database, Some(params.version)).await?;
        let said = answer.value.message.clone();
        Ok(receipt(&answer, said, json!({"version": params.version})))
    }
}

fn will(params: &Params) -> Vec<String> {
    vec![
        format!("prepare the upgrade of {} to Postgres {}; apps and sync stay up", params.database, params.version),
        "schedule it: unless it is run or cancelled, Heroku runs it in the next maintenance window, with apps and sync \
         live"
            .to_owned(),
    ]
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readiness::{self, Readiness};
use super::subject::Subject;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Has Heroku try an upgrade on a throwaway follower. The result comes by e-mail only (docs/heroku/data.md, "Upgrade"),
/// so this ends when the request was accepted and nothing is under way; a person reads the e-mail.
///
/// Trying twice is harmless: the database itself is not touched.
pub(crate) struct DryRunUpgrade;

/// Which database, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The Postgres major version to try.
    version: u32,
}

/// What Heroku said.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Heroku's words.
    said: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 60;

impl Action for DryRunUpgrade {
    const NAME: &'static str = "postgres.dry-run-upgrade";
    const SUMMARY: &'static str = "Have Heroku try a version upgrade on a throwaway follower.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let will = format!(
            "have Heroku try the upgrade of {} to Postgres {} on a throwaway follower; the result comes by e-mail",
            params.database, params.version
        );
        Ok(match (Readiness::of_upgrade(context, &params.database).await?, &prior.receipt) {
            (Readiness::Waiting { message, part }, _) => {
                readiness::waiting(&params.database, &message, part, LOOK_AGAIN)
            }
            (Readiness::Unknown { message }, _) => readiness::unknown(subject, &message),
            (_, Some(receipt)) => satisfied(Output { said: receipt.said.clone() }),
            (_, None) => ready_unless_accepted(context, prior, vec![will]),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.data.dry_run_upgrade(&permit, &params.database, Some(params.version)).await?;
        let said = answer.value.message.clone();
        Ok(receipt(&answer, said, json!({"version": params.version})))
    }
}

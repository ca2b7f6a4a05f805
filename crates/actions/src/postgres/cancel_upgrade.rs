use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::readiness::{self, Readiness};
use super::schedule::Standing;
use super::subject::Subject;
use crate::acceptance::{PATIENCE, intended_within, nothing_to_do, ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, FaultKind, Happened, Permit, Prior, Receipt, Seen};

/// Cancels a prepared or scheduled upgrade.
///
/// Whether one is scheduled is only in free text, so the request is always sent once: Heroku refuses it when there is
/// nothing to cancel (docs/heroku/data.md, "Upgrade"), and that is as good.
pub(crate) struct CancelUpgrade;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
}

/// What Heroku says afterwards.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Heroku's words.
    said: String,
}

impl Action for CancelUpgrade {
    const NAME: &'static str = "postgres.cancel-upgrade";
    const SUMMARY: &'static str = "Cancel a scheduled version upgrade.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let will = || vec![format!("cancel the scheduled upgrade of {}", params.database)];
        let answered = prior.receipt.is_some();
        Ok(match Standing::of(context, &params.database).await? {
            Standing::Quiet { said } if answered => satisfied(Output { said }),
            Standing::Other(Readiness::Failed { message }) => satisfied(Output { said: message }),
            Standing::Other(Readiness::Waiting { message, .. })
                if answered && !intended_within(context, prior, PATIENCE) =>
            {
                under_way(params, &message)
            }
            Standing::Quiet { .. } | Standing::Scheduled { .. } | Standing::Other(Readiness::Waiting { .. }) => {
                ready_unless_accepted(context, prior, will())
            }
            Standing::Other(_) => readiness::unknown(subject, ""),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        match context.clients.data.cancel_upgrade(&permit, &params.database).await {
            Ok(answer) => {
                let said = answer.value.message.clone();
                Ok(receipt(&answer, said, Value::Null))
            }
            Err(fault) if fault.kind == FaultKind::Refused && fault.happened == Happened::No => {
                Ok(nothing_to_do(format!("there was nothing to cancel: {fault}")))
            }
            Err(fault) => Err(fault),
        }
    }
}

fn under_way(params: &Params, message: &str) -> Seen<Output> {
    blocked(
        format!("The upgrade of {} is under way (\"{message}\") and cannot be cancelled any more.", params.database),
        format!(
            "Wait for its end: `heroku pg:upgrade:wait {} -a {}`. Then look at the database, and take this run up again.",
            params.database, params.app
        ),
    )
}

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readiness::{self, Readiness};
use super::subject::Subject;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen, Steadiness};

/// Changes a database's plan (`addons:upgrade`) and waits for the changeover: the new plan is shown and nothing is
/// waited for.
///
/// The preparation may take hours, with the app live; the changeover takes under a minute. Whether the add-on shows the
/// new plan at once or at the changeover is not established (docs/heroku/platform.md, "Plan changes"), so both
/// are waited for. Asking for the same plan twice leaves the same plan.
pub(crate) struct ChangePlan;

/// Which database, and which plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The plan until then.
    from: String,
    /// The plan to end on.
    plan: String,
    /// What both cost, in one sentence.
    prices: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The plan.
    plan: String,
    /// What it is billed at, in cents a month, where that is told.
    monthly_cents: Option<i64>,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 120;

impl Action for ChangePlan {
    const NAME: &'static str = "postgres.change-plan";
    const SUMMARY: &'static str = "Change a database's plan and wait for the changeover.";
    const EFFECT: Effect = Effect::Idempotent;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(30) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let addon = context.clients.platform.app_addon(&params.app, &params.database).await?;
        let plan = addon.plan.name.clone();
        Ok(match Readiness::of_database(context, &params.database).await? {
            Readiness::Waiting { message, part } => {
                let words = format!(
                    "{message}. It may take hours and needs no process here: Ctrl-C leaves it, and `hcops resume` goes on \
                     waiting"
                );
                readiness::waiting(&params.database, &words, part, LOOK_AGAIN)
            }
            Readiness::Failed { message } => failed(subject, &message),
            Readiness::Unknown { message } => readiness::unknown(subject, &message),
            Readiness::Missing => underway(format!("Heroku does not show {} just now", params.database), LOOK_AGAIN),
            Readiness::Ready if plan == params.plan => satisfied(Output { plan, monthly_cents: addon.monthly_cents() }),
            Readiness::Ready if plan == params.from => ready_unless_accepted(context, prior, vec![will(params)]),
            Readiness::Ready => drifted(params, &plan),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let platform = &context.clients.platform;
        let answer = platform.change_plan(&permit, &params.app, &params.database, &params.plan).await?;
        let said = answer.value.provision_message.clone().unwrap_or_else(|| "the plan change was accepted".to_owned());
        Ok(receipt(&answer, said, json!({"plan": params.plan})))
    }
}

fn will(params: &Params) -> String {
    format!(
        "change {} from {} to {}: {}; Heroku prepares a replacement and changes over to it",
        params.database, params.from, params.plan, params.prices
    )
}

fn failed(subject: Subject<'_>, message: &str) -> Seen<Output> {
    blocked(
        format!("Heroku reports a failure of {}: \"{message}\".", subject.database),
        format!("Open a ticket with Heroku's support; `{}` shows the database.", subject.shown_by()),
    )
}

fn drifted(params: &Params, plan: &str) -> Seen<Output> {
    blocked(
        format!("{} is on {plan} now, neither {} nor {}.", params.database, params.from, params.plan),
        "Somebody else has changed its plan. Find out who; then plan again.",
    )
}

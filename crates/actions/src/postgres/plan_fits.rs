use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan_choice::{is_allowed, smallest_that_fits};
use super::readiness::{self, Readiness};
use super::subject::Subject;
use super::tier::Tier;
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::data::gigabytes;
use hcops_heroku::platform::Plan;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database can be changed to a plan, by `addons:upgrade` or through a follower: the plan is offered, the tier
/// can be reached, the data fits, and nothing else is going on; and says both prices.
pub(crate) struct PlanFits;

/// Which database, and which plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The plan to end on, whole: `heroku-postgresql:standard-2`.
    plan: String,
    /// The app's private space, where it has one.
    #[serde(default)]
    space: Option<String>,
}

/// What was compared.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The plan now.
    from: String,
    /// The plan to end on.
    to: String,
    /// What both cost a month, in one sentence.
    prices: String,
    /// The same with the plans, for people.
    shown: String,
}

impl Action for PlanFits {
    const NAME: &'static str = "postgres.plan-fits";
    const SUMMARY: &'static str = "Check that a database can be changed to another plan, and say both prices.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let addon = context.clients.platform.addon(&params.database).await?;
        let from = addon.plan.name;
        if let Some(seen) = judge_tiers(params, &from) {
            return Ok(seen);
        }
        let plans = context.clients.platform.plans("heroku-postgresql").await?;
        let Some(to) = plans.iter().find(|plan| plan.name == params.plan) else {
            return Ok(not_offered(params, &plans));
        };
        if let Some(seen) = judge_space(params, to) {
            return Ok(seen);
        }
        let database = context.clients.data.database(&params.database).await?;
        if let Some(seen) = judge_size(params, database.num_bytes, &plans) {
            return Ok(seen);
        }
        if let Some(seen) = judge_readiness(params, Readiness::of_database(context, &params.database).await?) {
            return Ok(seen);
        }
        let prices = prices(plans.iter().find(|plan| plan.name == from), to);
        let shown = format!("{from} to {}: {prices}", to.name);
        Ok(satisfied(Output { from, to: to.name.clone(), prices, shown }))
    }
}

/// An Essential database moves only within Essential this way (docs/heroku/platform.md, "Plan changes").
fn judge_tiers(params: &Params, from: &str) -> Option<Seen<Output>> {
    let Params { app, database, plan, .. } = params;
    if from == plan {
        return Some(blocked(
            format!("{database} is on {plan} already."),
            "Name another plan with --plan; `heroku addons:plans heroku-postgresql` lists them.",
        ));
    }
    match (Tier::of_plan(from), Tier::of_plan(plan)) {
        (Tier::WithFollowers, Tier::WithFollowers) | (Tier::Essential, Tier::Essential) => None,
        (Tier::Essential, Tier::WithFollowers) => Some(blocked(
            format!("{database} is on {from}: an Essential database cannot leave its tier by a plan change."),
            format!(
                "The documented way is the procedure `essential-copy`: create a database on {plan}, silence the apps, pause \
                 sync, copy, switch, resume (`heroku pg:copy`)."
            ),
        )),
        (Tier::WithFollowers, Tier::Essential) => Some(blocked(
            format!("{database} is on {from}: it cannot be changed to an Essential plan."),
            format!(
                "Create a database on {plan} and copy into it (`heroku pg:copy`), with the apps of {app} silent and sync paused."
            ),
        )),
        _ => Some(unclear(
            format!("hcops does not know whether {from} can be changed to {plan}."),
            format!("Can a database be changed from {from} to {plan} by `heroku addons:upgrade`?"),
        )),
    }
}

fn not_offered(params: &Params, plans: &[Plan]) -> Seen<Output> {
    let names: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
    blocked(
        format!("Heroku offers no plan {}.", params.plan),
        format!("Name one whole with --plan; offered: {}.", names.join(", ")),
    )
}

fn judge_space(params: &Params, to: &Plan) -> Option<Seen<Output>> {
    let place = params.space.as_ref().map_or("the Common Runtime".to_owned(), |space| format!("the space {space}"));
    (is_allowed(to, params.space.as_deref()) == Some(false)).then(|| {
        blocked(
            format!("The plan {} cannot be used in {place}.", to.name),
            "Name a plan that exists there with --plan; `heroku addons:plans heroku-postgresql` lists them.",
        )
    })
}

fn judge_size(params: &Params, bytes: Option<i64>, plans: &[Plan]) -> Option<Seen<Output>> {
    let Params { app, database, plan, .. } = params;
    let (Some(limit), Some(bytes)) = (gigabytes(plan), bytes.and_then(|bytes| u64::try_from(bytes).ok())) else {
        return Some(unclear(
            format!("It is not known how much {plan} holds, or how large {database} is."),
            format!("Does the data fit? (`heroku pg:info {database} -a {app}`)"),
        ));
    };
    let size = bytes.div_ceil(1_000_000_000);
    (size > limit).then(|| {
        blocked(
            format!("{database} holds {size} GB, and {plan} at most {limit} GB."),
            match smallest_that_fits(plans, plan, size, params.space.as_deref()) {
                Some(fitting) => {
                    format!("The smallest plan of this tier that holds it is {fitting}: name it with --plan.")
                }
                None => "No plan of this tier holds it: name one of another tier with --plan, or remove data first."
                    .to_owned(),
            },
        )
    })
}

fn judge_readiness(params: &Params, readiness: Readiness) -> Option<Seen<Output>> {
    let Params { app, database, .. } = params;
    match readiness {
        Readiness::Ready => None,
        Readiness::Waiting { message, .. } => Some(blocked(
            format!("Something is going on with {database} already: \"{message}\"."),
            format!("Wait for its end: `heroku pg:wait {database} -a {app}`."),
        )),
        Readiness::Failed { message } => Some(blocked(
            format!("Heroku reports a failure of {database}: \"{message}\"."),
            "Open a ticket with Heroku's support first.",
        )),
        Readiness::Missing => Some(readiness::unknown(Subject { app, database }, "it is not shown")),
        Readiness::Unknown { message } => Some(readiness::unknown(Subject { app, database }, &message)),
    }
}

fn prices(from: Option<&Plan>, to: &Plan) -> String {
    let monthly = |plan: Option<&Plan>| plan.and_then(|plan| plan.price.as_ref()?.monthly_cents());
    let spoken = |cents: Option<i64>| match cents {
        Some(cents) => format!("${}.{:02}", cents / 100, cents % 100),
        None => "a price by contract".to_owned(),
    };
    format!("{} a month before, {} after", spoken(monthly(from)), spoken(monthly(Some(to))))
}

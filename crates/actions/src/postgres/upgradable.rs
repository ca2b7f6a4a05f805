use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::major::{self, Majors};
use super::readiness::{self, Readiness};
use super::schedule::Standing;
use super::subject::Subject;
use super::tier::Tier;
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::data::{Database, Role};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database can be upgraded in place: no follower, no upgrade scheduled or under way, an older version.
pub(crate) struct Upgradable;

/// Which database, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The Postgres major version to end on.
    to: u32,
    /// Which majors may be named.
    #[serde(default)]
    majors: Majors,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The database's plan.
    plan: String,
    /// Its Postgres major version.
    version: u32,
    /// Heroku's words about an upgrade while none is scheduled.
    said: String,
    /// Its tables; absent where that is not shown.
    tables: Option<i64>,
}

/// Objects beyond which an upgrade is known to run out of memory (docs/heroku/procedures.md, "Upgrade in place").
const MOST_OBJECTS: i64 = 10_000;

impl Action for Upgradable {
    const NAME: &'static str = "postgres.upgradable";
    const SUMMARY: &'static str = "Check that a database can be upgraded to a newer version in place.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let addon = context.clients.platform.addon(&params.database).await?;
        if let Some(seen) = judge_tier(params, &addon.plan.name) {
            return Ok(seen);
        }
        let said = match Standing::of(context, &params.database).await? {
            Standing::Quiet { said } => said,
            standing => return Ok(judge_standing(params, standing)),
        };
        let database = context.clients.data.database(&params.database).await?;
        let seen =
            judge_role(params, &database).unwrap_or_else(|| judge_version(params, addon.plan.name, said, &database));
        let refused = major::refused(context, params.to, false, params.majors);
        Ok(refused.filter(|_| seen.is_satisfied()).unwrap_or(seen))
    }
}

fn judge_tier(params: &Params, plan: &str) -> Option<Seen<Output>> {
    match Tier::of_plan(plan) {
        Tier::WithFollowers | Tier::Essential => None,
        Tier::Advanced => Some(blocked(
            format!("{} is on the plan {plan}: Advanced databases are upgraded by other commands.", params.database),
            "No source says that Heroku Connect supports them; ask Heroku's support.",
        )),
        Tier::Unknown => Some(unclear(
            format!("{} is on the plan {plan}, which hcops does not know.", params.database),
            format!("Can databases on the plan {plan} be upgraded in place?"),
        )),
    }
}

fn judge_standing(params: &Params, standing: Standing) -> Seen<Output> {
    let Params { app, database, .. } = params;
    let cancelled_by = format!("`heroku pg:upgrade:cancel {database} -a {app}`");
    match standing {
        Standing::Scheduled { at, .. } => blocked(
            format!("An upgrade of {database} is scheduled already: Heroku runs it by itself at {at}."),
            format!(
                "Another run or somebody else prepared it (`hcops runs`). Let that run finish, or cancel it: {cancelled_by}."
            ),
        ),
        Standing::Other(Readiness::Waiting { message, .. }) => blocked(
            format!("An upgrade of {database} is being prepared or under way (\"{message}\")."),
            format!(
                "Wait for it (`heroku pg:upgrade:wait {database} -a {app}`), or cancel it while it is prepared: {cancelled_by}."
            ),
        ),
        Standing::Other(Readiness::Failed { message }) => blocked(
            format!("An earlier upgrade of {database} failed: \"{message}\"."),
            format!("Ask Heroku's support before another one; `heroku pg:info {database} -a {app}` shows its state."),
        ),
        Standing::Quiet { .. } | Standing::Other(_) => readiness::unknown(Subject { app, database }, ""),
    }
}

fn judge_role(params: &Params, database: &Database) -> Option<Seen<Output>> {
    match database.role() {
        Role::Leader => None,
        Role::Follower => Some(blocked(
            format!("{} is a follower: the same request would end its following.", params.database),
            "Name the app whose connection uses the leader; followers are upgraded with it.",
        )),
    }
}

fn judge_version(params: &Params, plan: String, said: String, database: &Database) -> Seen<Output> {
    let Params { app, database: name, to, .. } = params;
    match database.major_version() {
        Some(_) if database.tables().is_some_and(|tables| tables >= MOST_OBJECTS) => blocked(
            format!(
                "{name} has {} tables: with 10,000 objects an upgrade may run out of memory.",
                database.tables().unwrap_or_default()
            ),
            format!(
                "Try it first (`heroku pg:upgrade:dryrun {name} --version {to} -a {app}`) and talk to Heroku's support."
            ),
        ),
        Some(version) if version < *to => satisfied(Output { plan, version, said, tables: database.tables() }),
        Some(version) => blocked(
            format!("{name} is on Postgres {version}: {to} is not newer."),
            format!("Name a newer major version with --to; `heroku pg:info {name} -a {app}` shows the current one."),
        ),
        None => unclear(
            format!("Heroku does not say in a form that hcops knows which Postgres version {name} has."),
            format!("Is {name} on a version older than {to}? (`heroku pg:info {name} -a {app}`)"),
        ),
    }
}

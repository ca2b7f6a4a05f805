use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::major::{self, Majors};
use super::readiness::{self, Readiness};
use super::subject::Subject;
use super::tier::Tier;
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::data::{Database, is_available};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database can be followed and, where a version is wanted, that this is newer than its own.
pub(crate) struct Followable;

/// Which database, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name or id.
    database: String,
    /// The Postgres major version to end on, where the follower is to be upgraded.
    #[serde(default)]
    to: Option<u32>,
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
    version: Option<u32>,
    /// What `Fork/Follow` said.
    fork_follow: String,
}

impl Action for Followable {
    const NAME: &'static str = "postgres.followable";
    const SUMMARY: &'static str =
        "Check that a database can be followed, and upgraded where a newer version is wanted.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let addon = context.clients.platform.addon(&params.database).await?;
        if let Some(seen) = judge_tier(params, &addon.plan.name) {
            return Ok(seen);
        }
        let database = context.clients.data.database(&params.database).await?;
        if let Some(seen) = judge_role(params, &database) {
            return Ok(seen);
        }
        if let Some(seen) = judge_upgrade(params, &Readiness::of_upgrade(context, &params.database).await?) {
            return Ok(seen);
        }
        let seen = judge_version(params, &addon.plan.name, &database);
        let refused = params.to.and_then(|to| major::refused(context, to, false, params.majors));
        Ok(refused.filter(|_| seen.is_satisfied()).unwrap_or(seen))
    }
}

fn judge_tier(params: &Params, plan: &str) -> Option<Seen<Output>> {
    let name = &params.database;
    match Tier::of_plan(plan) {
        Tier::WithFollowers => None,
        Tier::Essential => Some(blocked(
            format!("{name} is on the plan {plan}: Essential databases have no followers."),
            match params.to {
                Some(to) => format!(
                    "Use another method: the version of an Essential database is upgraded in place (`heroku pg:upgrade:run \
                     {name} --version {to} -a {}`), and it moves to another tier by copying.",
                    params.app
                ),
                None => {
                    "Use another method: an Essential database changes its plan within its tier by itself (`--method \
                         upgrade`), and moves to another tier by copying (`hcops plan essential-copy`)."
                        .to_owned()
                }
            },
        )),
        Tier::Advanced => Some(blocked(
            format!("{name} is on the plan {plan}: Advanced databases are followed and upgraded by other commands."),
            format!(
                "No source says that Heroku Connect supports them. `heroku data:pg:info {name} -a {}` shows it.",
                params.app
            ),
        )),
        Tier::Unknown => Some(unclear(
            format!("{name} is on the plan {plan}, which hcops does not know."),
            format!("Can databases on the plan {plan} be followed?"),
        )),
    }
}

fn judge_role(params: &Params, database: &Database) -> Option<Seen<Output>> {
    let name = &params.database;
    if database.following().is_some() {
        return Some(blocked(
            format!("{name} is a follower itself: followers can't be chained."),
            format!("Name the connection's leader database; `heroku pg:info -a {}` shows which one it is.", params.app),
        ));
    }
    match database.fork_follow() {
        None => None,
        Some(shown) if is_available(shown) => None,
        Some(other) => Some(blocked(
            format!("Fork/Follow of {name} is \"{other}\": no follower can be created now."),
            format!(
                "A database that is new, or was forked or unfollowed lately, becomes available after minutes to hours. \
                 Wait, and look with `heroku pg:info {name} -a {}`.",
                params.app
            ),
        )),
    }
}

fn judge_upgrade(params: &Params, upgrade: &Readiness) -> Option<Seen<Output>> {
    let name = &params.database;
    match upgrade {
        Readiness::Ready | Readiness::Missing => None,
        Readiness::Waiting { message, .. } => Some(blocked(
            format!("An upgrade of {name} is being prepared or under way already: \"{message}\"."),
            format!(
                "Let it end (`heroku pg:upgrade:wait {name} -a {0}`), or cancel it while it is only prepared (`heroku \
                 pg:upgrade:cancel {name} -a {0}`).",
                params.app
            ),
        )),
        Readiness::Unknown { message } => {
            Some(readiness::unknown(Subject { app: &params.app, database: name }, message))
        }
        Readiness::Failed { message } => Some(blocked(
            format!("An earlier upgrade of {name} failed: \"{message}\"."),
            format!(
                "Ask Heroku's support before another one; `heroku pg:info {name} -a {}` shows its state.",
                params.app
            ),
        )),
    }
}

fn judge_version(params: &Params, plan: &str, database: &Database) -> Seen<Output> {
    let Params { app, database: name, to, .. } = params;
    let (version, fork_follow) = (database.major_version(), database.fork_follow().unwrap_or_default().to_owned());
    match (version, *to) {
        (Some(version), Some(to)) if version >= to => blocked(
            format!("{name} is on Postgres {version}: {to} is not newer."),
            format!("Name a newer major version with --to; `heroku pg:info {name} -a {app}` shows the current one."),
        ),
        (None, Some(to)) => unclear(
            format!("Heroku does not say in a form that hcops knows which Postgres version {name} has."),
            format!("Is {name} on a version older than {to}? (`heroku pg:info {name} -a {app}`)"),
        ),
        _ => satisfied(Output { plan: plan.to_owned(), version, fork_follow }),
    }
}

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readiness::{self, Readiness};
use super::role;
use super::subject::Subject;
use crate::actions::acceptance::{intended_within, ready_unless_accepted, receipt};
use crate::actions::sight::{blocked, satisfied, unclear, underway};
use crate::actions::{Action, Context};
use crate::heroku::data::{Database, Role};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Upgrades a database in place: a leader with its followers, or an Essential database.
///
/// The same request means something else for a follower (`reference/platform-and-data-api.md` section 4), so it is only
/// sent to a database that was just seen following nothing, and it always names the version. It is never repeated
/// without a person's word. An upgrade that runs without this run having begun it is waited for as well: Heroku begins a
/// scheduled one by itself.
pub(in crate::actions) struct UpgradeInPlace;

/// Which database, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The Postgres major version to end on.
    version: u32,
    /// Its followers, which are upgraded with it.
    followers: Vec<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The upgraded database's add-on, by name.
    database: String,
    /// Its Postgres major version.
    version: u32,
    /// The followers that were upgraded with it.
    followers: Vec<String>,
}

/// Seconds between two looks at an upgrade.
const LOOK_AGAIN: u64 = 5;

/// How long after its begin an upgrade may show no work under way and the old version, before that means a failure.
const SETTLING: SignedDuration = SignedDuration::from_mins(15);

impl Action for UpgradeInPlace {
    const NAME: &'static str = "postgres.upgrade-in-place";
    const SUMMARY: &'static str = "Upgrade a leader and its followers, or an Essential database, in place.";
    const EFFECT: Effect = Effect::OneShot;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let name = &params.database;
        match Readiness::of_upgrade(context, name).await? {
            Readiness::Waiting { message, part } => return Ok(readiness::waiting(name, &message, part, LOOK_AGAIN)),
            Readiness::Failed { message } => return Ok(failed(params, &message)),
            Readiness::Unknown { message } => return Ok(readiness::unknown(subject(params), &message)),
            Readiness::Ready | Readiness::Missing => {}
        }
        let database = context.clients.data.database(name).await?;
        Ok(match database.role() {
            Role::Leader => judge_version(context, params, prior, &database),
            Role::Unknown => role::unknown(subject(params)),
            Role::Follower => blocked(
                format!("{name} follows another database now: the request would end that instead."),
                "It is not sent. Find out who changed its role; turn back with `hcops abort` and plan again.",
            ),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.data.run_upgrade(&permit, &params.database, Some(params.version)).await?;
        let said = answer.value.message.clone();
        Ok(receipt(&answer, said, json!({"version": params.version})))
    }
}

fn judge_version(context: &Context, params: &Params, prior: &Prior, database: &Database) -> Seen<Output> {
    let name = &params.database;
    match database.major_version() {
        Some(version) if version == params.version && database.waiting == Some(true) => {
            underway(format!("{name} is on Postgres {version}, but not ready yet"), LOOK_AGAIN)
        }
        Some(version) if version == params.version => {
            satisfied(Output { database: name.clone(), version, followers: params.followers.clone() })
        }
        Some(version) if prior.receipt.is_some() && intended_within(context, prior, SETTLING) => {
            underway(format!("{name} is on Postgres {version}; waiting for {}", params.version), LOOK_AGAIN)
        }
        Some(version) if prior.receipt.is_some() => ended_without(params, version),
        Some(_) => ready_unless_accepted(context, prior, will(params)),
        None => unclear(
            format!("Heroku does not say in a form that hcops knows which version {name} has."),
            format!("Is {name} on Postgres {}? (`{}`)", params.version, subject(params).shown_by()),
        ),
    }
}

fn subject(params: &Params) -> Subject<'_> {
    Subject { app: &params.app, database: &params.database }
}

fn will(params: &Params) -> Vec<String> {
    let mut will = vec![format!(
        "upgrade {} to Postgres {} in place: the only copy of the data is upgraded",
        params.database, params.version
    )];
    if !params.followers.is_empty() {
        will.push(format!("upgrade its followers with it: {}", params.followers.join(", ")));
    }
    will
}

fn failed(params: &Params, message: &str) -> Seen<Output> {
    blocked(
        format!("Heroku reports that the upgrade of {} failed: \"{message}\".", params.database),
        format!(
            "Ask Heroku's support at once, with the request ids of `hcops show`; apps and sync stay silent meanwhile. \
             `{}` shows the database. More than 1,000 schemas or 10,000 objects are known to make an upgrade fail.",
            subject(params).shown_by()
        ),
    )
}

fn ended_without(params: &Params, version: u32) -> Seen<Output> {
    blocked(
        format!(
            "The upgrade of {} was accepted, nothing is under way, and it is on Postgres {version} instead of {}.",
            params.database, params.version
        ),
        format!(
            "Nothing was upgraded. `heroku pg:upgrade:wait {} -a {}` shows what Heroku makes of it; run it by hand and \
             answer `retry`, or bring apps and sync back by hand and begin anew.",
            params.database, params.app
        ),
    )
}

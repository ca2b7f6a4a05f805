use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::major::{self, Majors};
use super::readiness::{self, LOOK_AGAIN, SETTLING};
use super::role::Role;
use super::subject::Subject;
use crate::acceptance::{intended_within, ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::data::Database;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Upgrades a follower to another major version: it stops following and becomes a database of its own.
///
/// The same request means something else for a leader (docs/heroku/data.md, "One request, three meanings"), so it is
/// only sent to a database that was just seen following the leader, and it always names the version. It is never
/// repeated without a person's word.
pub(crate) struct Upgrade;

/// Which follower, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The follower's add-on, by name.
    database: String,
    /// The add-on that it follows until then, by name.
    leader: String,
    /// The Postgres major version to end on.
    version: u32,
    /// Which majors may be named, where that was not checked before.
    #[serde(default = "Majors::any")]
    majors: Majors,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The upgraded database's add-on, by name.
    database: String,
    /// Its Postgres major version.
    version: u32,
}

impl Action for Upgrade {
    const NAME: &'static str = "postgres.upgrade";
    const SUMMARY: &'static str = "Upgrade a follower to another major version and wait for its end.";
    const EFFECT: Effect = Effect::OneShot;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        if let Some(seen) = readiness::of_upgrade(context, subject(params), |said| failed(params, said)).await? {
            return Ok(seen);
        }
        let database = context.clients.data.database(&params.database).await?;
        Ok(match Role::of(context, &database, &params.leader).await? {
            Role::Follower => major::refused(context, params.version, false, params.majors)
                .unwrap_or_else(|| ready_unless_accepted(context, prior, vec![will(params)])),
            Role::Alone => judge_version(context, params, prior, &database),
            other @ Role::FollowerOf(_) => drifted(params, &other),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.data.run_upgrade(&permit, &params.database, Some(params.version)).await?;
        let said = answer.value.message.clone();
        Ok(receipt(&answer, said, json!({"version": params.version})))
    }
}

/// It follows nothing any more and no upgrade is under way: then the version tells whether it is done.
fn judge_version(context: &Context, params: &Params, prior: &Prior, database: &Database) -> Seen<Output> {
    let name = &params.database;
    match database.major_version() {
        Some(version) if version == params.version && database.waiting == Some(true) => {
            underway(format!("{name} is on Postgres {version}, but not ready yet"), LOOK_AGAIN)
        }
        Some(version) if version == params.version => satisfied(Output { database: name.clone(), version }),
        Some(version) if intended_within(context, prior, SETTLING) => underway(
            format!("{name} has stopped following and is on Postgres {version}; waiting for {}", params.version),
            LOOK_AGAIN,
        ),
        Some(version) => unfollowed(params, version),
        None => unclear(
            format!(
                "{name} has stopped following, but Heroku does not say in a form that hcops knows which version it has."
            ),
            format!("Is {name} on Postgres {}? (`{}`)", params.version, subject(params).shown_by()),
        ),
    }
}

fn subject(params: &Params) -> Subject<'_> {
    Subject { app: &params.app, database: &params.database }
}

fn will(params: &Params) -> String {
    format!(
        "upgrade {} to Postgres {}: it stops following {}, becomes writable, and cannot be made to follow again",
        params.database, params.version, params.leader
    )
}

fn failed(params: &Params, message: &str) -> Seen<Output> {
    blocked(
        format!("Heroku reports that the upgrade of {} failed: \"{message}\".", params.database),
        format!(
            "{} is untouched: turn back with `hcops abort`, which goes on with it. More than 1,000 schemas or 10,000 \
             objects are known to make an upgrade fail; Heroku's support can see the cause.",
            params.leader
        ),
    )
}

fn drifted(params: &Params, role: &Role) -> Seen<Output> {
    blocked(
        format!(
            "{} {}, and not {}: it is not the follower of this plan.",
            params.database,
            role.spoken(""),
            params.leader
        ),
        "It is not upgraded. Find out who changed it; turn back with `hcops abort` and plan again.",
    )
}

fn unfollowed(params: &Params, version: u32) -> Seen<Output> {
    blocked(
        format!(
            "{} follows nothing, no upgrade is under way, and it is on Postgres {version} instead of {}: it was unfollowed, \
             or its upgrade ended without success.",
            params.database, params.version
        ),
        format!(
            "It misses what was written to {} since. Turn back with `hcops abort`, which goes on with {0}, and begin anew.",
            params.leader
        ),
    )
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readiness::{self, LOOK_AGAIN, SETTLING};
use super::subject::Subject;
use crate::acceptance::{intended_within, ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::data::{Database, Role};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Upgrades a database in place: a leader with its followers, or an Essential database.
///
/// The same request means something else for a follower (docs/heroku/data.md, "One request, three meanings"), so it is
/// only sent to a database that was just seen following nothing, and it always names the version. It is never repeated
/// without a person's word. An upgrade that runs without this run having begun it is waited for as well: Heroku begins
/// a scheduled one by itself. It is done when the database and each of its followers show the new version: the
/// followers are made again in the last stage of the upgrade (docs/heroku/procedures.md, "Upgrade in place").
pub(crate) struct UpgradeInPlace;

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
    /// Its followers, which are upgraded with it.
    followers: Vec<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The upgraded database's add-on, by name.
    database: String,
    /// Its Postgres major version.
    version: u32,
    /// The followers that were upgraded with it: each was seen on the new version.
    followers: Vec<String>,
    /// Followers of which only the address is known, because their add-ons belong to other apps: nobody looked at them.
    not_looked_at: Vec<String>,
}

impl Action for UpgradeInPlace {
    const NAME: &'static str = "postgres.upgrade-in-place";
    const SUMMARY: &'static str = "Upgrade a leader and its followers, or an Essential database, in place.";
    const EFFECT: Effect = Effect::OneShot;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let name = &params.database;
        if let Some(seen) = readiness::of_upgrade(context, subject(params), |said| failed(params, said)).await? {
            return Ok(seen);
        }
        let database = context.clients.data.database(name).await?;
        Ok(match database.role() {
            Role::Leader => match judge_version(context, params, prior, &database) {
                Judged::Upgraded(version) => followers(context, params, version).await?,
                Judged::NotYet(seen) => seen,
            },
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

/// What the database itself shows; its followers are looked at only once it is upgraded.
enum Judged {
    Upgraded(u32),
    NotYet(Seen<Output>),
}

fn judge_version(context: &Context, params: &Params, prior: &Prior, database: &Database) -> Judged {
    let name = &params.database;
    Judged::NotYet(match database.major_version() {
        Some(version) if version == params.version && database.waiting == Some(true) => {
            underway(format!("{name} is on Postgres {version}, but not ready yet"), LOOK_AGAIN)
        }
        Some(version) if version == params.version => return Judged::Upgraded(version),
        Some(version) if prior.receipt.is_some() && intended_within(context, prior, SETTLING) => {
            underway(format!("{name} is on Postgres {version}; waiting for {}", params.version), LOOK_AGAIN)
        }
        Some(version) if prior.receipt.is_some() => ended_without(params, version),
        Some(_) => ready_unless_accepted(context, prior, will(params)),
        None => unclear(
            format!("Heroku does not say in a form that hcops knows which version {name} has."),
            format!("Is {name} on Postgres {}? (`{}`)", params.version, subject(params).shown_by()),
        ),
    })
}

/// The upgrade of a leader is not over before its followers are there again, on the same version.
async fn followers(context: &Context, params: &Params, version: u32) -> Result<Seen<Output>, Fault> {
    let mut late = Vec::new();
    let (not_looked_at, followers): (Vec<String>, Vec<String>) =
        params.followers.iter().cloned().partition(|follower| is_address(follower));
    for follower in &followers {
        let subject = Subject { app: &params.app, database: follower };
        let Some(database) = if_found(context.clients.data.database(follower).await)? else {
            return Ok(unseen(params, subject, "Heroku does not know it any more"));
        };
        match database.major_version() {
            Some(is) if is == version && database.waiting != Some(true) => {}
            Some(is) if is == version => late.push(format!("{follower} is on Postgres {is}, but not ready yet")),
            Some(is) => late.push(format!("{follower} is on Postgres {is}")),
            None => {
                return Ok(unseen(
                    params,
                    subject,
                    "Heroku does not say in a form that hcops knows which version it has",
                ));
            }
        }
    }
    if late.is_empty() {
        let database = params.database.clone();
        return Ok(satisfied(Output { database, version, followers, not_looked_at }));
    }
    Ok(underway(
        format!("{} is on Postgres {version}; waiting for its followers: {}", params.database, late.join(", ")),
        LOOK_AGAIN,
    ))
}

/// Whether a follower is known only by host, port and database: the add-on of another app, which cannot be asked for by
/// its address.
fn is_address(follower: &str) -> bool {
    follower.contains('/') || follower.contains(':')
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

fn unseen(params: &Params, follower: Subject<'_>, what: &str) -> Seen<Output> {
    unclear(
        format!(
            "{} is on Postgres {}, but its follower {}: {what}.",
            params.database, params.version, follower.database
        ),
        format!(
            "Is {} on Postgres {}, or was it removed on purpose? (`{}`)",
            follower.database,
            params.version,
            follower.shown_by()
        ),
    )
}

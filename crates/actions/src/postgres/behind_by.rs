use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::readiness::{self, Readiness};
use super::role::Role;
use super::subject::Subject;
use crate::Context;
use crate::sight::{blocked, satisfied, unclear, underway, underway_with_part};
use hcops_heroku::data::Database;
use hcops_model::{Fault, Part, Prior, Seen};
use hcops_text::counted;

/// How far a follower is behind.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Commits that the follower still lacks.
    pub(super) behind_by: u64,
    /// `Behind By` as Heroku shows it, where it does.
    shown: Option<String>,
}

/// Seconds between two looks at a lag.
const LOOK_AGAIN: u64 = 10;
/// The same while writes are off.
const SOON: u64 = 5;

/// Looks whether `database` follows `leader` and is at most `most` commits behind.
///
/// A lag that is not understood is never taken for 0; a database that does not follow (any more) can't catch up.
pub(super) async fn observe(
    context: &Context,
    follower: Subject<'_>,
    leader: &str,
    most: u64,
    prior: &Prior,
) -> Result<Seen<Output>, Fault> {
    let database = follower.database;
    let looked = context.clients.data.database(database).await?;
    match Role::of(context, &looked, leader).await? {
        Role::Follower => {}
        other => return Ok(not_following(follower, leader, &other)),
    }
    match looked.behind_by() {
        Some(behind_by) if behind_by <= most => Ok(satisfied(output(behind_by, &looked))),
        Some(behind_by) => Ok(behind(context, database, behind_by, most, prior)),
        None => without_lag(context, follower, &looked).await,
    }
}

/// A wait with a measure: of the largest lag that was seen in this process, what is caught up.
fn behind(context: &Context, database: &str, behind_by: u64, most: u64, prior: &Prior) -> Seen<Output> {
    let seen_before = prior.memo.as_ref().and_then(|memo| memo["largest"].as_u64()).unwrap_or(0);
    let largest = seen_before.max(behind_by);
    context.remember(json!({"largest": largest}));
    let part = Part { done: largest - behind_by, of: largest, unit: "commits".to_owned() };
    underway_with_part(
        format!("{database} is {} behind; waiting for at most {most}", counted(behind_by, "commit")),
        part,
        // The last commits are waited for with writes off.
        if most == 0 { SOON } else { LOOK_AGAIN },
    )
}

async fn without_lag(context: &Context, follower: Subject<'_>, looked: &Database) -> Result<Seen<Output>, Fault> {
    let database = follower.database;
    if let Some(text) = looked.behind_by_text() {
        return Ok(unclear(
            format!("Heroku shows \"Behind By: {text}\" for {database}, which hcops does not understand."),
            format!("Has {database} caught up with its leader? (`{}`)", follower.shown_by()),
        ));
    }
    Ok(match Readiness::of_database(context, database).await? {
        Readiness::Waiting { message, part } => readiness::waiting(database, &message, part, LOOK_AGAIN),
        _ => underway(format!("Heroku does not show how far {database} is behind (no \"Behind By\")"), LOOK_AGAIN),
    })
}

fn not_following(follower: Subject<'_>, leader: &str, role: &Role) -> Seen<Output> {
    let database = follower.database;
    blocked(
        format!("{database} {}: it does not get the commits of {leader} any more.", role.spoken(leader)),
        format!(
            "A database that has stopped following cannot be made to follow again. Turn back (`hcops abort`) and begin \
             anew; `{}` shows its state.",
            follower.shown_by()
        ),
    )
}

fn output(behind_by: u64, database: &Database) -> Output {
    Output { behind_by, shown: database.behind_by_text().map(str::to_owned) }
}

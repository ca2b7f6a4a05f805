use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::readiness::{self, Readiness};
use super::role::Role;
use super::subject::OneFollower;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::data::Database;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Ends the following of a follower: it becomes a database of its own that can be written to, on its leader's version.
///
/// An accepted request is not an end: it is done when Heroku shows that the database follows nothing, waits for nothing and
/// replays no log. A database that follows nothing without this step's doing misses an unknown part of its leader and is
/// not taken. Promotion does not end a following (docs/heroku/procedures.md, "Promotion").
pub(crate) struct Unfollow;

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The database's add-on, by name.
    database: String,
    /// What it followed, by name.
    followed: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 5;

impl Action for Unfollow {
    const NAME: &'static str = "postgres.unfollow";
    const SUMMARY: &'static str = "End the following of a follower and wait until it can be written to.";
    // A second request for a database that follows nothing is refused and changes nothing.
    const EFFECT: Effect = Effect::Idempotent;
    type Params = OneFollower;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneFollower, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let database = context.clients.data.database(&params.database).await?;
        match Role::of(context, &database, &params.leader).await? {
            Role::Follower => Ok(ready_unless_accepted(context, prior, vec![will(params)])),
            Role::Alone if prior.intended_at.is_none() => Ok(foreign(params, &Role::Alone)),
            Role::Alone => judge(context, params, &database).await,
            other @ Role::FollowerOf(_) => Ok(foreign(params, &other)),
        }
    }

    async fn act(&self, context: &Context, params: &OneFollower, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.data.unfollow(&permit, &params.database).await?;
        let said = answer.value.message.clone();
        Ok(receipt(&answer, said, Value::Null))
    }
}

/// It follows nothing any more; whether it is ready is told apart from that.
async fn judge(context: &Context, params: &OneFollower, database: &Database) -> Result<Seen<Output>, Fault> {
    let name = &params.database;
    Ok(match Readiness::of_database(context, name).await? {
        Readiness::Ready if database.is_in_recovery == Some(true) || database.waiting == Some(true) => {
            underway(format!("{name} follows nothing any more, but its server is not ready for writes yet"), LOOK_AGAIN)
        }
        Readiness::Ready => satisfied(Output { database: name.clone(), followed: params.leader.clone() }),
        Readiness::Waiting { message, part } => readiness::waiting(name, &message, part, LOOK_AGAIN),
        Readiness::Missing => readiness::missing(context, params.subject(), LOOK_AGAIN).await?,
        Readiness::Unknown { message } => readiness::unknown(params.subject(), &message),
        Readiness::Failed { message } => blocked(
            format!("Heroku reports that {name} failed after it stopped following: \"{message}\"."),
            format!(
                "{} is untouched: turn back with `hcops abort`, which goes on with it. Heroku's support can see the cause.",
                params.leader
            ),
        ),
    })
}

fn will(params: &OneFollower) -> String {
    format!(
        "end the following of {}: it becomes writable, and cannot be made to follow {} again",
        params.database, params.leader
    )
}

fn foreign(params: &OneFollower, role: &Role) -> Seen<Output> {
    blocked(
        format!(
            "{} {}, and not {}: it is not the follower of this plan any more.",
            params.database,
            role.spoken(&params.leader),
            params.leader
        ),
        format!(
            "Somebody else has changed its role, and what was written to {} since is missing in it. Find out who; turn back \
             with `hcops abort` and begin anew with another follower.",
            params.leader
        ),
    )
}

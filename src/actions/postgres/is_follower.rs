use schemars::JsonSchema;
use serde::Serialize;

use super::role::{self, Role};
use super::subject::OneFollower;
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Holds while a database follows the leader: the role decides what an upgrade request means.
pub(in crate::actions) struct IsFollower;

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The database that is followed.
    following: String,
}

impl Action for IsFollower {
    const NAME: &'static str = "postgres.is-follower";
    const SUMMARY: &'static str = "Check that a database follows another.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneFollower;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneFollower, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = params.subject();
        let database = context.clients.data.database(&params.database).await?;
        Ok(match Role::of(context, &database, &params.leader).await? {
            Role::Follower => satisfied(Output { following: params.leader.clone() }),
            Role::Unknown => role::unknown(subject),
            other => blocked(
                format!("{} {}, and not {}.", params.database, other.spoken(&params.leader), params.leader),
                format!(
                    "Somebody else has changed its role. `{}` shows it; turn back (`hcops abort`) and begin \
                     anew with another follower.",
                    subject.shown_by()
                ),
            ),
        })
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::role::Role;
use super::subject::Subject;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while a database follows the leader: the role decides what an upgrade request means.
pub(crate) struct IsFollower;

/// Which follower.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the follower.
    app: String,
    /// The follower's add-on, by name.
    database: String,
    /// The add-on that it follows, by name.
    leader: String,
    /// Whether another database than the leader that follows nothing will do as well: one that followed it until the step
    /// that ends that was done.
    #[serde(default)]
    or_no_longer: bool,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The database that is followed.
    following: String,
}

impl Action for IsFollower {
    const NAME: &'static str = "postgres.is-follower";
    const SUMMARY: &'static str = "Check that a database follows another.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let database = context.clients.data.database(&params.database).await?;
        Ok(match Role::of(context, &database, &params.leader).await? {
            Role::Follower => satisfied(Output { following: params.leader.clone() }),
            Role::Alone if params.or_no_longer && params.database != params.leader => {
                satisfied(Output { following: params.leader.clone() })
            }
            other => blocked(
                format!("{} {}, and not {}.", params.database, other.spoken(&params.leader), params.leader),
                format!(
                    "Another database is meant, or somebody else has changed its role. `{}` shows it; begin anew with a \
                     follower of {} (a run that is open is turned back with `hcops abort`).",
                    subject.shown_by(),
                    params.leader
                ),
            ),
        })
    }
}

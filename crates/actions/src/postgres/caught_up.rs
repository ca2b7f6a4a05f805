use std::time::Duration;

use super::behind_by::{self, Output};
use super::subject::OneFollower;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen, Steadiness};

/// Waits until a follower is 0 commits behind, seen twice in a row and five seconds apart.
pub(crate) struct CaughtUp;

impl Action for CaughtUp {
    const NAME: &'static str = "postgres.caught-up";
    const SUMMARY: &'static str = "Wait until a follower is 0 commits behind.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(5) };
    type Params = OneFollower;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneFollower, prior: &Prior) -> Result<Seen<Output>, Fault> {
        behind_by::observe(context, params.subject(), &params.leader, 0, prior).await
    }
}

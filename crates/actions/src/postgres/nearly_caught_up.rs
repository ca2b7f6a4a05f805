use schemars::JsonSchema;
use serde::Deserialize;

use super::behind_by::{self, Output};
use super::subject::Subject;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Waits until a follower is so little behind that the rest will be caught up soon once writers are silent.
pub(crate) struct NearlyCaughtUp;

/// Which follower, and how near.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The follower's add-on, by name.
    database: String,
    /// The add-on that it follows, by name.
    leader: String,
    /// The most commits that it may be behind.
    max_commits: u64,
}

impl Action for NearlyCaughtUp {
    const NAME: &'static str = "postgres.nearly-caught-up";
    const SUMMARY: &'static str = "Wait until a follower is at most some commits behind.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let follower = Subject { app: &params.app, database: &params.database };
        behind_by::observe(context, follower, &params.leader, params.max_commits, prior).await
    }
}

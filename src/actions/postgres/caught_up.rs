use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::lag::{self, Output};
use super::subject::Subject;
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen, Steadiness};

/// Waits until a follower is 0 commits behind, seen twice in a row and ten seconds apart.
pub(in crate::actions) struct CaughtUp;

/// Which follower.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that owns the database.
    app: String,
    /// The follower's add-on, by name.
    database: String,
    /// The add-on that it follows, by name.
    leader: String,
}

impl Action for CaughtUp {
    const NAME: &'static str = "postgres.caught-up";
    const SUMMARY: &'static str = "Wait until a follower is 0 commits behind.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let follower = Subject { app: &params.app, database: &params.database };
        lag::observe(context, follower, &params.leader, 0, prior).await
    }
}

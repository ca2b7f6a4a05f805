use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::readiness::{self, Readiness};
use super::subject::Subject;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Waits until no work for an upgrade of a database is under way: a trial ends by itself.
pub(crate) struct UpgradeQuiet;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The database's add-on, by name.
    database: String,
}

impl Action for UpgradeQuiet {
    const NAME: &'static str = "postgres.upgrade-quiet";
    const SUMMARY: &'static str = "Wait until no work for a version upgrade is under way.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        Ok(match Readiness::of_upgrade(context, &params.database).await? {
            Readiness::Waiting { message, part } => readiness::waiting(&params.database, &message, part, 30),
            Readiness::Unknown { message } => readiness::unknown(subject, &message),
            Readiness::Ready | Readiness::Failed { .. } | Readiness::Missing => {
                satisfied(Output { database: params.database.clone() })
            }
        })
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::credential::{self, Known};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database has the credential by which an app is to use it.
///
/// A follower has those of its leader; a fork and a new database have the default one only (Dev Center: Heroku Postgres
/// Credentials). An attachment can't be given to a database that lacks its credential.
pub(crate) struct CredentialThere;

/// Which credential of which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The credential's name.
    credential: String,
    /// Which attachment gives it to which app: `REPORTS of acme-reports`.
    used_by: String,
}

/// What is there.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The credential's name.
    credential: String,
}

impl Action for CredentialThere {
    const NAME: &'static str = "postgres.credential-there";
    const SUMMARY: &'static str = "Check that a database has the credential by which an app is to use it.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Params { app, database, credential: name, used_by } = params;
        Ok(match credential::known(context, database, name).await? {
            Known::There => satisfied(Output { credential: name.clone() }),
            Known::Coming(state) => underway(format!("the credential {name} of {database} is {state}"), 5),
            Known::Missing => blocked(
                format!(
                    "{database} has no credential {name}, which {used_by} gives. The app would stay on the old database, \
                     and what it writes there would be lost."
                ),
                credential::creation(app, database, name),
            ),
            Known::Unlisted(why) => unclear(
                format!("The credentials of {database} could not be listed ({why})."),
                format!("Has {database} the credential {name}? (`heroku pg:credentials {database} -a {app}`)"),
            ),
        })
    }
}

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::subject::Subject;
use crate::quiet::{self, Since};
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::silence::Look;
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Checks that nothing was written to a database since its silence was seen: what is copied holds only what was there when
/// the copy began (docs/heroku/procedures.md, "Copy": writers are silent for the whole copy).
pub(crate) struct Unwritten(pub(crate) Arc<Databases>);

/// Which database, and since when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The schema of the connection, whose trigger log is looked at too.
    #[serde(default)]
    schema: Option<String>,
    /// What `postgres.silence` put out as `seal`.
    seal: Value,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Seconds since the silence was seen, by the server's clock.
    seconds: f64,
    /// All of it in a sentence.
    seen: String,
}

impl Action for Unwritten {
    const NAME: &'static str = "postgres.unwritten";
    const SUMMARY: &'static str = "Check that nothing was written to a database since its silence was seen.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let earlier: Look = serde_json::from_value(params.seal.clone()).map_err(|error| unreadable(&error))?;
        let session = self.0.session(context, Subject { app: &params.app, database: &params.database }).await?;
        let found = quiet::since(context, &session, params.schema.as_deref(), &earlier).await?;
        Ok(judge(params, &found))
    }
}

fn judge(params: &Params, found: &Since) -> Seen<Output> {
    let (name, seconds) = (&params.database, found.silence.seconds);
    if found.silence.silent {
        let seen = format!("nothing was written to {name} in the {seconds:.0} seconds since its silence was seen");
        return satisfied(Output { seconds, seen });
    }
    let remedies: String =
        found.silence.remedies.iter().map(|text| format!("{}. ", text.trim_end_matches('.'))).collect();
    blocked(
        format!(
            "{name} was written to in the {seconds:.0} seconds since its silence was seen: {}.",
            quiet::spoken(&found.silence)
        ),
        format!(
            "{remedies}A copy holds what was there when it began, and nothing brings the rest there: turn back (`hcops \
             abort`) and begin anew with a new copy. Before the crossing nothing is lost by that."
        ),
    )
}

fn unreadable(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("what was seen of the silence cannot be carried from step to step: {error}"),
        "It tells whether anything was written since.",
        "Report this as a defect of hcops.",
    )
}

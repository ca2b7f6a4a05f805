use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::left_behind::LeftBehind;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Turns maintenance mode of an app on or off.
///
/// It stops web traffic only: workers and one-off dynos keep running (docs/heroku/procedures.md, "Maintenance mode").
pub(crate) struct Maintenance;

/// Which app, and how it should be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
    /// Whether maintenance mode should be on.
    on: bool,
    /// What must not be left on an old database before the app is woken.
    #[serde(default)]
    unless: Option<LeftBehind>,
}

/// How the app is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The app's name.
    app: String,
    /// Whether maintenance mode is on.
    maintenance: bool,
    /// Whether it was on before this step: what a later step brings back.
    was: bool,
}

impl Action for Maintenance {
    const NAME: &'static str = "app.maintenance";
    const SUMMARY: &'static str = "Turn maintenance mode of an app on or off.";
    const EFFECT: Effect = Effect::Idempotent;
    const NOTES_BEFORE: bool = true;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let app = context.clients.platform.app(&params.app).await?;
        let was = prior.before.as_ref().and_then(|before| before["was"].as_bool()).unwrap_or(app.maintenance);
        let output = Output { app: params.app.clone(), maintenance: app.maintenance, was };
        if app.maintenance == params.on {
            return Ok(satisfied(output));
        }
        context.note_before(json!(output));
        if let Some(unless) = params.unless.as_ref().filter(|_| !params.on)
            && let Some(refusal) = unless.of(context, &params.app).await?
        {
            return Ok(refusal);
        }
        Ok(ready_unless_accepted(context, prior, vec![will(params)]))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.platform.set_maintenance(&permit, &params.app, params.on).await?;
        let said = if answer.value.maintenance { "maintenance mode is on" } else { "maintenance mode is off" };
        Ok(receipt(&answer, said, Value::Null))
    }
}

fn will(params: &Params) -> String {
    if params.on {
        format!("turn maintenance mode of {} on: its visitors see a maintenance page", params.app)
    } else {
        format!("turn maintenance mode of {} off: its visitors reach the app again", params.app)
    }
}

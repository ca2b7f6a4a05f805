use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::activity::{Activity, Running};
use super::formation::ProcessType;
use crate::actions::acceptance::{nothing_to_do, ready_unless_accepted, receipt};
use crate::actions::sight::{satisfied, underway};
use crate::actions::{Action, Context};
use crate::heroku::platform::Scale;
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Scales everything but web of an app to 0 and waits until no such dyno is left.
///
/// The formation of before comes in as a parameter from the survey, so that a crash between the act and its record
/// cannot lose it.
pub(in crate::actions) struct ScaleDown;

/// Which app, and how it was before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app's name.
    app: String,
    /// The formation as it was surveyed: what restores it later.
    snapshot: Vec<ProcessType>,
}

/// What restores the formation.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The formation before anything was scaled.
    formation: Vec<ProcessType>,
}

impl Action for ScaleDown {
    const NAME: &'static str = "app.scale-down";
    const SUMMARY: &'static str = "Scale everything but web of an app to 0 and wait until it has stopped.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let activity = Activity::of(context, &params.app).await?;
        if !activity.scaled.is_empty() {
            let will = activity.scaled.iter().map(|kind| will(&params.app, kind)).collect();
            return Ok(ready_unless_accepted(context, prior, will));
        }
        let left: Vec<&Running> = activity.dynos.iter().chain(&activity.releases).collect();
        if left.is_empty() {
            return Ok(satisfied(Output { formation: params.snapshot.clone() }));
        }
        Ok(underway(still_running(&params.app, &left), 5))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let activity = Activity::of(context, &params.app).await?;
        let updates: Vec<Scale> = activity.scaled.iter().map(to_zero).collect();
        if updates.is_empty() {
            return Ok(nothing_to_do("everything but web was at 0 already"));
        }
        let answer = context.clients.platform.scale(&permit, &params.app, &updates).await?;
        Ok(receipt(&answer, format!("scaled to 0: {}", names(&updates)), Value::Null))
    }
}

fn to_zero(kind: &ProcessType) -> Scale {
    Scale { process_type: kind.name.clone(), quantity: 0, size: None }
}

fn names(updates: &[Scale]) -> String {
    updates.iter().map(|update| update.process_type.as_str()).collect::<Vec<_>>().join(", ")
}

fn will(app: &str, kind: &ProcessType) -> String {
    format!("scale {} of {app} from {} to 0", kind.name, kind.quantity)
}

fn still_running(app: &str, left: &[&Running]) -> String {
    let names: Vec<String> = left.iter().map(ToString::to_string).collect();
    let commands: Vec<String> = left.iter().filter_map(|dyno| dyno.stopped_by(app)).collect();
    let waiting = format!("waiting for dynos of {app} to stop: {}", names.join(", "));
    if commands.is_empty() {
        return waiting;
    }
    format!("{waiting}; one-off dynos end by themselves or with `{}`", commands.join("`, `"))
}

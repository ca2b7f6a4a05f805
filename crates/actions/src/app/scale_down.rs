use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::activity::{Activity, Running};
use super::formation::ProcessType;
use crate::acceptance::{nothing_to_do, ready_unless_accepted, receipt};
use crate::sight::{satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::platform::Scale;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Scales everything but web of an app to 0 and waits until no such dyno is left.
///
/// What it takes away is what the look right before the act showed, not what a plan of hours ago says. It goes into the
/// intent, so that a crash between the act and its record cannot lose it.
pub(crate) struct ScaleDown;

/// Which app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
    /// The formation as it was surveyed. Plans of before version 0.2 have it; it counts where an intent of theirs notes none.
    #[serde(default)]
    snapshot: Vec<ProcessType>,
}

/// What restores the formation.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The process types that were scaled down, with the quantity and size that each had.
    formation: Vec<ProcessType>,
}

impl Action for ScaleDown {
    const NAME: &'static str = "app.scale-down";
    const SUMMARY: &'static str = "Scale everything but web of an app to 0 and wait until it has stopped.";
    const EFFECT: Effect = Effect::Idempotent;
    const NOTES_BEFORE: bool = true;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let activity = Activity::of(context, &params.app).await?;
        if !activity.scaled.is_empty() {
            let will = activity.scaled.iter().map(|kind| will(&params.app, kind)).collect();
            context.note_before(json!(Output { formation: merged(taken_before(prior), &activity.scaled) }));
            return Ok(ready_unless_accepted(context, prior, will));
        }
        let left: Vec<&Running> = activity.dynos.iter().chain(&activity.releases).collect();
        if left.is_empty() {
            return Ok(satisfied(Output { formation: taken(params, prior) }));
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

/// What was taken away before this look, as the intents have it.
fn taken_before(prior: &Prior) -> Vec<ProcessType> {
    let noted = prior.before.as_ref().map(|before| before["formation"].clone());
    noted.and_then(|formation| serde_json::from_value(formation).ok()).unwrap_or_default()
}

/// The same, for a step that an older version began: its intent notes nothing, and its plan has the survey's formation.
fn taken(params: &Params, prior: &Prior) -> Vec<ProcessType> {
    if prior.before.is_none() && prior.intended_at.is_some() {
        return params.snapshot.clone();
    }
    taken_before(prior)
}

/// Something may be scaled up again before everything has stopped: then it is scaled down once more, and what it had at
/// first is what it gets back.
fn merged(mut taken: Vec<ProcessType>, scaled: &[ProcessType]) -> Vec<ProcessType> {
    for kind in scaled {
        if !taken.iter().any(|other| other.name == kind.name) {
            taken.push(kind.clone());
        }
    }
    taken
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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::activity::Activity;
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Prior, Seen};

/// Holds while no app writes: maintenance mode on, everything but web at 0, no other dyno left.
pub(in crate::actions) struct Silent;

/// Which apps.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The apps; of each only the name is used.
    apps: Vec<Named>,
    /// Whether dynos of a release phase may run: moving an attachment starts them.
    #[serde(default)]
    allow_release_phase: bool,
}

/// An app, as the survey lists it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::actions) struct Named {
    /// The app's name.
    name: String,
}

/// Which apps were seen silent.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// Their names.
    silent: Vec<String>,
}

impl Action for Silent {
    const NAME: &'static str = "app.silent";
    const SUMMARY: &'static str = "Check that no app writes: maintenance on, no process but web.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let mut noises = Vec::new();
        for app in &params.apps {
            noises.extend(noises_of(context, &app.name, params.allow_release_phase).await?);
        }
        if noises.is_empty() {
            return Ok(satisfied(Output { silent: params.apps.iter().map(|app| app.name.clone()).collect() }));
        }
        Ok(blocked(format!("Not every app is silent: {}.", noises.join("; ")), remedy(params)))
    }
}

async fn noises_of(context: &Context, app: &str, allow_release_phase: bool) -> Result<Vec<String>, Fault> {
    let mut noises = Vec::new();
    if !context.clients.platform.app(app).await?.maintenance {
        noises.push(format!("maintenance mode of {app} is off"));
    }
    let activity = Activity::of(context, app).await?;
    noises.extend(activity.scaled.iter().map(|kind| format!("{app} is scaled to {}", kind.spoken())));
    noises.extend(activity.dynos.iter().map(|dyno| format!("{app} runs {dyno}")));
    if !allow_release_phase {
        noises.extend(activity.releases.iter().map(|dyno| format!("{app} runs {dyno}")));
    }
    Ok(noises)
}

fn remedy(params: &Params) -> String {
    let names: Vec<&str> = params.apps.iter().map(|app| app.name.as_str()).collect();
    let first = names.first().copied().unwrap_or("APP");
    format!(
        "Another operator, an autoscaler, Heroku Scheduler or a deploy may have changed it: `heroku releases -a {first}` \
         and `heroku ps -a {first}` show what runs. Stop it at its source, then `heroku maintenance:on`, \
         `heroku ps:scale TYPE=0` or `heroku ps:stop DYNO` for {}. Whatever was written meanwhile must reach the \
         follower before the run goes on.",
        names.join(", ")
    )
}

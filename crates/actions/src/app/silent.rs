use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::activity::Activity;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while no app writes: maintenance mode on, everything but web at 0, no other dyno left, and no app has the database
/// that did not have it when the plan was made.
pub(crate) struct Silent;

/// Which apps.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The apps; of each only the name is used.
    apps: Vec<Named>,
    /// Whether dynos of a release phase may run: moving an attachment starts them.
    #[serde(default)]
    allow_release_phase: bool,
    /// The add-on that they must not write to, by name: its attachments are listed again.
    #[serde(default)]
    database: Option<String>,
    /// The attachments that it had when the plan was made.
    #[serde(default)]
    known: Vec<Known>,
}

/// An attachment, as the survey lists it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Known {
    /// The app that has it.
    app: String,
    /// Its name.
    name: String,
}

/// An app, as the survey lists it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Named {
    /// The app's name.
    name: String,
}

/// Which apps were seen silent.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
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
        let mut own = Vec::new();
        for app in &params.apps {
            noises.extend(noises_of(context, &app.name, params.allow_release_phase, &mut own).await?);
        }
        // Only one of them can be the dyno that hcops runs in: which one is not known, so none is left out.
        if own.len() > 1 {
            noises.append(&mut own);
        }
        let strangers = match &params.database {
            Some(database) => attached_since(context, params, database).await?,
            None => Vec::new(),
        };
        if !strangers.is_empty() {
            return Ok(blocked(
                format!("{} since the plan was made: nobody has silenced what it serves.", strangers.join("; ")),
                remedy_for_strangers(params),
            ));
        }
        if noises.is_empty() {
            return Ok(satisfied(Output { silent: params.apps.iter().map(|app| app.name.clone()).collect() }));
        }
        Ok(blocked(format!("Not every app is silent: {}.", noises.join("; ")), remedy(params)))
    }
}

/// What was attached since the plan was made, except for the names that a run gives by itself.
async fn attached_since(context: &Context, params: &Params, database: &str) -> Result<Vec<String>, Fault> {
    let known = |app: &str, name: &str| params.known.iter().any(|known| known.app == app && known.name == name);
    let all = if_found(context.clients.platform.addon_attachments(database).await)?.unwrap_or_default();
    let strangers = all.iter().filter(|one| !known(&one.app.name, &one.name) && !one.name.starts_with("HCOPS_"));
    Ok(strangers.map(|one| format!("{database} was attached to {} as {}", one.app.name, one.name)).collect())
}

fn remedy_for_strangers(params: &Params) -> String {
    let database = params.database.as_deref().unwrap_or("DATABASE");
    format!(
        "An app that this plan does not know could write to {database} to the end, and what it writes would be missing. See \
         whose it is (`heroku addons:info {database}`) and detach it (`heroku addons:detach NAME -a APP`), or turn back (`hcops \
         abort`) and plan anew."
    )
}

/// What of an app makes noise; the dyno that may be hcops's own is put aside.
async fn noises_of(
    context: &Context,
    app: &str,
    allow_release_phase: bool,
    own: &mut Vec<String>,
) -> Result<Vec<String>, Fault> {
    let mut noises = Vec::new();
    if !context.clients.platform.app(app).await?.maintenance {
        noises.push(format!("maintenance mode of {app} is off"));
    }
    let activity = Activity::of(context, app).await?;
    noises.extend(activity.scaled.iter().map(|kind| format!("{app} is scaled to {}", kind.spoken())));
    noises.extend(activity.dynos.iter().map(|dyno| format!("{app} runs {dyno}")));
    own.extend(activity.own.iter().map(|dyno| format!("{app} runs {dyno}")));
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

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readiness::{self, Readiness};
use super::role::{self, Role};
use super::subject::Subject;
use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::sight::{blocked, satisfied, unclear, underway};
use crate::actions::{Action, Context};
use crate::heroku::if_found;
use crate::heroku::platform::{Addon, AddonState, NewAddon};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates a follower under a name that was chosen before, and waits until the database behind it is ready.
///
/// The name is the mark: an add-on of this name that follows the leader is what an interrupted creation made. An add-on
/// being `provisioned` is not yet the database being ready (`reference/platform-and-data-api.md` section 4).
pub(in crate::actions) struct Follow;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that will own the follower.
    app: String,
    /// The database to follow, by its add-on's name.
    leader: String,
    /// The follower's plan, for example `heroku-postgresql:standard-0`.
    plan: String,
    /// The name of the follower's add-on.
    name: String,
    /// The name of its attachment to the app.
    alias: String,
}

/// The follower.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The add-on's name.
    name: String,
    /// The add-on's id.
    id: String,
    /// Its attachment's name.
    alias: String,
    /// The config var that holds its address.
    config_var: String,
}

/// Seconds between two looks while Heroku creates the database.
const LOOK_AGAIN: u64 = 15;

impl Action for Follow {
    const NAME: &'static str = "postgres.follow";
    const SUMMARY: &'static str = "Create a follower of a database and wait until it is ready.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(&params.name).await)? else {
            return Ok(ready_unless_accepted(context, prior, vec![will(params)]));
        };
        if addon.app.name != params.app {
            return Ok(foreign(params, &format!("belongs to the app {}", addon.app.name)));
        }
        match &addon.state {
            AddonState::Provisioned => database(context, params, &addon).await,
            AddonState::Provisioning => Ok(underway(format!("Heroku is provisioning {}", params.name), LOOK_AGAIN)),
            AddonState::Deprovisioning | AddonState::Deprovisioned => Ok(removed(params, &addon)),
            AddonState::Other(_) => Ok(unclear(
                format!("The add-on {} has the state \"{}\", which hcops does not know.", params.name, addon.state),
                format!("Is {} provisioned? (`heroku addons:info {0}`)", params.name),
            )),
        }
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let new = NewAddon {
            plan: params.plan.clone(),
            name: Some(params.name.clone()),
            attachment: Some(params.alias.clone()),
            config: BTreeMap::from([("follow".to_owned(), params.leader.clone())]),
            confirm: None,
        };
        let answer = context.clients.platform.create_addon(&permit, &params.app, &new).await?;
        let said = format!("add-on {} is {}", answer.value.name, answer.value.state);
        Ok(receipt(&answer, said, json!({"addon": answer.value.id})))
    }
}

async fn database(context: &Context, params: &Params, addon: &Addon) -> Result<Seen<Output>, Fault> {
    match Readiness::of_database(context, &params.name).await? {
        Readiness::Ready => {}
        Readiness::Missing => {
            return Ok(underway(format!("the add-on {} is there, its database not yet", params.name), LOOK_AGAIN));
        }
        Readiness::Waiting { message, part } => {
            return Ok(readiness::waiting(&params.name, &message, part, LOOK_AGAIN));
        }
        Readiness::Unknown { message } => return Ok(readiness::unknown(subject(params), &message)),
        Readiness::Failed { message } => {
            return Ok(blocked(
                format!("Heroku could not create the database {}: \"{message}\".", params.name),
                format!(
                    "Remove it (`heroku addons:destroy {} -a {}`) and retry, or turn back.",
                    params.name, params.app
                ),
            ));
        }
    }
    let Some(database) = if_found(context.clients.data.database(&params.name).await)? else {
        return Ok(underway(format!("the add-on {} is there, its database not yet", params.name), LOOK_AGAIN));
    };
    match Role::of(context, &database, &params.leader).await? {
        Role::Follower => Ok(satisfied(output(context, params, addon).await?)),
        Role::Unknown => Ok(role::unknown(subject(params))),
        other => Ok(foreign(params, &other.spoken(&params.leader))),
    }
}

async fn output(context: &Context, params: &Params, addon: &Addon) -> Result<Output, Fault> {
    let attachments = context.clients.platform.app_attachments(&params.app).await?;
    let mut own = attachments.into_iter().filter(|attachment| attachment.addon.id == addon.id).collect::<Vec<_>>();
    own.sort_by_key(|attachment| attachment.name != params.alias);
    let (alias, config_var) = match own.first() {
        Some(attachment) => (attachment.name.clone(), attachment.url_var()),
        None => (params.alias.clone(), format!("{}_URL", params.alias)),
    };
    Ok(Output { name: addon.name.clone(), id: addon.id.clone(), alias, config_var })
}

fn subject(params: &Params) -> Subject<'_> {
    Subject { app: &params.app, database: &params.name }
}

fn will(params: &Params) -> String {
    format!(
        "create the add-on {} ({}) on {}: a follower of {}, attached as {}; it is billed from its creation on",
        params.name, params.plan, params.app, params.leader, params.alias
    )
}

fn foreign(params: &Params, what: &str) -> Seen<Output> {
    blocked(
        format!(
            "An add-on {} exists already, but it {what}; it should be a follower of {}.",
            params.name, params.leader
        ),
        format!(
            "It is not taken over and not removed. Plan again with another name (--follower-name), or look at it with \
             `heroku pg:info {} -a {}`.",
            params.name, params.app
        ),
    )
}

fn removed(params: &Params, addon: &Addon) -> Seen<Output> {
    blocked(
        format!("The add-on {} is {}: its creation failed, or somebody removed it.", params.name, addon.state),
        format!("`heroku addons -a {}` shows when it is gone; then retry.", params.app),
    )
}

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::postgres::readiness::{self, Readiness};
use crate::actions::postgres::subject::Subject;
use crate::actions::sight::{blocked, satisfied, unclear, underway};
use crate::actions::{Action, Context};
use crate::heroku::if_found;
use crate::heroku::platform::{Addon, AddonState, NewAddon};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates an empty database under a name that was chosen before, and waits until it is ready: by the name an interrupted
/// creation is found again.
pub(in crate::actions) struct Create;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that will own the database.
    app: String,
    /// The name of its add-on.
    name: String,
    /// Its plan, for example `heroku-postgresql:standard-0`.
    plan: String,
    /// The name of its attachment to the app.
    alias: String,
    /// Its Postgres major version.
    version: u32,
}

/// The database.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The add-on's name.
    name: String,
    /// The add-on's id.
    id: String,
    /// The config var that holds its address.
    config_var: String,
}

/// Seconds between two looks while Heroku creates the database.
const LOOK_AGAIN: u64 = 15;

impl Action for Create {
    const NAME: &'static str = "postgres.create";
    const SUMMARY: &'static str = "Create an empty database and wait until it is ready.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(&params.name).await)? else {
            let will = format!(
                "create the add-on {} ({}, Postgres {}) on {}, attached as {}; it is billed from its creation on",
                params.name, params.plan, params.version, params.app, params.alias
            );
            return Ok(ready_unless_accepted(context, prior, vec![will]));
        };
        if let Some(seen) = foreign(params, &addon) {
            return Ok(seen);
        }
        match &addon.state {
            AddonState::Provisioned => database(context, params, addon).await,
            AddonState::Provisioning => Ok(underway(format!("Heroku is provisioning {}", params.name), LOOK_AGAIN)),
            AddonState::Deprovisioning | AddonState::Deprovisioned => Ok(blocked(
                format!("The add-on {} is {}: its creation failed, or somebody removed it.", params.name, addon.state),
                format!("`heroku addons -a {}` shows when it is gone; then retry.", params.app),
            )),
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
            config: BTreeMap::from([("version".to_owned(), params.version.to_string())]),
            confirm: None,
        };
        let answer = context.clients.platform.create_addon(&permit, &params.app, &new).await?;
        let said = format!("add-on {} is {}", answer.value.name, answer.value.state);
        Ok(receipt(&answer, said, json!({"addon": answer.value.id})))
    }
}

async fn database(context: &Context, params: &Params, addon: Addon) -> Result<Seen<Output>, Fault> {
    let name = &params.name;
    Ok(match Readiness::of_database(context, name).await? {
        Readiness::Ready => {
            satisfied(Output { name: addon.name, id: addon.id, config_var: format!("{}_URL", params.alias) })
        }
        Readiness::Missing => underway(format!("the add-on {name} is there, its database not yet"), LOOK_AGAIN),
        Readiness::Waiting { message, part } => readiness::waiting(name, &message, part, LOOK_AGAIN),
        Readiness::Unknown { message } => readiness::unknown(Subject { app: &params.app, database: name }, &message),
        Readiness::Failed { message } => blocked(
            format!("Heroku could not create the database {name}: \"{message}\"."),
            format!("Remove it (`heroku addons:destroy {name} -a {}`) and retry, or turn back.", params.app),
        ),
    })
}

fn foreign(params: &Params, addon: &Addon) -> Option<Seen<Output>> {
    let what = if addon.app.name != params.app {
        format!("it belongs to the app {}", addon.app.name)
    } else if addon.plan.name != params.plan {
        format!("its plan is {}", addon.plan.name)
    } else {
        return None;
    };
    Some(blocked(
        format!(
            "An add-on {} exists already, but {what}; it should be {} on {}.",
            params.name, params.plan, params.app
        ),
        "It is not taken over and not removed. Plan again with another name for the new database.",
    ))
}

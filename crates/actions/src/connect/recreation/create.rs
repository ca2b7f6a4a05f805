use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_heroku::platform::{Addon, AddonState, NewAddon};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates the add-on of a connection under a name that was chosen before: by the name an interrupted creation is found
/// again.
pub(crate) struct Create;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that will own it.
    app: String,
    /// The add-on's name.
    name: String,
    /// Its plan, for example `herokuconnect:enterprise`.
    plan: String,
    /// The name of its attachment to the app; Heroku chooses one when absent.
    #[serde(default)]
    attachment: Option<String>,
}

/// The add-on.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its name.
    name: String,
    /// Its id.
    id: String,
}

impl Action for Create {
    const NAME: &'static str = "connect.create";
    const SUMMARY: &'static str = "Create the add-on of a new connection.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(&params.name).await)? else {
            let will = format!(
                "create the add-on {} ({}) on {}; it is billed from its creation on",
                params.name, params.plan, params.app
            );
            return Ok(ready_unless_accepted(context, prior, vec![will]));
        };
        if let Some(seen) = foreign(params, &addon) {
            return Ok(seen);
        }
        Ok(match &addon.state {
            AddonState::Provisioned => satisfied(Output { name: addon.name, id: addon.id }),
            AddonState::Provisioning => underway(format!("Heroku is provisioning {}", params.name), 5),
            AddonState::Deprovisioning | AddonState::Deprovisioned => blocked(
                format!("The add-on {} is {}: its creation failed, or somebody removed it.", params.name, addon.state),
                format!("`heroku addons -a {}` shows when it is gone; then retry.", params.app),
            ),
            AddonState::Other(_) => unclear(
                format!("The add-on {} has the state \"{}\", which hcops does not know.", params.name, addon.state),
                format!("Is {} provisioned? (`heroku addons:info {0}`)", params.name),
            ),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let new = NewAddon {
            plan: params.plan.clone(),
            name: Some(params.name.clone()),
            attachment: params.attachment.clone(),
            config: BTreeMap::new(),
            confirm: None,
        };
        let answer = context.clients.platform.create_addon(&permit, &params.app, &new).await?;
        let said = format!("add-on {} is {}", answer.value.name, answer.value.state);
        Ok(receipt(&answer, said, json!({"addon": answer.value.id})))
    }
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
        format!("It is not taken over. See what it is (`heroku addons:info {}`).", params.name),
    ))
}

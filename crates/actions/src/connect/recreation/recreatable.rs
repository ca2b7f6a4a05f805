use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks, before anything is changed, what making the connection anew will need: the old add-on under its plan, a free
/// name for the new one, a way to log in to Salesforce.
pub(crate) struct Recreatable;

/// The old connection and the new one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app.
    app: String,
    /// The old connection's add-on, by name.
    resource: String,
    /// The new connection's add-on, by name.
    new_name: String,
    /// The plan of both.
    plan: String,
    /// Where Salesforce is logged in to: `production`, `sandbox` or `custom`.
    environment: String,
    /// The login domain, for `custom`.
    #[serde(default)]
    domain: Option<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The plan that the new connection gets.
    plan: String,
    /// The name that is free for it.
    free_name: String,
}

impl Action for Recreatable {
    const NAME: &'static str = "connect.recreatable";
    const SUMMARY: &'static str = "Check that a connection can be removed and made anew.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let addon = context.clients.platform.addon(&params.resource).await?;
        if addon.app.name != params.app {
            return Ok(other_owner(params, &addon.app.name));
        }
        if addon.plan.name != params.plan {
            return Ok(other_plan(params, &addon.plan.name));
        }
        if params.environment == "custom" && params.domain.is_none() {
            return Ok(blocked(
                format!("{} logs in to Salesforce at a domain of its own, and none is named.", params.resource),
                "Name it with --domain, for example https://acme.my.salesforce.com.",
            ));
        }
        let attachments = context.clients.platform.addon_attachments(&addon.id).await?;
        if let Some(other) = attachments.iter().find(|attachment| attachment.app.name != params.app) {
            return Ok(blocked(
                format!("{} is attached to {} as {} too.", params.resource, other.app.name, other.name),
                format!(
                    "An add-on that other apps have is not removed without force. Where nobody needs it there, detach it: \
                     `heroku addons:detach {} -a {}`.",
                    other.name, other.app.name
                ),
            ));
        }
        if let Some(other) = if_found(context.clients.platform.addon(&params.new_name).await)? {
            return Ok(blocked(
                format!("An add-on {} exists already, on {}.", params.new_name, other.app.name),
                "Choose another name for the new connection: --new-name.",
            ));
        }
        Ok(satisfied(Output { plan: params.plan.clone(), free_name: params.new_name.clone() }))
    }
}

fn other_owner(params: &Params, owner: &str) -> Seen<Output> {
    blocked(
        format!("{} belongs to {owner}, not to {}.", params.resource, params.app),
        format!(
            "An add-on is removed and made anew on the app that owns it: `hcops plan connection-recreate -a {owner}`."
        ),
    )
}

fn other_plan(params: &Params, plan: &str) -> Seen<Output> {
    blocked(
        format!("{} has the plan {plan}; the new connection would get {}.", params.resource, params.plan),
        "The plan decides rows and polling. Change the plan first if that is meant, then plan again.",
    )
}

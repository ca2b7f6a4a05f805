use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_heroku::platform::{Addon, AddonState};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen, Steadiness};

/// Removes a connection with its add-on: exactly the one that the plan is about, known by its id.
///
/// The connection, its state, its collaborators and its audit trail are gone then; the tables in Postgres stay
/// (docs/heroku/procedures.md, "Recreate the connection"). Seen gone twice, because a removal may be answered while it
/// goes on (docs/heroku/procedures.md, "Accepted is not done").
pub(crate) struct Destroy;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns it.
    app: String,
    /// Its add-on, by name.
    resource: String,
    /// The add-on's id.
    addon_id: String,
}

/// What is gone.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The name of the add-on that does not exist any more.
    destroyed: String,
}

impl Action for Destroy {
    const NAME: &'static str = "connect.destroy";
    const SUMMARY: &'static str = "Remove a connection with its add-on.";
    const EFFECT: Effect = Effect::Idempotent;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(15) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(&params.resource).await)? else {
            return Ok(gone(params));
        };
        if addon.id != params.addon_id {
            return Ok(another(params, &addon));
        }
        Ok(match &addon.state {
            AddonState::Deprovisioned => gone(params),
            AddonState::Deprovisioning => underway(format!("Heroku is removing {}", params.resource), 5),
            AddonState::Provisioned | AddonState::Provisioning => {
                ready_unless_accepted(context, prior, vec![will(params)])
            }
            AddonState::Other(_) => unclear(
                format!("The add-on {} has the state \"{}\", which hcops does not know.", params.resource, addon.state),
                format!("Is {} gone? (`heroku addons:info {0}`)", params.resource),
            ),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.platform.destroy_addon(&permit, &params.app, &params.addon_id).await?;
        let said = format!("add-on {} is {}", params.resource, answer.value.state);
        Ok(receipt(&answer, said, Value::Null))
    }
}

fn will(params: &Params) -> String {
    format!(
        "destroy the add-on {} of {}: the connection, its collaborators and its audit trail; the tables in Postgres stay",
        params.resource, params.app
    )
}

fn another(params: &Params, addon: &Addon) -> Seen<Output> {
    blocked(
        format!("{} is another add-on now ({}) than when the plan was made.", params.resource, addon.id),
        "Somebody has made it anew under the same name. Plan again.",
    )
}

fn gone(params: &Params) -> Seen<Output> {
    satisfied(Output { destroyed: params.resource.clone() })
}

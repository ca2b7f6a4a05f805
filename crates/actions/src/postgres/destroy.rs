use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_heroku::platform::{Addon, AddonState, Attachment};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen, Steadiness};

/// Removes the database that this run created, and no other: the way back from `postgres.follow`.
///
/// It refuses an add-on of another app, one without the attachment that marks it as created by the run, and one that is
/// used under any other name. Seen gone twice, because an interrupted creation may show late.
pub(crate) struct Destroy;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns it.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The name of the attachment that it was created with; the only one that it may have.
    only_if_created_as: String,
}

/// What is gone.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The name of the add-on that does not exist any more.
    destroyed: String,
}

impl Action for Destroy {
    const NAME: &'static str = "postgres.destroy";
    const SUMMARY: &'static str = "Remove a database that this run created.";
    const EFFECT: Effect = Effect::Idempotent;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(15) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(&params.database).await)? else {
            return Ok(gone(params));
        };
        match &addon.state {
            AddonState::Deprovisioned => Ok(gone(params)),
            AddonState::Deprovisioning => Ok(underway(format!("Heroku is removing {}", params.database), 5)),
            AddonState::Provisioned | AddonState::Provisioning => judge(context, params, prior, &addon).await,
            AddonState::Other(_) => Ok(unclear(
                format!("The add-on {} has the state \"{}\", which hcops does not know.", params.database, addon.state),
                format!("Is {} gone? (`heroku addons:info {0}`)", params.database),
            )),
        }
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.platform.destroy_addon(&permit, &params.app, &params.database).await?;
        let said = format!("add-on {} is {}", params.database, answer.value.state);
        Ok(receipt(&answer, said, Value::Null))
    }
}

async fn judge(context: &Context, params: &Params, prior: &Prior, addon: &Addon) -> Result<Seen<Output>, Fault> {
    if addon.app.name != params.app {
        return Ok(refused(params, &format!("it belongs to the app {}", addon.app.name)));
    }
    let attachments = context.clients.platform.addon_attachments(&params.database).await?;
    let (own, others): (Vec<_>, Vec<_>) =
        attachments.iter().partition(|attachment| attachment.name == params.only_if_created_as);
    if let Some(reason) = in_use(&others) {
        return Ok(refused(params, &reason));
    }
    // A database that is being made or removed may be listed without its attachments for a moment.
    if own.is_empty() && (addon.state == AddonState::Provisioning || prior.intended_at.is_some()) {
        return Ok(underway(format!("waiting for Heroku to show the attachments of {}", params.database), 5));
    }
    if own.is_empty() {
        return Ok(refused(params, &format!("it has no attachment {}", params.only_if_created_as)));
    }
    let will = format!("destroy the add-on {} of {} with all its data", params.database, params.app);
    Ok(ready_unless_accepted(context, prior, vec![will]))
}

fn in_use(others: &[&Attachment]) -> Option<String> {
    let names: Vec<String> = others.iter().map(|other| format!("{} of {}", other.name, other.app.name)).collect();
    (!names.is_empty()).then(|| format!("it is in use as {}", names.join(", ")))
}

fn refused(params: &Params, reason: &str) -> Seen<Output> {
    blocked(
        format!("{} is not destroyed: {reason}, so it is not only what this run created.", params.database),
        format!(
            "See who uses it (`heroku addons:info {0}`). Where nobody does, remove it by hand: `heroku addons:destroy {0} \
             -a {1}`.",
            params.database, params.app
        ),
    )
}

fn gone(params: &Params) -> Seen<Output> {
    satisfied(Output { destroyed: params.database.clone() })
}

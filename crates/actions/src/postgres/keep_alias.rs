use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::alias::{self, OneAlias};
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::platform::NewAttachment;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Gives a database a spare attachment, so that it keeps one when its others are moved.
///
/// The official client does the same before it promotes (docs/heroku/data.md, "Promotion by the official client"). The
/// name is chosen beforehand: it is the mark by which an interrupted attaching is found.
pub(crate) struct KeepAlias;

/// The spare attachment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its name.
    alias: String,
    /// The config var that holds the database's address.
    config_var: String,
}

impl Action for KeepAlias {
    const NAME: &'static str = "postgres.keep-alias";
    const SUMMARY: &'static str = "Give a database a spare attachment.";
    const EFFECT: Effect = Effect::Findable;
    type Params = OneAlias;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneAlias, prior: &Prior) -> Result<Seen<Output>, Fault> {
        Ok(match alias::find(context, &params.app, &params.alias).await? {
            Some(found) if found.addon.name == params.database => {
                satisfied(Output { alias: found.name.clone(), config_var: found.url_var() })
            }
            Some(found) => blocked(
                format!("{} of {} leads to {} already.", params.alias, params.app, found.addon.name),
                format!(
                    "The name was chosen for {}. See whose attachment it is (`heroku addons -a {1}`), remove it (`heroku \
                     addons:detach {2} -a {1}`) and retry.",
                    params.database, params.app, params.alias
                ),
            ),
            None => {
                let will = format!("attach {} to {} as {} as well", params.database, params.app, params.alias);
                ready_unless_accepted(context, prior, vec![will])
            }
        })
    }

    async fn act(&self, context: &Context, params: &OneAlias, permit: Permit) -> Result<Receipt, Fault> {
        let new = NewAttachment {
            addon: params.database.clone(),
            app: params.app.clone(),
            name: Some(params.alias.clone()),
            confirm: None,
            namespace: None,
        };
        let answer = context.clients.platform.attach(&permit, &new).await?;
        let said = format!("{} is attached as {}", params.database, answer.value.name);
        Ok(receipt(&answer, said, json!({"attachment": answer.value.id})))
    }
}

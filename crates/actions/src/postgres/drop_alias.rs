use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::alias::{self, OneAlias};
use crate::acceptance::{nothing_to_do, ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Removes a spare attachment again. A database's only attachment, and one that leads elsewhere, is left alone.
pub(crate) struct DropAlias;

/// What is left.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The name that no attachment has any more.
    removed: String,
}

impl Action for DropAlias {
    const NAME: &'static str = "postgres.drop-alias";
    const SUMMARY: &'static str = "Remove a database's spare attachment.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = OneAlias;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneAlias, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(found) = alias::find(context, &params.app, &params.alias).await? else {
            return Ok(satisfied(Output { removed: params.alias.clone() }));
        };
        if found.addon.name != params.database {
            return Ok(blocked(
                format!(
                    "{} of {} leads to {}, not to {}.",
                    params.alias, params.app, found.addon.name, params.database
                ),
                "It is left alone. Remove it by hand if nobody needs it.",
            ));
        }
        let all = context.clients.platform.addon_attachments(&params.database).await?;
        if all.iter().all(|attachment| attachment.id == found.id) {
            return Ok(blocked(
                format!("{} of {} is the only attachment of {}.", params.alias, params.app, params.database),
                "It is left alone: without it no app could reach the database. Attach it under another name first.",
            ));
        }
        let will =
            format!("remove the attachment {} of {}; {} keeps its others", params.alias, params.app, params.database);
        Ok(ready_unless_accepted(context, prior, vec![will]))
    }

    async fn act(&self, context: &Context, params: &OneAlias, permit: Permit) -> Result<Receipt, Fault> {
        match alias::find(context, &params.app, &params.alias).await? {
            Some(found) if found.addon.name == params.database => {
                let answer = context.clients.platform.detach(&permit, &found.id).await?;
                Ok(receipt(&answer, format!("the attachment {} is removed", params.alias), Value::Null))
            }
            _ => Ok(nothing_to_do(format!("{} has no attachment {} of this database", params.app, params.alias))),
        }
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::transfers;
use crate::acceptance::{nothing_to_do, ready_unless_accepted, receipt};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Cancels a copy that is under way into a database: the way back from `postgres.copy`. What was copied until then stays
/// in the target.
pub(crate) struct CancelCopy;

/// Which copy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the target.
    app: String,
    /// The database that is copied into, by its add-on's name.
    target: String,
}

/// What is left.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many copies into it are under way: none.
    under_way: usize,
}

impl Action for CancelCopy {
    const NAME: &'static str = "postgres.cancel-copy";
    const SUMMARY: &'static str = "Cancel a copy that is under way into a database.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        Ok(match running(context, params).await? {
            None => satisfied(Output { under_way: 0 }),
            Some(_) => {
                let will = format!("cancel the copy into {}", params.target);
                ready_unless_accepted(context, prior, vec![will])
            }
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let Some(transfer) = running(context, params).await? else { return Ok(nothing_to_do("no copy was under way")) };
        let answer = context.clients.data.cancel_transfer(&permit, &params.app, &transfer).await?;
        Ok(receipt(&answer, format!("the copy {transfer} was cancelled ({})", answer.status), json!(Value::Null)))
    }
}

/// The id of the copy that is under way. Where the target does not exist there is none.
async fn running(context: &Context, params: &Params) -> Result<Option<String>, Fault> {
    let Some(target) = if_found(transfers::address(context, &params.target).await)? else { return Ok(None) };
    let found = transfers::into(context, &params.app, &target).await?;
    Ok(found.into_iter().find(transfers::is_under_way).map(|transfer| transfer.uuid))
}

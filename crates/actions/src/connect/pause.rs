use serde_json::Value;

use super::condition::{self, Condition};
use super::pointer::name;
use super::subject::{ConnectionIs, OneConnection};
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Pauses a connection and waits until it is `PAUSED`.
///
/// A pause is legal in `IDLE` only, and an accepted one is not yet a pause: pending work is finished first
/// (docs/heroku/connect.md, "Connection states"; docs/heroku/procedures.md, "Pause and resume" and
/// "Accepted is not done").
pub(crate) struct Pause;

impl Action for Pause {
    const NAME: &'static str = "connect.pause";
    const SUMMARY: &'static str = "Pause a connection and wait until it is PAUSED.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = OneConnection;
    type Output = ConnectionIs;

    async fn observe(
        &self,
        context: &Context,
        params: &OneConnection,
        prior: &Prior,
    ) -> Result<Seen<ConnectionIs>, Fault> {
        let connection = params.pointer().look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Paused => satisfied(ConnectionIs::of(&connection)),
            Condition::Idle => {
                let will = format!(
                    "pause sync on {}: changes collect in the trigger log and in Salesforce",
                    name(&connection)
                );
                ready_unless_accepted(context, prior, vec![will])
            }
            Condition::Working => condition::working(&connection),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }

    async fn act(&self, context: &Context, params: &OneConnection, permit: Permit) -> Result<Receipt, Fault> {
        let address = params.pointer().address(context)?;
        let answer = context.clients.connect.pause(&permit, &address).await?;
        Ok(receipt(&answer, format!("the pause was accepted ({})", answer.status), Value::Null))
    }
}

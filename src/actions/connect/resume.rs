use std::time::Duration;

use serde_json::Value;

use super::condition::{self, Condition};
use super::pointer::name;
use super::subject::{ConnectionIs, OneConnection};
use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::sight::satisfied;
use crate::actions::{Action, Context};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen, Steadiness};

/// Resumes a connection and waits until it has left `PAUSED` for a healthy state.
///
/// Seen twice, because a pause that was accepted a moment ago may still take effect after a first look.
pub(in crate::actions) struct Resume;

impl Action for Resume {
    const NAME: &'static str = "connect.resume";
    const SUMMARY: &'static str = "Resume a connection and wait until it has left PAUSED.";
    const EFFECT: Effect = Effect::Idempotent;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(20) };
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
            Condition::Paused => {
                let will = format!("resume sync on {}: both sides catch up on what has collected", name(&connection));
                ready_unless_accepted(context, prior, vec![will])
            }
            Condition::Idle | Condition::Working => satisfied(ConnectionIs::of(&connection)),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }

    async fn act(&self, context: &Context, params: &OneConnection, permit: Permit) -> Result<Receipt, Fault> {
        let address = params.pointer().address(context)?;
        let answer = context.clients.connect.resume(&permit, &address).await?;
        Ok(receipt(&answer, format!("the resumption was accepted ({})", answer.status), Value::Null))
    }
}

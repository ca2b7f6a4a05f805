use super::condition::{self, Condition};
use super::subject::{ConnectionIs, OneConnection};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Waits until a connection has no work in progress: `IDLE`, or `PAUSED` already.
///
/// `PAUSED` counts because it is only reached from `IDLE`: where a pause runs beside this wait, either may come first.
pub(crate) struct Idle;

impl Action for Idle {
    const NAME: &'static str = "connect.idle";
    const SUMMARY: &'static str = "Wait until a connection has no work in progress.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneConnection;
    type Output = ConnectionIs;

    async fn observe(
        &self,
        context: &Context,
        params: &OneConnection,
        _prior: &Prior,
    ) -> Result<Seen<ConnectionIs>, Fault> {
        let connection = params.pointer().look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Idle | Condition::Paused => satisfied(ConnectionIs::of(&connection)),
            Condition::Working => condition::working(&connection),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }
}

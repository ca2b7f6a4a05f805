use super::condition::{self, Condition};
use super::pointer::{name, options};
use super::subject::{ConnectionIs, OneConnection};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while a connection is `PAUSED`.
pub(crate) struct Paused;

impl Action for Paused {
    const NAME: &'static str = "connect.paused";
    const SUMMARY: &'static str = "Check that a connection is paused.";
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
            Condition::Paused => satisfied(ConnectionIs::of(&connection)),
            Condition::Unknown => condition::unknown(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Idle | Condition::Working | Condition::Changing => blocked(
                format!("{} is {}, not PAUSED: sync runs.", name(&connection), connection.state),
                format!(
                    "Somebody has resumed it: a colleague in the dashboard, or another run. Find out who, then pause it \
                     again in IDLE (`heroku connect:pause {}`). What it wrote meanwhile must reach the follower before the \
                     run goes on.",
                    options(&connection)
                ),
            ),
        })
    }
}

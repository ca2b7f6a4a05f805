use schemars::JsonSchema;
use serde::Serialize;

use crate::connect::pointer::name;
use crate::connect::subject::OneConnection;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Notes as whom a connection is logged in to Salesforce, and since when: a new login is told by what is otherwise then.
///
/// Any state will do: nothing is judged here.
pub(crate) struct Authorization;

/// The login as it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The connection's state.
    state: String,
    /// When somebody last logged in, as Connect writes it; absent where that is not shown.
    updated: Option<String>,
    /// The Salesforce user that it acts as, where that is shown.
    username: Option<String>,
    /// The same in a sentence.
    seen: String,
}

impl Action for Authorization {
    const NAME: &'static str = "connect.authorization";
    const SUMMARY: &'static str = "Note as whom a connection is logged in to Salesforce, and since when.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneConnection;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneConnection, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = params.pointer().look(context).await?;
        let username = connection.sf_info.as_ref().and_then(|info| info.username.clone());
        let updated = connection.auth_updated.as_ref().map(|moment| moment.raw.clone());
        let seen = format!(
            "{} is {}, as {}, login of {}",
            name(&connection),
            connection.state,
            username.as_deref().unwrap_or("a user that is not shown"),
            updated.as_deref().unwrap_or("a time that is not shown")
        );
        Ok(satisfied(Output { state: connection.state.to_string(), updated, username, seen }))
    }
}

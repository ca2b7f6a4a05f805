use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{satisfied, unclear};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Gains access to a connection: adds the token's owner to its access list, which is empty at first
/// (docs/heroku/connect.md, "Access"), and says where the connection is.
pub(crate) struct Access;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app.
    app: String,
    /// The connection's add-on, by name.
    resource: String,
}

/// Where the connection is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its id.
    connection: String,
    /// The address of its region.
    region_url: String,
}

impl Action for Access {
    const NAME: &'static str = "connect.access";
    const SUMMARY: &'static str = "Gain access to a connection, and find out where it is.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let mut found = context.clients.connect.search(&params.app, Some(&params.resource)).await?;
        // The server has picked them by this name already; a result need not repeat it.
        found.retain(|one| one.resource_name.is_empty() || one.resource_name == params.resource);
        Ok(match (found.pop(), found.is_empty()) {
            (Some(only), true) => satisfied(Output { connection: only.id, region_url: only.region_url }),
            (Some(_), false) => unclear(
                format!("Discovery shows several connections {}.", params.resource),
                format!("Which one is it? (`heroku connect:info -a {}`)", params.app),
            ),
            (None, _) => {
                let will = format!("put this account on the access list of the connections of {}", params.app);
                ready_unless_accepted(context, prior, vec![will])
            }
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let answer = context.clients.connect.gain_access(&permit, &params.app).await?;
        let said = match answer.value.connections.iter().filter(|one| one.is_sync()).count() {
            1 => "1 connection is visible".to_owned(),
            count => format!("{count} connections are visible"),
        };
        Ok(receipt(&answer, said, Value::Null))
    }
}

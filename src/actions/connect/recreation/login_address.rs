use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actions::acceptance::receipt;
use crate::actions::connect::condition::{self, Condition};
use crate::actions::connect::pointer::{Pointer, name};
use crate::actions::sight::satisfied;
use crate::actions::{Action, Context};
use crate::heroku::connect::{ConnectionState, SalesforceLogin};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Asks Connect for the address where a person logs in to Salesforce for a connection.
///
/// The address is shown to that person, and so it is in the run's journal. It opens nothing by itself: whoever follows it
/// needs a Salesforce login of their own.
pub(in crate::actions) struct LoginAddress;

/// Which connection, and where its organisation is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// `production`, `sandbox` or `custom`.
    environment: String,
    /// The login domain, for `custom`.
    #[serde(default)]
    domain: Option<String>,
    /// Whether it is asked for although the connection is logged in: somebody is to log in anew.
    #[serde(default)]
    anew: bool,
}

/// Where to log in.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The address; absent when nobody has to log in any more.
    address: Option<String>,
}

/// Where the browser goes after the login, as with the official client (docs/heroku/connect.md, "Login"). Nothing
/// has to listen there: the login is over by then.
const NEXT: &str = "http://localhost:18000";

impl Action for LoginAddress {
    const NAME: &'static str = "connect.login-address";
    const SUMMARY: &'static str = "Ask for the address where a person logs in to Salesforce.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let waits = matches!(connection.state, ConnectionState::NeedAuthentication | ConnectionState::Unauthorized);
        if waits || params.anew {
            let address = prior.receipt.as_ref().and_then(|receipt| receipt.marks["address"].as_str());
            return Ok(match address {
                Some(address) => satisfied(Output { address: Some(address.to_owned()) }),
                None => Seen::Ready {
                    will: vec![format!("ask for the address of a Salesforce login for {}", name(&connection))],
                },
            });
        }
        Ok(match Condition::of(&connection.state) {
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
            _ => satisfied(Output { address: None }),
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let login = SalesforceLogin {
            environment: params.environment.clone(),
            domain: params.domain.clone().filter(|_| params.environment == "custom"),
            next: NEXT.to_owned(),
        };
        let answer = context.clients.connect.authorize_url(&permit, &pointer(params).address(context)?, &login).await?;
        let marks = json!({"address": answer.value.open()});
        Ok(receipt(&answer, format!("Connect gave the address ({})", answer.status), marks))
    }
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::acceptance::receipt;
use crate::connect::condition::{self, Condition};
use crate::connect::pointer::{Pointer, name, options};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, ConnectionState, SalesforceLogin};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};
use hcops_secrets::handover;

/// Asks Connect for the address where a person logs in to Salesforce for a connection.
///
/// The address carries the state of the login, so it is shown at the terminal of the process that asked for it and written down
/// nowhere. What is kept is where it leads; the official client makes another one.
pub(crate) struct LoginAddress;

/// Which connection, and where its organisation is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
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
pub(crate) struct Output {
    /// Where the login is, without the path and what follows it; absent when nobody has to log in any more.
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
                Some(address) => satisfied(Output { address: Some(origin_of(address)) }),
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
        let marks = json!({"address": origin_of(answer.value.open())});
        handover::hand(&params.connection, answer.value.clone());
        Ok(receipt(&answer, format!("Connect gave the address ({})", answer.status), marks))
    }
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

/// What a person attests first, the same in each process: an answer to it counts only while it is.
pub(in crate::connect) fn open_it(connection: &Connection) -> String {
    let statement = format!(
        "Open the Salesforce login of {}: the address is shown at the terminal that asked for it, and `heroku connect:sf:auth \
         {}` makes another one.",
        name(connection),
        options(connection)
    );
    if let Some(address) = handover::handed(&connection.id) {
        handover::hand(&statement, address);
    }
    statement
}

/// The scheme and the host of an address: neither a person's name nor the state of a login.
fn origin_of(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{}", authority.rsplit('@').next().unwrap_or_default())
}

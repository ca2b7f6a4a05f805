use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connect::condition::{self, Condition};
use crate::connect::pointer::{Pointer, name};
use crate::connect::recreation::open_it;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, ConnectionState};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Has a person log in to Salesforce for a connection, and waits until the connection shows it.
///
/// A person's word is not enough: the step is done when the connection has left `NEED_AUTHENTICATION`
/// (docs/heroku/connect.md, "Connection states").
pub(crate) struct LoggedIn;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Where the person logs in; absent when that was not needed.
    #[serde(default)]
    #[expect(dead_code, reason = "runs and runbooks name it; the whole address is in no journal")]
    address: Option<String>,
}

/// Who logged in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The connection's state.
    state: String,
    /// The Salesforce user that it acts as, where that is shown.
    username: Option<String>,
    /// The Salesforce organisation, where that is shown.
    organization_id: Option<String>,
}

impl Action for LoggedIn {
    const NAME: &'static str = "connect.logged-in";
    const SUMMARY: &'static str = "Have a person log in to Salesforce, and wait until the connection shows it.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        if matches!(connection.state, ConnectionState::NeedAuthentication | ConnectionState::Unauthorized) {
            return Ok(waiting(prior, &connection));
        }
        Ok(match Condition::of(&connection.state) {
            Condition::Idle | Condition::Working | Condition::Paused => satisfied(output(connection)),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }
}

fn waiting(prior: &Prior, connection: &Connection) -> Seen<Output> {
    match prior.answer.as_deref().map(str::trim) {
        None | Some("") => Seen::Unclear {
            why: format!(
                "{} is {}: it waits for a person to log in to Salesforce.",
                name(connection),
                connection.state
            ),
            ask: ask(connection),
        },
        Some("no" | "n") => blocked(
            format!("Nobody has logged in to Salesforce for {} yet.", name(connection)),
            "Without a login nothing is synced. Log in, then answer again with yes.",
        ),
        Some(_) => underway(format!("{} still shows {}; `yes` was answered", name(connection), connection.state), 15),
    }
}

fn ask(connection: &Connection) -> Vec<String> {
    let log_in =
        "Log in as the user that the connection should act as, in the organisation that it should sync with, and \
                  allow Heroku Connect. Answer yes when it is done."
            .to_owned();
    vec![open_it(connection), log_in]
}

fn output(connection: Connection) -> Output {
    let (username, organisation) =
        connection.sf_info.map(|info| (info.username, info.organization_id)).unwrap_or_default();
    Output {
        state: connection.state.to_string(),
        username,
        organization_id: connection.organization_id.or(organisation),
    }
}

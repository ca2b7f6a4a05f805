use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connect::condition::{self, Condition};
use crate::connect::pointer::{Pointer, name};
use crate::connect::recreation::open_it;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, ConnectionState};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Has a person log in to Salesforce for a connection, and waits until the connection shows the new login.
///
/// The login of before does not count. A new one shows itself by a new `auth_updated`, or by the connection leaving
/// `NEED_AUTHENTICATION` or `UNAUTHORIZED` (docs/heroku/connect.md, "Login"). Where a connection was logged
/// in before and shows no time, nothing tells the two apart, and a person's word is asked for.
pub(crate) struct Authorized;

/// Which connection, and how it was.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Where the person logs in.
    #[serde(default)]
    #[expect(dead_code, reason = "runs and runbooks name it; the whole address is in no journal")]
    address: Option<String>,
    /// Its state before.
    state_before: String,
    /// The time of the login before; absent where that was not shown.
    #[serde(default)]
    updated_before: Option<String>,
}

/// Who is logged in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The connection's state.
    state: String,
    /// When somebody logged in, as Connect writes it.
    updated: Option<String>,
    /// The Salesforce user that it acts as, where that is shown.
    username: Option<String>,
    /// By what the new login was told from the old one.
    shown_by: String,
}

/// Seconds between two looks at a connection that somebody logs in for.
const LOOK_AGAIN: u64 = 15;

impl Action for Authorized {
    const NAME: &'static str = "connect.authorized";
    const SUMMARY: &'static str = "Have a person log in to Salesforce anew, and wait until the connection shows it.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let answer = prior.answer.as_deref().map(str::trim).filter(|answer| !answer.is_empty());
        if waits(&connection.state.to_string()) {
            return Ok(not_yet(answer, &connection));
        }
        Ok(match Condition::of(&connection.state) {
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
            Condition::Idle | Condition::Working | Condition::Paused => judge(params, answer, connection),
        })
    }
}

/// Whether a connection in this state waits for a login.
fn waits(state: &str) -> bool {
    [ConnectionState::NeedAuthentication, ConnectionState::Unauthorized].iter().any(|waiting| waiting.as_str() == state)
}

fn judge(params: &Params, answer: Option<&str>, connection: Connection) -> Seen<Output> {
    let updated = connection.auth_updated.as_ref().map(|moment| moment.raw.clone());
    if updated.is_some() && updated != params.updated_before {
        return satisfied(output(connection, updated, "its time"));
    }
    if waits(&params.state_before) {
        return satisfied(output(connection, updated, "the connection's state"));
    }
    match answer {
        Some(word) if !is_no(word) && updated.is_none() => satisfied(output(connection, updated, "a person's word")),
        _ => not_yet(answer, &connection),
    }
}

fn is_no(word: &str) -> bool {
    matches!(word, "no" | "n")
}

fn not_yet(answer: Option<&str>, connection: &Connection) -> Seen<Output> {
    match answer {
        None => Seen::Unclear {
            why: format!("{} waits for a person to log in to Salesforce.", name(connection)),
            ask: ask(connection),
        },
        Some(word) if is_no(word) => blocked(
            format!("Nobody has logged in to Salesforce for {} yet.", name(connection)),
            "The login of before is still the one that counts. Log in, then answer again with yes.",
        ),
        Some(_) => underway(
            format!("{} does not show the new login yet ({}); `yes` was answered", name(connection), connection.state),
            LOOK_AGAIN,
        ),
    }
}

fn ask(connection: &Connection) -> Vec<String> {
    let log_in =
        "Log in as the user that the connection should act as, in the organisation that it syncs with, and allow \
                  Heroku Connect. Answer yes when it is done."
            .to_owned();
    vec![open_it(connection), log_in]
}

fn output(connection: Connection, updated: Option<String>, shown_by: &str) -> Output {
    Output {
        state: connection.state.to_string(),
        updated,
        username: connection.sf_info.and_then(|info| info.username),
        shown_by: shown_by.to_owned(),
    }
}

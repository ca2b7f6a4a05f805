use jiff::{SignedDuration, Timestamp, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::condition::{self, Condition};
use super::mappings;
use super::pointer::{Pointer, name};
use crate::sight::{satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Waits until a connection can be paused: `IDLE`, and no table being loaded; `PAUSED` already counts too.
///
/// A pause is legal in `IDLE` only, and no reload or import may run (docs/heroku/procedures.md, "Pause and resume").
/// While it waits it says for how long the connection has shown its state, what is pending, and where its log is.
pub(crate) struct Quiet;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
}

/// How the connection is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its state.
    state: String,
    /// Writes that wait to be sent to Salesforce; absent where that is not shown.
    pending: Option<i64>,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 5;

impl Action for Quiet {
    const NAME: &'static str = "connect.quiet";
    const SUMMARY: &'static str = "Wait until a connection is idle and loads no table, so that it can be paused.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let since = since(context, prior, &connection);
        Ok(match Condition::of(&connection.state) {
            Condition::Idle => judge_loading(&connection),
            Condition::Paused => satisfied(output(&connection)),
            Condition::Working => working(&connection, context.clock.now().duration_since(since)),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }
}

/// Since when this process has seen the connection in its present state.
fn since(context: &Context, prior: &Prior, connection: &Connection) -> Timestamp {
    let state = connection.state.to_string();
    let known = prior.memo.as_ref().filter(|memo| memo["state"] == state.as_str());
    let since = known.and_then(|memo| memo["since"].as_str()?.parse().ok());
    let since = since.unwrap_or_else(|| context.clock.now());
    context.remember(json!({ "state": state, "since": since.to_string() }));
    since
}

fn judge_loading(connection: &Connection) -> Seen<Output> {
    let loading = mappings::loading(connection);
    if loading.is_empty() {
        return satisfied(output(connection));
    }
    underway(format!("{} is loading tables: {}", name(connection), loading.join(", ")), LOOK_AGAIN * 3)
}

fn working(connection: &Connection, shown_for: SignedDuration) -> Seen<Output> {
    let app = connection.app_name.as_deref().unwrap_or("APP");
    let shown_for = shown_for.round(Unit::Second).unwrap_or(shown_for);
    underway(
        format!(
            "{} has been {} for {shown_for:#}, {}; it can be paused in IDLE only. When it stays so, its log says why: \
             `heroku logs -d herokuconnect -a {app}`",
            name(connection),
            connection.state,
            mappings::pending_spoken(connection)
        ),
        LOOK_AGAIN,
    )
}

fn output(connection: &Connection) -> Output {
    Output { state: connection.state.to_string(), pending: mappings::pending(connection) }
}

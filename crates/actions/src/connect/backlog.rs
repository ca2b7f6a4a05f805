use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::postgres::Subject;
use crate::reach::Databases;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_database::backlog::{self, Backlog as Log, Trend};
use hcops_model::{Effect, Fault, Part, Prior, Seen};
use hcops_text::counted;

/// Reads Connect's trigger log: open, failed and oldest rows by table and state. Waits until it is drained, or only says
/// how it is.
///
/// While it waits it looks again as soon as the log tells of a new row, where the database lets it listen; otherwise every
/// ten seconds.
pub(crate) struct Backlog(pub(crate) Arc<Databases>);

/// Which log, and what is wanted of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The schema of the connection.
    schema: String,
    /// What is wanted.
    want: Want,
}

/// What is wanted of a trigger log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Want {
    /// That every captured change was sent, or settled otherwise.
    Drained,
    /// Only to know how it is.
    Report,
}

/// How the log is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Rows that are captured or in flight.
    open: u64,
    /// Rows that Salesforce rejected.
    failed: u64,
    /// Seconds since the oldest open row was captured.
    oldest_seconds: Option<f64>,
    /// Every state and table that has rows.
    groups: Vec<Rows>,
    /// All of that in a sentence.
    seen: String,
}

/// Rows of one state and table.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Rows {
    /// The state, as Connect writes it.
    state: String,
    /// The mapped table.
    table: String,
    /// How many.
    rows: u64,
    /// Seconds since the oldest was captured.
    oldest_seconds: Option<f64>,
}

/// Between two looks, unless the log tells of something earlier.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// After a wait for the log's own sign the engine need not wait as well.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Action for Backlog {
    const NAME: &'static str = "connect.backlog";
    const SUMMARY: &'static str = "Read what Connect has captured and not sent yet, and wait until it is sent.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let session = self.0.session(context, subject).await?;
        let before = prior.memo.as_ref().and_then(|memo| serde_json::from_value::<Before>(memo.clone()).ok());
        let listener = match (params.want, prior.step.is_some()) {
            (Want::Drained, true) => self.0.listener(context, subject, &params.schema).await,
            _ => None,
        };
        if let (Some(listener), Some(_)) = (&listener, &before) {
            tokio::select! {
                () = listener.notified() => {}
                () = context.clock.sleep(LOOK_AGAIN) => {}
            }
        }
        let log = backlog::read(&session, &params.schema).await?;
        if params.want == Want::Report || log.is_drained() {
            return Ok(satisfied(output(params, log)));
        }
        let trend = before.as_ref().map(|before| log.since(&before.log));
        let largest = before.map_or(0, |before| before.largest).max(log.open);
        let look_again = if listener.is_some() { AT_ONCE } else { LOOK_AGAIN };
        let seen = waiting(params, &log, trend.as_ref(), largest, look_again);
        context.remember(serde_json::to_value(Before { log, largest }).unwrap_or_default());
        Ok(seen)
    }
}

/// What was seen at the look before, for rate and progress.
#[derive(Serialize, Deserialize)]
struct Before {
    log: Log,
    /// The most open rows that were seen.
    largest: u64,
}

fn waiting(params: &Params, log: &Log, trend: Option<&Trend>, largest: u64, look_again: Duration) -> Seen<Output> {
    let note = format!("{}{}", spoken(params, log), trend.map(pace).unwrap_or_default());
    let part = Part { done: largest - log.open, of: largest, unit: "rows".to_owned() };
    Seen::Underway { note, part: Some(part), look_again }
}

fn pace(trend: &Trend) -> String {
    match trend.seconds_left {
        Some(seconds) => format!("; {:.1} rows a second, about {seconds} s left", trend.drained_per_second),
        None => "; it does not shrink".to_owned(),
    }
}

fn spoken(params: &Params, log: &Log) -> String {
    let oldest = log.oldest_seconds.map_or_else(String::new, |seconds| format!(", the oldest {seconds:.0} s old"));
    let failed = if log.failed > 0 { format!(", {} rejected by Salesforce", log.failed) } else { String::new() };
    format!("the trigger log of {} has {}{oldest}{failed}", params.schema, counted(log.open, "open row"))
}

fn output(params: &Params, log: Log) -> Output {
    let seen = spoken(params, &log);
    let groups = log.groups.into_iter();
    let rows = |group: backlog::Group| Rows {
        state: group.state,
        table: group.table,
        rows: group.rows,
        oldest_seconds: group.oldest_seconds,
    };
    Output {
        open: log.open,
        failed: log.failed,
        oldest_seconds: log.oldest_seconds,
        groups: groups.map(rows).collect(),
        seen,
    }
}

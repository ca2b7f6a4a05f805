use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::by_sql::BySql;
use super::mappings;
use super::pointer::{Pointer, name};
use crate::reach::Databases;
use crate::sight::{satisfied, underway};
use crate::{Action, Context};
use hcops_database::backlog::{self, Backlog};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};
use hcops_text::counted;

/// Notes what a connection shows now, so that later looks can be compared with it: state, pending writes, write errors; and
/// what its trigger log holds, where its database may be looked at and can be reached from here.
///
/// Any state will do: nothing is judged here. A database that can't be reached is looked at three times, then that is said and
/// does not stop anybody: to pause and to resume sync must work from anywhere.
pub(crate) struct Noted(pub(crate) Arc<Databases>);

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Its database.
    #[serde(default)]
    by_sql: BySql,
}

/// What was there.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its state.
    state: String,
    /// Writes that wait to be sent to Salesforce; absent where that is not shown.
    pending: Option<i64>,
    /// Ids of the write errors of the last 24 hours: their entries in the trigger log.
    errors: Vec<String>,
    /// Open rows of the trigger log; absent where it was not looked at.
    open: Option<u64>,
    /// The newest id that the trigger log has given out, 0 where it has given out none; absent where it was not looked at.
    newest: Option<i64>,
    /// The same for people.
    shown: String,
}

impl Action for Noted {
    const NAME: &'static str = "connect.noted";
    const SUMMARY: &'static str = "Note what a connection shows now: state, pending writes, write errors.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let errors = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        let errors: Vec<String> = errors.into_iter().map(|error| error.id).collect();
        let log = match self.log(context, &params.by_sql).await {
            Err(fault) if fault.kind == FaultKind::Transient => match may_come_back(context, prior, &fault) {
                Some(seen) => return Ok(seen),
                None => Looked::Not(fault.saw),
            },
            log => log?,
        };
        let shown = format!(
            "{} is {}, {}, {} in 24 hours; {}",
            name(&connection),
            connection.state,
            mappings::pending_spoken(&connection),
            counted(errors.len() as u64, "write error"),
            spoken(&log)
        );
        let pending = mappings::pending(&connection);
        let (open, newest) = match log {
            Looked::At(log) => (Some(log.open), log.newest_id.or(Some(0))),
            Looked::Not(_) => (None, None),
        };
        Ok(satisfied(Output { state: connection.state.to_string(), pending, errors, open, newest, shown }))
    }
}

/// The trigger log, or why it was not looked at.
enum Looked {
    At(Backlog),
    Not(String),
}

impl Noted {
    async fn log(&self, context: &Context, by_sql: &BySql) -> Result<Looked, Fault> {
        let Some(database) = by_sql.new_database() else { return Ok(Looked::Not("it was not to be".to_owned())) };
        let session = match self.0.session(context, database).await {
            Ok(session) => session,
            Err(fault) if matches!(fault.kind, FaultKind::Bug | FaultKind::Transient) => return Err(fault),
            Err(fault) => return Ok(Looked::Not(fault.saw)),
        };
        match backlog::read(&session, &by_sql.schema).await {
            Ok(log) => Ok(Looked::At(log)),
            Err(fault) if fault.kind == FaultKind::NotFound => Ok(Looked::Not(fault.saw)),
            Err(fault) => Err(fault),
        }
    }
}

/// Looks at a trigger log whose database is away before that is taken for out of reach from here.
const LOOKS: u64 = 3;
/// Seconds between two of them.
const LOOK_AGAIN: u64 = 10;

fn may_come_back(context: &Context, prior: &Prior, fault: &Fault) -> Option<Seen<Output>> {
    let looks = prior.memo.as_ref().and_then(|memo| memo["looks"].as_u64()).unwrap_or_default() + 1;
    context.remember(json!({"looks": looks}));
    let note = format!("the trigger log cannot be read now: {}", fault.saw.trim_end_matches('.'));
    (looks < LOOKS).then(|| underway(note, LOOK_AGAIN))
}

fn spoken(log: &Looked) -> String {
    match log {
        Looked::At(log) => {
            let oldest = log.oldest_seconds.map_or_else(String::new, |age| format!(", the oldest {age:.0} s old"));
            let failed =
                if log.failed > 0 { format!(", {} rejected by Salesforce", log.failed) } else { String::new() };
            format!("its trigger log has {}{oldest}{failed}", counted(log.open, "open row"))
        }
        Looked::Not(why) => format!("its trigger log was not looked at ({})", why.trim_end_matches('.')),
    }
}

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::{self, Condition};
use super::mappings;
use super::pointer::{Pointer, name, options};
use crate::actions::sight::{blocked, counted, satisfied, underway, underway_with_part};
use crate::actions::{Action, Context};
use crate::heroku::connect::{Connection, WriteError};
use crate::model::{Effect, Fault, Part, Prior, Seen, Steadiness};

/// Waits until sync works again: `IDLE`, each mapping `DATA_SYNCED`, no write pending, no new write error.
///
/// Seen twice, because right after a resumption the mappings may still show the state from before the pause
/// (`reference/procedures.md` section 3.3).
pub(in crate::actions) struct Synced;

/// Which connection, and what was there before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Ids of the write errors that were there before the resumption.
    errors_before: Vec<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// How many mappings are in sync: all.
    mappings: usize,
    /// Writes that wait to be sent to Salesforce; absent where that is not shown.
    pending: Option<i64>,
    /// Write errors that came since the resumption: none.
    new_errors: usize,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 5;

impl Action for Synced {
    const NAME: &'static str = "connect.synced";
    const SUMMARY: &'static str =
        "Wait until a connection is idle and each mapping is in sync, without new write errors.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        match Condition::of(&connection.state) {
            Condition::Broken => return Ok(condition::broken(&connection)),
            Condition::Unknown => return Ok(condition::unknown(&connection)),
            Condition::Idle | Condition::Working | Condition::Changing | Condition::Paused => {}
        }
        let errors = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        let new: Vec<&WriteError> = errors.iter().filter(|error| !params.errors_before.contains(&error.id)).collect();
        if !new.is_empty() {
            return Ok(new_errors(&connection, &new));
        }
        Ok(mappings::fault(&connection).unwrap_or_else(|| judge(&connection)))
    }
}

fn judge(connection: &Connection) -> Seen<Output> {
    let unsynced = mappings::unsynced(connection);
    if !unsynced.is_empty() {
        let note = format!("{} is {}; not in sync yet: {}", name(connection), connection.state, unsynced.join(", "));
        return underway_with_part(note, part(connection), LOOK_AGAIN);
    }
    match Condition::of(&connection.state) {
        Condition::Idle => judge_pending(connection),
        Condition::Paused => underway(
            format!(
                "{} still shows PAUSED; where somebody paused it again, `heroku connect:resume {}` resumes it",
                name(connection),
                options(connection)
            ),
            LOOK_AGAIN,
        ),
        _ => condition::working(connection),
    }
}

fn judge_pending(connection: &Connection) -> Seen<Output> {
    match mappings::pending(connection) {
        Some(pending) if pending > 0 => underway_with_part(
            format!("{}: {} to Salesforce", name(connection), mappings::pending_spoken(connection)),
            part(connection),
            LOOK_AGAIN,
        ),
        pending => satisfied(Output { mappings: connection.mappings.len(), pending, new_errors: 0 }),
    }
}

fn part(connection: &Connection) -> Part {
    Part {
        done: mappings::synced(connection) as u64,
        of: connection.mappings.len() as u64,
        unit: "mappings".to_owned(),
    }
}

fn new_errors(connection: &Connection, new: &[&WriteError]) -> Seen<Output> {
    let some: Vec<String> = new.iter().take(3).map(|error| spoken(error)).collect();
    blocked(
        format!(
            "{} since {} resumed: {}.",
            counted(new.len() as u64, "new write error"),
            name(connection),
            some.join("; ")
        ),
        format!(
            "`heroku connect:write-errors {}` shows all of them. Where they have nothing to do with the new database, skip \
             this step with that reason; a refused write is not repeated by itself.",
            options(connection)
        ),
    )
}

fn spoken(error: &WriteError) -> String {
    format!(
        "{} {}: {}",
        error.table_name.as_deref().unwrap_or("?"),
        error.record_id.as_deref().unwrap_or("?"),
        error.message
    )
}

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_sql::BySql;
use super::condition::{self, Condition};
use super::mappings;
use super::pointer::{Pointer, name, options};
use crate::reach::Databases;
use crate::sight::{blocked, satisfied, underway, underway_with_part};
use crate::{Action, Context};
use hcops_database::backlog;
use hcops_heroku::connect::{Connection, WriteError};
use hcops_model::{Effect, Fault, Part, Prior, Seen, Steadiness};
use hcops_text::counted;

/// Waits until sync is whole while apps go on writing: `IDLE`, each mapping `DATA_SYNCED`, what had collected is sent,
/// no new write error.
///
/// A busy app always has some changes on their way, so "nothing pending" may never be seen. One sender process works
/// through the trigger log (docs/heroku/connect.md, "Connection states"), oldest first: whenever fewer are pending
/// than at the look before, at least the difference was sent. What had collected counts as sent once these differences
/// make up as many, or none is pending. Those are Connect's own numbers: where the trigger log was looked at before, it says
/// itself whether every row that was captured until then is sent or settled otherwise.
pub(crate) struct Drained(pub(crate) Arc<Databases>);

/// Which connection, and what was there before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Ids of the write errors that were there before.
    errors_before: Vec<String>,
    /// Pending writes that were shown before; absent where that was not shown.
    #[serde(default)]
    pending_before: Option<i64>,
    /// Its database.
    #[serde(default)]
    by_sql: BySql,
    /// The newest id of the trigger log before, 0 where there was none; absent where that was not looked at.
    #[serde(default)]
    newest_before: Option<i64>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many mappings are in sync: all.
    mappings: usize,
    /// How many writes had collected; absent where that is not shown.
    had_collected: Option<i64>,
    /// How many were sent since, at the least; absent where that is not shown.
    sent_at_least: Option<i64>,
    /// Write errors that came since: none.
    new_errors: usize,
    /// Rows of the trigger log that had been captured before and are still open: none; absent where that was not looked at.
    left: Option<u64>,
    /// All of it, in a sentence.
    seen: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 5;

impl Action for Drained {
    const NAME: &'static str = "connect.drained";
    const SUMMARY: &'static str =
        "Wait until a connection in use is idle, each mapping in sync, and what had collected is sent.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
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
        let sending = Sending::of(params, prior, mappings::pending(&connection));
        context.remember(serde_json::to_value(&sending).unwrap_or_default());
        let left = self.left(context, params).await?;
        Ok(mappings::fault(&connection).unwrap_or_else(|| judge(&connection, &sending, left)))
    }
}

impl Drained {
    /// What is still open of what had been captured before.
    async fn left(&self, context: &Context, params: &Params) -> Result<Option<u64>, Fault> {
        let (Some(database), Some(newest)) = (params.by_sql.new_database(), params.newest_before) else {
            return Ok(None);
        };
        let session = self.0.session(context, database).await?;
        backlog::open_up_to(&session, &params.by_sql.schema, newest).await.map(Some)
    }
}

/// What had collected and how much of it is sent, over the looks of this process and what was shown before.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sending {
    /// How many writes had collected; absent while that was never shown.
    collected: Option<i64>,
    /// How many were pending when that was last shown.
    pending: Option<i64>,
    /// How many were sent, at the least: the sum of all falls.
    sent: i64,
    /// None was pending at some look.
    emptied: bool,
}

impl Sending {
    /// A first look is compared with what was shown before the resumption, so that a new process loses nothing of it.
    fn of(params: &Params, prior: &Prior, pending: Option<i64>) -> Self {
        let known = prior.memo.clone().and_then(|memo| serde_json::from_value::<Self>(memo).ok());
        let known = known.unwrap_or_else(|| Self {
            collected: params.pending_before,
            pending: params.pending_before,
            ..Self::default()
        });
        let fall = known.pending.zip(pending).map_or(0, |(last, now)| (last - now).max(0));
        Self {
            collected: known.collected.or(pending),
            pending: pending.or(known.pending),
            sent: known.sent + fall,
            emptied: known.emptied || pending == Some(0),
        }
    }

    /// Once everything that had collected is sent it stays so: new writes of a busy app change nothing about that.
    fn is_over(&self) -> bool {
        self.emptied || self.collected.is_none_or(|collected| self.sent >= collected)
    }

    fn part(&self) -> Part {
        let collected = self.collected.unwrap_or_default().unsigned_abs();
        Part { done: self.sent.unsigned_abs().min(collected), of: collected, unit: "collected writes".to_owned() }
    }
}

fn judge(connection: &Connection, sending: &Sending, left: Option<u64>) -> Seen<Output> {
    let unsynced = mappings::unsynced(connection);
    if !unsynced.is_empty() {
        let note = format!("{} is {}; not in sync yet: {}", name(connection), connection.state, unsynced.join(", "));
        return underway_with_part(note, part(connection), LOOK_AGAIN);
    }
    match Condition::of(&connection.state) {
        Condition::Idle if left.map_or_else(|| sending.is_over(), |left| left == 0) => {
            satisfied(output(connection, sending, left))
        }
        Condition::Idle => underway_with_part(unsent(connection, sending, left), sending.part(), LOOK_AGAIN),
        Condition::Paused => underway(
            format!(
                "{} still shows PAUSED; where somebody paused it again, `hcops run sync-resume` or `heroku connect:resume \
                 {}` resumes it",
                name(connection),
                options(connection)
            ),
            LOOK_AGAIN,
        ),
        _ => condition::working(connection),
    }
}

fn unsent(connection: &Connection, sending: &Sending, left: Option<u64>) -> String {
    let name = name(connection);
    if let Some(left) = left {
        let open = counted(left, "row");
        return format!("{name} is IDLE; {open} that had been captured before are still open in the trigger log");
    }
    format!(
        "{name} is IDLE; of {} that had collected at least {} are sent, {}",
        counted(sending.collected.unwrap_or_default().unsigned_abs(), "write"),
        sending.sent,
        mappings::pending_spoken(connection),
    )
}

fn output(connection: &Connection, sending: &Sending, left: Option<u64>) -> Output {
    let mappings = connection.mappings.len();
    let sent_at_least =
        sending.collected.map(|collected| if sending.emptied { collected.max(sending.sent) } else { sending.sent });
    let sent = match (sending.collected, sent_at_least) {
        (Some(collected), Some(sent)) => {
            format!("of {} that had collected at least {sent} are sent", counted(collected.unsigned_abs(), "write"))
        }
        _ => "how many writes had collected is not shown".to_owned(),
    };
    let log = match left {
        Some(_) => "nothing of what had been captured before is open in the trigger log",
        None => "the trigger log was not looked at",
    };
    let seen = format!("{} in sync; {sent}; {log}; no new write error", counted(mappings as u64, "mapping"));
    Output { mappings, had_collected: sending.collected, sent_at_least, new_errors: 0, left, seen }
}

fn part(connection: &Connection) -> Part {
    Part {
        done: mappings::synced(connection) as u64,
        of: connection.mappings.len() as u64,
        unit: "mappings".to_owned(),
    }
}

fn new_errors(connection: &Connection, new: &[&WriteError]) -> Seen<Output> {
    let some: Vec<String> = new.iter().take(3).map(|error| error.message.clone()).collect();
    blocked(
        format!(
            "{} of {} since this run began: {}.",
            counted(new.len() as u64, "new write error"),
            name(connection),
            some.join("; ")
        ),
        format!(
            "`heroku connect:write-errors {}` shows all of them. Where they have another cause, skip this step with that \
             reason; a refused write is not repeated by itself.",
            options(connection)
        ),
    )
}

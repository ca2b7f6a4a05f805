use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::condition::{self, Condition};
use super::mappings;
use super::pointer::{Pointer, name, options};
use crate::actions::sight::{blocked, counted, satisfied, underway, underway_with_part};
use crate::actions::{Action, Context};
use crate::heroku::connect::{Connection, WriteError};
use crate::model::{Effect, Fault, Part, Prior, Seen, Steadiness};

/// Waits until sync is whole while apps go on writing: `IDLE`, each mapping `DATA_SYNCED`, what had collected is sent,
/// no new write error.
///
/// A busy app always has some changes on their way, so "nothing pending" may never be seen. Connect sends the trigger log
/// in one serial stream, a cycle of which takes what is there (`reference/connect-api.md` section 4): what had collected
/// counts as sent once the pending writes have fallen to a tenth of the most that was seen, or to none.
pub(in crate::actions) struct Drained;

/// Which connection, and what was there before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Ids of the write errors that were there before.
    errors_before: Vec<String>,
    /// Pending writes that were shown before; absent where that was not shown.
    #[serde(default)]
    pending_before: Option<i64>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// How many mappings are in sync: all.
    mappings: usize,
    /// The most pending writes that were seen; absent where that is not shown.
    most_pending: Option<i64>,
    /// What they fell to; absent where that is not shown.
    fell_to: Option<i64>,
    /// Write errors that came since: none.
    new_errors: usize,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 5;

/// The share of the most pending writes, as a divisor, at which what had collected counts as sent.
const SHARE: i64 = 10;

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
        let level = Level::of(params, prior, mappings::pending(&connection));
        context.remember(json!({ "most": level.most, "fell_to": level.fell_to }));
        Ok(mappings::fault(&connection).unwrap_or_else(|| judge(&connection, level)))
    }
}

/// How the pending writes have gone, over the looks of this process and what was shown before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Level {
    most: Option<i64>,
    fell_to: Option<i64>,
}

impl Level {
    /// Once low enough, it counts as sent: new writes of a busy app change nothing about that.
    fn of(params: &Params, prior: &Prior, pending: Option<i64>) -> Self {
        let known = |field: &str| prior.memo.as_ref().and_then(|memo| memo[field].as_i64());
        let most = [known("most"), params.pending_before, pending].into_iter().flatten().max();
        let low = pending.filter(|pending| *pending == 0 || most.is_some_and(|most| pending * SHARE <= most));
        Self { most, fell_to: known("fell_to").or(low) }
    }

    const fn is_low(self) -> bool {
        self.most.is_none() || self.fell_to.is_some()
    }
}

fn judge(connection: &Connection, level: Level) -> Seen<Output> {
    let unsynced = mappings::unsynced(connection);
    if !unsynced.is_empty() {
        let note = format!("{} is {}; not in sync yet: {}", name(connection), connection.state, unsynced.join(", "));
        return underway_with_part(note, part(connection), LOOK_AGAIN);
    }
    match Condition::of(&connection.state) {
        Condition::Idle if level.is_low() => satisfied(Output {
            mappings: connection.mappings.len(),
            most_pending: level.most,
            fell_to: level.fell_to,
            new_errors: 0,
        }),
        Condition::Idle => underway(
            format!(
                "{} is IDLE, {} of at most {} seen; waiting for them to be sent",
                name(connection),
                mappings::pending_spoken(connection),
                level.most.unwrap_or_default()
            ),
            LOOK_AGAIN,
        ),
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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::unsent_rows::UnsentRows;
use crate::connect::condition::{self, Condition};
use crate::connect::mappings;
use crate::connect::pointer::{Pointer, name, options};
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Looks for what has not reached Salesforce: mappings that are not in sync, writes that wait, writes that were refused.
///
/// While sync runs, what waits is waited for. What is left then, or cannot go out because sync stands still, is kept as
/// evidence, and a person has to acknowledge it: nothing sends it any more (docs/heroku/procedures.md,
/// "Rollback recovery" and "Recreate the connection").
pub(crate) struct Unsent;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// What becomes of the rows, for the person who has to acknowledge it.
    fate: String,
    /// Whether only what waits is waited for, and nobody is asked.
    #[serde(default)]
    only_wait: bool,
}

/// What has not reached Salesforce.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Writes that wait; absent where that is not shown.
    pending: Option<i64>,
    /// Ids of the refused writes: their entries in the trigger log.
    refused: Vec<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All of it, as a document.
    document: Value,
    /// All of it, in a sentence.
    seen: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 10;

impl Action for Unsent {
    const NAME: &'static str = "connect.unsent";
    const SUMMARY: &'static str = "Look for changes that have not reached Salesforce, and have them acknowledged.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let rows = UnsentRows::of(context, &pointer).await?;
        Ok(match Condition::of(&rows.connection.state) {
            Condition::Idle | Condition::Working | Condition::Changing => while_it_runs(params, prior, &rows),
            Condition::Paused | Condition::Broken => what_is_left(params, prior, &rows),
            Condition::Unknown => condition::unknown(&rows.connection),
        })
    }
}

fn while_it_runs(params: &Params, prior: &Prior, rows: &UnsentRows) -> Seen<Output> {
    if let Some(seen) = mappings::fault(&rows.connection) {
        return seen;
    }
    let unsynced = mappings::unsynced(&rows.connection);
    if !unsynced.is_empty() {
        return underway(format!("not in sync yet: {}", unsynced.join(", ")), LOOK_AGAIN);
    }
    if rows.pending.is_some_and(|pending| pending > 0) {
        return underway(
            format!("{}: {} to Salesforce", name(&rows.connection), mappings::pending_spoken(&rows.connection)),
            LOOK_AGAIN,
        );
    }
    what_is_left(params, prior, rows)
}

fn what_is_left(params: &Params, prior: &Prior, rows: &UnsentRows) -> Seen<Output> {
    let unsynced = mappings::unsynced(&rows.connection);
    let asked = asked(params, rows, &unsynced);
    match prior.answer_to(&asked) {
        None if !params.only_wait && (!rows.is_none() || !unsynced.is_empty()) => ask(asked),
        Some("no" | "n") => blocked(
            "What has not reached Salesforce was not acknowledged.",
            format!(
                "`heroku connect:write-errors {}` shows the refused writes. Mend or repeat them, wait until nothing is pending, \
                 and retry.",
                options(&rows.connection)
            ),
        ),
        _ => satisfied(Output {
            pending: if rows.may_write() { rows.pending } else { Some(0) },
            refused: rows.refused_ids(),
            keep_as: format!("unsent-of-{}.json", name(&rows.connection)),
            document: rows.document(),
            seen: rows.spoken(),
        }),
    }
}

fn asked(params: &Params, rows: &UnsentRows, unsynced: &[String]) -> Vec<String> {
    let mut ask = vec![format!("{}: {} {}", name(&rows.connection), rows.spoken(), params.fate)];
    if !unsynced.is_empty() {
        ask.push(format!("Not in sync: {}.", unsynced.join(", ")));
    }
    let some = rows.refused.iter().take(5).map(|error| {
        let table = error.table_name.as_deref().unwrap_or("?");
        format!("Refused: {table} {}: {}", error.record_id.as_deref().unwrap_or("?"), error.message)
    });
    ask.extend(some);
    ask
}

fn ask(ask: Vec<String>) -> Seen<Output> {
    Seen::Unclear {
        why: "Something has not reached Salesforce, or it is not shown whether anything waits. With yes it is acknowledged, \
              and kept in the run's evidence."
            .to_owned(),
        ask,
    }
}

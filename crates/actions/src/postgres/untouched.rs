use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::OneDatabase;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::data::Database;
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Holds while Heroku shows nothing new in a database to which no connection may be made: transactions, tables and size
/// are as they were right before the act from which on nothing may be written. Before that act it only notes them.
///
/// What the answer does not tell is not judged. That it shows nothing new is no proof: the answer may lag behind.
pub(crate) struct Untouched;

/// Transactions that the server's own upkeep may take (autovacuum, ANALYZE), besides one for each table.
const UPKEEP: i64 = 20;
/// Seconds for which one more is allowed: whoever watches the server may take one with each look, as `txid_current()` does.
/// How Heroku looks is not documented.
const WATCHED_EVERY: i64 = 10;

/// Growth that needs no writer: upkeep makes new pages. It counts only where transactions are not told, bytes.
const PAGES: i64 = 1 << 20;

/// What Heroku shows.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Output {
    /// When it was shown.
    at: Timestamp,
    /// The newest transaction.
    transaction: Option<i64>,
    /// Number of tables.
    tables: Option<i64>,
    /// Size in bytes.
    bytes: Option<i64>,
}

impl Action for Untouched {
    const NAME: &'static str = "postgres.untouched";
    const SUMMARY: &'static str =
        "Check by what Heroku shows that nothing was written to a database since it was left.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneDatabase;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneDatabase, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let name = params.subject().database;
        let now = Output::of(&context.clients.data.database(name).await?, context.clock.now());
        let then = prior.baseline.as_ref().and_then(|then| serde_json::from_value::<Output>(then.clone()).ok());
        match then.and_then(|then| news(&then, &now)) {
            None => Ok(satisfied(now)),
            Some(news) => Ok(blocked(
                format!("{name} was written to since it was left: {news}."),
                format!(
                    "Find out who writes: an app whose maintenance mode was off, a process, a one-off dyno, the connection, \
                     or whatever else has the address of {name}. `{}` shows the same numbers.",
                    params.subject().shown_by()
                ),
            )),
        }
    }
}

impl Output {
    fn of(database: &Database, at: Timestamp) -> Self {
        let (transaction, tables) = (database.current_transaction, database.tables());
        Self { at, transaction, tables, bytes: database.num_bytes }
    }
}

/// What is there now and was not then.
fn news(then: &Output, now: &Output) -> Option<String> {
    let passed = grown(then.transaction, now.transaction);
    let watched = now.at.duration_since(then.at).as_secs().max(0) / WATCHED_EVERY;
    let allowed = UPKEEP.saturating_add(then.tables.unwrap_or_default()).saturating_add(watched);
    if let Some(passed) = passed.filter(|passed| *passed > allowed) {
        return Some(format!("{} have passed there", counted(passed.unsigned_abs(), "transaction")));
    }
    if let Some(tables) = grown(then.tables, now.tables).filter(|tables| *tables != 0) {
        return Some(format!("the number of its tables has changed by {tables}"));
    }
    let bytes = grown(then.bytes, now.bytes).filter(|bytes| passed.is_none() && *bytes > PAGES)?;
    Some(format!("it has grown by {}", counted(bytes.unsigned_abs(), "byte")))
}

fn grown(then: Option<i64>, now: Option<i64>) -> Option<i64> {
    now?.checked_sub(then?)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn shown(transaction: Option<i64>, tables: Option<i64>, bytes: Option<i64>) -> Output {
        Output { at: Timestamp::UNIX_EPOCH, transaction, tables, bytes }
    }

    #[test]
    fn what_heroku_shows_is_held_against_what_it_showed_then() {
        let then = shown(Some(1_000), Some(9), Some(5_000_000));
        for (now, told) in [
            (shown(Some(1_000), Some(9), Some(5_000_000)), None),
            (shown(Some(1_029), Some(9), Some(9_000_000)), None),
            (shown(Some(1_030), Some(9), Some(5_000_000)), Some("30 transactions have passed there")),
            (shown(Some(44_200), Some(9), Some(5_000_000)), Some("43200 transactions have passed there")),
            (shown(Some(1_001), Some(10), Some(5_000_000)), Some("the number of its tables has changed by 1")),
            (shown(None, None, Some(9_000_000)), Some("it has grown by 4000000 bytes")),
            (shown(None, None, Some(5_000_001)), None),
            (shown(None, None, None), None),
        ] {
            assert_eq!(news(&then, &now).as_deref(), told, "{now:?}");
        }
        assert_eq!(news(&shown(None, None, None), &then), None);
        let an_hour_later = |passed: i64| Output {
            at: Timestamp::UNIX_EPOCH + 3600.seconds(),
            ..shown(Some(1_000 + passed), None, None)
        };
        assert_eq!(news(&then, &an_hour_later(389)), None);
        assert!(news(&then, &an_hour_later(390)).is_some());
    }
}

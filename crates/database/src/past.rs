//! What a database of the past lacks beside the present one, by Connect's trigger log, and what a reload takes from it
//! (docs/heroku/procedures.md, "Rollback recovery"). Ids only: what the rows hold stays in the databases.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::connect::literal;
use super::rows::{self, Scope, Table};
use super::{Session, backlog};
use hcops_model::{Fault, Permit};

/// A change that the trigger log captured, without its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    /// Its id in the trigger log.
    pub id: i64,
    /// When it was captured, in the server's words.
    pub at: Option<String>,
    /// Its state, as Connect writes it.
    pub state: Option<String>,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub action: Option<String>,
    /// The mapped table, without schema.
    pub table: Option<String>,
    /// The row's id in the table.
    pub record: Option<i64>,
    /// The row's Salesforce id, where it had one.
    pub sfid: Option<String>,
}

/// Captured changes that only the present database has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// How many, by table and state.
    pub groups: Vec<Group>,
    /// The first of them: at most [`LISTED`].
    pub changes: Vec<Captured>,
}

/// Captured changes of one table and state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The mapped table, without schema.
    pub table: String,
    /// The state, as Connect writes it.
    pub state: String,
    /// How many.
    pub rows: u64,
}

impl Missing {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.groups.iter().map(|group| group.rows).sum()
    }
}

/// Rows of a mapped table that Salesforce has never had: a reload clears them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsynced {
    /// The table with its schema.
    pub table: String,
    /// How many.
    pub rows: u64,
    /// Ids of the first of them: at most [`LISTED`].
    pub ids: Vec<i64>,
}

/// Captured changes that the database of the past still shows as open, although the present one has sent or dismissed them
/// since: Connect would send them once more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentSince {
    /// How many, by table and action.
    pub groups: Vec<SentGroup>,
    /// Their ids in the trigger log.
    pub ids: Vec<i64>,
}

/// Changes of one table and action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentGroup {
    /// The mapped table, without schema.
    pub table: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub action: String,
    /// How many.
    pub rows: u64,
}

/// How a database stands to the one that it should be a past of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lineage {
    /// Its newest captured change is in the present database too, with the same time.
    Past {
        /// The newest captured change.
        newest: Captured,
    },
    /// It holds a captured change that the present database has not, or has otherwise: somebody has written to it, or it
    /// comes from elsewhere.
    Strange {
        /// The newest captured change.
        newest: Captured,
    },
    /// It has captured nothing, so that nothing can be told.
    Unknown,
}

/// How many ids are listed of each kind of row; the counts are exact.
pub const LISTED: u64 = 20_000;

/// Whether `past` holds what `present` held once, by the newest change that its trigger log knows.
///
/// # Errors
/// As the servers refuse; [`hcops_model::FaultKind::NotFound`] when a schema has no trigger log.
pub async fn lineage(past: &Session, present: &Session, schema: &str) -> Result<Lineage, Fault> {
    let Some(newest) = backlog::newest_id(past, schema).await? else { return Ok(Lineage::Unknown) };
    let which = format!("id = {newest}");
    let own = captured(past, schema, &which).await?.pop();
    let theirs = captured(present, schema, &which).await?.pop();
    let same =
        |one: &Captured, other: &Captured| (&one.at, &one.table, one.record) == (&other.at, &other.table, other.record);
    Ok(match (own, theirs) {
        (Some(own), Some(theirs)) if same(&own, &theirs) => Lineage::Past { newest: own },
        (Some(own), _) => Lineage::Strange { newest: own },
        (None, _) => Lineage::Unknown,
    })
}

/// The changes that `present` has captured and `past` has not: those after the newest id that `past` knows.
///
/// # Errors
/// As [`lineage`].
pub async fn missing(past: &Session, present: &Session, schema: &str) -> Result<Missing, Fault> {
    let newest = backlog::newest_id(past, schema).await?.unwrap_or(0);
    let which = format!("id > {newest}");
    let from = logs(present, schema, &which).await?;
    let groups = present
        .rows(&format!(
            "select coalesce(table_name, '') as table, coalesce(state, '') as state, count(*) as rows from ({from}) l
             group by 1, 2 order by 1, 2"
        ))
        .await?;
    Ok(Missing { groups, changes: captured(present, schema, &which).await? })
}

/// The rows without a Salesforce id in each mapped table that has some.
///
/// # Errors
/// As the server refuses.
pub async fn unsynced(session: &Session, schema: &str) -> Result<Vec<Unsynced>, Fault> {
    let mut found = Vec::new();
    for table in rows::tables(session, Scope::Mapped(schema)).await? {
        let unsynced = of_table(session, &table).await?;
        found.extend((unsynced.rows > 0).then_some(unsynced));
    }
    Ok(found)
}

/// The changes that are open in `past` and are over in `present`: sent, merged into another one, dismissed, or gone from its
/// log and archive. What `present` still has open was never sent; what Salesforce refused there may be tried once more.
///
/// # Errors
/// As [`lineage`].
pub async fn sent_since(past: &Session, present: &Session, schema: &str) -> Result<SentSince, Fault> {
    let open: Vec<Open> = past
        .rows(&format!(
            "select id::int8 as id, coalesce(table_name, '') as table, coalesce(action, '') as action
             from {}._trigger_log where state in ({OPEN}) order by id",
            postgres_protocol::escape::escape_identifier(schema)
        ))
        .await?;
    let mut found = SentSince::default();
    for part in open.chunks(CHUNK) {
        let which = format!("id in ({}) and state in ({OPEN}, 'FAILED')", joined(part.iter().map(|change| change.id)));
        let from = logs(present, schema, &which).await?;
        let not_sent: Vec<Identified> = present.rows(&format!("select id::int8 as id from ({from}) l")).await?;
        let not_sent: BTreeSet<i64> = not_sent.into_iter().map(|row| row.id).collect();
        part.iter().filter(|change| !not_sent.contains(&change.id)).for_each(|change| found.add(change));
    }
    Ok(found)
}

/// Marks open changes of the trigger log as `IGNORE`, so that Connect archives them without sending them. What is no longer
/// open is left as it is.
///
/// The state is one of those that Connect itself uses (Dev Center: Heroku Connect, trigger log). One transaction: all of them
/// or none.
///
/// # Errors
/// As the server refuses. The session must be its own ([`super::connect::Sessions::Own`]).
pub async fn ignore(_permit: &Permit, session: &Session, schema: &str, ids: &[i64]) -> Result<(), Fault> {
    let log = postgres_protocol::escape::escape_identifier(schema);
    let updates: String = ids
        .chunks(CHUNK)
        .map(|part| {
            let ids = joined(part.iter().copied());
            format!("update {log}._trigger_log set state = 'IGNORE' where id in ({ids}) and state in ({OPEN});")
        })
        .collect();
    session.lines(&format!("begin read write; {updates} commit")).await.map(drop)
}

/// States of a change that Connect still has to send, as an SQL list.
const OPEN: &str = "'NEW', 'PENDING', 'REQUEUE'";
/// How many ids go into one statement.
const CHUNK: usize = 10_000;

#[derive(Debug, Deserialize)]
struct Open {
    id: i64,
    table: String,
    action: String,
}

impl SentSince {
    fn add(&mut self, change: &Open) {
        self.ids.push(change.id);
        let same = |group: &&mut SentGroup| group.table == change.table && group.action == change.action;
        match self.groups.iter_mut().find(same) {
            Some(group) => group.rows += 1,
            None => self.groups.push(SentGroup { table: change.table.clone(), action: change.action.clone(), rows: 1 }),
        }
    }
}

fn joined(ids: impl Iterator<Item = i64>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}

#[derive(Debug, Deserialize)]
struct Counted {
    rows: u64,
}

#[derive(Debug, Deserialize)]
struct Identified {
    id: i64,
}

async fn of_table(session: &Session, table: &Table) -> Result<Unsynced, Fault> {
    let from = format!("from {} where sfid is null", table.quoted());
    let counted: Counted = session.row(&format!("select count(*) as rows {from}")).await?;
    let listed = format!("select id::int8 as id {from} order by 1 limit {LISTED}");
    let ids: Vec<Identified> = if counted.rows == 0 { Vec::new() } else { session.rows(&listed).await? };
    Ok(Unsynced { table: table.title(), rows: counted.rows, ids: ids.into_iter().map(|row| row.id).collect() })
}

async fn captured(session: &Session, schema: &str, which: &str) -> Result<Vec<Captured>, Fault> {
    let from = logs(session, schema, which).await?;
    session
        .rows(&format!(
            "select id::int8 as id, created_at::text as at, state, action, table_name as table, record_id::int8 as record,
                    sfid from ({from}) l order by 1 limit {LISTED}"
        ))
        .await
}

/// Log and archive together, where there is an archive: what was processed moves there.
async fn logs(session: &Session, schema: &str, which: &str) -> Result<String, Fault> {
    let quoted = postgres_protocol::escape::escape_identifier(schema);
    let of = |table: &str| {
        format!(
            "select id, created_at at time zone 'UTC' as created_at, state, action, table_name, record_id, sfid
             from {quoted}.{table} where {which}"
        )
    };
    let there = format!(
        "select count(*) as rows from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = {} and c.relname = '_trigger_log_archive'",
        literal(schema)
    );
    let has_archive = session.row::<Counted>(&there).await?.rows > 0;
    let archive = if has_archive { format!(" union all {}", of("_trigger_log_archive")) } else { String::new() };
    Ok(of("_trigger_log") + &archive)
}

#[cfg(test)]
mod tests {
    use super::{Lineage, SentGroup, ignore, lineage, missing, sent_since, unsynced};
    use crate::testing::{old_and_copy, permit};
    use crate::{Manner, Session};

    #[tokio::test]
    async fn what_only_the_present_has_is_told_and_a_stranger_is_recognised() {
        let Some((present, past)) = old_and_copy() else { return };
        let now = Session::open(&present.url("app"), Manner::LONG_READ).await.unwrap();
        let then = Session::open(&past.url("app"), Manner::LONG_READ).await.unwrap();
        assert_eq!(lineage(&then, &now, "salesforce").await.unwrap(), Lineage::Unknown);

        let shared = "insert into salesforce._trigger_log (id, state, table_name, record_id, created_at)
                      values (101, 'NEW', 'account', 1, '2026-01-01 00:00:00+00')";
        present.run("app", shared).unwrap();
        past.run("app", shared).unwrap();
        present.run("app", "insert into salesforce._trigger_log (id, state, table_name, action, record_id)
                   values (102, 'FAILED', 'account', 'UPDATE', 7), (103, 'NEW', 'account', 'INSERT', 8);
                 insert into salesforce._trigger_log_archive (id, state, table_name) values (104, 'SUCCESS', 'account')").unwrap();
        assert!(
            matches!(lineage(&then, &now, "salesforce").await.unwrap(), Lineage::Past { newest } if newest.id == 101)
        );
        let lost = missing(&then, &now, "salesforce").await.unwrap();
        assert_eq!(lost.count(), 3, "{lost:?}");
        let states: Vec<&str> = lost.groups.iter().map(|group| group.state.as_str()).collect();
        assert_eq!(states, ["FAILED", "NEW", "SUCCESS"]);
        assert_eq!((lost.changes[1].id, lost.changes[1].record), (103, Some(8)));

        past.run("app", "set xmlbinary to hex; insert into salesforce.account (name) values ('never sent')").unwrap();
        let never = unsynced(&then, "salesforce").await.unwrap();
        assert_eq!((never.len(), never[0].rows, never[0].ids.len()), (1, 1, 1), "{never:?}");
        assert!(unsynced(&now, "salesforce").await.unwrap().is_empty());

        past.run(
            "app",
            "insert into salesforce._trigger_log (id, state, table_name, record_id) values (102, 'NEW', 'account', 7)",
        )
        .unwrap();
        assert!(
            matches!(lineage(&then, &now, "salesforce").await.unwrap(), Lineage::Strange { newest } if newest.id == 102)
        );
    }

    #[tokio::test]
    async fn what_was_sent_since_is_found_and_marked_and_nothing_else() {
        let Some((present, past)) = old_and_copy() else { return };
        let now = Session::open(&present.url("app"), Manner::LONG_READ).await.unwrap();
        let then = Session::open(&past.url("app"), Manner::LONG_READ).await.unwrap();
        let open = "insert into salesforce._trigger_log (id, state, table_name, action, record_id, created_at)
                    select id, 'NEW', 'account', 'INSERT', id, '2026-01-01 00:00:00+00' from generate_series(201, 206) id;
                    update salesforce._trigger_log set action = 'UPDATE', state = 'PENDING' where id = 202";
        past.run("app", open).unwrap();
        present.run("app", open).unwrap();
        assert_eq!(sent_since(&then, &now, "salesforce").await.unwrap().ids, Vec::<i64>::new(), "all are still open");

        let later = "update salesforce._trigger_log set state = 'FAILED' where id = 203;
                     update salesforce._trigger_log set state = 'REQUEUE' where id = 204;
                     insert into salesforce._trigger_log_archive (id, state, table_name) values
                         (201, 'SUCCESS', 'account'), (202, 'MERGED', 'account');
                     delete from salesforce._trigger_log where id in (201, 202, 205)";
        present.run("app", later).unwrap();
        let sent = sent_since(&then, &now, "salesforce").await.unwrap();
        assert_eq!(sent.ids, [201, 202, 205], "a change that is gone from log and archive was processed");
        let group = |action: &str, rows| SentGroup { table: "account".to_owned(), action: action.to_owned(), rows };
        assert_eq!(sent.groups, [group("INSERT", 2), group("UPDATE", 1)]);

        ignore(&permit(), &then, "salesforce", &sent.ids).await.unwrap();
        let marked =
            then.lines("select id from salesforce._trigger_log where state = 'IGNORE' order by 1").await.unwrap();
        assert_eq!(marked.into_iter().flatten().flatten().collect::<Vec<_>>(), ["201", "202", "205"]);
        assert_eq!(sent_since(&then, &now, "salesforce").await.unwrap().ids, Vec::<i64>::new());
        ignore(&permit(), &then, "salesforce", &[]).await.unwrap();
    }
}

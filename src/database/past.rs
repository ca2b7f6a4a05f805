//! What a database of the past lacks beside the present one, by Connect's trigger log, and what a reload takes from it
//! (`reference/procedures.md`, P5). Ids only: what the rows hold stays in the databases.

use serde::{Deserialize, Serialize};

use super::connect::literal;
use super::rows::{self, Scope, Table};
use super::{Session, backlog};
use crate::model::Fault;

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
/// As the servers refuse; [`crate::model::FaultKind::NotFound`] when a schema has no trigger log.
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
    use super::{Lineage, lineage, missing, unsynced};
    use crate::database::testing::old_and_copy;
    use crate::database::{Manner, Session};

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
}

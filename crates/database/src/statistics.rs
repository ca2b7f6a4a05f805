//! Does the planner know its tables? A logical copy and `pg_upgrade` before 18 leave no statistics behind
//! (docs/heroku/postgres.md, "Planner statistics"), and the first queries of an app that goes live without them can
//! take the database down.

use serde::{Deserialize, Serialize};

use hcops_model::{Fault, Permit};

use super::Session;

/// A table and whether the planner knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableStatistics {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes, without indexes.
    pub bytes: u64,
    /// Whether the planner has statistics of its columns.
    pub known: bool,
    /// When it was last analysed, by hand or automatically, in the server's words. Absent when never on this server.
    pub analysed: Option<String>,
}

/// Tables that hold something, the largest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// All of them that this credential may read.
    pub tables: Vec<TableStatistics>,
}

impl Statistics {
    /// Tables of which the planner knows nothing. A table that was analysed on this server and still shows nothing holds no
    /// rows that live.
    pub fn unknown(&self) -> impl Iterator<Item = &TableStatistics> {
        self.tables.iter().filter(|table| !table.known && table.analysed.is_none())
    }

    /// Whether ANALYZE is needed before going live.
    #[must_use]
    pub fn is_analyze_needed(&self) -> bool {
        self.unknown().next().is_some()
    }
}

/// Columns are known by `pg_stats`, which shows what the credential may read; a table without columns is never unknown.
const TABLES: &str = "
    select n.nspname as schema, c.relname as name, pg_table_size(c.oid) as bytes,
           not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                         and has_column_privilege(c.oid, a.attnum, 'select'))
           or exists (select from pg_stats s where s.schemaname = n.nspname and s.tablename = c.relname) as known,
           greatest(t.last_analyze, t.last_autoanalyze)::text as analysed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables t on t.relid = c.oid
    where c.relkind in ('r', 'm') and c.relpersistence <> 't' and pg_relation_size(c.oid) > 0
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
      and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
    order by bytes desc, 1, 2";

/// Reads what the planner knows. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn read(session: &Session) -> Result<Statistics, Fault> {
    Ok(Statistics { tables: session.rows(TABLES).await? })
}

/// Analyses one table. The server counts this as reading, because no row changes; it needs the table's owner.
///
/// # Errors
/// As the server refuses: a follower does. On a large table the session's statement limit must be a long one. The server
/// only warns a credential that may not analyse the table, so read again afterwards and believe that.
pub async fn analyze(_permit: &Permit, session: &Session, table: &TableStatistics) -> Result<(), Fault> {
    let quoted = postgres_protocol::escape::escape_identifier;
    session.lines(&format!("analyze {}.{}", quoted(&table.schema), quoted(&table.name))).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::{analyze, read};
    use crate::testing::{old_and_copy, permit};
    use crate::{Manner, Session};

    #[tokio::test]
    async fn a_copy_knows_nothing_until_it_is_analysed() {
        let Some((old, new)) = old_and_copy() else { return };
        let before = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
        assert!(!read(&before).await.unwrap().is_analyze_needed());

        let after = Session::open(&new.url("app"), Manner::LONG_READ).await.unwrap();
        let statistics = read(&after).await.unwrap();
        assert!(statistics.tables.is_sorted_by(|one, next| one.bytes >= next.bytes), "the largest comes first");
        let unknown: Vec<&str> = statistics.unknown().map(|table| table.name.as_str()).collect();
        assert!(unknown.contains(&"account") && !unknown.contains(&"no_columns"), "{unknown:?}");
        for table in statistics.unknown() {
            analyze(&permit(), &after, table).await.unwrap();
        }
        let statistics = read(&after).await.unwrap();
        assert!(!statistics.is_analyze_needed(), "{:?}", statistics.unknown().collect::<Vec<_>>());
        assert!(statistics.tables[0].analysed.is_some());
    }
}

//! The mapped tables of a Connect schema (docs/heroku/connect.md, "Mapped tables").

use std::collections::BTreeMap;

use serde::Deserialize;

use hcops_model::Fault;

use super::Session;
use super::connect::literal;

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Newest {
    name: String,
    at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Counted {
    tables: u64,
}

/// The newest `systemmodstamp` of each mapped table, in the server's words: when it moves, changes of Salesforce arrive.
/// A table without rows has none. Each is one look into the index that Connect makes. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn newest(session: &Session, schema: &str) -> Result<BTreeMap<String, Option<String>>, Fault> {
    let tables: Vec<Named> = session.rows(&tables(schema)).await?;
    if tables.is_empty() {
        return Ok(BTreeMap::new());
    }
    let quoted = postgres_protocol::escape::escape_identifier;
    let selects: Vec<String> = tables
        .iter()
        .map(|table| {
            let (label, place) = (literal(&table.name), format!("{}.{}", quoted(schema), quoted(&table.name)));
            format!("select {label} as name, (select max(systemmodstamp)::text from {place}) as at")
        })
        .collect();
    let found: Vec<Newest> = session.rows(&selects.join(" union all ")).await?;
    Ok(found.into_iter().map(|table| (table.name, table.at)).collect())
}

/// The number of tables in a schema; nothing where there is no such schema. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn tables_in(session: &Session, schema: &str) -> Result<Option<u64>, Fault> {
    let select = format!(
        "select (select count(*) from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p')) as tables
         from pg_namespace n where n.nspname = {}",
        literal(schema)
    );
    let found: Vec<Counted> = session.rows(&select).await?;
    Ok(found.first().map(|schema| schema.tables))
}

/// Connect's own tables begin with an underscore and have no such column.
fn tables(schema: &str) -> String {
    format!(
        "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid
         where n.nspname = {} and c.relkind = 'r' and a.attname = 'systemmodstamp' and not a.attisdropped
           and has_table_privilege(c.oid, 'select') order by 1",
        literal(schema)
    )
}

#[cfg(test)]
mod tests {
    use super::newest;
    use crate::testing::shared_old_and_copy;
    use crate::{Manner, Session};

    #[tokio::test]
    async fn each_mapped_table_tells_its_newest_change() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
        let found = newest(&session, "salesforce").await.unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["account"]);
        assert_eq!(found["account"].as_deref(), Some("2026-01-01 00:50:00"));
        assert!(newest(&session, "public").await.unwrap().is_empty());
    }
}

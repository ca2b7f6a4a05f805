//! What a column of a mapped table holds, counted.

use serde::Deserialize;

use super::Session;
use super::connect::literal;
use crate::model::Fault;

/// A column at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its type, as the server writes it.
    pub kind: String,
    /// Rows of the table.
    pub rows: u64,
    /// Rows in which it has a value.
    pub values: u64,
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: String,
}

#[derive(Debug, Deserialize)]
struct Counted {
    rows: u64,
    values: u64,
}

/// Counts the values of a column; nothing where the table or the column is not there. Reads the whole table.
///
/// # Errors
/// As the server refuses; the session's statement limit must be a long one for a large table.
pub async fn read(session: &Session, schema: &str, table: &str, column: &str) -> Result<Option<Column>, Fault> {
    let kind = format!(
        "select format_type(a.atttypid, a.atttypmod) as kind from pg_attribute a join pg_class c on c.oid = a.attrelid
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = {} and c.relname = {} and a.attname = {} and not a.attisdropped",
        literal(schema),
        literal(table),
        literal(column)
    );
    let Some(Kind { kind }) = session.rows(&kind).await?.pop() else { return Ok(None) };
    let quoted = postgres_protocol::escape::escape_identifier;
    let select = format!(
        "select count(*) as rows, count({}) as values from {}.{}",
        quoted(column),
        quoted(schema),
        quoted(table)
    );
    let Counted { rows, values } = session.row(&select).await?;
    Ok(Some(Column { kind, rows, values }))
}

#[cfg(test)]
mod tests {
    use super::{Column, read};
    use crate::database::testing::shared_old_and_copy;
    use crate::database::{Manner, Session};

    #[tokio::test]
    async fn values_are_counted_and_a_missing_column_is_none() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::LONG_READ).await.unwrap();
        let found = read(&session, "salesforce", "account", "description").await.unwrap();
        assert_eq!(found, Some(Column { kind: "text".to_owned(), rows: 3_000, values: 2_000 }));
        assert_eq!(read(&session, "salesforce", "account", "gone__c").await.unwrap(), None);
        assert_eq!(read(&session, "salesforce", "gone__c", "id").await.unwrap(), None);
    }
}

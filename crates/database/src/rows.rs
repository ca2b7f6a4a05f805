//! How many rows tables hold, counted and not estimated.

use std::time::Duration;

use serde::Deserialize;

use super::Session;
use super::connect::literal;
use hcops_model::Fault;

/// A table whose rows can be counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
}

impl Table {
    /// Schema and name, for people.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    pub(super) fn quoted(&self) -> String {
        let quoted = postgres_protocol::escape::escape_identifier;
        format!("{}.{}", quoted(&self.schema), quoted(&self.name))
    }
}

/// Whose tables are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Every table and materialised view that is not the server's own.
    Database,
    /// The tables that Connect has mapped in this schema: those with a `systemmodstamp`, which Connect's own tables do not
    /// have (docs/heroku/connect.md, "Mapped tables").
    Mapped(&'a str),
}

/// The tables of which this credential sees every row, by schema and name. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn tables(session: &Session, scope: Scope<'_>) -> Result<Vec<Table>, Fault> {
    session.rows(&format!("{} and {SEEN} order by 1, 2", listing(scope))).await
}

/// The tables that hold something of which this credential does not see every row: it may not read them, or row-level
/// security hides rows from it. What a count of them would say is not how many there are.
///
/// # Errors
/// As the server refuses.
pub async fn hidden(session: &Session, scope: Scope<'_>) -> Result<Vec<Table>, Fault> {
    let holds = "pg_relation_size(c.oid) > 0";
    session.rows(&format!("{} and not ({SEEN}) and {holds} order by 1, 2", listing(scope))).await
}

const SEEN: &str = "has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
    and not (c.relrowsecurity and row_security_active(c.oid))";

/// The rows of one table; nothing where counting them takes longer than `limit`.
///
/// # Errors
/// As the server refuses.
pub async fn count(session: &Session, table: &Table, limit: Duration) -> Result<Option<u64>, Fault> {
    let question = format!("select count(*) as rows from {}", table.quoted());
    Ok(session.row_within::<Counted>(limit, &question).await?.map(|it| it.rows))
}

#[derive(Debug, Deserialize)]
struct Counted {
    rows: u64,
}

fn listing(scope: Scope<'_>) -> String {
    let which = match scope {
        Scope::Database => "c.relkind in ('r', 'm') and c.relispopulated and c.relpersistence <> 't'
            and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'"
            .to_owned(),
        Scope::Mapped(schema) => format!(
            "c.relkind = 'r' and n.nspname = {} and exists (select from pg_attribute a
             where a.attrelid = c.oid and a.attname = 'systemmodstamp' and not a.attisdropped)",
            literal(schema)
        ),
    };
    format!(
        "select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where {which}"
    )
}

#[cfg(test)]
mod tests {
    use super::{Scope, count, hidden, tables};
    use crate::testing::{old_and_copy, shared_old_and_copy};
    use crate::{Manner, Session};

    #[tokio::test]
    async fn every_table_is_counted_and_mapped_ones_are_told_apart() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::LONG_READ).await.unwrap();
        let all = tables(&session, Scope::Database).await.unwrap();
        let titles: Vec<String> = all.iter().map(super::Table::title).collect();
        for expected in ["public.no_columns", "public.parted_2026", "public.account_count", "salesforce._trigger_log"] {
            assert!(titles.iter().any(|title| title == expected), "{expected}: {titles:?}");
        }
        let mapped = tables(&session, Scope::Mapped("salesforce")).await.unwrap();
        assert_eq!(mapped.iter().map(super::Table::title).collect::<Vec<_>>(), ["salesforce.account"]);
        let a_minute = std::time::Duration::from_secs(60);
        assert_eq!(count(&session, &mapped[0], a_minute).await.unwrap(), Some(3_000));
        assert!(tables(&session, Scope::Mapped("nowhere")).await.unwrap().is_empty());
        assert!(hidden(&session, Scope::Database).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_question_that_is_late_is_told_apart_from_one_that_is_refused() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::LONG_READ).await.unwrap();
        let soon = std::time::Duration::from_millis(50);
        let late = session.row_within::<serde_json::Value>(soon, "select pg_sleep(60)::text as slept").await;
        assert_eq!(late.unwrap(), None);
        session.row_within::<serde_json::Value>(soon, "select 1/0 as none").await.unwrap_err();
        let again = session.row_within::<serde_json::Value>(soon, "select 1 as one").await;
        assert!(again.unwrap().is_some(), "the session goes on");
    }

    #[tokio::test]
    async fn a_table_of_which_some_rows_are_hidden_is_named_and_not_counted() {
        let Some((old, _)) = old_and_copy() else { return };
        let script =
            "create role reader login password 'hunter2'; grant select on two_keys, no_key, empty_one to reader;
            alter table no_key enable row level security; create policy few on no_key to reader using (a = 1);";
        old.run("app", script).unwrap();
        let session = Session::open(&old.url_as("reader", "hunter2", "app"), Manner::LONG_READ).await.unwrap();
        let titles = |some: Vec<super::Table>| some.iter().map(super::Table::title).collect::<Vec<_>>();
        assert_eq!(titles(tables(&session, Scope::Database).await.unwrap()), ["public.empty_one", "public.two_keys"]);
        let hidden = titles(hidden(&session, Scope::Database).await.unwrap());
        assert!(hidden.contains(&"public.no_key".to_owned()), "row-level security: {hidden:?}");
        assert!(hidden.contains(&"salesforce.account".to_owned()), "no right to it: {hidden:?}");
        assert!(!hidden.contains(&"public.scratch".to_owned()), "nothing is in it: {hidden:?}");
    }
}

//! The statements that make Connect's side of a database and the app's own tables.

use postgres_protocol::escape::{escape_identifier, escape_literal};

use super::contents::{Access, ConnectSchema, MappedTable};

const SCHEMA: &str = include_str!("schema.sql");
const MAPPED_TABLE: &str = include_str!("mapped_table.sql");

/// The app's own tables.
pub(super) const APP: &str = include_str!("app.sql");

/// The version that Connect notes in `_hcmeta`. Which one it notes today is not established.
const CONNECT_VERSION: u32 = 12;

/// What Connect makes once in a schema.
pub(super) fn connect_schema(schema: &ConnectSchema) -> String {
    let channel = format!("{}.hc_trigger_log", schema.schema);
    let objects = put_in(SCHEMA, &[("schema", &schema.schema)], &[("channel", &channel)]);
    let quoted = escape_identifier(&schema.schema);
    format!(
        "{objects}
         insert into {quoted}._hcmeta (hcver, org_id) select {CONNECT_VERSION}, {}
           where not exists (select from {quoted}._hcmeta);",
        escape_literal(&schema.org_id)
    )
}

/// A mapped table with its columns. A field that was mapped later becomes a new column.
pub(super) fn mapped_table(schema: &str, table: &MappedTable) -> String {
    let name = table.name();
    let columns: Vec<String> =
        table.columns().iter().map(|column| format!("{} {}", column.quoted(), column.sql_type())).collect();
    let quoted = qualified(schema, &name);
    let own = "id serial primary key, sfid varchar(18), _hc_lastop varchar(32), _hc_err text";
    let mut statements = format!("create table if not exists {quoted} ({}, {own});", columns.join(", "));
    for column in &columns {
        statements.push_str(&format!("alter table {quoted} add column if not exists {column};"));
    }
    statements
}

/// The indexes, functions and triggers of a mapped table.
pub(super) fn connect_objects(schema: &str, table: &MappedTable) -> String {
    let name = table.name();
    let captured_as = match table.access {
        Access::ReadOnly => "READONLY",
        Access::ReadWrite => "NEW",
    };
    let identifiers = [
        ("schema", schema.to_owned()),
        ("table", name.clone()),
        ("sfid_index", format!("hcu_idx_{name}_sfid")),
        ("modified_index", format!("hc_idx_{name}_systemmodstamp")),
        ("status_function", format!("hc_{name}_status")),
        ("status_trigger", format!("hc_{name}_status_trigger")),
        ("logger_function", format!("hc_{name}_logger")),
        ("log_trigger", format!("hc_{name}_logtrigger")),
    ];
    let identifiers: Vec<(&str, &str)> = identifiers.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let objects = put_in(MAPPED_TABLE, &identifiers, &[("table", &name), ("captured_as", captured_as)]);
    objects + &chosen_indexes(schema, table)
}

/// Indexes that were asked for in Connect, and one for the external id. That one is not unique, so that a record that is
/// there twice is found by counting and not refused.
fn chosen_indexes(schema: &str, table: &MappedTable) -> String {
    let name = table.name();
    let external = table.upsert_field.iter().map(|field| (field, &false));
    let columns = table.columns();
    let indexes = table.indexes.iter().chain(external).map(|(field, unique)| (field.to_lowercase(), *unique));
    let mapped = indexes.filter(|(column, _)| columns.iter().any(|known| known.name == *column));
    let statement = |(column, unique): (String, bool)| {
        let (kind, prefix) = if unique { ("unique index", "hcu_idx") } else { ("index", "hc_idx") };
        let index = escape_identifier(&format!("{prefix}_{name}_{column}"));
        let column = escape_identifier(&column);
        format!("create {kind} if not exists {index} on {} ({column});", qualified(schema, &name))
    };
    mapped.map(statement).collect()
}

/// A table with its schema, both quoted.
pub(super) fn qualified(schema: &str, table: &str) -> String {
    format!("{}.{}", escape_identifier(schema), escape_identifier(table))
}

fn put_in(template: &str, identifiers: &[(&str, &str)], texts: &[(&str, &str)]) -> String {
    let named = identifiers.iter().fold(template.to_owned(), |script, (key, name)| {
        script.replace(&format!(":\"{key}\""), &escape_identifier(name))
    });
    texts
        .iter()
        .fold(named, |script, (key, text)| script.replace(&format!(":'{key}'"), escape_literal(text).trim_start()))
}

#[cfg(test)]
mod tests {
    use super::{connect_schema, put_in};
    use crate::traffic::ConnectSchema;

    #[test]
    fn names_are_quoted_and_nothing_is_left_open() {
        let schema = ConnectSchema {
            connection: "herokuconnect-tidal-40217".to_owned(),
            schema: "Sales \"Force\"".to_owned(),
            org_id: "00D".to_owned(),
            tables: Vec::new(),
        };
        let script = connect_schema(&schema);
        assert!(script.contains("\"Sales \"\"Force\"\"\".\"_trigger_log\""));
        assert!(script.contains("pg_notify('Sales \"Force\".hc_trigger_log'"));
        let left_open = script.lines().find(|line| line.contains(":\"") || line.contains(":'"));
        assert_eq!(left_open, None);
        assert_eq!(put_in(":\"a\" :'a'", &[("a", "x")], &[("a", "it's")]), "\"x\" 'it''s'");
    }
}

//! A mapped table that follows its mapping: Connect drops the columns of fields that were taken out, and makes and fills those
//! of fields that were put in (docs/heroku/procedures.md, "Field change").

use std::collections::BTreeMap;

use postgres_protocol::escape::escape_identifier;
use tokio_postgres::Client;

use super::contents::{ConnectSchema, MappedTable};
use super::schema::{connect_objects, qualified};
use super::target::{Side, Target};
use super::{Traffic, TrafficFault};

/// What Salesforce keeps of a field that is not mapped any more: its values by record. It is beside the mapped tables only
/// because the simulated Salesforce knows no values.
const KEPT: &str = "simulated_salesforce";

/// Columns that Connect gives every mapped table.
const OWN: [&str; 4] = ["id", "sfid", "_hc_lastop", "_hc_err"];

impl Traffic {
    /// Makes the columns of a mapped table those of its mapping. Columns of fields that are not mapped any more are dropped
    /// with what is built on them; those of new fields are made and filled from Salesforce. A table that is not there yet is left
    /// to [`Traffic::prepare`]. `types` says what a column is
    /// made as, by name, where Salesforce's definition is known. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`TrafficFault::Refused`] when something that is built on a column keeps it from being changed;
    /// [`TrafficFault::Lost`].
    pub async fn shape(
        &self,
        client: &Client,
        database: &str,
        schema: &ConnectSchema,
        table: &MappedTable,
        types: &BTreeMap<String, String>,
    ) -> Result<(), TrafficFault> {
        let target = self.target(client, database);
        target.begin(Side::Connect).await?;
        let work = reshape(&target, &schema.schema, table, types).await;
        target.end(work).await
    }
}

async fn reshape(
    target: &Target<'_>,
    schema: &str,
    table: &MappedTable,
    types: &BTreeMap<String, String>,
) -> Result<(), TrafficFault> {
    let there = columns(target, schema, &table.name()).await?;
    if there.is_empty() {
        return Ok(());
    }
    let wanted: BTreeMap<String, String> = table
        .columns()
        .into_iter()
        .map(|column| (column.name.clone(), types.get(&column.name).cloned().unwrap_or_else(|| column.sql_type())))
        .collect();
    for name in there.keys().filter(|name| !wanted.contains_key(*name)) {
        target.script("drop a column", &drop_column(schema, &table.name(), name)).await?;
    }
    for (name, kind) in &wanted {
        match there.get(name) {
            None => target.script("make a column", &make_column(schema, &table.name(), name, kind)).await?,
            Some(is) if types.contains_key(name) && is != kind => {
                target.script("change a column", &change_column(schema, &table.name(), name, kind)).await?;
            }
            Some(_) => {}
        }
    }
    if there.len() == wanted.len() && there.keys().eq(wanted.keys()) {
        return Ok(());
    }
    target.script("make a mapped table's triggers", &connect_objects(schema, table)).await
}

/// The columns of a mapped table that are not Connect's own, with their types.
async fn columns(target: &Target<'_>, schema: &str, table: &str) -> Result<BTreeMap<String, String>, TrafficFault> {
    let query = "select a.attname::text, format_type(a.atttypid, a.atttypmod) from pg_attribute a
                 where a.attrelid = to_regclass($1::text) and a.attnum > 0 and not a.attisdropped";
    let mut found = BTreeMap::new();
    for row in &target.rows("look at a mapped table", query, &[&qualified(schema, table)]).await? {
        let (name, kind): (String, String) = (target.cell(row, 0)?, target.cell(row, 1)?);
        if !OWN.contains(&name.as_str()) {
            found.insert(name, kind);
        }
    }
    Ok(found)
}

fn drop_column(schema: &str, table: &str, column: &str) -> String {
    let (place, name) = (qualified(schema, table), escape_identifier(column));
    let kept = kept(schema, table, column);
    format!(
        "create schema if not exists {KEPT};
         drop table if exists {kept};
         create table {kept} as select id, {name}::text as value from {place} where {name} is not null;
         alter table {place} drop column {name} cascade;"
    )
}

fn make_column(schema: &str, table: &str, column: &str, kind: &str) -> String {
    let (place, name) = (qualified(schema, table), escape_identifier(column));
    let kept = kept(schema, table, column);
    format!(
        "alter table {place} add column {name} {kind};
         create schema if not exists {KEPT};
         create table if not exists {kept} (id integer, value text);
         update {place} m set {name} = k.value::{kind} from {kept} k where k.id = m.id;
         drop table {kept};"
    )
}

fn change_column(schema: &str, table: &str, column: &str, kind: &str) -> String {
    let (place, name) = (qualified(schema, table), escape_identifier(column));
    format!("alter table {place} alter column {name} type {kind} using {name}::text::{kind}")
}

fn kept(schema: &str, table: &str, column: &str) -> String {
    format!("{KEPT}.{}", escape_identifier(&format!("{schema}.{table}.{column}")))
}

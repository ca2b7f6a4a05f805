//! Filling a database at the beginning, and what it tells about itself afterwards.

use std::collections::BTreeMap;

use postgres_protocol::escape::escape_literal;

use super::contents::{ConnectSchema, Contents, MappedTable};
use super::schema::{APP, connect_objects, connect_schema, mapped_table, qualified};
use super::target::{Side, Target};
use super::{TrafficFault, orders, salesforce};

/// The setting that names the database where the contents were first put.
const HOME: &str = "home";
/// Settings that begin so tell how many rows a table had at first.
const SEEDED: &str = "seeded ";

/// What a database says of itself. It travels with its contents into followers and copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    /// The add-on's name of the database that was filled first.
    pub(super) origin: String,
    /// Rows that each table was filled with, by `schema.table`.
    pub(super) seeded: BTreeMap<String, i64>,
}

impl Home {
    /// Reads it.
    ///
    /// # Errors
    /// [`TrafficFault::Unprepared`].
    pub(super) async fn of(target: &Target<'_>) -> Result<Self, TrafficFault> {
        let unprepared = || TrafficFault::Unprepared { database: target.name.to_owned() };
        let doing = "look for what the app needs";
        let known = target.rows(doing, "select to_regclass('public.app_settings') is not null", &[]).await?;
        if !known.iter().all(|row| target.cell(row, 0).unwrap_or(false)) {
            return Err(unprepared());
        }
        let settings = target.rows(doing, "select name, value from public.app_settings", &[]).await?;
        let mut home = None;
        let mut seeded = BTreeMap::new();
        for row in &settings {
            let (name, value): (String, String) = (target.cell(row, 0)?, target.cell(row, 1)?);
            if name == HOME {
                home = Some(value);
            } else if let (Some(table), Ok(rows)) = (name.strip_prefix(SEEDED), value.parse()) {
                seeded.insert(table.to_owned(), rows);
            }
        }
        Ok(Self { origin: home.ok_or_else(unprepared)?, seeded })
    }

    /// Rows that a table was filled with.
    pub(super) fn rows_of(&self, schema: &str, table: &str) -> i64 {
        self.seeded.get(&format!("{schema}.{table}")).copied().unwrap_or_default()
    }
}

/// Makes and fills everything that is not there yet, in one transaction.
pub(super) async fn prepare(target: &Target<'_>, contents: &Contents) -> Result<(), TrafficFault> {
    target.begin(Side::Connect).await?;
    let work = make(target, contents).await;
    if target.end(work).await? {
        // Nothing vacuums by itself on a throw-away server, and a database that was in use for years has statistics.
        target.script("collect statistics", &analyze(contents)).await?;
    }
    Ok(())
}

fn analyze(contents: &Contents) -> String {
    let mapped = contents
        .schemas
        .iter()
        .flat_map(|schema| schema.tables.iter().map(|table| qualified(&schema.schema, &table.name())));
    let own = format!("{}.{}", orders::SCHEMA, orders::TABLE);
    format!("analyze {}", std::iter::once(own).chain(mapped).collect::<Vec<_>>().join(", "))
}

/// Returns whether any table was filled.
async fn make(target: &Target<'_>, contents: &Contents) -> Result<bool, TrafficFault> {
    target.script("make the app's tables", APP).await?;
    let home = format!(
        "insert into public.app_settings values ('{HOME}', {}) on conflict do nothing",
        escape_literal(target.name)
    );
    target.script("note where it is", &home).await?;
    let mut filled = fill(target, orders::SCHEMA, orders::TABLE, contents.app_rows, &app_rows()).await?;
    for schema in &contents.schemas {
        target.script("make Connect's schema", &connect_schema(schema)).await?;
        for table in &schema.tables {
            target.script("make a mapped table", &mapped_table(&schema.schema, table)).await?;
            let rows = seeded_rows(schema, table);
            // A table fills faster before its indexes and triggers are there.
            filled |= fill(target, &schema.schema, &table.name(), table.rows, &rows).await?;
            let objects = connect_objects(&schema.schema, table);
            target.script("make a mapped table's triggers", &objects).await?;
        }
    }
    Ok(filled)
}

/// Fills a table, unless that was done before. `insert` takes the number of rows as its parameter.
async fn fill(target: &Target<'_>, schema: &str, table: &str, rows: u64, insert: &str) -> Result<bool, TrafficFault> {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let name = format!("{SEEDED}{schema}.{table}");
    let noted = "insert into public.app_settings values ($1, $2) on conflict do nothing";
    if target.change("note the size of a table", noted, &[&name, &rows.to_string()]).await? == 0 {
        return Ok(false);
    }
    target.change("fill a table", insert, &[&rows]).await?;
    Ok(true)
}

fn app_rows() -> String {
    orders::insert(
        "select n as record, n as change, timestamptz '2026-01-01 00:00:00+00' + n * interval '37 seconds' as moment
         from generate_series(1, $1::bigint) n",
    )
}

fn seeded_rows(schema: &ConnectSchema, table: &MappedTable) -> String {
    let columns = table.columns();
    let names: Vec<String> = columns.iter().map(super::field::Column::quoted).collect();
    let values: Vec<String> = columns.iter().map(|column| column.value(&table.object)).collect();
    format!(
        "insert into {} ({}, sfid, _hc_lastop) select {}, {}, 'SYNCED' from generate_series(1, $1::bigint) n",
        qualified(&schema.schema, &table.name()),
        names.join(", "),
        values.join(", "),
        salesforce::seeded_id("n", &table.object),
    )
}

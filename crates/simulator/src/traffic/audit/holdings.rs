//! What a database holds, as far as numbers tell it.

use std::collections::{BTreeMap, BTreeSet};

use crate::traffic::contents::ConnectSchema;
use crate::traffic::ledger::Table;
use crate::traffic::mark::{Mark, PREFIX};
use crate::traffic::prepare::Home;
use crate::traffic::schema::qualified;
use crate::traffic::target::Target;
use crate::traffic::{MappedTable, TrafficFault, orders, salesforce};

/// A numbered row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) change: i64,
    /// Whether everything else in it is what this change wrote.
    pub(super) agrees: bool,
    pub(super) sfid: Option<String>,
}

/// An entry of the trigger log that is not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) id: i64,
    pub(super) state: String,
    pub(super) change: i64,
}

/// Rows that were there from the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) table: Table,
    pub(super) expected: i64,
    /// Found once and unchanged.
    pub(super) good: i64,
    /// Found in all.
    pub(super) all: i64,
}

/// Everything numbered in one database.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    /// Rows by table and record; more than one for a record that is there twice.
    pub(super) rows: BTreeMap<(Table, i64), Vec<Row>>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) beginnings: Vec<Beginning>,
}

impl Holdings {
    /// Reads a database that holds these schemas.
    pub(super) async fn read(
        target: &Target<'_>,
        home: &Home,
        schemas: &[&ConnectSchema],
    ) -> Result<Self, TrafficFault> {
        let mut holdings = Self::default();
        holdings.read_orders(target, home.rows_of(orders::SCHEMA, orders::TABLE)).await?;
        for schema in schemas {
            for table in &schema.tables {
                holdings.read_mapped(target, home, schema, table).await?;
            }
            holdings.read_log(target, schema).await?;
        }
        Ok(holdings)
    }

    /// Numbers of all changes that its rows show.
    pub(super) fn changes(&self) -> BTreeSet<i64> {
        self.rows.values().flatten().map(|row| row.change).collect()
    }

    async fn read_orders(&mut self, target: &Target<'_>, seeded: i64) -> Result<(), TrafficFault> {
        let table = Table { schema: orders::SCHEMA.to_owned(), table: orders::TABLE.to_owned() };
        for row in target.rows("read the app's rows", &orders::select(), &[&seeded]).await? {
            let (record, change): (i64, i64) = (target.cell(&row, 0)?, target.cell(&row, 1)?);
            let agrees = target.cell(&row, 2)?;
            self.rows.entry((table.clone(), record)).or_default().push(Row { change, agrees, sfid: None });
        }
        self.read_beginning(target, table, orders::count(), seeded).await
    }

    async fn read_mapped(
        &mut self,
        target: &Target<'_>,
        home: &Home,
        schema: &ConnectSchema,
        mapped: &MappedTable,
    ) -> Result<(), TrafficFault> {
        let table = Table { schema: schema.schema.clone(), table: mapped.name() };
        let quoted = qualified(&table.schema, &table.table);
        if let Some(column) = mapped.marked_column() {
            let column = column.quoted();
            let select = format!(
                "select m.{column}::text, m.sfid::text from {quoted} m where m.{column} like '{PREFIX}%' order by m.id"
            );
            for row in target.rows("read a mapped table", &select, &[]).await? {
                let text: String = target.cell(&row, 0)?;
                let Some(Mark { record, change }) = Mark::read(&text) else { continue };
                let row = Row { change, agrees: true, sfid: target.cell(&row, 1)? };
                self.rows.entry((table.clone(), record)).or_default().push(row);
            }
        }
        let ids = salesforce::seeded_id("g.n", &mapped.object);
        let count = format!(
            "select count(distinct m.sfid), count(m.sfid) from generate_series(1, $1::bigint) g(n) join {quoted} m on m.sfid = {ids}"
        );
        let seeded = home.rows_of(&table.schema, &table.table);
        self.read_beginning(target, table, &count, seeded).await
    }

    async fn read_beginning(
        &mut self,
        target: &Target<'_>,
        table: Table,
        count: &str,
        expected: i64,
    ) -> Result<(), TrafficFault> {
        for row in target.rows("count the rows from the beginning", count, &[&expected]).await? {
            let (good, all) = (target.cell(&row, 0)?, target.cell(&row, 1)?);
            self.beginnings.push(Beginning { table: table.clone(), expected, good, all });
        }
        Ok(())
    }

    async fn read_log(&mut self, target: &Target<'_>, schema: &ConnectSchema) -> Result<(), TrafficFault> {
        let select = format!(
            "select l.id::bigint, l.state::text, l.table_name::text,
                    public.hstore_to_json(l.\"values\"::public.hstore)::text
             from {} l where l.state in ('NEW', 'PENDING', 'FAILED', 'REQUEUE') order by l.id",
            qualified(&schema.schema, "_trigger_log")
        );
        for row in target.rows("read the trigger log", &select, &[]).await? {
            let table: Option<String> = target.cell(&row, 2)?;
            let values: Option<String> = target.cell(&row, 3)?;
            let column = table.and_then(|name| schema.table(&name)?.marked_column());
            let mark = column.zip(values).and_then(|(column, values)| marked(&values, &column.name));
            let (id, state) = (target.cell(&row, 0)?, target.cell(&row, 1)?);
            self.waiting.extend(mark.map(|mark| Waiting { id, state, change: mark.change }));
        }
        Ok(())
    }
}

fn marked(values: &str, column: &str) -> Option<Mark> {
    let values: serde_json::Value = serde_json::from_str(values).ok()?;
    Mark::read(values[column].as_str()?)
}

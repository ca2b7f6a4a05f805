use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field::Column;
use crate::World;
use crate::world::{Connection, Mapping};

/// How many rows all tables of a database get together, unless told otherwise.
pub const DEFAULT_ROWS: u64 = 3_000;

/// What a database is filled with at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Rows of the app's own table.
    pub app_rows: u64,
    /// One schema for each connection that uses the database.
    pub schemas: Vec<ConnectSchema>,
}

/// The schema of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectSchema {
    /// The Connect add-on's name.
    pub connection: String,
    /// The schema's name.
    pub schema: String,
    /// The Salesforce organisation; empty before the Salesforce login.
    pub org_id: String,
    /// Mapped tables.
    pub tables: Vec<MappedTable>,
}

/// One mapped table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedTable {
    /// Salesforce's name of the object.
    pub object: String,
    /// Whether changes go to Salesforce.
    pub access: Access,
    /// Mapped fields by Salesforce's name.
    pub fields: Vec<String>,
    /// The external id that writes find a record by.
    pub upsert_field: Option<String>,
    /// Indexes that were asked for in Connect, by field: whether unique.
    pub indexes: BTreeMap<String, bool>,
    /// Rows that it gets.
    pub rows: u64,
}

/// Which way a mapping goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// From Salesforce only.
    ReadOnly,
    /// Both ways.
    ReadWrite,
}

impl Contents {
    /// What the world's database behind this add-on (its name or id) holds, scaled to `rows` rows in all: a quarter in the
    /// app's own table, the rest over the mapped tables in proportion to their sizes in the world. Every table gets at
    /// least one row, so that the sum can be a little larger.
    #[must_use]
    pub fn of(world: &World, addon: &str, rows: u64) -> Self {
        let id = world.database(addon).map_or(addon, |database| database.addon.as_str());
        let uses = |connection: &&Connection| {
            let var = connection.db_key.as_deref().unwrap_or_default();
            world.database_behind(&connection.app, var).is_some_and(|database| database.addon == id)
        };
        let connections: Vec<&Connection> = world.connections.iter().filter(uses).collect();
        let in_world = connections.iter().flat_map(|connection| &connection.mappings).map(|mapping| mapping.rows).sum();
        let app_rows = (rows / 4).max(1);
        let scale = Scale { from: in_world, to: rows.saturating_sub(app_rows) };
        let schema_of = |connection: &Connection| ConnectSchema {
            connection: world.resource_name(connection),
            schema: connection.schema_name.clone(),
            org_id: connection.salesforce.organization_id.clone().unwrap_or_default(),
            tables: connection.mappings.iter().map(|mapping| MappedTable::of(mapping, scale)).collect(),
        };
        Self { app_rows, schemas: connections.into_iter().map(schema_of).collect() }
    }
}

/// A reduction of sizes.
#[derive(Debug, Clone, Copy)]
struct Scale {
    from: u64,
    to: u64,
}

impl Scale {
    fn of(self, rows: u64) -> u64 {
        let scaled = u128::from(rows) * u128::from(self.to) / u128::from(self.from.max(1));
        u64::try_from(scaled).unwrap_or(u64::MAX).max(1)
    }
}

impl ConnectSchema {
    /// The mapped table of this name in Postgres.
    pub(super) fn table(&self, name: &str) -> Option<&MappedTable> {
        self.tables.iter().find(|table| table.name() == name)
    }
}

impl MappedTable {
    fn of(mapping: &Mapping, scale: Scale) -> Self {
        let writable = mapping.access == "read_write";
        Self {
            object: mapping.object_name.clone(),
            access: if writable { Access::ReadWrite } else { Access::ReadOnly },
            fields: mapping.fields.clone(),
            upsert_field: mapping.upsert_field.clone(),
            indexes: mapping.indexes.clone(),
            rows: scale.of(mapping.rows),
        }
    }

    /// Its name in Postgres: the object's, in lower case.
    pub(super) fn name(&self) -> String {
        self.object.to_lowercase()
    }

    /// The columns of its mapped fields, in the order of their names. `Id` is not among them: it becomes `sfid`.
    /// `SystemModstamp` always is, as Connect selects it for every object that has it.
    pub(super) fn columns(&self) -> Vec<Column> {
        let upsert = self.upsert_field.as_deref();
        let fields = self.fields.iter().map(String::as_str).chain(upsert).chain(["SystemModstamp"]);
        let columns = fields.filter(|field| *field != "Id").map(|field| {
            let column = Column::of(field, upsert == Some(field));
            (column.name.clone(), column)
        });
        columns.collect::<BTreeMap<String, Column>>().into_values().collect()
    }

    /// The column that shows which change a row is at: a name where there is one. A table without any free text has
    /// none, and nobody writes numbered rows there.
    pub(super) fn marked_column(&self) -> Option<Column> {
        let columns = self.columns();
        let name = columns.iter().find(|column| column.is_a_name());
        name.or_else(|| columns.iter().find(|column| column.takes_free_text())).cloned()
    }

    /// The column of the external id.
    pub(super) fn external_column(&self) -> Option<Column> {
        self.upsert_field.as_deref().map(|field| Column::of(field, true))
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Contents, MappedTable};
    use crate::Scenario;

    fn contents(scenario: &str, rows: u64) -> Contents {
        let world = Scenario::load(scenario).unwrap().world(1);
        let addon = world.databases[0].addon.clone();
        Contents::of(&world, &addon, rows)
    }

    #[test]
    fn sizes_are_scaled_and_no_table_is_empty() {
        let contents = contents("standard", 3_000);
        let rows: Vec<u64> = contents.schemas[0].tables.iter().map(|table| table.rows).collect();
        assert_eq!((contents.app_rows, rows.as_slice()), (750, [226, 566, 1456, 1].as_slice()));
        assert_eq!(contents.schemas[0].org_id, "00D5e000001XYzQEAW");
        assert_eq!(contents.schemas[0].tables[1].access, Access::ReadWrite);
    }

    #[test]
    fn every_connection_of_the_database_has_its_schema() {
        let schemas = contents("two-connections", 100).schemas;
        let names: Vec<(&str, &str)> = schemas.iter().map(|it| (it.schema.as_str(), it.connection.as_str())).collect();
        assert_eq!(names, [("salesforce", "herokuconnect-tidal-40217"), ("partner", "herokuconnect-round-55120")]);
        assert_eq!(contents("no-connection", 100).schemas, []);
    }

    #[test]
    fn the_marked_column_is_a_name_and_never_the_external_id() {
        let schemas = contents("standard", 100).schemas;
        let marked: Vec<String> =
            schemas[0].tables.iter().map(|table| MappedTable::marked_column(table).unwrap().name).collect();
        assert_eq!(marked, ["name", "lastname", "name", "name"]);
    }
}

//! Mapped tables that follow their mappings, and new connections on the tables of old ones.

use std::collections::BTreeMap;

use postgres_protocol::escape::{escape_identifier, escape_literal};

use super::PlaneFault;
use super::inside::Inside;
use super::server::connect;
use super::writers::{name_of, read_by, tolerate};
use crate::traffic::{ConnectSchema, Contents};
use crate::world::{Connection, Database, Mapping, World};

impl Inside {
    /// Brings the tables of each connection to what its mappings say, where these have changed.
    pub(super) async fn shape_tables(&mut self, world: &World) -> Result<(), PlaneFault> {
        for connection in world.connections.iter().filter(|connection| !connection.mappings.is_empty()) {
            let Some(database) = read_by(world, connection).filter(|database| database.is_writable()) else { continue };
            let changed = connection.mappings.iter().any(|mapping| !self.is_shaped(mapping));
            if changed && self.servers.contains_key(&database.addon) {
                self.shape_tables_of(world, connection, database).await?;
            }
        }
        Ok(())
    }

    /// Renames schemas that were renamed by hand. A table that is made there anew is filled again.
    pub(super) async fn rename_schemas(&mut self, world: &World) -> Result<(), PlaneFault> {
        for old in world.removed_connections.iter().filter(|old| old.schema_renamed_to.is_some()) {
            let (Some(to), Some(database)) = (&old.schema_renamed_to, read_by(world, old)) else { continue };
            let Some(server) = self.servers.get(&database.addon) else { continue };
            if !self.register.renamed.insert(old.id.clone()) {
                continue;
            }
            let rename = format!(
                "alter schema {} rename to {}; delete from public.app_settings where name like {}",
                escape_identifier(&old.schema_name),
                escape_identifier(to),
                escape_literal(&format!("seeded {}.%", old.schema_name))
            );
            let opened = connect(&server.cluster, &database.user, &database.database, "psql").await?;
            let renamed = opened.client().batch_execute(&rename).await;
            opened.close().await;
            renamed.map_err(PlaneFault::sql(format!("renaming the schema {}", old.schema_name)))?;
        }
        self.register.save()
    }

    fn is_shaped(&self, mapping: &Mapping) -> bool {
        self.register.shaped.get(&mapping.id) == Some(&(mapping.revision + mapping.altered))
    }

    async fn shape_tables_of(
        &mut self,
        world: &World,
        connection: &Connection,
        database: &Database,
    ) -> Result<(), PlaneFault> {
        let Some(server) = self.servers.get(&database.addon) else { return Ok(()) };
        let (name, resource) = (name_of(world, database), world.resource_name(connection));
        let mut contents = Contents::of(world, &name, self.register.rows);
        contents.schemas.retain(|schema| schema.connection == resource);
        let Some(schema) = contents.schemas.first().cloned() else { return Ok(()) };
        let opened = connect(&server.cluster, &database.user, &database.database, "hcops simulator").await?;
        let client = opened.client();
        // A column is made and filled at once; what is prepared afterwards finds it there.
        let shaped = match shape_each(&self.traffic, client, &name, &schema, connection).await {
            Ok(()) => self.traffic.prepare(client, &name, &contents).await,
            Err(fault) => Err(fault),
        };
        opened.close().await;
        tolerate(shaped)?;
        let shaped = connection.mappings.iter().map(|mapping| (mapping.id.clone(), mapping.revision + mapping.altered));
        self.register.shaped.extend(shaped);
        self.register.save()
    }
}

async fn shape_each(
    traffic: &crate::traffic::Traffic,
    client: &tokio_postgres::Client,
    name: &str,
    schema: &ConnectSchema,
    connection: &Connection,
) -> Result<(), crate::traffic::TrafficFault> {
    for table in &schema.tables {
        let mapping = connection.mappings.iter().find(|mapping| mapping.object_name == table.object);
        let types = mapping.map(types_of).unwrap_or_default();
        traffic.shape(client, name, schema, table, &types).await?;
    }
    Ok(())
}

/// What the columns are made as, by their names, where Salesforce's definition is known: `string(120)`, `double`.
fn types_of(mapping: &Mapping) -> BTreeMap<String, String> {
    mapping.columns.iter().map(|(field, definition)| (field.to_lowercase(), sql_type(definition))).collect()
}

fn sql_type(definition: &str) -> String {
    let (kind, length) = definition.trim_end_matches(')').split_once('(').unwrap_or((definition, ""));
    match kind {
        "double" | "currency" | "percent" => "double precision".to_owned(),
        "int" => "integer".to_owned(),
        "boolean" => "boolean".to_owned(),
        "date" => "date".to_owned(),
        "datetime" => "timestamp without time zone".to_owned(),
        _ if length.parse::<u32>().is_ok() => format!("character varying({length})"),
        _ => "text".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::sql_type;

    #[test]
    fn definitions_become_types() {
        let types = ["string(120)", "double", "boolean", "textarea"].map(sql_type);
        assert_eq!(types, ["character varying(120)", "double precision", "boolean", "text"]);
    }
}

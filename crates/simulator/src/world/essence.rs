use serde_json::{Value, json};

use super::{App, Connection, Database, World};

impl World {
    /// What an operator would call the state of the account: no times, no identifiers, no history, no counters. Two
    /// worlds of equal essence are the same to the operator; so it proves that turning back restored what was before.
    #[must_use]
    pub fn essence(&self) -> Value {
        let mut apps: Vec<Value> = self.apps.iter().map(|app| self.essence_of_app(app)).collect();
        let mut databases: Vec<Value> = self.databases.iter().map(|d| self.essence_of_database(d)).collect();
        let mut connections: Vec<Value> = self.connections.iter().map(|c| self.essence_of_connection(c)).collect();
        for list in [&mut apps, &mut databases, &mut connections] {
            list.sort_by_key(|item| item["name"].as_str().unwrap_or_default().to_owned());
        }
        json!({ "apps": apps, "databases": databases, "connections": connections })
    }

    fn essence_of_app(&self, app: &App) -> Value {
        let formation: Value =
            app.formation.iter().map(|p| (p.kind.clone(), json!([p.quantity, p.size]))).collect::<Value>();
        let mut attachments: Vec<Value> = self
            .attachments
            .iter()
            .filter(|a| a.app == app.name)
            .map(|a| json!([a.name, self.addon_name(&a.addon), a.namespace, a.withheld]))
            .collect();
        attachments.sort_by_key(ToString::to_string);
        let mut one_offs: Vec<&str> = app.one_offs.iter().map(|dyno| dyno.name.as_str()).collect();
        one_offs.sort_unstable();
        json!({
            "name": app.name, "maintenance": app.maintenance, "formation": formation, "one_offs": one_offs,
            "config": app.config, "attachments": attachments,
        })
    }

    fn essence_of_database(&self, database: &Database) -> Value {
        let addon = self.addon(&database.addon).ok();
        let upgrade = database.upgrade.as_ref().and_then(|upgrade| match upgrade {
            super::Upgrade::Done { .. } => None,
            super::Upgrade::Preparing { to } => Some(json!(["preparing", to])),
            super::Upgrade::Scheduled { to, .. } => Some(json!(["scheduled", to])),
            super::Upgrade::Running { to, .. } => Some(json!(["running", to])),
            super::Upgrade::Failed { to, .. } => Some(json!(["failed", to])),
        });
        json!({
            "name": self.addon_name(&database.addon),
            "plan": addon.map(|addon| addon.plan.clone()).unwrap_or_default(),
            "state": addon.map(|addon| addon.state.clone()).unwrap_or_default(),
            "version": database.version,
            "following": database.following.as_deref().map(|leader| self.addon_name(leader)),
            "ready": database.waiting.is_none(),
            "credentials": database.credentials,
            "outside_writers": database.outside_writers,
            "upgrade": upgrade,
            "maintenance": match database.maintenance.as_str() { "completed" => "none", other => other },
        })
    }

    fn essence_of_connection(&self, connection: &Connection) -> Value {
        // A healthy connection goes to and fro between these two all by itself.
        let state = match connection.state.as_str() {
            "IDLE" | "POLLING_DB_CHANGES" => "SYNCING",
            other => other,
        };
        let mapping_state =
            |state: &str| if state.starts_with("POLLING_SF") { "DATA_SYNCED" } else { state }.to_owned();
        let mut mappings: Vec<Value> = connection
            .mappings
            .iter()
            .map(|m| json!([m.object_name, mapping_state(&m.state), m.access, m.fields, m.upsert_field]))
            .collect();
        mappings.sort_by_key(ToString::to_string);
        let behind = self.database_behind(&connection.app, connection.db_key.as_deref().unwrap_or_default());
        json!({
            "name": self.resource_name(connection), "app": connection.app, "db_key": connection.db_key,
            "schema_name": connection.schema_name, "state": state, "pausing": connection.pausing,
            "api_version": connection.salesforce.api_version, "features": connection.features,
            "database": behind.map(|database| self.addon_name(&database.addon)), "mappings": mappings,
        })
    }

    fn addon_name(&self, id: &str) -> String {
        self.addon(id).map_or_else(|_| id.to_owned(), |addon| addon.name.clone())
    }
}

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Connection, Due, Refusal, ReloadWhilePaused, World};

/// A mapping of a Salesforce object to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// UUID.
    pub id: String,
    /// Internal number.
    pub number: u64,
    /// Salesforce's name of the object.
    pub object_name: String,
    /// State, as in docs/heroku/connect.md, "Mapping states".
    pub state: String,
    /// `read_only` or `read_write`.
    pub access: String,
    /// Rows in both worlds.
    pub rows: u64,
    /// Whether Salesforce's events are used beside polling.
    pub notify: bool,
    /// Seconds between two polls of Salesforce.
    pub polling_seconds: u64,
    /// Fields by Salesforce's name.
    pub fields: Vec<String>,
    /// What Salesforce has the fields as now, by field: `string(120)`. Those that are not here are not told apart.
    #[serde(default)]
    pub definitions: BTreeMap<String, String>,
    /// What their columns in Postgres were made as.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// External id for writes.
    pub upsert_field: Option<String>,
    /// Indexes by field: whether unique.
    pub indexes: BTreeMap<String, bool>,
    /// Grows with each change.
    pub revision: u64,
    /// How often a sync has altered its table.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub altered: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Last poll of Salesforce.
    pub polled_at: Option<Timestamp>,
    /// When a reload of its table last ended.
    #[serde(default)]
    pub reloaded_at: Option<Timestamp>,
    /// What a change of the API version would do to its fields; `None` for nothing.
    pub api_change: Option<String>,
    /// Whether that would be unsafe.
    pub api_change_is_unsafe: bool,
    /// What a validation finds wrong: the check's name and what it says.
    #[serde(default)]
    pub findings: BTreeMap<String, String>,
}

impl Mapping {
    /// Whether the state is one that data is loaded in.
    #[must_use]
    pub fn is_synced(&self) -> bool {
        self.state == "DATA_SYNCED"
    }

    /// Whether it is in error (docs/heroku/connect.md, "Mapping states"): a resumption does not mend it, saving or
    /// reloading does.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let errors = [
            "BAD_CONFIG",
            "BULK_LOAD_ERROR",
            "SYSTEM_ERROR",
            "DB_UNAVAILABLE",
            "UNAUTHORIZED",
            "INACTIVE_ORG",
            "SYNC_REMOVED",
        ];
        errors.contains(&self.state.as_str())
    }

    /// Saving a mapping drops the columns of fields that are not mapped any more, makes those of new ones, and makes others
    /// longer; shorter only where that `shortens`. A column of another type stays as it is (docs/heroku/procedures.md,
    /// "Field change").
    fn alter_columns(&mut self, shortens: bool) {
        self.columns.retain(|field, _| self.fields.contains(field));
        let mapped = self.definitions.iter().filter(|(field, _)| self.fields.contains(field));
        for (field, now) in mapped {
            if self.columns.get(field).is_none_or(|column| shortens && kind(column) == kind(now)) {
                self.columns.insert(field.clone(), now.clone());
            }
        }
        self.lengthen_columns();
    }

    /// Makes the columns of fields longer that have become so. Returns whether there were any.
    fn lengthen_columns(&mut self) -> bool {
        let mut altered = false;
        for (field, column) in &mut self.columns {
            let Some(now) = self.definitions.get(field).filter(|now| kind(column) == kind(now)) else { continue };
            if length(column) < length(now) {
                column.clone_from(now);
                altered = true;
            }
        }
        altered
    }

    fn apply(&mut self, config: &Value, now: Timestamp, shortens: bool) {
        if let Some(access) = config["access"].as_str() {
            access.clone_into(&mut self.access);
        }
        if let Some(fields) = config["fields"].as_object() {
            self.fields = fields.keys().cloned().collect();
            self.alter_columns(shortens);
        }
        if let Some(indexes) = config["indexes"].as_object() {
            let unique = |index: &Value| index["unique"].as_bool().unwrap_or(false);
            self.indexes = indexes.iter().map(|(name, index)| (name.clone(), unique(index))).collect();
        }
        self.upsert_field = config["upsert_field"].as_str().map(str::to_owned);
        self.notify = config["sf_notify_enabled"].as_bool().unwrap_or(self.notify);
        self.polling_seconds = config["sf_polling_seconds"].as_u64().unwrap_or(self.polling_seconds);
        self.revision += 1;
        self.updated_at = now;
    }
}

impl World {
    /// The mapping of this id, with its connection.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn mapping(&self, id: &str) -> Result<(&Connection, &Mapping), Refusal> {
        self.connections
            .iter()
            .find_map(|connection| {
                connection.mappings.iter().find(|mapping| mapping.id == id).map(|mapping| (connection, mapping))
            })
            .ok_or_else(|| Refusal::connect(404, "Mapping not found"))
    }

    pub(crate) fn mapping_mut(&mut self, id: &str) -> Result<&mut Mapping, Refusal> {
        self.connections
            .iter_mut()
            .flat_map(|connection| &mut connection.mappings)
            .find(|mapping| mapping.id == id)
            .ok_or_else(|| Refusal::connect(404, "Mapping not found"))
    }

    /// Reloads a mapping's table; while the connection is paused as [`ReloadWhilePaused`] says.
    ///
    /// # Errors
    /// 404.
    pub fn reload_mapping(&mut self, id: &str) -> Result<(), Refusal> {
        let paused = self.mapping(id)?.0.state == "PAUSED";
        let conduct = if paused { self.behaviour.reload_while_paused } else { ReloadWhilePaused::Loads };
        if conduct == ReloadWhilePaused::Drops {
            return Ok(());
        }
        "RELOAD_TABLE".clone_into(&mut self.mapping_mut(id)?.state);
        match conduct {
            ReloadWhilePaused::Waits => self.cancel(id),
            _ => self.sync_mapping_after(id, self.latency.mapping_reload),
        }
        Ok(())
    }

    /// Deletes a mapping.
    ///
    /// # Errors
    /// 404.
    pub fn delete_mapping(&mut self, id: &str) -> Result<(), Refusal> {
        self.mapping(id)?;
        for connection in &mut self.connections {
            connection.mappings.retain(|mapping| mapping.id != id);
        }
        self.cancel(id);
        Ok(())
    }

    /// Makes a mapping, or changes the one of that object; then its table is loaded. Returns its id.
    ///
    /// # Errors
    /// 404 for an unknown connection; 422 without an object's name.
    pub fn put_mapping(&mut self, connection: &str, object_name: &str, config: &Value) -> Result<String, Refusal> {
        if object_name.is_empty() {
            return Err(Refusal::connect(422, "object_name is missing"));
        }
        let (id, now) = (self.ids.give(), self.settled_at);
        let rows = self.rows_in_salesforce(connection, object_name);
        let config = self.without_dropped(object_name, config);
        let shortens = self.behaviour.saving_shortens_columns;
        let connection = self.connection_mut(connection)?;
        let found = connection.mappings.iter().position(|mapping| mapping.object_name == object_name);
        let index = found.unwrap_or_else(|| {
            let number = connection.number * 100 + u64::try_from(connection.mappings.len()).unwrap_or(0);
            connection.mappings.push(new_mapping(id, number, object_name, rows, now));
            connection.mappings.len() - 1
        });
        let mapping = &mut connection.mappings[index];
        mapping.apply(&config, now, shortens);
        if found.is_some() { "SCHEMA_CHANGED" } else { "INITIAL" }.clone_into(&mut mapping.state);
        let id = mapping.id.clone();
        self.sync_mapping_after(&id, self.latency.mapping_reload);
        Ok(id)
    }

    fn without_dropped(&self, object_name: &str, config: &Value) -> Value {
        let mut config = config.clone();
        if let Some(fields) = config["fields"].as_object_mut() {
            fields.retain(|field, _| !self.behaviour.dropped_fields.contains(&format!("{object_name}.{field}")));
        }
        config
    }

    /// What a removed connection of the same app has seen of an object; nothing where there was none.
    fn rows_in_salesforce(&self, connection: &str, object_name: &str) -> u64 {
        let seen = |old: &Connection| old.mappings.iter().find(|m| m.object_name == object_name).map(|m| m.rows);
        self.predecessor(connection).and_then(seen).unwrap_or(0)
    }

    pub(crate) fn sync_mapping_after(&mut self, id: &str, seconds: u64) {
        self.cancel(id);
        self.schedule(seconds, Due::MappingSynced { mapping: id.to_owned() });
    }

    pub(crate) fn begin_mapping_poll(&mut self, id: &str) {
        let active = self.mapping(id).is_ok_and(|(connection, _)| connection.is_syncing() && !connection.pausing);
        let Ok(mapping) = self.mapping_mut(id) else { return };
        if active && mapping.is_synced() {
            "POLLING_SF_CHANGES".clone_into(&mut mapping.state);
            self.sync_mapping_after(id, self.latency.mapping_poll);
        } else {
            let seconds = mapping.polling_seconds;
            self.schedule(seconds, Due::MappingPollBegins { mapping: id.to_owned() });
        }
    }

    pub(crate) fn mapping_is_synced(&mut self, id: &str) {
        let now = self.settled_at;
        let active = self.mapping(id).is_ok_and(|(connection, _)| connection.state != "PAUSED");
        let lengthens = active && self.behaviour.sync_lengthens_columns;
        let is_missing =
            self.mapping(id).is_ok_and(|(_, found)| self.behaviour.missing_objects.contains(&found.object_name));
        let Ok(mapping) = self.mapping_mut(id) else { return };
        if lengthens && mapping.lengthen_columns() {
            mapping.altered += 1;
        }
        if mapping.state == "RELOAD_TABLE" {
            mapping.reloaded_at = Some(now);
        }
        if is_missing {
            "BAD_CONFIG".clone_into(&mut mapping.state);
            return;
        }
        "DATA_SYNCED".clone_into(&mut mapping.state);
        mapping.polled_at = Some(now);
        let seconds = mapping.polling_seconds;
        if active {
            self.schedule(seconds, Due::MappingPollBegins { mapping: id.to_owned() });
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// `string` of `string(120)`.
fn kind(definition: &str) -> &str {
    definition.split('(').next().unwrap_or_default()
}

fn length(definition: &str) -> u64 {
    definition.split_once('(').and_then(|(_, rest)| rest.trim_end_matches(')').parse().ok()).unwrap_or_default()
}

fn new_mapping(id: String, number: u64, object_name: &str, rows: u64, now: Timestamp) -> Mapping {
    Mapping {
        id,
        number,
        object_name: object_name.to_owned(),
        state: "INITIAL".to_owned(),
        access: "read_only".to_owned(),
        rows,
        notify: false,
        polling_seconds: 600,
        fields: Vec::new(),
        definitions: BTreeMap::new(),
        columns: BTreeMap::new(),
        upsert_field: None,
        indexes: BTreeMap::new(),
        revision: 0,
        altered: 0,
        created_at: now,
        updated_at: now,
        polled_at: None,
        reloaded_at: None,
        api_change: None,
        api_change_is_unsafe: false,
        findings: BTreeMap::new(),
    }
}

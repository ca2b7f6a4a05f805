use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Addon, Due, ExistingSchema, Mapping, Refusal, World};
use crate::fault::Fault;

/// The newest Salesforce API version, which new connections take (docs/heroku/connect.md, "API version";
/// docs/heroku/procedures.md, "Recreate the connection").
pub const NEWEST_API: &str = hcops_heroku::connect::NEWEST_SALESFORCE_API;

/// Seconds in which the person who reads that a schema exists already has renamed it, at most: a command is typed.
const RENAMED_WITHIN: u64 = 40;

/// A connection of Heroku Connect: one add-on, one Postgres schema, one Salesforce org.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// UUID; it appears to equal the add-on's (docs/heroku/connect.md, "Discovery").
    pub id: String,
    /// Internal number.
    pub number: u64,
    /// The add-on's id.
    pub addon: String,
    /// Name of the app.
    pub app: String,
    /// Name of the connection.
    pub name: String,
    /// Postgres schema.
    pub schema_name: String,
    /// Config var of the database; `None` until it is set.
    pub db_key: Option<String>,
    /// State, as in docs/heroku/connect.md, "Connection states".
    pub state: String,
    /// Whether a pause was accepted and has not taken effect.
    pub pausing: bool,
    /// Whether a resume was accepted and has not taken effect.
    pub resuming: bool,
    /// Addresses of those who may see it. Discovery shows it to nobody else.
    pub access: Vec<String>,
    /// Its Salesforce side.
    pub salesforce: SalesforceInfo,
    /// Feature flags; `poll_db_no_merge` is the write algorithm.
    pub features: BTreeMap<String, bool>,
    /// Plan without the service: `demo`, `enterprise`.
    pub plan: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When somebody logged in to Salesforce for it; with the creation where nobody did since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized_at: Option<Timestamp>,
    /// Mappings.
    pub mappings: Vec<Mapping>,
    /// Its trigger log, as counters.
    pub trigger_log: TriggerLog,
    /// Seconds from the end of one poll of the trigger log to the next: every 2 minutes in all
    /// (docs/heroku/connect.md, "Connection states").
    pub idle_seconds: u64,
    /// Seconds that one poll of the trigger log lasts.
    pub poll_seconds: u64,
    /// Rows that come from Salesforce each second.
    pub salesforce_writes_per_second: u64,
    /// Rows that wait in Salesforce, in thousandths.
    pub salesforce_backlog: u64,
    /// Last write into Salesforce.
    pub last_write_at: Option<Timestamp>,
    /// Write errors of the last 24 hours.
    pub errors: Vec<WriteError>,
    /// Unacknowledged notifications.
    pub notifications: Vec<Notification>,
    /// Validations that were asked for.
    pub validations: Vec<Validation>,
    /// What the schema was renamed to by hand, after the connection was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_renamed_to: Option<String>,
}

/// The Salesforce side of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SalesforceInfo {
    /// Integration user.
    pub username: Option<String>,
    /// Organisation id.
    pub organization_id: Option<String>,
    /// `production`, `sandbox` or `custom`.
    pub environment: String,
    /// Login domain.
    pub domain: String,
    /// `62.0`.
    pub api_version: String,
}

impl Default for SalesforceInfo {
    fn default() -> Self {
        Self {
            username: None,
            organization_id: None,
            environment: "production".to_owned(),
            domain: "https://login.salesforce.com".to_owned(),
            api_version: "62.0".to_owned(),
        }
    }
}

/// Counters of a trigger log, in thousandths of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TriggerLog {
    /// Rows in the states `NEW` and `PENDING`, without those in flight.
    pub open: u64,
    /// Rows that the poll under way has taken.
    pub in_flight: u64,
    /// Rows that were written to Salesforce.
    pub processed: u64,
}

impl TriggerLog {
    /// Rows that have not reached Salesforce, rounded up.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        (self.open + self.in_flight).div_ceil(1_000)
    }
}

/// A change that Salesforce rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteError {
    /// Trigger-log id.
    pub id: String,
    /// Table.
    pub table_name: String,
    /// Row in the table.
    pub record_id: String,
    /// Salesforce's words.
    pub message: String,
    /// When.
    pub created_at: Timestamp,
}

/// A notice of Heroku Connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Id.
    pub id: String,
    /// When.
    pub created_at: Timestamp,
    /// `mapping-error`, `postgres-connection`, `connection_state_changed` …
    pub event_type: String,
    /// Text.
    pub message: String,
}

/// A validation that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// Number in the address of its result.
    pub number: u64,
    /// When the result is there.
    pub ready_at: Timestamp,
}

impl Connection {
    /// A connection that was just ordered.
    pub(crate) fn unconfigured(addon: &Addon, plan: &str, now: Timestamp) -> Self {
        Self {
            id: addon.id.clone(),
            number: 804_000,
            addon: addon.id.clone(),
            app: addon.app.clone(),
            name: String::new(),
            schema_name: "salesforce".to_owned(),
            db_key: None,
            state: "NEW".to_owned(),
            pausing: false,
            resuming: false,
            access: Vec::new(),
            salesforce: SalesforceInfo { api_version: NEWEST_API.to_owned(), ..SalesforceInfo::default() },
            features: BTreeMap::from([("poll_db_no_merge".to_owned(), false)]),
            plan: plan.to_owned(),
            created_at: now,
            authorized_at: None,
            mappings: Vec::new(),
            trigger_log: TriggerLog::default(),
            idle_seconds: 114,
            poll_seconds: 6,
            salesforce_writes_per_second: 0,
            salesforce_backlog: 0,
            last_write_at: None,
            errors: Vec::new(),
            notifications: Vec::new(),
            validations: Vec::new(),
            schema_renamed_to: None,
        }
    }

    /// Whether it moves data at all in its present state.
    #[must_use]
    pub fn is_syncing(&self) -> bool {
        matches!(self.state.as_str(), "IDLE" | "POLLING_DB_CHANGES")
    }
}

impl World {
    /// The connection of this id.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn connection(&self, id: &str) -> Result<&Connection, Refusal> {
        self.connections
            .iter()
            .find(|connection| connection.id == id)
            .ok_or_else(|| Refusal::connect(404, "Connection not found"))
    }

    pub(crate) fn connection_mut(&mut self, id: &str) -> Result<&mut Connection, Refusal> {
        self.connections
            .iter_mut()
            .find(|connection| connection.id == id)
            .ok_or_else(|| Refusal::connect(404, "Connection not found"))
    }

    /// The add-on's name of a connection.
    #[must_use]
    pub fn resource_name(&self, connection: &Connection) -> String {
        self.addon(&connection.addon).map(|addon| addon.name.clone()).unwrap_or_default()
    }

    /// The connections that the account may see: of an app or a resource, where given.
    #[must_use]
    pub fn visible_connections(&self, app: Option<&str>, resource: Option<&str>) -> Vec<&Connection> {
        let app = app.map(|key| self.app(key).map_or(key, |app| app.name.as_str()));
        let visible = |connection: &&Connection| {
            connection.access.contains(&self.account.email)
                && app.is_none_or(|app| connection.app == app)
                && resource.is_none_or(|name| self.resource_name(connection) == name || connection.addon == name)
        };
        self.connections.iter().filter(visible).collect()
    }

    /// Adds the account to the access list of the app's connections.
    ///
    /// # Errors
    /// 404 when there is no such app.
    pub fn grant_access(&mut self, app: &str) -> Result<(), Refusal> {
        let (app, email) = (self.app(app)?.name.clone(), self.account.email.clone());
        for connection in self.connections.iter_mut().filter(|connection| connection.app == app) {
            if !connection.access.contains(&email) {
                connection.access.push(email.clone());
            }
        }
        Ok(())
    }

    /// Changes the database setting, the schema or the name of a connection. A new connection that has both settings
    /// then waits for its Salesforce login.
    ///
    /// # Errors
    /// 404; 422 for a config var that does not lead to a database.
    pub fn configure_connection(&mut self, id: &str, changes: &Value) -> Result<(), Refusal> {
        let app = self.connection(id)?.app.clone();
        if let Some(var) = changes["db_key"].as_str()
            && self.database_behind(&app, var).is_none()
        {
            return Err(Refusal::connect(422, format!("{var} is not a database of {app}")));
        }
        let connection = self.connection_mut(id)?;
        if let Some(var) = changes["db_key"].as_str() {
            connection.db_key = Some(var.to_owned());
        }
        if let Some(schema) = changes["schema_name"].as_str() {
            schema.clone_into(&mut connection.schema_name);
        }
        if let Some(name) = changes["name"].as_str() {
            name.clone_into(&mut connection.name);
        }
        if connection.state == "NEW" && connection.db_key.is_some() {
            "NEED_AUTHENTICATION".clone_into(&mut connection.state);
        }
        Ok(())
    }

    /// The schema of a connection, with these `changes`, where another one has it, or left it behind, in the same database and
    /// Connect refuses that at this `moment`.
    #[must_use]
    pub fn schema_in_the_way(&self, id: &str, changes: &Value, moment: ExistingSchema) -> Option<String> {
        let known = self.connection(id).ok().filter(|_| self.behaviour.existing_schema == moment)?;
        let behind = |app: &str, var: Option<&str>| Some(self.database_behind(app, var?)?.addon.clone());
        let database = behind(&known.app, changes["db_key"].as_str().or(known.db_key.as_deref()))?;
        let schema = changes["schema_name"].as_str().unwrap_or(&known.schema_name);
        let is_there = |other: &&Connection| {
            other.id != id
                && other.schema_name == schema
                && other.schema_renamed_to.is_none()
                && behind(&other.app, other.db_key.as_deref()).as_ref() == Some(&database)
        };
        self.removed_connections.iter().chain(&self.connections).find(is_there).map(|_| schema.to_owned())
    }

    /// The person who reads that a schema exists already renames the one that was left behind.
    pub(crate) fn send_to_the_console(&mut self, schema: String) {
        self.behaviour.meet(Fault::SchemaRefused, true);
        if self.is_anybody_there() {
            self.schedule(self.latency.person.min(RENAMED_WITHIN), Due::SchemaRenamed { schema });
        }
    }

    /// Renames by hand the schema that removed connections have left behind.
    pub(crate) fn rename_schema(&mut self, schema: &str) {
        let left = self.removed_connections.iter_mut().filter(|old| old.schema_name == schema);
        left.for_each(|old| old.schema_renamed_to = Some(format!("{schema}_before")));
    }

    /// Removes the notifications up to the filters, as an acknowledgement does.
    ///
    /// # Errors
    /// 404.
    pub fn acknowledge(&mut self, id: &str, event_type: Option<&str>) -> Result<(), Refusal> {
        let connection = self.connection_mut(id)?;
        connection.notifications.retain(|notice| event_type.is_some_and(|kind| notice.event_type != kind));
        Ok(())
    }

    /// Asks for a validation. Returns its number.
    ///
    /// # Errors
    /// 404.
    pub fn begin_validation(&mut self, id: &str) -> Result<u64, Refusal> {
        let ready_at = super::timer::after(self.settled_at, self.latency.connect_validation);
        let connection = self.connection_mut(id)?;
        let number = 456 + u64::try_from(connection.validations.len()).unwrap_or(0);
        connection.validations.push(Validation { number, ready_at });
        Ok(number)
    }

    pub(crate) fn notify(&mut self, id: &str, event_type: &str, message: String) {
        let (mark, now) = (self.ids.give(), self.settled_at);
        if let Ok(connection) = self.connection_mut(id) {
            let event_type = event_type.to_owned();
            connection.notifications.push(Notification { id: mark, created_at: now, event_type, message });
        }
    }
}

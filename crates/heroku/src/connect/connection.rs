use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Connect, ConnectionAddress, ConnectionState, Mapping, as_the_plugin_asks, bare};
use crate::lenient::{self, Moment};
use crate::transport::{Answer, Call, Method, address, json_body};
use hcops_model::{Fault, Permit};

/// A connection (docs/heroku/connect.md, "Connection").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// How it stands.
    pub state: ConnectionState,
    /// Name for people; may be empty.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub name: Option<String>,
    /// Name for people when the other is empty.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub internal_name: Option<String>,
    /// The add-on's name.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub resource_name: Option<String>,
    /// The add-on's id.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub addon_id: Option<String>,
    /// The app.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub app_name: Option<String>,
    /// The config var that names its database; none until it is set.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub db_key: Option<String>,
    /// The schema with its tables.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub schema_name: Option<String>,
    /// The database that it is connected to.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub database: Option<ConnectionDatabase>,
    /// The Salesforce organisation.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub organization_id: Option<String>,
    /// The add-on's plan, raw: `demo`, `enterprise`, `shield`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub plan: Option<String>,
    /// Raw; only `OK` was seen.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub mappings_summary_state: Option<String>,
    /// The Salesforce side.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub sf_info: Option<SalesforceInfo>,
    /// Feature switches; the set changes over time.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub features: BTreeMap<String, Value>,
    /// Rows in a page of a bulk query.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub bulk_page_size: Option<i64>,
    /// Records in a batch of the SOAP API.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub soap_batch_size: Option<i64>,
    /// Rows from which on a query is a large one.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub large_query_threshold: Option<i64>,
    /// Whether it logs to the app's log.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub logplex_log_enabled: Option<bool>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// When somebody last logged in to Salesforce for it.
    #[serde(default)]
    pub auth_updated: Option<Moment>,
    /// The mappings. An answer without the key is not taken for a connection without any.
    #[serde(deserialize_with = "lenient::list")]
    pub mappings: Vec<Mapping>,
}

impl Connection {
    /// The name that the official client shows: `name`, else `internal_name`, else the add-on's name.
    #[must_use]
    pub fn display_name(&self) -> &str {
        let names = [&self.name, &self.internal_name, &self.resource_name];
        names.into_iter().flatten().map(String::as_str).find(|name| !name.is_empty()).unwrap_or(&self.id)
    }

    /// A mapping by its object's name, as the official client picks it: case does not count.
    #[must_use]
    pub fn mapping(&self, object_name: &str) -> Option<&Mapping> {
        self.mappings.iter().find(|mapping| mapping.object_name.eq_ignore_ascii_case(object_name))
    }
}

/// Where a connection's database is, without user and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionDatabase {
    /// Host.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub host: Option<String>,
    /// Database.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub database: Option<String>,
    /// Port.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub port: Option<i64>,
}

/// The Salesforce side of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesforceInfo {
    /// The user that it acts as.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub username: Option<String>,
    /// The organisation.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub organization_id: Option<String>,
    /// `production`, `sandbox` or `custom`, raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub environment: Option<String>,
    /// Login domain.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub domain: Option<String>,
    /// Version of the Salesforce API: `62.0`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub api_version: Option<String>,
}

/// What is to be changed of a connection's settings; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SettingsChange {
    /// The config var that names its database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub db_key: Option<String>,
    /// The schema with its tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_name: Option<String>,
    /// Name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The config vars of an app that may name a connection's database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppDatabases {
    /// Each of them.
    #[serde(default, deserialize_with = "lenient::list")]
    pub db_keys: Vec<DbKey>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbKey {
    /// Name: `DATABASE_URL`.
    pub name: String,
    /// The database's plan, where it is an add-on.
    #[serde(default)]
    pub addon: Option<DbKeyAddon>,
}

/// The add-on behind a config var.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbKeyAddon {
    /// Plan.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub plan: Option<String>,
}

/// A field of a Salesforce object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectField {
    /// API name.
    pub name: String,
    /// Whether Salesforce requires it.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub required: Option<bool>,
    /// Everything else that is shown: its type and length, where they are (docs/heroku/connect.md, "Objects").
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct ObjectSchema {
    #[serde(default, deserialize_with = "lenient::list")]
    fields: Vec<ObjectField>,
}

impl Connect {
    /// A connection with its mappings.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when there is none of this id or the token may not see it.
    pub async fn connection(&self, at: &ConnectionAddress) -> Result<Connection, Fault> {
        let mut url = at.connection(&[])?;
        url.set_query(Some("deep=true"));
        self.transport.read(bare(Call::get(url))).await
    }

    /// Changes a connection's settings. The answer may come before the change takes effect: look at the connection.
    ///
    /// # Errors
    /// As every change.
    pub async fn change_settings(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        change: &SettingsChange,
    ) -> Result<Answer<()>, Fault> {
        let body = json_body(change)?;
        let call = Call::change(permit, Method::Patch, at.connection(&[])?, body.clone());
        self.transport.write_unread(as_the_plugin_asks(call, body), None).await
    }

    /// The config vars of an app that may name a connection's database.
    ///
    /// # Errors
    /// As every look.
    pub async fn app_databases(&self, at: &ConnectionAddress, app: &str) -> Result<AppDatabases, Fault> {
        self.transport.read(bare(Call::get(address(at.region(), &["api", "v3", "apps", app])?))).await
    }

    /// The fields that Salesforce has for an object.
    ///
    /// # Errors
    /// As every look.
    pub async fn object_fields(&self, at: &ConnectionAddress, object: &str) -> Result<Vec<ObjectField>, Fault> {
        let call = bare(Call::get(at.connection(&["schemas", object])?));
        let good = self.transport.send(&call).await?;
        self.transport.decode::<ObjectSchema>(&call, &good).map(|schema| schema.fields)
    }
}

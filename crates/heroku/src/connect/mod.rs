//! Heroku Connect: discovery, connections, mappings and what can be done with them (docs/heroku/connect.md,
//! "Hosts and headers").
//!
//! One global host says which connections a user may see; each connection lives at a regional host of its own. Every
//! call of a connection or mapping therefore takes a [`ConnectionAddress`].

mod access;
mod actions;
mod api_version;
mod connection;
mod discovery;
mod mapping;
mod notification;
mod state;
mod validation;
mod write_error;

use url::Url;

pub use access::Access;
pub use actions::SalesforceLogin;
pub use api_version::{
    MappingDiff, NEWEST_SALESFORCE_API, SUMMER_27, SUMMER_28, SalesforceApi, SchemaDiff, salesforce_api,
};
pub use connection::{
    AppDatabases, Connection, ConnectionDatabase, DbKey, DbKeyAddon, ObjectField, SalesforceInfo, SettingsChange,
};
pub use discovery::{ConnectionAddress, Discovered};
pub use mapping::{Mapping, MappingConfig, MappingCounts, MappingTimes};
pub use notification::Notification;
pub use state::{ConnectionState, MappingClass, MappingState};
pub use validation::{Check, Validating, Validation, ValidationResult};
pub use write_error::WriteError;

use super::transport::{Body, Call, Transport};

/// The client of Heroku Connect.
#[derive(Clone)]
pub struct Connect {
    pub(super) transport: Transport,
    pub(super) discovery: Url,
}

/// Connect's headers: JSON as the content type on every call, with or without a body
/// (docs/heroku/connect.md, "Hosts and headers").
fn as_the_plugin_asks(call: Call, body: Body) -> Call {
    call.with_body(body).header("accept", "application/json").header("heroku-client", "cli")
}

/// A call without a body.
fn bare(call: Call) -> Call {
    as_the_plugin_asks(call, Body::EmptyJson)
}

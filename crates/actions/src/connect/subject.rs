use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pointer::Pointer;
use hcops_heroku::connect::Connection;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneConnection {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
}

impl OneConnection {
    pub(super) fn pointer(&self) -> Pointer<'_> {
        Pointer { region_url: &self.region_url, connection: &self.connection }
    }
}

/// How a connection is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ConnectionIs {
    /// Its state.
    state: String,
}

impl ConnectionIs {
    pub(super) fn of(connection: &Connection) -> Self {
        Self { state: connection.state.to_string() }
    }
}

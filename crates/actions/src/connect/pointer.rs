use crate::Context;
use hcops_heroku::connect::{Connection, ConnectionAddress};
use hcops_model::Fault;

/// Where a connection is: its region's address as discovery gave it, and its id.
pub(super) struct Pointer<'a> {
    pub(super) region_url: &'a str,
    pub(super) connection: &'a str,
}

impl Pointer<'_> {
    /// The checked address.
    pub(super) fn address(&self, context: &Context) -> Result<ConnectionAddress, Fault> {
        context.clients.connect.address_of(self.region_url, self.connection)
    }

    /// The connection with its mappings, as it is now.
    pub(super) async fn look(&self, context: &Context) -> Result<Connection, Fault> {
        context.clients.connect.connection(&self.address(context)?).await
    }
}

/// The options that name a connection in the official client's commands: `-a acme-crm --resource herokuconnect-x-1`.
pub(super) fn options(connection: &Connection) -> String {
    let app = connection.app_name.as_deref().unwrap_or("APP");
    match connection.resource_name.as_deref() {
        Some(resource) => format!("-a {app} --resource {resource}"),
        None => format!("-a {app}"),
    }
}

/// The official client's command that opens the connection's page in the dashboard.
pub(super) fn opened_by(connection: &Connection) -> String {
    format!("heroku addons:open {}", connection.resource_name.as_deref().unwrap_or("herokuconnect"))
        + &connection.app_name.as_deref().map(|app| format!(" -a {app}")).unwrap_or_default()
}

/// The name for people: the add-on's name, by which commands know it, else what the connection is called.
pub(super) fn name(connection: &Connection) -> &str {
    connection.resource_name.as_deref().unwrap_or_else(|| connection.display_name())
}

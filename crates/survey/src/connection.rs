//! Which connection is meant.

use serde_json::{Value, json};

use hcops_heroku::Clients;
use hcops_heroku::connect::{Connection, ConnectionAddress, Discovered};
use hcops_heroku::platform::Addon;
use hcops_model::{Fault, FaultKind, Happened};

/// The connection that is meant, as discovery and as the connection itself show it.
pub(super) struct Chosen {
    pub(super) discovered: Discovered,
    pub(super) address: ConnectionAddress,
    pub(super) connection: Connection,
    name: String,
}

impl Chosen {
    /// The add-on's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// `addons` are those of the connection's app; `attachment` is the connection's own name on that app.
    pub(super) fn facts(&self, addons: &[Addon], attachment: Option<&str>) -> Value {
        let connection = &self.connection;
        let addon = addons.iter().find(|addon| addon.name == self.name());
        let writes = connection.mappings.iter().any(|mapping| mapping.access() != Some("read_only"));
        let mapping = |mapping: &hcops_heroku::connect::Mapping| json!({"id": mapping.id, "object_name": mapping.object_name, "access": mapping.access()});
        let salesforce = connection.sf_info.as_ref().and_then(|info| info.organization_id.as_ref());
        json!({
            "id": connection.id,
            "name": self.name(),
            "display_name": connection.display_name(),
            "region_url": self.discovered.region_url,
            "db_key": connection.db_key,
            "schema_name": connection.schema_name,
            "organization_id": connection.organization_id.as_ref().or(salesforce),
            "plan": connection.plan,
            "addon_id": addon.map(|addon| &addon.id),
            "addon_plan": addon.map(|addon| &addon.plan.name),
            "attachment": attachment,
            "environment": connection.sf_info.as_ref().and_then(|info| info.environment.as_ref()),
            "domain": connection.sf_info.as_ref().and_then(|info| info.domain.as_ref()),
            "writes": writes,
            "mappings": connection.mappings.iter().map(mapping).collect::<Vec<_>>(),
        })
    }
}

/// The app's connection, or the one of several that was named.
pub(super) async fn choose(clients: &Clients, app: &str, resource: Option<&str>) -> Result<Chosen, Fault> {
    let visible = clients.connect.search(app, None).await?;
    let nameless = visible.iter().any(|one| one.resource_name.is_empty());
    let visible = match resource {
        Some(resource) if nameless => named(clients, app, resource, visible).await?,
        _ => visible,
    };
    let discovered = pick(visible, app, resource)?;
    let address = clients.connect.address(&discovered)?;
    let connection = clients.connect.connection(&address).await?;
    let told = connection.resource_name.clone().unwrap_or_default();
    let name = [told, discovered.resource_name.clone()].into_iter().find(|name| !name.is_empty());
    let name = match name {
        Some(name) => name,
        None => by_addon(clients, app, &connection).await?,
    };
    Ok(Chosen { discovered, address, connection, name })
}

/// The connections with their add-on's name where discovery tells it only by finding them.
async fn named(
    clients: &Clients,
    app: &str,
    resource: &str,
    mut visible: Vec<Discovered>,
) -> Result<Vec<Discovered>, Fault> {
    let ids: Vec<String> = clients.connect.search(app, Some(resource)).await?.into_iter().map(|one| one.id).collect();
    for one in visible.iter_mut().filter(|one| one.resource_name.is_empty() && ids.contains(&one.id)) {
        resource.clone_into(&mut one.resource_name);
    }
    Ok(visible)
}

/// The name of the connection's add-on where Connect tells none: of the add-on with its id, or of the app's only one.
async fn by_addon(clients: &Clients, app: &str, connection: &Connection) -> Result<String, Fault> {
    if let Some(id) = connection.addon_id.as_deref().filter(|id| !id.is_empty()) {
        return Ok(clients.platform.addon(id).await?.name);
    }
    let addons = clients.platform.addons(app).await?;
    let mut connects = addons.into_iter().filter(|addon| addon.plan.name.starts_with("herokuconnect:"));
    Ok(match (connects.next(), connects.next()) {
        (Some(only), None) => only.name,
        _ => connection.display_name().to_owned(),
    })
}

fn pick(visible: Vec<Discovered>, app: &str, resource: Option<&str>) -> Result<Discovered, Fault> {
    if visible.is_empty() {
        return Err(nothing_visible(app));
    }
    let names: Vec<String> = visible.iter().map(|one| one.resource_name.clone()).collect();
    let mut meant: Vec<Discovered> = match resource {
        Some(resource) => {
            visible.into_iter().filter(|one| one.resource_name == resource || one.id == resource).collect()
        }
        None => visible,
    };
    match (meant.pop(), meant.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(several(app, &names)),
        (None, _) => Err(none_of_this_name(app, resource.unwrap_or_default(), &names)),
    }
}

/// docs/heroku/connect.md, "Discovery": nothing visible is an empty list, not a refusal.
fn nothing_visible(app: &str) -> Fault {
    Fault::new(
        FaultKind::NotFound,
        format!("Heroku Connect shows no connection of {app} to this account"),
        "Either the app has no Heroku Connect add-on, or this account is not on the connection's access list yet, which is \
         empty at first and also when somebody has just been given access to the app.",
        "If the add-on is there, have the official command add you to the list (opening the add-on in the dashboard does the \
         same), then try again. Surveying only looks, so it does not add you by itself.",
    )
    .with_command(format!("heroku connect:info -a {app}"))
    .with_happened(Happened::No)
}

fn several(app: &str, names: &[String]) -> Fault {
    let first = names.first().cloned().unwrap_or_default();
    Fault::new(
        FaultKind::Usage,
        format!("{app} has {} connections: {}", names.len(), names.join(", ")),
        "Which of them is meant can't be guessed.",
        "Name one with --resource.",
    )
    .with_command(format!("hcops status -a {app} --resource {first}"))
    .with_happened(Happened::No)
}

fn none_of_this_name(app: &str, resource: &str, names: &[String]) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("{app} has no connection {resource}; it has {}", names.join(", ")),
        "The name that was given is not one of them.",
        "Correct --resource.",
    )
    .with_command(format!("hcops status -a {app} --resource {}", names.first().cloned().unwrap_or_default()))
    .with_happened(Happened::No)
}

use jiff::Timestamp;
use serde::Serialize;

use super::announced::Notices;
use super::apps::{self, AppCheckup};
use super::connections::{self, ConnectionCheckup};
use super::databases::{self, DatabaseCheckup};
use super::pointer::Names;
use super::side_by_side::side_by_side;
use super::sql;
use super::unseen::{Gaps, Unseen};
use crate::take::{Target, unknown_app};
use hcops_heroku::Clients;
use hcops_heroku::connect::Discovered;
use hcops_heroku::platform::{Addon, App};
use hcops_model::{Clock, Fault, FaultKind, Happened};

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// What Heroku's APIs show.
    Api,
    /// The databases themselves as well, by SQL that only reads.
    Sql,
}

/// What was seen of an app and of all that hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checkup {
    /// When, by the clock that was handed in.
    pub at: Timestamp,
    /// The app.
    pub app: String,
    /// Its region.
    pub region: Option<String>,
    /// How deep was looked.
    pub depth: Depth,
    /// Every app that has one of the databases, this one first.
    pub apps: Vec<AppCheckup>,
    /// Its connections, by name.
    pub connections: Vec<ConnectionCheckup>,
    /// Connect add-ons of the app whose connections are not visible to this account.
    pub hidden_connections: Vec<String>,
    /// The databases that the connections use; without a connection, the app's `DATABASE`.
    pub databases: Vec<DatabaseCheckup>,
    /// What could not be read. Nothing may be taken for well because of what is missing here.
    pub unseen: Vec<Unseen>,
}

impl Checkup {
    /// The database that a connection uses, where it was seen.
    #[must_use]
    pub fn database_of(&self, connection: &ConnectionCheckup) -> Option<&DatabaseCheckup> {
        let id = connection.pointer.addon_id()?;
        self.databases.iter().find(|database| database.id == id)
    }

    /// The connections that use a database.
    pub fn connections_of(&self, database: &DatabaseCheckup) -> impl Iterator<Item = &ConnectionCheckup> {
        self.connections.iter().filter(|connection| connection.pointer.addon_id() == Some(&database.id))
    }
}

/// Looks at an app and at all that hangs on it. It only looks, and waits at most about half a minute for each part that
/// does not answer.
///
/// # Errors
/// When the app itself cannot be read; [`FaultKind::Usage`] when it has no connection of the name that was given. What
/// else cannot be read is named in [`Checkup::unseen`].
pub async fn checkup(
    clients: &Clients,
    clock: &dyn Clock,
    target: &Target,
    depth: Depth,
    notices: &Notices,
) -> Result<Checkup, Fault> {
    let clients = clients.for_brief_looks();
    let gaps = Gaps::default();
    let app = clients.platform.app(&target.app).await.map_err(|fault| unknown_app(&target.app, fault))?;
    let (attachments, addons, discovered) = tokio::join!(
        clients.platform.app_attachments(&app.name),
        clients.platform.addons(&app.name),
        clients.connect.search(&app.name, None)
    );
    let attachments = gaps.seen(format!("the attachments of {}", app.name), attachments);
    let addons = gaps.seen(format!("the add-ons of {}", app.name), addons).unwrap_or_default();
    let discovered = gaps.seen(format!("the list of the connections of {}", app.name), discovered);
    let hidden_connections = hidden(&addons, discovered.as_deref(), &app, target);
    let meant = meant(discovered.unwrap_or_default(), target, &hidden_connections, &gaps)?;
    let found: Vec<connections::Found> =
        side_by_side(meant, |one| connections::look(clients.clone(), one, gaps.clone()))
            .await
            .into_iter()
            .flatten()
            .collect();
    let keys: Vec<&str> = found.iter().filter_map(|one| one.connection.db_key.as_deref()).collect();
    let names = Names::read(&clients, &app.name, attachments, &keys, &gaps).await;
    let connections: Vec<ConnectionCheckup> = found.into_iter().map(|one| one.with_pointer(&names)).collect();
    let databases = databases(&clients, &connections, &names, &gaps).await;
    let apps = side_by_side(app_names(&app.name, &databases), |name| apps::look(clients.clone(), name, gaps.clone()));
    let apps = apps.await.into_iter().flatten().collect();
    notices.missing.iter().for_each(|missing| gaps.note("announced maintenance", missing));
    let mut checkup = Checkup {
        at: clock.now(),
        region: app.region.map(|region| region.name),
        app: app.name,
        depth,
        apps,
        connections,
        hidden_connections,
        databases,
        unseen: Vec::new(),
    };
    if depth == Depth::Sql {
        look_inside(&clients, &mut checkup, &gaps).await;
    }
    checkup.unseen = gaps.all();
    Ok(checkup)
}

/// Connect add-ons that discovery does not show: an account that is not on the connection's access list gets an empty list
/// and no refusal (docs/heroku/connect.md, "Discovery").
fn hidden(addons: &[Addon], discovered: Option<&[Discovered]>, app: &App, target: &Target) -> Vec<String> {
    let Some(discovered) = discovered else { return Vec::new() };
    let is_connect = |addon: &&Addon| addon.plan.name.starts_with("herokuconnect:") && addon.app.name == app.name;
    let is_meant = |addon: &&Addon| target.resource.as_ref().is_none_or(|resource| *resource == addon.name);
    // One without a name may be any of them.
    let is =
        |one: &Discovered, addon: &Addon| [&addon.name, ""].contains(&one.resource_name.as_str()) || one.id == addon.id;
    let is_shown = |addon: &Addon| discovered.iter().any(|one| is(one, addon));
    let names = addons.iter().filter(is_connect).filter(is_meant).filter(|addon| !is_shown(addon));
    names.map(|addon| addon.name.clone()).collect()
}

/// The connections that are meant: all of them, or the one that was named.
fn meant(
    mut discovered: Vec<Discovered>,
    target: &Target,
    hidden: &[String],
    gaps: &Gaps,
) -> Result<Vec<Discovered>, Fault> {
    for name in hidden {
        gaps.note(
            format!("the connection {name}"),
            format!(
                "Connect does not show it to this account; `heroku connect:info -a {}` adds you to its list",
                target.app
            ),
        );
    }
    discovered.sort_by(|one, other| one.resource_name.cmp(&other.resource_name));
    let Some(resource) = &target.resource else { return Ok(discovered) };
    let names: Vec<String> = discovered.iter().map(|one| one.resource_name.clone()).collect();
    discovered.retain(|one| one.resource_name == *resource || one.id == *resource);
    if discovered.is_empty() && !names.is_empty() && !hidden.contains(resource) {
        return Err(none_of_this_name(&target.app, resource, &names));
    }
    Ok(discovered)
}

fn none_of_this_name(app: &str, resource: &str, names: &[String]) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("{app} has no connection {resource}; it has {}", names.join(", ")),
        "The name that was given is not one of them.",
        "Correct --resource, or leave it out to see all of them.",
    )
    .with_happened(Happened::No)
}

async fn databases(
    clients: &Clients,
    connections: &[ConnectionCheckup],
    names: &Names,
    gaps: &Gaps,
) -> Vec<DatabaseCheckup> {
    let mut ids: Vec<String> = connections.iter().filter_map(|one| one.pointer.addon_id().map(str::to_owned)).collect();
    if connections.is_empty() {
        ids.extend(names.default_database());
    }
    ids.sort_unstable();
    ids.dedup();
    let others = names.databases();
    let look = |id: String| databases::look(clients.clone(), id, others.clone(), gaps.clone());
    side_by_side(ids, look).await.into_iter().flatten().collect()
}

/// The app first, then the others that have one of the databases, by name.
fn app_names(app: &str, databases: &[DatabaseCheckup]) -> Vec<String> {
    let attached = databases.iter().flat_map(|database| &database.attachments);
    let mut names: Vec<String> = attached.map(|one| one.app.clone()).chain([app.to_owned()]).collect();
    names.sort_unstable_by_key(|name| (name != app, name.clone()));
    names.dedup();
    names
}

async fn look_inside(clients: &Clients, checkup: &mut Checkup, gaps: &Gaps) {
    for database in &mut checkup.databases {
        sql::look(clients, &checkup.app, database, &mut checkup.connections, gaps).await;
    }
}

//! What a plan rests on, read again: the apps that have the database, their attachments, its followers.

use super::apps::AppFacts;
use super::attachments::{self, AttachmentFacts};
use super::connection;
use super::database;
use super::take::{Target, apps_with_the_database, unknown_app};
use hcops_heroku::platform::{App, Attachment};
use hcops_heroku::{Clients, if_found};
use hcops_model::Fault;

/// The part of a survey that a run silences, moves and restores. The same functions make it as make the facts of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The config var that the connection reads.
    pub db_key: String,
    /// The connection's schema.
    pub schema_name: Option<String>,
    /// The objects that it maps, by API name.
    pub mapped: Vec<String>,
    /// The add-on that the connection uses, by name.
    pub database: String,
    /// Its plan.
    pub plan: String,
    /// Its Postgres major version.
    pub version: Option<u32>,
    /// Its followers, by name, or by their place where the name is not known.
    pub followers: Vec<String>,
    /// Its attachments in every app, sorted by app and name.
    pub attachments: Vec<AttachmentFacts>,
    /// Every app that has it, the connection's first.
    pub apps: Vec<AppFacts>,
}

/// Reads it. `made` is an add-on that the run itself has made of the database, by name: it is no follower of others.
///
/// # Errors
/// As [`super::survey`].
pub async fn world(clients: &Clients, target: &Target, made: Option<&str>) -> Result<World, Fault> {
    let app = clients.platform.app(&target.app).await.map_err(|fault| unknown_app(&target.app, fault))?;
    let chosen = connection::choose(clients, &app.name, target.resource.as_deref()).await?;
    let mut resolved = database::resolve(clients, &app.name, &chosen).await?;
    let (_, attachments, apps) = attached(clients, &app, &resolved).await?;
    if let Some(made) = made {
        let own = if_found(clients.data.database(made).await)?;
        let place = own.and_then(|own| own.resource_url.map(|url| url.place()));
        let is_own = |told: &String| told == made || place.as_deref().is_some_and(|place| told.contains(place));
        resolved.followers.retain(|told| !is_own(told));
    }
    Ok(World {
        db_key: resolved.db_key,
        schema_name: chosen.connection.schema_name.clone(),
        mapped: chosen.connection.mappings.iter().map(|mapping| mapping.object_name.clone()).collect(),
        database: resolved.addon.name,
        plan: resolved.addon.plan.name,
        version: resolved.database.major_version(),
        followers: resolved.followers,
        attachments,
        apps,
    })
}

/// The attachments of the database in every app, as they are and judged, and those apps.
pub(super) async fn attached(
    clients: &Clients,
    app: &App,
    resolved: &database::Resolved,
) -> Result<(Vec<Attachment>, Vec<AttachmentFacts>, Vec<AppFacts>), Fault> {
    let everywhere = clients.platform.addon_attachments(&resolved.addon.id).await?;
    let attachments = attachments::judge(&everywhere, resolved, &app.name);
    let apps = apps_with_the_database(clients, app, &attachments).await?;
    Ok((everywhere, attachments, apps))
}

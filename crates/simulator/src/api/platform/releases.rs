use axum::Router;
use serde_json::{Value, json};

use super::shapes::app_reference;
use crate::api::auth::Access;
use crate::api::pages::page;
use crate::api::router::{Routes, get};
use crate::api::{Call, Reply};
use crate::world::{App, Refusal, Release, World};

pub(super) fn routes() -> Routes {
    let on = Access::Platform;
    Router::new()
        .route("/apps/{app}/releases", get(on, list))
        .route("/apps/{app}/releases/{release}", get(on, show))
        .route("/apps/{app}/releases/{release}/config-vars", get(on, config))
}

fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    page(call, app.releases.iter().map(|release| shown(world, app, release)).collect(), "version")
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    Ok(Reply::ok(shown(world, app, find(app, call)?)))
}

/// The config vars as they were with a release (docs/heroku/platform.md, "Releases").
fn config(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    Ok(Reply::ok(match &find(app, call)?.config {
        Some(config) => json!(config),
        None => json!(world.config(&app.name)?),
    }))
}

fn find<'a>(app: &'a App, call: &Call) -> Result<&'a Release, Refusal> {
    let key = call.param("release");
    app.releases
        .iter()
        .find(|release| release.id == key || release.version.to_string() == key)
        .ok_or_else(|| Refusal::not_found("release"))
}

fn shown(world: &World, app: &App, release: &Release) -> Value {
    let current = app.releases.last().is_some_and(|last| last.id == release.id);
    let phase = release.attachment.is_some() && app.has_release_phase();
    let stream = phase.then(|| format!("https://release-output.simulator.example/streams/{}", release.id));
    json!({
        "addon_plan_names": [], "app": app_reference(world, &app.name), "artifacts": [],
        "created_at": release.created_at.to_string(), "current": current, "description": release.description,
        "eligible_for_rollback": true, "id": release.id, "output_stream_url": stream, "slug": null,
        "status": release.status, "updated_at": release.updated_at.to_string(),
        "user": { "email": world.account.email, "id": world.account.id }, "version": release.version,
    })
}

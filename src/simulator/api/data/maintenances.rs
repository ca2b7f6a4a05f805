//! Maintenances of databases: `reference/platform-and-data-api.md` section 3.7.

use axum::Router;
use serde_json::{Value, json};

use super::shapes::time;
use crate::simulator::api::auth::Access;
use crate::simulator::api::router::{Routes, get, post};
use crate::simulator::api::{Call, Reply};
use crate::simulator::world::{Addon, Database, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    Router::new()
        .route("/data/maintenances/v1/{addon}", get(on, show))
        .route("/data/maintenances/v1/{addon}/history/", get(on, history))
        .route("/data/maintenances/v1/{addon}/history", get(on, history))
        .route("/data/maintenances/v1/{addon}/window", get(on, window))
        .route("/data/maintenances/v1/{addon}/run", post(on, none_pending))
        .route("/data/maintenances/v1/{addon}/schedule", post(on, none_pending))
        .route("/data/maintenances/v1/apps/{app}", get(on, list))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("addon"))?;
    Ok(Reply::ok(shown(world, world.addon(&database.addon)?, database)))
}

fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = &world.app(call.param("app"))?.name;
    let owned = world.databases.iter().filter_map(|database| Some((world.addon(&database.addon).ok()?, database)));
    let maintenances: Vec<Value> = owned
        .filter(|(addon, database)| &addon.app == app && database.maintenance != "none")
        .map(|(addon, database)| shown(world, addon, database))
        .collect();
    Ok(Reply::ok(json!({ "maintenances": maintenances })))
}

fn history(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("addon"))?;
    Ok(Reply::ok(json!({ "maintenances": [] })))
}

fn window(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("addon"))?;
    Ok(Reply::ok(json!({
        "window": database.maintenance_window, "previous_window": null, "scheduled_for": null,
        "previously_scheduled_for": null,
    })))
}

/// Maintenances are not simulated beyond their status, so none can be run or put off.
fn none_pending(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("addon"))?;
    Err(Refusal::unprocessable("There is no maintenance that could be run or scheduled."))
}

fn shown(world: &World, addon: &Addon, database: &Database) -> Value {
    let attached: Vec<&str> =
        world.attachments.iter().filter(|a| a.addon == addon.id).map(|a| a.name.as_str()).collect();
    let app = world.app(&addon.app).map(|app| app.id.clone()).unwrap_or_default();
    let pending = database.maintenance != "none";
    json!({
        "addon": {
            "attachments": attached, "kind": addon.service(), "name": addon.name,
            "plan": addon.plan.rsplit(':').next(), "uuid": addon.id, "window": database.maintenance_window,
        },
        "addon_description": format!("{} on {}", addon.name, addon.app), "app": { "name": addon.app, "uuid": app },
        "completed_at": null, "duration_seconds": null, "method": pending.then_some("changeover"),
        "previously_scheduled_for": null, "reason": pending.then_some("routine_maintenance"), "required_by": null,
        "scheduled_for": null, "server_created_at": time(database.created_at), "started_at": null,
        "status": database.maintenance, "window": database.maintenance_window,
    })
}

//! Maintenances of databases: docs/heroku/data.md, "Maintenances".

use axum::Router;
use serde_json::{Value, json};

use super::shapes::time;
use crate::api::auth::Access;
use crate::api::router::{Routes, get, post};
use crate::api::{Call, Reply};
use crate::world::{Addon, Database, PlanName, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    Router::new()
        .route("/data/maintenances/v1/{addon}", get(on, show))
        .route("/data/maintenances/v1/{addon}/history/", get(on, history))
        .route("/data/maintenances/v1/{addon}/history", get(on, history))
        .route("/data/maintenances/v1/{addon}/window", get(on, window).merge(post(on, set_window)))
        .route("/data/maintenances/v1/{addon}/run", post(on, run))
        .route("/data/maintenances/v1/{addon}/schedule", post(on, schedule))
        .route("/data/maintenances/v1/apps/{app}", get(on, list))
}

/// The database whose add-on has this id: these routes take no name.
fn database_by_id<'a>(world: &'a World, call: &Call) -> Result<&'a Database, Refusal> {
    let database = world.provisioned_database(call.param("addon"))?;
    if database.addon == call.param("addon") { Ok(database) } else { Err(Refusal::not_found("add_on")) }
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = database_by_id(world, call)?;
    let addon = world.addon(&database.addon)?;
    if addon.plan.is_essential() && world.behaviour.refuses_essential_maintenance {
        return Err(Refusal::unprocessable("Maintenances can't be managed on Essential-tier databases."));
    }
    Ok(Reply::ok(shown(world, addon, database)))
}

fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = &world.app(call.param("app"))?.name;
    let owned = world.databases.iter().filter_map(|database| Some((world.addon(&database.addon).ok()?, database)));
    let maintenances: Vec<Value> =
        owned.filter(|(addon, _)| &addon.app == app).map(|(addon, database)| shown(world, addon, database)).collect();
    Ok(Reply::ok(json!({ "maintenances": maintenances })))
}

/// The newest first, at most 20 of them.
fn history(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = database_by_id(world, call)?;
    let addon = world.addon(&database.addon)?;
    let limit = call.query("limit").and_then(|limit| limit.parse::<usize>().ok()).unwrap_or(5).min(20);
    let newest = database.past_maintenances.iter().rev().take(limit);
    let shown: Vec<Value> = newest
        .map(|past| {
            let mut one = shown(world, addon, database);
            one["status"] = json!("completed");
            (one["method"], one["reason"]) = (json!("changeover"), json!("routine_maintenance"));
            (one["scheduled_for"], one["previously_scheduled_for"]) = (Value::Null, Value::Null);
            one["started_at"] = json!(time(past.started_at));
            one["completed_at"] = json!(time(past.completed_at));
            one["duration_seconds"] = json!(past.completed_at.as_second() - past.started_at.as_second());
            one
        })
        .collect();
    Ok(Reply::ok(json!({ "maintenances": shown })))
}

fn window(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = database_by_id(world, call)?;
    Ok(Reply::ok(shown_window(database, None)))
}

fn set_window(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    database_by_id(world, call)?;
    let (day, at) = (call.text("day_of_week").unwrap_or_default(), call.text("time_of_day").unwrap_or_default());
    let before = world.set_maintenance_window(call.param("addon"), day, at)?;
    Ok(Reply::ok(shown_window(world.database(call.param("addon"))?, Some(&before))))
}

fn shown_window(database: &Database, before: Option<&str>) -> Value {
    let times = &database.maintenance_times;
    json!({
        "window": database.maintenance_window, "previous_window": before,
        "scheduled_for": times.scheduled_for.map(time),
        "previously_scheduled_for": times.previously_scheduled_for.map(time),
    })
}

/// Whether the app is in maintenance mode only the official client asks, before it sends this.
fn run(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    database_by_id(world, call)?;
    world.run_maintenance(call.param("addon"))?;
    Ok(Reply::message("Maintenance is being run."))
}

fn schedule(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    database_by_id(world, call)?;
    let weeks = match &call.body["delay_weeks"] {
        Value::String(weeks) => weeks.parse().unwrap_or(0),
        // A number or null; which week null means is chosen.
        Value::Null => 1,
        other => other.as_i64().unwrap_or(0),
    };
    world.delay_maintenance(call.param("addon"), weeks)?;
    let database = world.database(call.param("addon"))?;
    let mut moved = shown(world, world.addon(&database.addon)?, database);
    moved["customer_requested"] = json!(database.maintenance_times.customer_requested);
    Ok(Reply::ok(moved))
}

fn shown(world: &World, addon: &Addon, database: &Database) -> Value {
    let attached: Vec<&str> =
        world.attachments.iter().filter(|a| a.addon == addon.id).map(|a| a.name.as_str()).collect();
    let app = world.app(&addon.app).map(|app| app.id.clone()).unwrap_or_default();
    let planned = database.maintenance != "none";
    let times = &database.maintenance_times;
    let duration = times.started_at.zip(times.completed_at).map(|(from, until)| until.as_second() - from.as_second());
    json!({
        "addon": {
            "attachments": attached, "kind": addon.service(), "name": addon.name,
            "plan": addon.plan.rsplit(':').next(), "uuid": addon.id, "window": database.maintenance_window,
        },
        "addon_description": format!("{} on {}", addon.name, addon.app), "app": { "name": addon.app, "uuid": app },
        "completed_at": times.completed_at.map(time), "duration_seconds": duration, "method": planned.then_some("changeover"),
        "previously_scheduled_for": times.previously_scheduled_for.map(time),
        "reason": planned.then_some("routine_maintenance"), "required_by": times.required_by.map(time),
        "scheduled_for": times.scheduled_for.map(time), "server_created_at": time(database.created_at),
        "started_at": times.started_at.map(time),
        "status": database.maintenance, "window": database.maintenance_window,
    })
}

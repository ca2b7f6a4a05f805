//! Settings, links and schedules of databases: docs/heroku/data.md, "Endpoints".

use axum::Router;
use serde_json::{Value, json};

use crate::api::auth::Access;
use crate::api::router::{Routes, delete, get, post, put};
use crate::api::{Call, Reply};
use crate::world::{PlanName, Refusal, Schedule, World, id_of};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    let path = |rest: &str| format!("/client/v11/databases/{{db}}{rest}");
    Router::new()
        .route("/postgres/v0/databases/{db}/config", get(on, settings))
        .route(&path("/links"), get(on, nothing))
        .route(&path("/transfer-schedules"), get(on, schedules).merge(post(on, schedule)))
        .route(&path("/transfer-schedules/{schedule}"), delete(on, unschedule))
        .route(&path("/stats_reset"), put(on, reset_statistics))
}

/// The settings as a new database has them. They can't be changed here, so that nothing pretends to have an effect.
fn settings(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    if world.addon(&database.addon)?.plan.is_essential() {
        return Err(Refusal::unprocessable("This operation is not supported by Essential-tier databases."));
    }
    let setting = |value: Value, desc: &str| json!({ "value": value, "default": value, "desc": desc });
    let mut statement = setting(json!("ddl"), "Which SQL statements are logged.");
    statement["values"] = json!({ "none": "none", "ddl": "definitions", "mod": "changes", "all": "all" });
    Ok(Reply::ok(json!({
        "log_lock_waits": setting(json!(true), "Whether long waits for locks are logged."),
        "log_connections": setting(json!(true), "Whether each connection is logged."),
        "log_min_duration_statement": setting(json!(2_000), "Statements that take so many milliseconds are logged."),
        "log_statement": statement,
        "track_functions": setting(json!("none"), "Whether calls of functions are counted."),
    })))
}

fn schedules(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(database.schedules.iter().map(shown).collect()))
}

/// A second schedule for the same config var takes the place of the first one.
fn schedule(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.provisioned_database(call.param("db"))?.addon.clone();
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let made = Schedule { name: text("schedule_name"), hour: text("hour"), timezone: text("timezone") };
    let database = world.database_mut(&id)?;
    database.schedules.retain(|other| other.name != made.name);
    database.schedules.push(made.clone());
    Ok(Reply::json(201, shown(&made)))
}

fn unschedule(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.provisioned_database(call.param("db"))?.addon.clone();
    let database = world.database_mut(&id)?;
    let place = database.schedules.iter().position(|one| uuid(one) == call.param("schedule"));
    let place = place.ok_or_else(|| Refusal::not_found("schedule"))?;
    Ok(Reply::ok(shown(&database.schedules.remove(place))))
}

fn uuid(schedule: &Schedule) -> String {
    id_of(&format!("schedule {} {}", schedule.name, schedule.hour))
}

fn shown(schedule: &Schedule) -> Value {
    json!({
        "uuid": uuid(schedule), "name": schedule.name, "hour": schedule.hour.parse::<u64>().unwrap_or_default(),
        "timezone": schedule.timezone, "days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "callback_url": null,
        "retain_weeks": 1, "retain_months": 0,
    })
}

fn nothing(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(json!([])))
}

fn reset_statistics(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::message("Statistics have been reset."))
}

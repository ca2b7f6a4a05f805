//! Settings, links and schedules of databases: `reference/platform-and-data-api.md` section 3.2.

use axum::Router;
use serde_json::{Value, json};

use crate::simulator::api::auth::Access;
use crate::simulator::api::router::{Routes, get, put};
use crate::simulator::api::{Call, Reply};
use crate::simulator::world::{PlanName, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    let path = |rest: &str| format!("/client/v11/databases/{{db}}{rest}");
    Router::new()
        .route("/postgres/v0/databases/{db}/config", get(on, settings))
        .route(&path("/links"), get(on, nothing))
        .route(&path("/transfer-schedules"), get(on, nothing))
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

fn nothing(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(json!([])))
}

fn reset_statistics(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::message("Statistics have been reset."))
}

use axum::Router;
use serde_json::json;

use super::shapes::{errors, findings, mapping};
use crate::api::auth::Access;
use crate::api::router::{Routes, delete, get, post, put};
use crate::api::{Call, Reply};
use crate::world::{Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Connect;
    Router::new()
        .route("/api/v3/connections/{connection}/mappings", post(on, create))
        .route("/api/v3/mappings/{mapping}", get(on, show).merge(put(on, change)).merge(delete(on, remove)))
        .route("/api/v3/mappings/{mapping}/actions/reload", post(on, reload))
        .route("/api/v3/mappings/{mapping}/errors", get(on, write_errors))
        .route("/api/v3/mappings/{mapping}/validations", get(on, validation))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let (connection, found) = world.mapping(call.param("mapping"))?;
    Ok(Reply::ok(mapping(world, call, connection, found)))
}

fn create(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let object = call.text("object_name").unwrap_or_default();
    let id = world.put_mapping(call.param("connection"), object, &call.body["config"])?;
    let (connection, made) = world.mapping(&id)?;
    Ok(Reply::json(201, mapping(world, call, connection, made)))
}

/// Changes a mapping. A revision that is not the newest is refused; where it stands in the body and what the real
/// answer is are unknown (docs/heroku/connect.md, "Mapping").
fn change(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let (connection, found) = world.mapping(call.param("mapping"))?;
    let given = call.body["config"]["revision"].as_u64().or_else(|| call.body["revision"].as_u64());
    if given.is_some_and(|given| given != found.revision) {
        return Err(Refusal::connect(409, "The mapping was changed meanwhile"));
    }
    let (connection, object) = (connection.id.clone(), found.object_name.clone());
    world.put_mapping(&connection, &object, &call.body["config"])?;
    show(world, call)
}

fn remove(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.delete_mapping(call.param("mapping"))?;
    Ok(Reply::empty(204))
}

fn reload(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.reload_mapping(call.param("mapping"))?;
    Ok(Reply::json(202, json!({})))
}

fn write_errors(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let (connection, mapping) = world.mapping(call.param("mapping"))?;
    let table = mapping.object_name.to_lowercase();
    Ok(Reply::ok(errors(connection.errors.iter().filter(|error| error.table_name == table))))
}

fn validation(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let (_, mapping) = world.mapping(call.param("mapping"))?;
    Ok(Reply::ok(findings(mapping)))
}

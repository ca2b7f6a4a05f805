use axum::Router;
use serde_json::{Value, json};

use super::shapes::{connection, errors, notification};
use crate::api::auth::Access;
use crate::api::router::{Routes, get, patch, post};
use crate::api::{Call, Reply};
use crate::world::{ExistingSchema, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Connect;
    let path = |rest: &str| format!("/api/v3/connections/{{connection}}{rest}");
    Router::new()
        .route("/api/v3/connections", get(on, list))
        .route(&path(""), get(on, show).merge(patch(on, configure)))
        .route(&path("/errors"), get(on, write_errors))
        .route(&path("/notifications"), get(on, notifications))
        .route(&path("/notifications/acknowledge"), post(on, acknowledge))
        .route(&path("/schemas/{object}"), get(on, schema))
        .route("/api/v3/apps/{app}", get(on, app))
}

fn is_deep(call: &Call) -> bool {
    call.query("deep") == Some("true")
}

fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let resource = call.query("resource_name").or_else(|| call.query("resource_id"));
    let visible = world.visible_connections(call.query("app"), resource);
    let results: Vec<Value> = visible.into_iter().map(|found| connection(world, call, found, is_deep(call))).collect();
    Ok(Reply::ok(json!({ "count": results.len(), "results": results })))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let found = world.connection(call.param("connection"))?;
    Ok(Reply::ok(connection(world, call, found, is_deep(call))))
}

/// Recorded with 202 (docs/heroku/connect.md, "Connection").
fn configure(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    if let Some(refused) = refuse_schema(world, call, ExistingSchema::Refused) {
        return Ok(refused);
    }
    world.configure_connection(call.param("connection"), &call.body)?;
    let found = world.connection(call.param("connection"))?;
    Ok(Reply::json(202, connection(world, call, found, false)))
}

/// The refusal of a schema that exists already. The world keeps it: a person reads it.
pub(super) fn refuse_schema(world: &mut World, call: &Call, moment: ExistingSchema) -> Option<Reply> {
    let schema = world.schema_in_the_way(call.param("connection"), &call.body, moment)?;
    let message = format!("The schema \"{schema}\" exists already. Drop or rename it before you set it here.");
    world.send_to_the_console(schema);
    Some(Refusal::connect(422, message).into())
}

fn write_errors(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(errors(world.connection(call.param("connection"))?.errors.iter())))
}

fn notifications(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let kind = call.query("event_type");
    let notices = &world.connection(call.param("connection"))?.notifications;
    let results: Vec<Value> =
        notices.iter().filter(|notice| kind.is_none_or(|kind| notice.event_type == kind)).map(notification).collect();
    Ok(Reply::ok(json!({ "count": results.len(), "next": null, "previous": null, "results": results })))
}

fn acknowledge(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.acknowledge(call.param("connection"), call.query("event_type"))?;
    Ok(Reply::empty(204))
}

fn schema(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let connection = world.connection(call.param("connection"))?;
    let object = call.param("object");
    let mapping = connection.mappings.iter().find(|mapping| mapping.object_name == object);
    let mapping = mapping.ok_or_else(|| Refusal::connect(404, "Unknown object"))?;
    let mut names: Vec<&String> = mapping.fields.iter().chain(mapping.definitions.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let fields: Vec<Value> = names.into_iter().map(|name| field(name, mapping.definitions.get(name))).collect();
    Ok(Reply::ok(json!({ "name": object, "fields": fields })))
}

/// Only `name` and `required` are known of the real answer (docs/heroku/connect.md, "Objects"); type and length are
/// there where a scenario gives them.
fn field(name: &str, definition: Option<&String>) -> Value {
    let mut shown = json!({ "name": name, "required": name == "Id" });
    if let Some(definition) = definition {
        let (kind, length) = definition.split_once('(').unwrap_or((definition, ""));
        shown["type"] = json!(kind);
        if let Ok(length) = length.trim_end_matches(')').parse::<u64>() {
            shown["length"] = json!(length);
        }
    }
    shown
}

/// The config vars that a connection's database setting may name.
fn app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let postgres = |attachment: &&crate::world::Attachment| {
        attachment.app == app.name && attachment.namespace.is_none() && !attachment.withheld
    };
    let keys: Vec<Value> = world
        .attachments
        .iter()
        .filter(postgres)
        .filter_map(|attachment| {
            let addon = world.addon(&attachment.addon).ok().filter(|addon| addon.is_postgres())?;
            let name = format!("{}_URL", attachment.name);
            Some(json!({ "name": name, "addon": { "name": addon.name, "plan": addon.plan } }))
        })
        .collect();
    Ok(Reply::ok(json!({ "id": app.id, "name": app.name, "db_keys": keys })))
}

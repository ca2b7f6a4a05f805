use axum::Router;
use serde_json::{Map, Value, json};

use super::connections::refuse_schema;
use super::shapes::{config, findings};
use crate::api::auth::Access;
use crate::api::router::{Routes, get, post};
use crate::api::{Call, Reply};
use crate::world::{Connection, ExistingSchema, NEWEST_API, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Connect;
    let path = |rest: &str| format!("/api/v3/connections/{{connection}}{rest}");
    Router::new()
        .route(&path("/actions/pause"), post(on, pause))
        .route(&path("/actions/resume"), post(on, resume))
        .route(&path("/actions/restart"), post(on, restart))
        .route(&path("/actions/import"), post(on, import))
        .route(&path("/actions/export"), get(on, export))
        .route(&path("/actions/change-sf-api-version"), post(on, change_api_version))
        .route(&path("/schema-diff"), get(on, schema_diff))
        .route(&path("/validations"), post(on, validate))
        .route(&path("/validations/{number}"), get(on, validation))
        .route(&path("/authorize_url"), post(on, authorize))
        .route("/fake-salesforce/authorize", get(Access::Public, log_in))
}

fn accepted() -> Reply {
    Reply::json(202, json!({}))
}

fn pause(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.pause(call.param("connection"))?;
    Ok(accepted())
}

fn resume(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.resume(call.param("connection"))?;
    Ok(accepted())
}

fn restart(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.restart(call.param("connection"))?;
    Ok(accepted())
}

fn import(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    if let Some(refused) = refuse_schema(world, call, ExistingSchema::RefusedAtImport) {
        return Ok(refused);
    }
    world.import(call.param("connection"), &call.body)?;
    Ok(accepted())
}

/// The export document: docs/heroku/connect.md, "Export and import".
fn export(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let connection = world.connection(call.param("connection"))?;
    let mappings: Vec<Value> = connection
        .mappings
        .iter()
        .map(|mapping| json!({ "object_name": mapping.object_name, "config": config(mapping, true) }))
        .collect();
    let exported = [
        "disable_bulk_writes",
        "poll_db_no_merge",
        "poll_external_ids",
        "rest_count_only",
        "ucs_basic_collation_index",
    ];
    let features: Map<String, Value> = connection
        .features
        .iter()
        .filter(|(name, _)| exported.contains(&name.as_str()))
        .map(|(name, on)| (name.clone(), json!(on)))
        .collect();
    Ok(Reply::ok(json!({
        "connection": {
            "app_name": connection.app, "organization_id": connection.salesforce.organization_id,
            "exported_at": call.now.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string(), "features": features,
            "api_version": connection.salesforce.api_version, "name": connection.name, "logplex_log_enabled": true,
        },
        "mappings": mappings, "version": 1,
    })))
}

fn schema_diff(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let connection = world.connection(call.param("connection"))?;
    Ok(Reply::ok(difference(connection, call.query("target_version").unwrap_or(NEWEST_API))))
}

fn difference(connection: &Connection, target: &str) -> Value {
    let mappings: Vec<Value> = connection
        .mappings
        .iter()
        .map(|mapping| {
            json!({
                "name": mapping.object_name, "fields_have_changed": mapping.api_change.is_some(),
                "has_unsafe_changes": mapping.api_change_is_unsafe, "action_undetermined": false,
                "result_message": mapping.api_change.clone().unwrap_or_default(),
            })
        })
        .collect();
    json!({
        "guid": connection.id, "current_api_version": connection.salesforce.api_version,
        "target_api_version": target, "mappings": mappings,
    })
}

fn change_api_version(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let target = call.text("target_version").unwrap_or(NEWEST_API);
    let mut shown = difference(world.connection(call.param("connection"))?, target);
    world.change_api_version(call.param("connection"), target)?;
    shown["target_version"] = json!(target);
    Ok(Reply::json(202, shown))
}

fn validate(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let number = world.begin_validation(call.param("connection"))?;
    let url = format!("{}/api/v3/connections/{}/validations/{number}", call.origin(), call.param("connection"));
    Ok(Reply::json(202, json!({ "result_url": url })))
}

/// 202 while it runs, then 200 with the result (docs/heroku/connect.md, "Validations").
fn validation(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let connection = world.connection(call.param("connection"))?;
    let found = connection.validations.iter().find(|found| found.number.to_string() == call.param("number"));
    let found = found.ok_or_else(|| Refusal::connect(404, "Validation not found"))?;
    if call.now < found.ready_at {
        return Ok(Reply::empty(202));
    }
    let mappings: Map<String, Value> =
        connection.mappings.iter().map(|mapping| (mapping.object_name.clone(), findings(mapping))).collect();
    let version = &connection.salesforce.api_version;
    let warning = json!({
        "display_name": "Salesforce API Version",
        "doc_url": "https://devcenter.heroku.com/articles/heroku-connect-diagnose#check-salesforce-api-version",
        "message": format!("The connection uses {version}; the newest version is {NEWEST_API}."),
        "rule_id": "MUST_USE_RECENT_API_VERSION", "status": "FAILED",
    });
    let warnings = if version == NEWEST_API { json!([]) } else { json!([warning]) };
    Ok(Reply::ok(json!({
        "errors": [], "warnings": warnings, "passes": [{ "display_name": "Number of Mappings", "message": "" }],
        "skips": [], "mappings": mappings,
    })))
}

fn authorize(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.connection(call.param("connection"))?.id.clone();
    world.send_to_the_login(&id)?;
    let environment = call.text("environment").unwrap_or("production");
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("conn", &id)
        .append_pair("environment", environment)
        .append_pair("next", call.text("next").unwrap_or_default())
        .finish();
    Ok(Reply::ok(json!({ "redirect": format!("{}/fake-salesforce/authorize?{query}", call.origin()) })))
}

fn log_in(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.authenticate(call.query("conn").unwrap_or_default())?;
    Ok(Reply::ok(json!({ "message": "You are logged in." })))
}

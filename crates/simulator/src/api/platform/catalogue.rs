//! What the account can order and where: services, regions, stacks, pipelines.

use axum::Router;
use serde_json::{Value, json};

use super::shapes::{app_reference, service};
use crate::api::auth::Access;
use crate::api::pages::page;
use crate::api::router::{Routes, get, post};
use crate::api::{Call, Reply};
use crate::world::{Refusal, World, id_of};

const SERVICES: [&str; 2] = ["heroku-postgresql", "herokuconnect"];
const SINCE: &str = "2026-01-05T10:00:00Z";

pub(super) fn routes() -> Routes {
    let on = Access::Platform;
    Router::new()
        .route("/addon-services", get(on, services))
        .route("/addon-services/{service}", get(on, one_service))
        .route("/regions", get(on, regions))
        .route("/stacks", get(on, stacks))
        .route("/filters/apps", post(on, filtered_apps))
        .route("/reports", post(Access::Public, diagnose))
        .route("/pipelines", get(on, pipelines))
        .route("/pipelines/{pipeline}", get(on, one_pipeline))
        .route("/pipelines/{pipeline}/pipeline-couplings", get(on, couplings))
}

fn services(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    page(call, SERVICES.into_iter().map(service).collect(), "id")
}

fn one_service(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let wanted = call.param("service");
    let found = SERVICES.into_iter().map(service).find(|found| found["name"] == wanted || found["id"] == wanted);
    found.map(Reply::ok).ok_or_else(|| Refusal::not_found("addon service"))
}

fn regions(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let region = |name: &str, country: &str, locale: &str| {
        json!({
            "country": country, "created_at": SINCE, "description": country, "id": id_of(&format!("region {name}")),
            "locale": locale, "name": name, "private_capable": false,
            "provider": { "name": "amazon-web-services", "region": name }, "updated_at": SINCE,
        })
    };
    page(call, vec![region("us", "United States", "Virginia"), region("eu", "Ireland", "Dublin")], "id")
}

fn stacks(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let stack = |name: &str, default: bool| {
        json!({
            "created_at": SINCE, "default": default, "id": id_of(&format!("stack {name}")), "name": name,
            "state": "public", "updated_at": SINCE,
        })
    };
    page(call, vec![stack("heroku-22", false), stack("heroku-24", true)], "id")
}

fn pipelines(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let wanted = call.query("eq[name]");
    let mut names: Vec<&str> = world.apps.iter().filter_map(|app| app.pipeline.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    let shown = names.into_iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name));
    page(call, shown.map(|name| pipeline(world, name)).collect(), "name")
}

fn one_pipeline(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(pipeline(world, find(world, call)?)))
}

fn couplings(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let name = find(world, call)?;
    let coupled = world.apps.iter().filter(|app| app.pipeline.as_deref() == Some(name));
    let shown = coupled.map(|app| {
        json!({
            "app": app_reference(world, &app.name), "created_at": app.created_at.to_string(),
            "id": id_of(&format!("coupling {}", app.name)),
            "pipeline": { "id": id_of(&format!("pipeline {name}")), "name": name },
            "stage": "production", "updated_at": app.created_at.to_string(),
        })
    });
    page(call, shown.collect(), "id")
}

/// The apps of these ids, as `heroku pipelines:info` asks for them.
fn filtered_apps(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let wanted = call.body["in"]["id"].as_array().cloned().unwrap_or_default();
    let chosen = world.apps.iter().filter(|app| wanted.contains(&json!(app.id)));
    let shown = chosen.map(|app| {
        let mut shown = app_reference(world, &app.name);
        shown["owner"] = json!({ "id": world.account.id, "email": world.account.email });
        shown
    });
    page(call, shown.collect(), "id")
}

/// The report of `heroku pg:diagnose`, whose service has an address of its own (PGDIAGNOSE_URL): nothing is wrong here.
fn diagnose(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let (app, database) = (text("app"), text("database"));
    let check = |name: &str| json!({ "name": name, "status": "green", "results": [] });
    Ok(Reply::json(
        201,
        json!({
            "id": id_of(&format!("report {app} {database}")), "app": app, "database": database,
            "created_at": call.now.to_string(), "checks": [check("Connection Count"), check("Long Queries"), check("Hit Rate")],
        }),
    ))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a str, Refusal> {
    let wanted = call.param("pipeline");
    let names = || world.apps.iter().filter_map(|app| app.pipeline.as_deref());
    let found = names().find(|name| *name == wanted || id_of(&format!("pipeline {name}")) == wanted);
    found.ok_or_else(|| Refusal::not_found("pipeline"))
}

fn pipeline(world: &World, name: &str) -> Value {
    json!({
        "created_at": SINCE, "id": id_of(&format!("pipeline {name}")), "name": name,
        "owner": { "id": world.account.id, "type": "user" }, "updated_at": SINCE,
    })
}

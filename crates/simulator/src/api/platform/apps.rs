use axum::Router;
use serde_json::{Map, Value, json};

use super::shapes::app_reference;
use crate::api::auth::Access;
use crate::api::pages::page;
use crate::api::router::{Routes, delete, get, patch, post};
use crate::api::{Call, Reply};
use crate::world::{App, OneOff, Process, Refusal, World, id_of};

pub(super) fn routes() -> Routes {
    let on = Access::Platform;
    Router::new()
        .route("/apps", get(on, list))
        .route("/apps/{app}", get(on, show).merge(patch(on, update)))
        .route("/apps/{app}/formation", get(on, formation).merge(patch(on, scale)))
        .route("/apps/{app}/formation/{type}", get(on, process).merge(patch(on, scale_one)))
        .route("/apps/{app}/dynos", get(on, dynos).merge(delete(on, restart)))
        .route("/apps/{app}/dynos/{dyno}", delete(on, restart))
        .route("/apps/{app}/dynos/{dyno}/actions/stop", post(on, stop))
        .route("/apps/{app}/config-vars", get(on, config).merge(patch(on, set_config)))
        .route("/apps/{app}/features/{feature}", get(on, feature).merge(patch(on, set_feature)))
        .route("/apps/{app}/collaborators", get(on, collaborators))
        .route("/apps/{app}/pipeline-couplings", get(on, pipeline))
}

pub(super) fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    page(call, world.apps.iter().map(shown).collect(), "name")
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(shown(world.app(call.param("app"))?)))
}

fn update(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    if let Some(on) = call.body["maintenance"].as_bool() {
        world.set_maintenance(call.param("app"), on)?;
    }
    let id = world.app(call.param("app"))?.id.clone();
    if let Some(name) = call.text("name") {
        world.rename_app(&id, name)?;
    }
    Ok(Reply::ok(shown(world.app(&id)?)))
}

fn formation(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let shown = app.formation.iter().map(|process| shown_process(world, app, process)).collect();
    page(call, shown, "id")
}

fn process(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let (app, kind) = (world.app(call.param("app"))?, call.param("type"));
    let found = app.formation.iter().find(|process| process.kind == kind || process.id == kind);
    let found = found.ok_or_else(|| Refusal::not_found("process type"))?;
    Ok(Reply::ok(shown_process(world, app, found)))
}

fn scale(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = call.param("app");
    world.app(app)?;
    let updates = call.body["updates"].as_array().ok_or_else(|| Refusal::invalid("updates is missing"))?;
    let mut changed = Vec::new();
    for update in updates {
        changed.push(update["type"].as_str().unwrap_or_default());
        apply(world, app, update)?;
    }
    let app = world.app(app)?;
    let chosen = app.formation.iter().filter(|process| changed.contains(&process.kind.as_str()));
    Ok(Reply::ok(chosen.map(|process| shown_process(world, app, process)).collect()))
}

fn scale_one(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let mut update = call.body.clone();
    update["type"] = json!(call.param("type"));
    apply(world, call.param("app"), &update)?;
    process(world, call)
}

/// Takes quantities as numbers and strings, sizes as `size` and `dyno_size`.
fn apply(world: &mut World, app: &str, update: &Value) -> Result<(), Refusal> {
    let kind = update["type"].as_str().ok_or_else(|| Refusal::invalid("type is missing"))?;
    let quantity = match &update["quantity"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let dyno_size = &update["dyno_size"];
    let size = update["size"].as_str().or(dyno_size.as_str()).or(dyno_size["name"].as_str());
    world.scale(app, kind, quantity.as_deref(), size)
}

fn dynos(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let of_formation = app
        .formation
        .iter()
        .filter(|process| process.kind != "release")
        .flat_map(|process| (1..=process.quantity).map(|number| shown_dyno(world, app, process, number)));
    let one_offs = app.one_offs.iter().map(|dyno| shown_one_off(world, app, dyno));
    let shown: Vec<Value> = of_formation.chain(one_offs).chain(outgoing_dynos(world, app)).collect();
    page(call, shown, "id")
}

/// Web dynos of the release before, which preboot keeps for a while. Whether Heroku lists them is not known.
fn outgoing_dynos(world: &World, app: &App) -> Vec<Value> {
    let Some(release) = app.outgoing_release(world.settled_at) else { return Vec::new() };
    let web = app.formation.iter().filter(|process| process.kind == "web" && !world.behaviour.hides_outgoing_dynos);
    web.flat_map(|process| (1..=process.quantity).map(move |number| (process, number)))
        .map(|(process, number)| {
            let mut shown = shown_dyno(world, app, process, number);
            shown["id"] = json!(id_of(&format!("dyno {} {number} of {}", app.name, release.id)));
            shown["release"] = json!({ "id": release.id, "version": release.version });
            shown
        })
        .collect()
}

fn feature(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    if call.param("feature") != "preboot" {
        return Err(Refusal::not_found("app feature"));
    }
    let since = app.created_at.to_string();
    Ok(Reply::ok(json!({
        "created_at": since, "description": "Bring new dynos up before the old ones are shut down.", "display_name": null,
        "doc_url": "https://devcenter.heroku.com/articles/preboot", "enabled": app.preboot, "feedback_email": null,
        "id": id_of(&format!("preboot {}", app.name)), "name": "preboot", "state": "general", "updated_at": since,
    })))
}

fn set_feature(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    if let Some(on) = call.body["enabled"].as_bool().filter(|_| call.param("feature") == "preboot") {
        world.app_mut(call.param("app"))?.preboot = on;
    }
    feature(world, call)
}

fn restart(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.app(call.param("app"))?;
    Ok(Reply::json(202, json!({})))
}

fn stop(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.stop_dyno(call.param("app"), call.param("dyno"))?;
    Ok(Reply::json(202, json!({})))
}

fn config(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let mut config: Map<String, Value> =
        world.config(call.param("app"))?.into_iter().map(|(key, value)| (key, json!(value))).collect();
    config.sort_keys();
    Ok(Reply::ok(Value::Object(config)))
}

fn set_config(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let changes = call.body.as_object().ok_or_else(|| Refusal::invalid("config vars are missing"))?;
    let changes: Vec<(String, Option<String>)> =
        changes.iter().map(|(key, value)| (key.clone(), value.as_str().map(str::to_owned))).collect();
    world.set_config(call.param("app"), &changes)?;
    config(world, call)
}

fn collaborators(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let allowed = world.account.permissions.get(&app.name);
    let own = allowed.map(|_| &world.account.email);
    let people = std::iter::once(&app.owner).chain(&app.collaborators).filter(|email| Some(*email) != own).chain(own);
    let shown = people.map(|email| {
        let id = id_of(&format!("user {email}"));
        let allowed = allowed.filter(|_| Some(email) == own);
        let permissions = allowed.into_iter().flatten().map(|name| json!({ "description": name, "name": name }));
        let role = if allowed.is_some() { "member" } else { "owner" };
        json!({
            "app": app_reference(world, &app.name), "created_at": app.created_at.to_string(), "id": id,
            "permissions": permissions.collect::<Vec<_>>(), "role": role,
            "updated_at": app.created_at.to_string(), "user": { "email": email, "federated": false, "id": id },
        })
    });
    Ok(Reply::ok(shown.collect()))
}

fn pipeline(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let pipeline = app.pipeline.as_ref().ok_or_else(|| Refusal::not_found("pipeline coupling"))?;
    Ok(Reply::ok(json!({
        "app": app_reference(world, &app.name), "created_at": app.created_at.to_string(),
        "id": id_of(&format!("coupling {}", app.name)),
        "pipeline": { "id": id_of(&format!("pipeline {pipeline}")), "name": pipeline },
        "stage": "production", "updated_at": app.created_at.to_string(),
    })))
}

fn shown(app: &App) -> Value {
    let stack = json!({ "id": id_of(&format!("stack {}", app.stack)), "name": app.stack });
    let named = |kind: &str, name: &Option<String>| {
        name.as_ref().map(|name| json!({ "id": id_of(&format!("{kind} {name}")), "name": name }))
    };
    let since = app.created_at.to_string();
    let mut space = named("space", &app.space);
    if let Some(space) = &mut space {
        space["shield"] = json!(false);
    }
    let mut shown = json!({
        "acm": true, "archived_at": null, "build_stack": stack, "buildpack_provided_description": "Node.js",
        "created_at": since, "git_url": format!("https://git.heroku.com/{}.git", app.name), "id": app.id,
        "internal_routing": null, "maintenance": app.maintenance, "name": app.name, "organization": null,
        "owner": { "email": app.owner, "id": id_of(&format!("user {}", app.owner)) },
        "region": { "id": id_of(&format!("region {}", app.region)), "name": app.region },
        "released_at": app.releases.last().map_or(since.clone(), |release| release.updated_at.to_string()),
        "repo_size": 5_000_000, "slug_size": 20_000_000, "space": space, "stack": stack,
        "team": named("team", &app.team), "updated_at": since,
        "web_url": format!("https://{}-1a2b3c4d5e6f.herokuapp.com/", app.name),
    });
    // The recorded answers of before Fir have no such key.
    if app.generation.is_some() {
        shown["generation"] = json!(named("generation", &app.generation));
    }
    shown
}

fn shown_process(world: &World, app: &App, process: &Process) -> Value {
    let since = app.created_at.to_string();
    json!({
        "app": app_reference(world, &app.name), "command": process.command, "created_at": since, "id": process.id,
        "quantity": process.quantity, "size": process.size,
        "dyno_size": { "id": id_of(&format!("dyno size {}", process.size)), "name": process.size },
        "type": process.kind, "updated_at": since,
    })
}

fn shown_dyno(world: &World, app: &App, process: &Process, number: u64) -> Value {
    let name = format!("{}.{number}", process.kind);
    dyno(
        world,
        app,
        &id_of(&format!("dyno {} {name}", app.name)),
        &name,
        &process.kind,
        &process.size,
        &process.command,
    )
}

fn shown_one_off(world: &World, app: &App, one_off: &OneOff) -> Value {
    let kind = one_off.name.split('.').next().unwrap_or("run");
    dyno(world, app, &one_off.id, &one_off.name, kind, &one_off.size, &one_off.command)
}

fn dyno(world: &World, app: &App, id: &str, name: &str, kind: &str, size: &str, command: &str) -> Value {
    let release = app.releases.last();
    let since = app.created_at.to_string();
    json!({
        "app": app_reference(world, &app.name), "attach_url": null, "command": command, "created_at": since, "id": id,
        "name": name, "release": release.map(|release| json!({ "id": release.id, "version": release.version })),
        "size": size, "state": "up", "type": kind, "updated_at": since,
    })
}

use axum::Router;
use serde_json::{Value, json};

use super::shapes::{app_reference, billed_price, plan, plan_reference, service, service_reference};
use crate::api::auth::Access;
use crate::api::pages::page;
use crate::api::router::{Routes, delete, get, patch, post};
use crate::api::{Call, Reply};
use crate::world::{Addon, AddonOrder, PLANS, Plan, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Platform;
    Router::new()
        .route("/actions/addons/resolve", post(on, resolve))
        .route("/addons", get(on, list_all))
        .route("/addons/{addon}", get(on, show))
        .route("/addons/{addon}/config/{namespace}", get(on, settings))
        .route("/apps/{app}/addons", get(on, list_of_app).merge(post(on, order)))
        .route("/apps/{app}/addons/{addon}", get(on, show_of_app).merge(patch(on, change)).merge(delete(on, remove)))
        .route("/addon-services/{service}/plans", get(on, plans))
        .route("/addon-services/{service}/plans/{plan}", get(on, show_plan))
        .route("/plans/{plan}", get(on, show_plan))
}

fn resolve(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let found = world.resolve_addon(call.text("addon").unwrap_or_default(), call.named("app"))?;
    Ok(Reply::ok(found.into_iter().map(|addon| shown(world, call, addon)).collect()))
}

fn list_all(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    page(call, world.addons.iter().map(|addon| shown(world, call, addon)).collect(), "id")
}

fn list_of_app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let of_app = |addon: &&Addon| {
        addon.app == app.name || world.attachments.iter().any(|a| a.app == app.name && a.addon == addon.id)
    };
    page(call, world.addons.iter().filter(of_app).map(|addon| shown(world, call, addon)).collect(), "id")
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(shown(world, call, world.addon(call.param("addon"))?)))
}

fn show_of_app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let addon = find_on_app(world, call)?;
    Ok(Reply::ok(shown(world, call, addon)))
}

fn find_on_app<'a>(world: &'a World, call: &Call) -> Result<&'a Addon, Refusal> {
    world.app(call.param("app"))?;
    let found = world.resolve_addon(call.param("addon"), Some(call.param("app")))?;
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Refusal::not_found("add_on")),
        _ => Err(Refusal::new(422, "multiple_matches", "That name means several add-ons of the app.")),
    }
}

fn order(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let order = AddonOrder {
        plan: call.named("plan").unwrap_or_default().to_owned(),
        name: call.text("name").map(str::to_owned),
        attachment: call.body["attachment"]["name"].as_str().map(str::to_owned),
        confirm: call.text("confirm").map(str::to_owned),
        config: call.body["config"].as_object().cloned().unwrap_or_default(),
    };
    let id = world.order_addon(call.param("app"), &order)?;
    let mut shown = shown(world, call, world.addon(&id)?);
    shown["provision_message"] = json!(if world.addon(&id)?.is_postgres() {
        "Database should be available soon"
    } else {
        "Use `heroku addons:open herokuconnect` to finish setup"
    });
    Ok(Reply::json(201, shown))
}

fn change(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = find_on_app(world, call)?.id.clone();
    if let Some(name) = call.text("name") {
        world.rename_addon(&id, name)?;
    }
    let Some(plan) = call.named("plan") else {
        return Ok(Reply::ok(shown(world, call, world.addon(&id)?)));
    };
    world.change_plan(&id, plan)?;
    // The recorded answer shows the new plan at once; when the real one does is unknown
    // (docs/heroku/platform.md, "Plan changes").
    let mut addon = world.addon(&id)?.clone();
    addon.plan = Plan::find(plan).map_or_else(|| plan.to_owned(), Plan::full_name);
    let mut shown = shown(world, call, &addon);
    shown["provision_message"] = json!("Plan changed");
    Ok(Reply::ok(shown))
}

fn remove(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = find_on_app(world, call)?.id.clone();
    let left = world.destroy_addon(&id, call.body["force"] == true)?;
    Ok(Reply::ok(shown(world, call, &left)))
}

/// Config of a namespace; an empty list means an unknown credential.
fn settings(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.database(call.param("addon"))?;
    let known = database.has_namespace(call.param("namespace"));
    let settings = if known { json!([{ "name": call.param("namespace"), "value": "active" }]) } else { json!([]) };
    Ok(Reply::ok(settings))
}

fn plans(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let chosen = &world.behaviour.offered_plans;
    let offered = |plan: &&Plan| chosen.is_empty() || chosen.contains(&plan.full_name());
    let of_service = PLANS.iter().filter(|plan| plan.service == call.param("service")).filter(offered);
    let of_service: Vec<Value> = of_service.map(plan).collect();
    if of_service.is_empty() { Err(Refusal::not_found("addon service")) } else { page(call, of_service, "id") }
}

fn show_plan(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let found = Plan::find(call.param("plan")).ok_or_else(|| Refusal::not_found("plan"))?;
    Ok(Reply::ok(plan(found)))
}

fn shown(world: &World, call: &Call, addon: &Addon) -> Value {
    let app = app_reference(world, &addon.app);
    let found = Plan::find(&addon.plan);
    let expanded = |part: &str| call.asks_for("accept-expansion", part);
    let shown_plan = found.filter(|_| expanded("plan")).map_or_else(|| plan_reference(&addon.plan), plan);
    let shown_service =
        if expanded("addon_service") { service(addon.service()) } else { service_reference(addon.service()) };
    let vars: Vec<String> = world
        .attachments
        .iter()
        .filter(|a| a.addon == addon.id && a.app == addon.app)
        .map(|a| format!("{}_URL", a.name))
        .collect();
    let app_id = app["id"].as_str().unwrap_or_default().to_owned();
    json!({
        "actions": [], "addon_service": shown_service, "app": app, "billed_price": found.map(billed_price),
        "billing_entity": { "id": app_id, "name": addon.app, "type": "app" }, "config_vars": vars,
        "created_at": addon.created_at.to_string(), "id": addon.id, "name": addon.name, "plan": shown_plan,
        "provider_id": addon.id, "state": addon.state, "updated_at": addon.updated_at.to_string(),
        "web_url": format!("https://addons-sso.heroku.com/apps/{app_id}/addons/{}", addon.id),
    })
}

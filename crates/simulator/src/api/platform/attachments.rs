use axum::Router;
use serde_json::{Value, json};

use super::shapes::{app_reference, plan_reference};
use crate::api::auth::Access;
use crate::api::pages::page;
use crate::api::router::{Routes, delete, get, post};
use crate::api::{Call, Reply};
use crate::world::{Attachment, AttachmentOrder, Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Platform;
    Router::new()
        .route("/actions/addon-attachments/resolve", post(on, resolve))
        .route("/addon-attachments", get(on, list_all).merge(post(on, attach)))
        .route("/addon-attachments/{attachment}", get(on, show).merge(delete(on, detach)))
        .route("/addons/{addon}/addon-attachments", get(on, list_of_addon))
        .route("/apps/{app}/addon-attachments", get(on, list_of_app))
        .route("/apps/{app}/addon-attachments/{attachment}", get(on, show_on_app))
}

fn resolve(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let found = world.resolve_attachment(call.text("addon_attachment").unwrap_or_default(), call.named("app"))?;
    Ok(Reply::ok(found.into_iter().map(|attachment| shown(world, call, attachment)).collect()))
}

fn list_all(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    page(call, world.attachments.iter().map(|attachment| shown(world, call, attachment)).collect(), "id")
}

fn list_of_addon(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = &world.addon(call.param("addon"))?.id;
    let of_addon = world.attachments.iter().filter(|attachment| &attachment.addon == id);
    page(call, of_addon.map(|attachment| shown(world, call, attachment)).collect(), "id")
}

fn list_of_app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let name = &world.app(call.param("app"))?.name;
    let of_app = world.attachments.iter().filter(|attachment| &attachment.app == name);
    page(call, of_app.map(|attachment| shown(world, call, attachment)).collect(), "id")
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(shown(world, call, world.attachment(call.param("attachment"))?)))
}

fn show_on_app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(shown(world, call, world.attachment_on(call.param("app"), call.param("attachment"))?)))
}

fn attach(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let text = |field: &str| call.text(field).map(str::to_owned);
    let id = world.attach(&AttachmentOrder {
        addon: call.named("addon").unwrap_or_default().to_owned(),
        app: call.named("app").unwrap_or_default().to_owned(),
        name: text("name"),
        namespace: text("namespace"),
        confirm: text("confirm"),
    })?;
    Ok(Reply::json(201, shown(world, call, world.attachment(&id)?)))
}

fn detach(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let left = world.detach(call.param("attachment"))?;
    Ok(Reply::ok(shown(world, call, &left)))
}

/// An attachment; `addon.plan` and `config_vars` only for those who ask with `Accept-Inclusion`
/// (docs/heroku/platform.md, "Headers").
pub(in crate::api) fn shown(world: &World, call: &Call, attachment: &Attachment) -> Value {
    let app = app_reference(world, &attachment.app);
    let mut addon = json!({ "app": null, "id": attachment.addon, "name": null });
    if let Ok(found) = world.addon(&attachment.addon) {
        addon = json!({ "app": app_reference(world, &found.app), "id": found.id, "name": found.name });
        if call.asks_for("accept-inclusion", "addon:plan") {
            addon["plan"] = plan_reference(&found.plan);
        }
    }
    let since = attachment.created_at.to_string();
    let sso = format!(
        "https://addons-sso.heroku.com/apps/{}/addons/{}",
        app["id"].as_str().unwrap_or_default(),
        attachment.addon
    );
    let mut shown = json!({
        "addon": addon, "app": app, "created_at": since, "id": attachment.id, "log_input_url": null,
        "name": attachment.name, "namespace": attachment.namespace, "updated_at": since, "web_url": sso,
    });
    if call.asks_for("accept-inclusion", "config_vars") {
        shown["config_vars"] =
            if attachment.withheld { json!([]) } else { json!([format!("{}_URL", attachment.name)]) };
    }
    shown
}

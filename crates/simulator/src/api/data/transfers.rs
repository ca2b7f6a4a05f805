use axum::Router;
use serde_json::{Value, json};

use super::shapes::time;
use crate::api::auth::Access;
use crate::api::router::{Routes, delete, get, post};
use crate::api::{Call, Reply};
use crate::world::{Refusal, Transfer, TransferOrder, World};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    Router::new()
        .route("/client/v11/databases/{db}/transfers", get(on, list_of_database).merge(post(on, begin)))
        .route("/client/v11/apps/{app}/transfers", get(on, list_of_app))
        .route("/client/v11/databases/{db}/backups", post(on, back_up))
        .route("/client/v11/apps/{app}/transfers/{transfer}", get(on, show).merge(delete(on, forget)))
        .route("/client/v11/apps/{app}/transfers/{transfer}/actions/cancel", post(on, cancel))
}

fn begin(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let text = |field: &str| call.text(field).unwrap_or_default().to_owned();
    let order = TransferOrder {
        from_name: text("from_name"),
        from_url: text("from_url"),
        to_name: text("to_name"),
        to_url: text("to_url"),
    };
    let uuid = world.begin_copy(call.param("db"), order)?;
    let app = world.addon(call.param("db"))?.app.clone();
    Ok(Reply::json(201, shown(world, world.transfer(&app, &uuid)?, false)))
}

/// As `heroku pg:backups:capture` asks for it (heroku/cli, pg/backups/capture).
fn back_up(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let addon = world.addon(&world.provisioned_database(call.param("db"))?.addon)?;
    let (id, app) = (addon.id.clone(), addon.app.clone());
    let uuid = world.begin_backup(&id)?;
    Ok(Reply::json(201, shown(world, world.transfer(&app, &uuid)?, false)))
}

fn forget(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let found = shown(world, world.transfer(call.param("app"), call.param("transfer"))?, false);
    world.forget_transfer(call.param("app"), call.param("transfer"))?;
    Ok(Reply::ok(found))
}

fn list_of_database(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    let touches =
        |transfer: &&Transfer| database.is_at(&transfer.order.from_url) || database.is_at(&transfer.order.to_url);
    Ok(Reply::ok(world.transfers.iter().filter(touches).map(|transfer| shown(world, transfer, false)).collect()))
}

fn list_of_app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = &world.app(call.param("app"))?.name;
    let of_app = world.transfers.iter().filter(|transfer| &transfer.app == app);
    Ok(Reply::ok(of_app.map(|transfer| shown(world, transfer, false)).collect()))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let transfer = world.transfer(call.param("app"), call.param("transfer"))?;
    Ok(Reply::ok(shown(world, transfer, call.query("verbose").is_some())))
}

fn cancel(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.cancel_copy(call.param("app"), call.param("transfer"))?;
    show(world, call)
}

/// `logs` only when the call is verbose (docs/heroku/data.md, "Transfers").
fn shown(world: &World, transfer: &Transfer, verbose: bool) -> Value {
    let order = &transfer.order;
    let mut shown = json!({
        "uuid": transfer.uuid, "num": transfer.num, "from_name": order.from_name, "from_type": "pg_dump",
        "from_url": order.from_url, "to_name": order.to_name,
        "to_type": if transfer.is_backup() { "gof3r" } else { "pg_restore" }, "to_url": order.to_url,
        "options": {}, "source_bytes": transfer.source_bytes,
        "processed_bytes": transfer.processed_bytes(world.settled_at), "succeeded": transfer.succeeded,
        "warnings": transfer.warnings, "created_at": time(transfer.started_at),
        "started_at": time(transfer.started_at), "canceled_at": transfer.canceled_at.map(time),
        "updated_at": time(world.settled_at), "finished_at": transfer.finished_at.map(time), "deleted_at": null,
        "purged_at": null, "num_keep": 5,
    });
    if verbose {
        let line = |log: &crate::world::TransferLog| json!({ "created_at": time(log.created_at), "level": log.level, "message": log.message });
        shown["logs"] = transfer.logs.iter().map(line).collect();
    }
    shown
}

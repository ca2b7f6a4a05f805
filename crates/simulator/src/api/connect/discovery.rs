use axum::Router;
use serde_json::{Value, json};

use super::shapes::found;
use crate::api::auth::Access;
use crate::api::router::{Routes, get, post};
use crate::api::{Call, Reply};
use crate::world::{Refusal, World};

pub(super) fn routes() -> Routes {
    let on = Access::Connect;
    Router::new()
        .route("/connections", get(on, search))
        .route("/auth/{app}", post(on, grant))
        .route("/api/v3/users/me/apps/{app}/auth", post(on, grant))
}

fn search(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let visible = world.visible_connections(call.query("app"), call.query("resource_name"));
    let mut results: Vec<Value> = visible.into_iter().map(|connection| found(world, call, connection)).collect();
    results.extend(events(world, call));
    let (regions, cells) = places(call);
    Ok(Reply::ok(json!({
        "count": results.len(), "next": null, "previous": null, "results": results, "regions": regions,
        "cells": cells,
    })))
}

/// A connection of Heroku Events, which `/api/v3/connections/…` does not know.
fn events(world: &World, call: &Call) -> Option<Value> {
    let resource = "herokuevents-flat-10431";
    let meant = world.behaviour.discovers_events && call.query("resource_name").is_none_or(|name| name == resource);
    meant.then(|| {
        json!({
            "id": crate::world::id_of(resource), "resource_name": resource, "display_name": "events",
            "addon_type": "Events", "app_name": call.query("app"), "region": "us", "region_url": call.origin(),
        })
    })
}

fn grant(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.grant_access(call.param("app"))?;
    let app = Some(call.param("app"));
    let connections: Vec<Value> =
        world.visible_connections(app, None).into_iter().map(|connection| found(world, call, connection)).collect();
    let (regions, cells) = places(call);
    Ok(Reply::ok(json!({
        "user": { "id": world.account.id, "email": world.account.email }, "connections": connections,
        "regions": regions, "cells": cells,
    })))
}

fn places(call: &Call) -> (Value, Value) {
    let (flag, label) = ("united-states", "Virginia (US)");
    (
        json!({ "us": { "flag": flag, "label": label } }),
        json!({ "virginia-3": { "url": call.origin(), "flag": flag, "label": "Virginia 3 (US)" } }),
    )
}

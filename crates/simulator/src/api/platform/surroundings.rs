//! Lists of an app or account that this world has nothing in, or one usual thing: the official client shows them, and
//! must find an empty list rather than a missing page.

use axum::Router;
use serde_json::{Value, json};

use super::apps;
use super::shapes::app_reference;
use crate::api::auth::Access;
use crate::api::pages::page;
use crate::api::router::{Routes, get};
use crate::api::{Call, Reply};
use crate::world::{Refusal, World, id_of};

/// What an app may have, and no app here has.
const OF_AN_APP: [&str; 7] =
    ["features", "log-drains", "webhooks", "buildpack-installations", "sni-endpoints", "builds", "reviews"];
/// What an account may have, and this one has not.
const OF_THE_ACCOUNT: [&str; 6] =
    ["/account/features", "/account/keys", "/oauth/sessions", "/oauth/clients", "/spaces", "/teams"];

pub(super) fn routes() -> Routes {
    let on = Access::Platform;
    let routes =
        Router::new().route("/users/{user}/apps", get(on, apps::list)).route("/apps/{app}/domains", get(on, domains));
    let of_apps = OF_AN_APP.iter().map(|name| format!("/apps/{{app}}/{name}"));
    let routes = of_apps.fold(routes, |routes, path| routes.route(&path, get(on, nothing_of_app)));
    OF_THE_ACCOUNT.iter().fold(routes, |routes, path| routes.route(path, get(on, nothing)))
}

fn nothing(_: &mut World, call: &Call) -> Result<Reply, Refusal> {
    page(call, Vec::new(), "id")
}

fn nothing_of_app(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.app(call.param("app"))?;
    nothing(world, call)
}

fn domains(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let app = world.app(call.param("app"))?;
    let (hostname, since) = (format!("{}-1a2b3c4d5e6f.herokuapp.com", app.name), app.created_at.to_string());
    let own = json!({
        "acm_status": null, "acm_status_reason": null, "app": app_reference(world, &app.name), "cname": null,
        "created_at": since, "hostname": hostname, "id": id_of(&format!("domain {hostname}")), "kind": "heroku",
        "sni_endpoint": Value::Null, "status": "none", "updated_at": since,
    });
    page(call, vec![own], "id")
}

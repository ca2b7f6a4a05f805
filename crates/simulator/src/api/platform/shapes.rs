//! Shapes that several objects of the Platform API share.

use serde_json::{Value, json};

use crate::world::{Plan, World, id_of};

/// When services and plans say that they were made.
const SINCE: &str = "2026-01-05T10:00:00Z";

/// `{id, name}` of an app.
pub(super) fn app_reference(world: &World, name: &str) -> Value {
    let id = world.app(name).map(|app| app.id.clone()).unwrap_or_default();
    json!({ "id": id, "name": name })
}

/// `{id, name}` of a service.
pub(super) fn service_reference(service: &str) -> Value {
    json!({ "id": id_of(&format!("service {service}")), "name": service })
}

/// A service with everything, as `Accept-Expansion: addon_service` asks for it.
pub(super) fn service(name: &str) -> Value {
    let human = if name == "herokuconnect" { "Heroku Connect" } else { "Heroku Postgres" };
    let since = SINCE;
    json!({
        "cli_plugin_name": null, "created_at": since, "human_name": human, "id": id_of(&format!("service {name}")),
        "name": name, "state": "ga", "supports_multiple_installations": true, "supports_sharing": true,
        "updated_at": since,
    })
}

/// What an add-on is billed: its price without the plan's `metered`.
pub(super) fn billed_price(plan: &Plan) -> Value {
    json!({ "cents": plan.cents, "contract": false, "unit": "month" })
}

/// A price for each month.
pub(super) fn price(plan: &Plan) -> Value {
    json!({ "cents": plan.cents, "contract": false, "metered": false, "unit": "month" })
}

/// A plan with everything, as `Accept-Expansion: plan` asks for it.
pub(super) fn plan(plan: &Plan) -> Value {
    let (name, since) = (plan.full_name(), SINCE);
    json!({
        "addon_service": service_reference(plan.service), "compliance": null, "created_at": since,
        "default": false, "description": name, "human_name": plan.name, "id": plan.id(),
        "installable_inside_private_network": true, "installable_outside_private_network": true, "name": name, "price": price(plan),
        "space_default": false, "state": "ga", "updated_at": since, "visible": true,
    })
}

/// `{id, name}` of a plan.
pub(super) fn plan_reference(name: &str) -> Value {
    let id = Plan::find(name).map_or_else(|| id_of(name), Plan::id);
    json!({ "id": id, "name": name })
}

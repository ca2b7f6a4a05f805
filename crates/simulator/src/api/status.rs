//! The status site and its fallback: docs/heroku/status.md, "Heroku Status" and "Salesforce Trust".

use axum::Router;
use serde_json::{Value, json};

use super::auth::Access;
use super::router::{Routes, get};
use super::{Call, Reply};
use crate::world::{Incident, IncidentUpdate, Refusal, World};

const SYSTEMS: [&str; 3] = ["Apps", "Data", "Tools"];

pub(super) fn routes() -> Routes {
    let on = Access::Public;
    Router::new()
        .route("/api/v4/current-status", get(on, current))
        .route("/api/v4/incidents", get(on, incidents))
        .route("/v1/instances", get(on, trust_instances))
        .route("/v1/incidents/active", get(on, trust_incidents))
        .route("/v1/maintenances", get(on, trust_maintenances))
        .route("/v1/localizations", get(on, trust_localizations))
}

fn current(world: &mut World, _: &Call) -> Result<Reply, Refusal> {
    let site = &world.status;
    let status: Vec<Value> = SYSTEMS
        .iter()
        .map(|system| json!({ "system": system, "status": site.colours.get(*system).map_or("green", String::as_str) }))
        .collect();
    let open = site.incidents.iter().filter(|incident| incident.state != "resolved");
    Ok(Reply::ok(json!({
        "status": status, "incidents": open.map(shown).collect::<Value>(),
        "scheduled": site.scheduled.iter().map(shown).collect::<Value>(),
    })))
}

fn incidents(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let limit = call.query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
    let mut all: Vec<&Incident> = world.status.incidents.iter().chain(&world.status.scheduled).collect();
    all.sort_by_key(|incident| std::cmp::Reverse((incident.created_at, incident.id)));
    Ok(Reply::ok(all.into_iter().take(limit).map(shown).collect()))
}

fn shown(incident: &Incident) -> Value {
    let systems: Vec<Value> =
        incident.systems.iter().map(|name| json!({ "name": name, "status": "green", "services": [name] })).collect();
    let since = incident.created_at.to_string();
    json!({
        "id": incident.id, "title": incident.title, "state": incident.state, "resolved": incident.resolved,
        "created_at": since, "updated_at": incident.updates.first().map_or(since, |update| update.created_at.to_string()),
        "full_url": format!("https://status.heroku.com/incidents/{}", incident.id), "systems": systems,
        "tags": incident.tags, "updates": incident.updates.iter().map(shown_update).collect::<Value>(),
    })
}

fn shown_update(update: &IncidentUpdate) -> Value {
    let at = update.created_at.to_string();
    json!({ "created_at": at, "updated_at": at, "update_type": update.update_type, "contents": update.contents })
}

fn trust_instances(_: &mut World, _: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(
        json!([{ "key": "Heroku North America", "location": "NA", "status": "OK", "Products": [{ "key": "Heroku" }] }]),
    ))
}

fn trust_incidents(world: &mut World, _: &Call) -> Result<Reply, Refusal> {
    let open = world.status.incidents.iter().filter(|incident| incident.state != "resolved");
    let shown = open.map(|incident| {
        json!({
            "id": incident.id, "instanceKeys": ["Heroku North America"], "serviceKeys": services(incident),
            "IncidentImpacts": [{ "startTime": incident.created_at.to_string(), "endTime": null, "severity": "minor",
                                  "type": "performanceDegradation" }],
            "IncidentEvents": incident.updates.iter().map(trust_event).collect::<Value>(),
        })
    });
    Ok(Reply::ok(shown.collect()))
}

/// Maintenance with structured times, which only the fallback has.
fn trust_maintenances(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let number = |name: &str, usual| call.query(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let page = world.status.scheduled.iter().skip(number("offset", 0)).take(number("limit", 10));
    let shown = page.map(|incident| {
        let since = incident.created_at.to_string();
        json!({
            "id": incident.id, "externalId": incident.id.to_string(), "name": incident.title,
            "plannedStartTime": incident.planned_start.map(|time| time.to_string()),
            "plannedEndTime": incident.planned_end.map(|time| time.to_string()),
            "message": { "maintenanceType": "scheduledMaintenance", "availability": "partiallyAvailable",
                         "eventStatus": "confirmed" },
            "affectsAll": false, "isCore": false, "instanceKeys": instances(incident),
            "serviceKeys": services(incident), "MaintenanceImpacts": [],
            "MaintenanceEvents": incident.updates.iter().map(trust_event).collect::<Value>(),
            "createdAt": since, "updatedAt": since,
        })
    });
    Ok(Reply::ok(shown.collect()))
}

fn trust_localizations(_: &mut World, _: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(json!([])))
}

/// Trust's names of the regions that a notice has as tags.
fn instances(incident: &Incident) -> Vec<&str> {
    let named = |tag: &String| match tag.as_str() {
        "NA" => Some("Heroku North America"),
        "EMEA" => Some("Heroku Europe"),
        "APAC" => Some("Heroku Tokyo"),
        _ => None,
    };
    incident.tags.iter().filter_map(named).collect()
}

fn services(incident: &Incident) -> Vec<String> {
    incident.systems.iter().map(|system| format!("Heroku{system}")).collect()
}

fn trust_event(update: &IncidentUpdate) -> Value {
    let at = update.created_at.to_string();
    json!({ "id": 1, "type": update.update_type, "message": update.contents, "createdAt": at, "updatedAt": at })
}

//! The simulator's own API: look at the world, move the time, place faults. It is open, and faults leave it alone.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, body::Bytes};
use serde_json::{Value, json};

use super::exchange::Shared;
use super::router::Routes;
use crate::clock::ClockMode;
use crate::fault::FaultRule;
use crate::plane::PlaneFault;
use crate::world::World;
use hcops_model::Clock;

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/simulator/world", get(world).put(put_world))
        .route("/simulator/essence", get(essence))
        .route("/simulator/clock", get(clock))
        .route("/simulator/advance", axum::routing::post(advance))
        .route("/simulator/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/simulator/requests", get(requests))
        .route("/simulator/audit", get(audit))
}

type Core = State<Arc<Shared>>;

async fn world(State(shared): Core) -> Json<World> {
    Json(shared.settled().world.clone())
}

async fn put_world(State(shared): Core, body: Bytes) -> Response {
    match serde_json::from_slice::<World>(&body) {
        Ok(world) => {
            let mut state = shared.settled();
            state.replace(world);
            shared.keep(&mut state);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(&error.to_string()),
    }
}

async fn essence(State(shared): Core) -> Json<Value> {
    Json(shared.settled().world.essence())
}

async fn clock(State(shared): Core) -> Json<Value> {
    let paused = shared.clock.mode() == ClockMode::Paused;
    Json(json!({ "now": shared.clock.now().to_string(), "speed": shared.clock.speed(), "paused": paused }))
}

async fn advance(State(shared): Core, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let Some(seconds) = body["seconds"].as_u64() else {
        return refuse("send {\"seconds\": N} with a whole number");
    };
    shared.advance(seconds);
    clock(State(shared)).await.into_response()
}

async fn faults(State(shared): Core) -> Json<Vec<FaultRule>> {
    Json(shared.settled().faults.clone())
}

/// Takes one fault or a list, each as an object or in the short form.
async fn add_fault(State(shared): Core, body: Bytes) -> Response {
    let given: Value = match serde_json::from_slice(&body) {
        Ok(given) => given,
        Err(error) => return refuse(&error.to_string()),
    };
    let list = match given {
        Value::Array(list) => list,
        one => vec![one],
    };
    let rules: Result<Vec<FaultRule>, String> = list.iter().map(read_rule).collect();
    let added = rules.and_then(|rules| rules.into_iter().try_for_each(|rule| shared.add_fault(rule)));
    match added {
        Ok(()) => StatusCode::CREATED.into_response(),
        Err(error) => refuse(&error),
    }
}

fn read_rule(given: &Value) -> Result<FaultRule, String> {
    match given.as_str() {
        Some(text) => text.parse(),
        None => serde_json::from_value(given.clone()).map_err(|error| error.to_string()),
    }
}

async fn clear_faults(State(shared): Core) -> StatusCode {
    let mut state = shared.settled();
    state.faults.clear();
    shared.keep(&mut state);
    StatusCode::NO_CONTENT
}

async fn requests(State(shared): Core) -> Response {
    Json(shared.settled().requests.clone()).into_response()
}

/// 404 without servers; 500 when they can't be counted.
async fn audit(State(shared): Core) -> Response {
    match shared.audit() {
        Ok(audit) => {
            let (whole, text) = (audit.is_whole(), audit.to_string());
            Json(json!({ "whole": whole, "text": text, "audit": audit })).into_response()
        }
        Err(fault) => {
            let none = matches!(fault, PlaneFault::None);
            let status = if none { StatusCode::NOT_FOUND } else { StatusCode::INTERNAL_SERVER_ERROR };
            (status, Json(json!({ "id": "no_audit", "message": fault.to_string() }))).into_response()
        }
    }
}

fn refuse(message: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "id": "invalid_params", "message": message }))).into_response()
}

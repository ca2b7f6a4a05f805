//! Makes the world differ as a case's preset says.

use axum::http::Method;
use serde_json::{Value, json};

use crate::cases::{DatabasePreset, Preset, Recorded, Rule};
use crate::stage::Stage;

/// Applies every difference that `preset` names.
pub(crate) async fn apply(stage: &Stage, preset: &Preset, requests: &[Recorded]) {
    for (name, database) in &preset.db {
        change_database(stage, name, database).await;
    }
    change_world(stage, preset).await;
    for rule in &preset.rules {
        answer(stage, &placed(stage, rule, requests)).await;
    }
    if let Some(delinquency) = &preset.delinquent {
        let path = "^/particleboard/account$".to_owned();
        let rule = Rule {
            method: "GET".to_owned(),
            path,
            status: 200,
            body: delinquency.clone(),
            headers: Default::default(),
            times: None,
        };
        answer(stage, &rule).await;
    }
}

/// A rule that answers only so often is tied to the request that it struck when it was recorded: of requests that go out
/// side by side, another might come first now.
fn placed(stage: &Stage, rule: &Rule, requests: &[Recorded]) -> Rule {
    let struck = |request: &&Recorded| {
        request.method == rule.method && request.status == rule.status && request.response == rule.body
    };
    let mut placed = rule.clone();
    if let Some(request) = requests.iter().find(struck).filter(|_| rule.times.is_some()) {
        let path = stage.templates.fill(&request.path);
        placed.path = format!("^{}$", path.split('?').next().unwrap_or(&path));
    }
    placed
}

async fn change_database(stage: &Stage, name: &str, preset: &DatabasePreset) {
    if let Some(times) = preset.waiting {
        let body = json!({ "waiting?": true, "message": preset.message });
        answer(stage, &read(&format!("/{}/wait_status$", id(stage, name).await), body, Some(times))).await;
    }
    if let Some(leader) = &preset.leader {
        let path = format!("/client/v11/databases/{}", id(stage, name).await);
        let mut database = stage.ask(Method::GET, &path, None).await;
        database["leader"] = leader.clone();
        answer(stage, &read(&format!("{path}$"), database, None)).await;
    }
}

async fn id(stage: &Stage, name: &str) -> String {
    let addon = stage.ask(Method::GET, &format!("/addons/{name}"), None).await;
    addon["id"].as_str().unwrap().to_owned()
}

fn read(path: &str, body: Value, times: Option<u32>) -> Rule {
    let method = "GET".to_owned();
    Rule { method, path: path.to_owned(), status: 200, body, headers: Default::default(), times }
}

/// What no client could bring about at once is written into the world itself.
async fn change_world(stage: &Stage, preset: &Preset) {
    let mut world = stage.ask(Method::GET, "/simulator/world", None).await;
    for (name, database) in &preset.db {
        if let Some(upgrade) = &database.upgrade {
            schedule_upgrade(&mut world, name, upgrade);
        }
    }
    if let Some(wanted) = &preset.conn {
        world["connections"][0]["state"] = json!(wanted.state);
        // What was about to happen to the connection in its former state does not.
        let of_a_connection = |timer: &Value| timer["due"]["connection"].is_string();
        world["timers"].as_array_mut().unwrap().retain(|timer| !of_a_connection(timer));
    }
    if preset.hidden_connections {
        world["connections"][0]["access"] = json!([]);
    }
    if preset.release_phase {
        let app = item(&mut world["apps"], "name", "hc-demo");
        let processes = app["formation"].as_array_mut().unwrap();
        let mut release = processes[0].clone();
        for (field, value) in [("type", json!("release")), ("quantity", json!(0)), ("command", json!("bin/release"))] {
            release[field] = value;
        }
        processes.push(release);
    }
    stage.ask(Method::PUT, "/simulator/world", Some(&world)).await;
}

/// The upgrade is planned for the next maintenance window, on Tuesday evening.
fn schedule_upgrade(world: &mut Value, name: &str, upgrade: &Value) {
    let id = item(&mut world["addons"], "name", name)["id"].as_str().unwrap().to_owned();
    let planned = json!({ "state": upgrade["state"], "to": upgrade["version"], "at": "2026-01-06T18:30:00Z" });
    item(&mut world["databases"], "addon", &id)["upgrade"] = planned;
}

fn item<'a>(list: &'a mut Value, field: &str, wanted: &str) -> &'a mut Value {
    list.as_array_mut().unwrap().iter_mut().find(|item| item[field] == wanted).unwrap()
}

/// The simulator's rules are made in the form of the recordings.
async fn answer(stage: &Stage, rule: &Rule) {
    let fault = serde_json::to_value(rule).unwrap();
    stage.ask(Method::POST, "/simulator/faults", Some(&fault)).await;
}

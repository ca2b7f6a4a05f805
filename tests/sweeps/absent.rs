//! An optional key that is absent or `null` says what the official client takes it for, and stops nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use hcops_simulator::{ClockMode, Simulator};
use hcops_survey::checkup::{Depth, Notices, checkup};
use hcops_survey::{Target, survey};
use serde_json::Value;

use crate::cases::{self, Case};
use crate::trial::{block_on, clients, prepare};
use crate::workers::sweep;

#[test]
fn every_runbook_ends_the_same_without_optional_keys() {
    let whole: Vec<Case> = cases::chosen().collect();
    sweep("runs without optional keys", &whole, Case::name, |case| {
        let without = prepare(case.lacking_optional_keys());
        assert_eq!(without.after, prepare(*case).after, "it ends otherwise");
    });
}

/// What the official clients' types require: without it there is nothing to be read. Paths of keys by the route's last
/// segments, where `*` stands for one segment.
const REQUIRED: &[(&str, &[&str])] = &[
    ("apps/*", &["id", "name", "maintenance"]),
    ("apps/*/formation", &["[].type", "[].quantity"]),
    ("apps/*/dynos", &["[].name", "[].type"]),
    ("apps/*/releases", &["[].id", "[].version", "[].status"]),
    ("apps/*/addons", ADDONS),
    ("addons/*", &["id", "name", "state", "plan", "plan.name", "app", "app.name"]),
    ("addon-attachments", ATTACHMENTS),
    // A list of connections, one connection, and its mappings. `state` and `db_key` are what a procedure is about.
    ("connections", &["results", "results[].id", "results[].region_url"]),
    (
        "connections/*",
        &["id", "state", "db_key", "mappings", "mappings[].id", "mappings[].object_name", "mappings[].state"],
    ),
    ("errors", &["results[].id"]),
    ("notifications", &["results[].id"]),
    ("credentials", &["[].name"]),
    ("*/transfers", &["[].uuid"]),
    // A line without its name is none.
    ("databases/*", &["info[].name"]),
    ("current-status", &["incidents[].id", "scheduled[].id"]),
    ("wait_status", &["waiting?"]),
];
const ADDONS: &[&str] = &["[].id", "[].name", "[].state", "[].plan", "[].plan.name", "[].app", "[].app.name"];
const ATTACHMENTS: &[&str] = &["[].id", "[].name", "[].app", "[].app.name", "[].addon", "[].addon.id", "[].addon.name"];

#[derive(Debug, Clone)]
struct Lack {
    scenario: &'static str,
    route: String,
    key: String,
    null: bool,
    /// What is seen with the key.
    whole: Arc<Vec<String>>,
}

#[test]
fn no_look_stops_at_an_optional_key_that_is_absent_or_null() {
    let mut all = Vec::new();
    for scenario in ["standard", "essential"] {
        let seen = Arc::new(Lacking::default());
        let whole = Arc::new(block_on(look(scenario, &seen)).unwrap());
        for (route, keys) in seen.keys.lock().unwrap().iter() {
            for key in keys.iter().filter(|key| !is_required(route, key)) {
                let (route, key) = (route.clone(), key.clone());
                let of =
                    |null| Lack { scenario, route: route.clone(), key: key.clone(), null, whole: Arc::clone(&whole) };
                all.extend([false, true].map(of));
            }
        }
    }
    assert!(all.len() > 500, "only {} keys were seen", all.len());
    sweep(
        "looks without an optional key",
        &all,
        |lack| format!("{} {} {} {}", lack.scenario, lack.route, lack.key, if lack.null { "null" } else { "absent" }),
        |lack| {
            let lacking = Arc::new(Lacking { lack: Some(lack.clone()), ..Lacking::default() });
            assert_eq!(block_on(look(lack.scenario, &lacking)).unwrap(), *lack.whole);
        },
    );
}

fn is_required(route: &str, key: &str) -> bool {
    let path: Vec<&str> = route.split('/').collect();
    let fits = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        let tail = path.len().checked_sub(pattern.len()).map(|from| &path[from..]);
        tail.is_some_and(|tail| tail.iter().zip(&pattern).all(|(word, known)| *known == "*" || word == known))
    };
    REQUIRED.iter().any(|(pattern, keys)| fits(pattern) && keys.contains(&key))
}

/// What a survey and a checkup make of it: what they could not read, and what a plan rests on.
async fn look(scenario: &str, lacking: &Arc<Lacking>) -> Result<Vec<String>, String> {
    let simulator = Arc::new(Simulator::from_scenario(scenario, ClockMode::Paused, 7).unwrap());
    let wire: Arc<dyn Wire> = Arc::new(LackingWire { inner: simulator.wire(), lacking: Arc::clone(lacking) });
    let (clients, clock) = (clients(&simulator, wire), simulator.clock());
    let target = Target { app: "acme-crm".to_owned(), resource: None };
    let found = survey(&clients, &*clock, &target).await.map_err(|fault| format!("survey: {fault}"))?;
    let seen = checkup(&clients, &*clock, &target, Depth::Api, &Notices::default()).await;
    let seen = seen.map_err(|fault| format!("checkup: {fault}"))?;
    let mut told: Vec<String> =
        found.notices.into_iter().filter(|notice| notice.contains("could not be read")).collect();
    told.extend(seen.unseen.iter().map(|unseen| format!("{unseen:?}")));
    told.extend(["name", "version", "plan", "owner_app"].map(|fact| found.facts["database"][fact].to_string()));
    told.push(found.facts["connection"]["name"].to_string());
    told.extend(seen.databases.iter().map(|one| format!("{} {:?} {:?}", one.name, one.version, one.role)));
    told.extend(seen.connections.iter().map(|one| format!("{} {}", one.name, one.connection.mappings.len())));
    Ok(told)
}

/// The keys of the answers that went through a wire, by the route; one of them may be left out.
#[derive(Default)]
struct Lacking {
    lack: Option<Lack>,
    keys: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

struct LackingWire {
    inner: Arc<dyn Wire>,
    lacking: Arc<Lacking>,
}

#[async_trait]
impl Wire for LackingWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let route = request.url.path().trim_matches('/').to_owned();
        let mut answer = self.inner.send(request).await?;
        // Names of config vars are no keys of a form.
        if route.ends_with("config-vars") {
            return Ok(answer);
        }
        let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else { return Ok(answer) };
        match self.lacking.lack.as_ref().filter(|lack| lack.route == route) {
            Some(lack) => {
                leave_out(&mut body, &lack.key, lack.null);
                answer.body = body.to_string().into_bytes();
            }
            None => collect(&body, "", self.lacking.keys.lock().unwrap().entry(route).or_default()),
        }
        Ok(answer)
    }
}

fn collect(value: &Value, path: &str, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                keys.insert(path.clone());
                collect(value, &path, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, &format!("{path}[]"), keys)),
        _ => {}
    }
}

/// Takes the key at this path out, or makes it `null`, everywhere in the answer.
fn leave_out(value: &mut Value, path: &str, null: bool) {
    if let Some(rest) = path.strip_prefix("[]") {
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        value.as_array_mut().into_iter().flatten().for_each(|item| leave_out(item, rest, null));
        return;
    }
    let Value::Object(fields) = value else { return };
    if fields.contains_key(path) {
        if null {
            fields.insert(path.to_owned(), Value::Null);
        } else {
            fields.remove(path);
        }
        return;
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let rest = path[end..].strip_prefix('.').unwrap_or(&path[end..]);
    if let Some(inner) = fields.get_mut(&path[..end]) {
        leave_out(inner, rest, null);
    }
}

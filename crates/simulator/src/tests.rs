//! The simulator through its wire and over HTTP: the main path, faults, saving, determinism.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::world::MissingObject;
use super::{ClockMode, Fault, FaultRule, RequestEffect, Scenario, Simulator, World};
use hcops_heroku::transport::{Body, Wire, WireFault, WireRequest, WireResponse};

const LEADER: &str = "postgresql-flat-11007";

/// A client without any policy of its own.
struct Client {
    wire: Arc<dyn Wire>,
    token: &'static str,
}

impl Client {
    fn of(simulator: &Simulator) -> Self {
        Self { wire: simulator.wire(), token: "good-token" }
    }

    async fn send(&self, method: &str, path: &str, body: Body) -> Result<WireResponse, WireFault> {
        let request = WireRequest {
            method: method.to_owned(),
            url: Url::parse(&format!("http://localhost{path}")).unwrap(),
            headers: vec![
                ("authorization".to_owned(), format!("Bearer {}", self.token)),
                ("accept-inclusion".to_owned(), "addon:plan,config_vars".to_owned()),
            ],
            body,
            timeout: Duration::from_secs(30),
        };
        self.wire.send(request).await
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.send("GET", path, Body::None).await.unwrap();
        assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
        serde_json::from_slice(&response.body).unwrap()
    }

    async fn change(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { Body::EmptyJson } else { Body::Json(body.to_string().into_bytes()) };
        let response = self.send(method, path, body).await.unwrap();
        (response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null))
    }
}

fn simulator(scenario: &str) -> Simulator {
    Simulator::from_scenario(scenario, ClockMode::Paused, 1).unwrap()
}

fn connection_path(world: &World) -> String {
    format!("/api/v3/connections/{}", world.connections[0].id)
}

/// Looks every five simulated seconds until `done`, for at most two hours.
async fn until(simulator: &Simulator, client: &Client, path: &str, done: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1_440 {
        let response = client.send("GET", path, Body::None).await.unwrap();
        let seen: Value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        if response.status == 200 && done(&seen) {
            return seen;
        }
        simulator.advance(5);
    }
    panic!("{path} did not come to what was waited for");
}

fn info<'a>(database: &'a Value, name: &str) -> &'a Value {
    database["info"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["name"] == name)
        .map_or(&Value::Null, |line| &line["values"][0])
}

async fn order_follower(client: &Client) -> Value {
    let order = json!({
        "plan": { "name": "heroku-postgresql:standard-0" }, "name": "acme-crm-pg17", "attachment": {},
        "config": { "follow": "DATABASE_URL" },
    });
    let (status, addon) = client.change("POST", "/apps/acme-crm/addons", order).await;
    assert_eq!((status, &addon["state"]), (201, &json!("provisioning")));
    addon
}

async fn silence(client: &Client) {
    for app in ["acme-crm", "acme-jobs"] {
        let (status, shown) = client.change("PATCH", &format!("/apps/{app}"), json!({ "maintenance": true })).await;
        assert_eq!((status, &shown["maintenance"]), (200, &json!(true)));
        let updates = json!({ "updates": [{ "type": "worker", "quantity": "0" }] });
        let (status, shown) = client.change("PATCH", &format!("/apps/{app}/formation"), updates).await;
        assert_eq!((status, &shown[0]["quantity"]), (200, &json!(0)));
    }
}

async fn pause(simulator: &Simulator, client: &Client, connection: &str) {
    until(simulator, client, connection, |seen| seen["state"] == "IDLE").await;
    let (status, _) = client.change("POST", &format!("{connection}/actions/pause"), Value::Null).await;
    assert_eq!(status, 202);
    assert_eq!(client.get(connection).await["state"], "IDLE", "the pause was only accepted");
    until(simulator, client, connection, |seen| seen["state"] == "PAUSED").await;
}

async fn attach(client: &Client, app: &str, name: &str, namespace: Value) -> (u16, Value) {
    let body = json!({
        "addon": { "name": "acme-crm-pg17" }, "app": { "name": app }, "name": name, "namespace": namespace,
        "confirm": app,
    });
    client.change("POST", "/addon-attachments", body).await
}

/// Everything up to the upgraded follower.
async fn upgraded_follower(simulator: &Simulator, client: &Client) {
    let connection = connection_path(&simulator.world());
    order_follower(client).await;
    let path = "/client/v11/databases/acme-crm-pg17";
    until(simulator, client, &format!("{path}/wait_status"), |seen| seen["waiting?"] == false).await;
    silence(client).await;
    pause(simulator, client, &connection).await;
    until(simulator, client, path, |seen| info(seen, "Behind By") == "0 commits").await;
    let (status, _) = client.change("POST", &format!("{path}/upgrade/run"), json!({ "version": "17" })).await;
    assert_eq!(status, 200);
    assert_eq!(client.get(path).await["following"], Value::Null);
    let steps = format!("{path}/upgrade/wait_status");
    assert_eq!(client.get(&steps).await["step"], "1/7");
    until(simulator, client, &steps, |seen| seen["waiting?"] == false).await;
}

#[tokio::test]
async fn the_main_path_ends_on_the_new_version_and_nothing_is_lost() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    let connection = connection_path(&simulator.world());
    upgraded_follower(&simulator, &client).await;
    let silent_since = simulator.world().settled_at;
    for (app, name, namespace) in [
        ("acme-crm", "DATABASE", Value::Null),
        ("acme-crm", "DATABASE_CONNECTION_POOL", json!("connection-pooling:default")),
        ("acme-jobs", "DATABASE", Value::Null),
    ] {
        assert_eq!(attach(&client, app, name, namespace).await.0, 201);
    }
    assert_eq!(client.change("POST", &format!("{connection}/actions/resume"), Value::Null).await.0, 202);
    let deep = format!("{connection}?deep=true");
    let synced = |seen: &Value| {
        let mappings = seen["mappings"].as_array().unwrap();
        seen["state"] == "IDLE" && mappings.iter().all(|mapping| mapping["state"] == "DATA_SYNCED")
    };
    let seen = until(&simulator, &client, &deep, synced).await;
    assert!(seen["database"]["host"].as_str().unwrap().starts_with("acme-crm-pg17"));
    let updates = json!({ "updates": [{ "type": "worker", "quantity": 3 }] });
    client.change("PATCH", "/apps/acme-crm/formation", updates).await;
    simulator.advance(600);

    let world = simulator.world();
    let (old, new) = (world.database(LEADER).unwrap(), world.database("acme-crm-pg17").unwrap());
    assert_eq!(new.major(), "17");
    assert_eq!(new.unfollowed.as_ref().unwrap().missing_commits, 0);
    assert!(old.writes.values().all(|writes| writes.last_at <= silent_since), "{:?}", old.writes);
    assert!(new.writes.contains_key("acme-crm") && new.writes.contains_key("connect:herokuconnect-tidal-40217"));
    assert!(world.connections[0].trigger_log.processed > 0);
}

#[tokio::test]
async fn a_follower_that_is_upgraded_while_writers_are_at_work_lacks_commits() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    order_follower(&client).await;
    simulator.advance(3_600);
    let database = client.get("/client/v11/databases/acme-crm-pg17").await;
    assert_ne!(info(&database, "Behind By"), "0 commits");
    let run = "/client/v11/databases/acme-crm-pg17/upgrade/run";
    assert_eq!(client.change("POST", run, json!({ "version": "17" })).await.0, 200);
    assert!(simulator.world().database("acme-crm-pg17").unwrap().unfollowed.as_ref().unwrap().missing_commits > 0);
    let (status, body) = client.change("POST", run, json!({ "version": "17" })).await;
    assert_eq!((status, &body["id"]), (422, &json!("unprocessable_entity")));
}

#[tokio::test]
async fn the_same_requests_at_the_same_times_give_the_same_bytes() {
    let run = async || {
        let simulator = simulator("standard");
        upgraded_follower(&simulator, &Client::of(&simulator)).await;
        (serde_json::to_string(&simulator.world()).unwrap(), simulator.requests())
    };
    assert_eq!(run().await, run().await);
}

#[tokio::test]
async fn every_scenario_loads_and_settles() {
    for name in Scenario::names() {
        let simulator = simulator(&name);
        let first = simulator.world().essence();
        simulator.advance(86_400);
        assert_eq!(simulator.world().essence(), first, "{name}: a day without anybody changes nothing");
    }
    let error = Scenario::load("gremlin").unwrap_err().to_string();
    assert!(error.contains("gremlin") && error.contains("standard"), "{error}");
    let broken = "title = 'x'\nstart = '2026-11-22T01:00:00Z'\naccount = { email = 'a', name = 'b' }\n\
                  addon = [{ name = 'pg', app = 'nowhere', plan = 'heroku-postgresql:standard-0' }]";
    assert!(Scenario::from_toml(broken).unwrap_err().to_string().contains("nowhere"));
    assert!(Scenario::from_toml("titel = 1").is_err());
}

async fn outcome(
    simulator: &Simulator,
    rule: &str,
    method: &str,
    path: &str,
    body: Value,
) -> Result<(u16, Value), WireFault> {
    simulator.add_fault(rule.parse::<FaultRule>().unwrap()).unwrap();
    let client = Client::of(simulator);
    let body = if body.is_null() { Body::None } else { Body::Json(body.to_string().into_bytes()) };
    let response = client.send(method, path, body).await?;
    Ok((response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null)))
}

fn maintenance(simulator: &Simulator) -> bool {
    simulator.world().apps[0].maintenance
}

#[tokio::test]
async fn faults_before_the_effect_leave_the_world_alone() {
    for (rule, status) in [
        ("too-many-requests", Some(429)),
        ("server-error", Some(500)),
        ("html", Some(200)),
        ("cut-before-effect", None),
    ] {
        let simulator = simulator("standard");
        let on = json!({ "maintenance": true });
        let answer = outcome(&simulator, rule, "PATCH", "/apps/acme-crm", on.clone()).await;
        assert_eq!(answer.ok().map(|(status, _)| status), status, "{rule}");
        assert!(!maintenance(&simulator), "{rule}");
        let entry = simulator.requests().pop().unwrap();
        assert_eq!((entry.effect, entry.fault.map(Fault::name)), (RequestEffect::Refused, Some(rule)));
        assert_eq!(Client::of(&simulator).change("PATCH", "/apps/acme-crm", on).await.0, 200, "{rule} strikes once");
        assert!(maintenance(&simulator));
    }
}

#[tokio::test]
async fn a_server_error_has_the_status_that_is_given() {
    for (rule, status) in [("server-error", 500), ("server-error=503", 503)] {
        let answer = outcome(&simulator("standard"), rule, "GET", "/apps/acme-crm", Value::Null).await.unwrap();
        assert_eq!((answer.0, &answer.1["id"]), (status, &json!("server_error")), "{rule}");
    }
}

#[tokio::test]
async fn faults_after_the_effect_hide_what_was_done() {
    for rule in ["cut-after-effect", "timeout-after-effect"] {
        let simulator = simulator("standard");
        let began = simulator.world().settled_at;
        let answer = outcome(&simulator, rule, "PATCH", "/apps/acme-crm", json!({ "maintenance": true })).await;
        let waited = simulator.world().settled_at.duration_since(began).as_secs();
        match answer.unwrap_err() {
            WireFault::Cut(_) => assert_eq!((rule, waited), ("cut-after-effect", 0)),
            WireFault::TimedOut(_) => assert_eq!((rule, waited), ("timeout-after-effect", 30)),
            other => panic!("{rule}: {other}"),
        }
        assert!(maintenance(&simulator), "{rule}");
        let entry = simulator.requests().pop().unwrap();
        assert_eq!((entry.effect, entry.status), (RequestEffect::Applied, None));
    }
}

#[tokio::test]
async fn an_accepted_change_may_never_be_made_and_a_state_may_be_stuck() {
    let simulator = simulator("standard");
    let answer =
        outcome(&simulator, "accepted-never-done", "PATCH", "/apps/acme-crm", json!({ "maintenance": true })).await;
    assert_eq!(answer.unwrap().1["maintenance"], true);
    assert!(!maintenance(&simulator));
    let pause = format!("{}/actions/pause", connection_path(&simulator.world()));
    assert_eq!(outcome(&simulator, "stuck-state", "POST", &pause, json!({})).await.unwrap().0, 202);
    simulator.advance(86_400);
    assert_eq!(simulator.world().connections[0].state, "IDLE");
}

#[tokio::test]
async fn a_refused_change_does_not_use_up_a_fault_of_what_is_accepted() {
    for rule in ["accepted-never-done", "stuck-state"] {
        let simulator = simulator("standard");
        let pause = format!("{}/actions/pause", connection_path(&simulator.world()));
        simulator.change(|world| world.connections[0].state = "POLLING_DB_CHANGES".to_owned());
        assert_eq!(outcome(&simulator, rule, "POST", &pause, json!({})).await.unwrap().0, 409);
        assert_eq!(simulator.requests().pop().unwrap().fault, None);
        simulator.change(|world| world.connections[0].state = "IDLE".to_owned());
        Client::of(&simulator).change("POST", &pause, json!({})).await;
        assert_eq!(simulator.requests().pop().unwrap().fault.map(Fault::name), Some(rule));
        simulator.advance(86_400);
        assert_eq!(simulator.world().connections[0].state, "IDLE", "{rule}");
    }
}

#[tokio::test]
async fn what_another_operator_does_happens_whatever_becomes_of_the_request() {
    let simulator = simulator("standard");
    simulator.add_fault("drift:delete-mapping@POST /actions/pause".parse().unwrap()).unwrap();
    let pause = format!("{}/actions/pause", connection_path(&simulator.world()));
    let before = simulator.world().connections[0].mappings.len();
    assert_eq!(outcome(&simulator, "server-error", "POST", &pause, json!({})).await.unwrap().0, 500);
    assert_eq!(simulator.world().connections[0].mappings.len(), before - 1);
    simulator.add_fault("cut-after-effect@POST /actions/pause".parse().unwrap()).unwrap();
    assert_eq!(outcome(&simulator, "server-error", "POST", &pause, json!({})).await.unwrap().0, 500);
    assert_eq!(simulator.unstruck().len(), 1, "nothing came after that request");
    assert!(Client::of(&simulator).send("POST", &pause, Body::None).await.is_err(), "it strikes the next one");
}

#[tokio::test]
async fn lagging_reads_show_the_past() {
    let simulator = simulator("standard");
    simulator.advance(100);
    let client = Client::of(&simulator);
    client.change("PATCH", "/apps/acme-crm", json!({ "maintenance": true })).await;
    simulator.add_fault("api-lag=20".parse().unwrap()).unwrap();
    simulator.advance(10);
    assert_eq!(client.get("/apps/acme-crm").await["maintenance"], false);
    simulator.advance(10);
    assert_eq!(client.get("/apps/acme-crm").await["maintenance"], true);
}

#[tokio::test]
async fn faults_of_the_world_strike_at_once_or_at_their_place() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    client.change("PATCH", "/apps/acme-crm", json!({ "maintenance": true })).await;
    simulator.add_fault("drift:maintenance-off@GET /formation".parse().unwrap()).unwrap();
    assert!(maintenance(&simulator));
    client.get("/apps/acme-crm/formation").await;
    assert!(!maintenance(&simulator));

    simulator.add_fault("connect-maintenance=600".parse().unwrap()).unwrap();
    let path = connection_path(&simulator.world());
    let closed = client.send("GET", &path, Body::None).await.unwrap();
    assert_eq!((closed.status, closed.header("content-type")), (503, Some("text/html; charset=utf-8")));
    simulator.advance(600);
    simulator.add_fault("unknown-connection-state".parse().unwrap()).unwrap();
    assert_eq!(client.get(&path).await["state"], "QUIESCING");

    simulator.add_fault("unauthorized".parse().unwrap()).unwrap();
    assert_eq!(client.send("GET", "/account", Body::None).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_stalled_follower_never_catches_up() {
    let simulator = simulator("standard");
    simulator.add_fault("follower-stalls".parse().unwrap()).unwrap();
    let client = Client::of(&simulator);
    order_follower(&client).await;
    silence(&client).await;
    simulator.advance(86_400);
    assert_ne!(info(&client.get("/client/v11/databases/acme-crm-pg17").await, "Behind By"), "0 commits");
}

#[tokio::test]
async fn a_failed_release_phase_leaves_the_app_without_its_url() {
    let simulator = simulator("release-phase");
    let client = Client::of(&simulator);
    simulator.add_fault("release-phase-fails".parse().unwrap()).unwrap();
    order_follower(&client).await;
    simulator.advance(600);
    assert_eq!(attach(&client, "acme-crm", "DATABASE", Value::Null).await.0, 201);
    let newest = async || client.get("/apps/acme-crm/releases").await.as_array().unwrap().last().unwrap().clone();
    assert_eq!(newest().await["status"], "pending");
    simulator.advance(60);
    assert_eq!(newest().await["status"], "failed");
    assert_eq!(client.get("/apps/acme-crm/config-vars").await["DATABASE_URL"], Value::Null);
    assert_eq!(attach(&client, "acme-crm", "DATABASE", Value::Null).await.0, 201);
    simulator.advance(60);
    assert_eq!(newest().await["status"], "succeeded");
    assert_ne!(client.get("/apps/acme-crm/config-vars").await["DATABASE_URL"], Value::Null);
}

#[tokio::test]
async fn copies_report_their_warnings() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    simulator.add_fault("copy-with-warnings".parse().unwrap()).unwrap();
    let order = json!({ "plan": "heroku-postgresql:standard-0", "name": "copy-target", "config": { "version": "17" } });
    assert_eq!(client.change("POST", "/apps/acme-crm/addons", order).await.0, 201);
    simulator.advance(600);
    let world = simulator.world();
    let url = |name: &str| world.database(name).unwrap().url(None);
    let order =
        json!({ "from_name": "DATABASE", "from_url": url(LEADER), "to_name": "TEAL", "to_url": url("copy-target") });
    let (status, copy) = client.change("POST", "/client/v11/databases/copy-target/transfers", order).await;
    assert_eq!((status, &copy["succeeded"]), (201, &Value::Null));
    let path = format!("/client/v11/apps/acme-crm/transfers/{}", copy["uuid"].as_str().unwrap());
    simulator.advance(100);
    let half_way = client.get(&path).await["processed_bytes"].as_u64().unwrap();
    assert!(half_way > 0 && half_way < copy["source_bytes"].as_u64().unwrap());
    simulator.advance(600);
    let done = client.get(&path).await;
    assert_eq!((&done["succeeded"], &done["warnings"]), (&json!(true), &json!(3)));
}

#[tokio::test]
async fn a_saved_simulation_continues_where_it_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.json");
    let first = simulator("standard");
    first.save_to(&path).unwrap();
    first.add_fault("server-error@GET /formation#2".parse().unwrap()).unwrap();
    let client = Client::of(&first);
    client.get("/apps/acme-crm/formation").await;
    order_follower(&client).await;
    first.advance(100);

    let second = Simulator::restore(&path, ClockMode::Paused).unwrap();
    assert_eq!(second.world(), first.world());
    assert_eq!(second.requests(), first.requests());
    let answer = Client::of(&second).send("GET", "/apps/acme-crm/formation", Body::None).await.unwrap();
    assert_eq!(answer.status, 500, "the fault remembers what it has seen");
    assert_eq!(Simulator::restore(&path, ClockMode::Paused).unwrap().requests().len(), 3);

    std::fs::write(&path, "{").unwrap();
    let error = Simulator::restore(&path, ClockMode::Paused).err().unwrap().to_string();
    assert!(error.contains("not a saved simulation"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_saved_simulation_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.json");
    simulator("standard").save_to(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_simulation_that_cannot_be_saved_answers_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = simulator("standard");
    simulator.save_to(folder.path().join("world.json")).unwrap();
    folder.close().unwrap();
    let client = Client::of(&simulator);
    for _ in 0..2 {
        let (status, body) = client.change("PATCH", "/apps/acme-crm", json!({ "maintenance": true })).await;
        assert_eq!((status, &body["id"]), (500, &json!("simulation_not_saved")));
    }
    assert_eq!(simulator.requests().len(), 1, "the second one was not even looked at");
}

#[tokio::test]
async fn tokens_are_checked_and_the_rate_limit_counts() {
    let simulator = simulator("standard");
    let wrong = Client { wire: simulator.wire(), token: "wrong-token" };
    assert_eq!(wrong.send("GET", "/account", Body::None).await.unwrap().status, 401);
    let client = Client::of(&simulator);
    let first = client.send("GET", "/account", Body::None).await.unwrap();
    assert_eq!(first.header("ratelimit-remaining"), Some("4499"));
    assert_eq!(first.header("date"), Some("Sun, 22 Nov 2026 01:00:00 GMT"));
    assert!(first.header("request-id").is_some());
    assert_eq!(client.get("/account/rate-limits").await["remaining"], 4_499);
    for _ in 0..4_499 {
        client.get("/account").await;
    }
    assert_eq!(client.send("GET", "/account", Body::None).await.unwrap().status, 429);
    simulator.advance(60);
    assert_eq!(client.get("/account/rate-limits").await["remaining"], 75);
}

#[tokio::test]
async fn an_unknown_path_is_a_404_and_odd_bodies_are_no_trouble() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    assert_eq!(client.send("GET", "/nowhere", Body::None).await.unwrap().status, 404);
    let null = Body::Json(b"null".to_vec());
    let notices = format!("{}/notifications?page_size=1000", connection_path(&simulator.world()));
    assert_eq!(client.send("GET", &notices, null).await.unwrap().status, 200);
    assert_eq!(client.send("POST", "/auth/acme-crm", Body::EmptyJson).await.unwrap().status, 200);
    let (status, body) =
        client.change("DELETE", "/apps/acme-crm/addons/herokuconnect-tidal-40217", json!({ "force": false })).await;
    assert_eq!((status, &body["state"]), (200, &json!("deprovisioning")));
    simulator.advance(60);
    assert_eq!(client.get("/connections?app=acme-crm").await["count"], 0);
}

mod over_http {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap_or_default();
        answer
    }

    fn get(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: localhost:5999\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n")
    }

    #[tokio::test]
    async fn it_answers_cuts_connections_and_stops() {
        let simulator = simulator("standard");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn({
            let simulator = simulator.clone();
            async move { simulator.serve(listener, async { stopped.await.unwrap_or_default() }).await }
        });
        let answer = exchange(address, &get("/connections?app=acme-crm")).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("http://localhost:5999/api/v3"), "{answer}");
        assert!(answer.contains("date: Sun, 22 Nov 2026 01:00:00 GMT"), "{answer}");
        simulator.add_fault("cut-before-effect".parse().unwrap()).unwrap();
        assert_eq!(exchange(address, &get("/apps/acme-crm")).await, "");
        let fault = "POST /simulator/faults HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 14\r\n\r\n\"server-error\"";
        assert!(exchange(address, fault).await.starts_with("HTTP/1.1 201"));
        assert!(exchange(address, &get("/apps/acme-crm")).await.starts_with("HTTP/1.1 500"));
        assert!(exchange(address, &get("/simulator/requests")).await.contains("\"fault\":\"cut-before-effect\""));
        stop.send(()).unwrap();
        serving.await.unwrap().unwrap();
    }
}

/// A maintenance of a database, as `heroku data:maintenances` drives it (docs/heroku/data.md, "Maintenances").
#[tokio::test]
async fn a_maintenance_is_put_off_and_run_and_is_history_then() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    let path = format!("/data/maintenances/v1/{}", simulator.world().addon(LEADER).unwrap().id);
    let run = async || client.change("POST", &format!("{path}/run"), Value::Null).await;
    let by_name = format!("/data/maintenances/v1/{LEADER}/run");
    assert_eq!(client.change("POST", &by_name, Value::Null).await.0, 404, "these routes take no name");
    assert_eq!(run().await.0, 422, "none is pending");
    simulator.change(|world| world.plan_maintenance(LEADER)).unwrap();
    let planned = client.get(&path).await;
    assert_eq!(planned["status"], "ready");
    let (status, moved) = client.change("POST", &format!("{path}/schedule"), json!({ "delay_weeks": "2" })).await;
    assert_eq!((status, &moved["previously_scheduled_for"]), (200, &planned["scheduled_for"]));
    assert_ne!(moved["scheduled_for"], planned["scheduled_for"]);
    let (status, said) = run().await;
    assert!(status == 200 && said["message"].is_string(), "{said}");
    assert_eq!(client.get(&path).await["status"], "running");
    assert_eq!(client.get(&format!("/client/v11/databases/{LEADER}/wait_status")).await["waiting?"], true);
    assert_eq!(run().await.0, 422, "it runs already");
    simulator.advance(3_600);
    assert_eq!(client.get(&path).await["status"], "completed");
    let history = client.get(&format!("{path}/history/?limit=5")).await;
    assert_eq!(history["maintenances"][0]["duration_seconds"], 600, "{history}");
    assert_eq!(client.get(&format!("/client/v11/databases/{LEADER}/wait_status")).await["waiting?"], false);
}

#[tokio::test]
async fn a_planned_maintenance_runs_by_itself_in_its_window_and_goes_with_it() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    let path = format!("/data/maintenances/v1/{}", simulator.world().addon(LEADER).unwrap().id);
    simulator.change(|world| world.plan_maintenance(LEADER)).unwrap();
    let window = json!({ "day_of_week": "Sunday", "time_of_day": "22:00" });
    let (status, set) = client.change("POST", &format!("{path}/window"), window).await;
    assert_eq!((status, &set["window"]), (200, &json!("Sundays 22:00 to Mondays 02:00 UTC")), "{set}");
    assert_ne!(set["scheduled_for"], set["previously_scheduled_for"]);
    simulator.advance(8 * 86_400);
    assert_eq!(client.get(&path).await["status"], "completed");
    let (status, _) = client.change("POST", &format!("{path}/window"), json!({ "day_of_week": "someday" })).await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn config_vars_of_a_release_are_those_of_the_release() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    let set = async |value: &str| {
        client.change("PATCH", "/apps/acme-crm/config-vars", json!({ "COLOUR": value })).await;
        simulator.world().apps[0].releases.last().unwrap().version
    };
    let (red, blue) = (set("red").await, set("blue").await);
    let colour = async |version: u64| {
        client.get(&format!("/apps/acme-crm/releases/{version}/config-vars")).await["COLOUR"].clone()
    };
    assert_eq!((colour(red).await, colour(blue).await), (json!("red"), json!("blue")));
}

/// What Heroku refuses is refused here too (heroku/cli: addons:detach, addons:destroy, addons:create, ps:scale, config:unset;
/// heroku/legacy-cli, issue 1562).
#[tokio::test]
async fn it_is_not_kinder_than_heroku() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    order_follower(&client).await;
    simulator.advance(3_600);
    let attachments = client.get("/addons/acme-crm-pg17/addon-attachments").await;
    let (name, only) =
        (&attachments[0]["name"], format!("/addon-attachments/{}", attachments[0]["id"].as_str().unwrap()));
    let (status, said) = client.change("DELETE", &only, Value::Null).await;
    assert_eq!(status, 422, "{said}");
    assert!(said["message"].as_str().unwrap().contains("is the last billing attachment to acme-crm-pg17"), "{said}");
    let replacing = json!({
        "addon": { "name": LEADER }, "app": { "name": "acme-crm" }, "name": name, "confirm": "acme-crm",
    });
    assert_eq!(client.change("POST", "/addon-attachments", replacing).await.0, 422);
    assert_eq!(attach(&client, "acme-jobs", "FRESH", Value::Null).await.0, 201);
    let destroy = async |force: bool| {
        client.change("DELETE", "/apps/acme-crm/addons/acme-crm-pg17", json!({ "force": force })).await
    };
    assert_eq!(destroy(false).await.0, 422, "acme-jobs has it too");
    assert_eq!(destroy(true).await.0, 200);
    let order = async |plan: &str| {
        client.change("POST", "/apps/acme-crm/addons", json!({ "plan": { "name": plan }, "attachment": {} })).await
    };
    for plan in ["heroku-postgresql:private-0", "heroku-postgresql:shield-2", "heroku-postgresql:nothing"] {
        assert_eq!(order(plan).await.0, 422, "{plan}");
    }
    for (service, plan) in
        [("herokuconnect", "herokuconnect:demo"), ("heroku-postgresql", "heroku-postgresql:essential-0")]
    {
        let (status, ordered) = order(service).await;
        assert_eq!((status, &ordered["plan"]["name"]), (201, &json!(plan)), "{ordered}");
    }
    let scale = async |quantity: &str, size: &str| {
        let updates = json!({ "updates": [{ "type": "worker", "quantity": quantity, "size": size }] });
        client.change("PATCH", "/apps/acme-crm/formation", updates).await.0
    };
    for (quantity, size, status) in
        [("101", "Standard-2X", 422), ("2", "Basic", 422), ("100", "Standard-2X", 200), ("+1", "Standard-2X", 422)]
    {
        assert_eq!(scale(quantity, size).await, status, "{quantity} {size}");
    }
    assert_eq!(client.change("PATCH", "/apps/acme-crm/config-vars", json!({ "RAILS_ENV": null })).await.0, 200);
    let releases = client.get("/apps/acme-crm/releases").await;
    assert_eq!(releases.as_array().unwrap().last().unwrap()["description"], "Remove RAILS_ENV config vars");
}

/// As the official client's commands ask for it (heroku/cli: pg:credentials, pg:backups, pg:reset).
#[tokio::test]
async fn credentials_backups_and_resets_have_their_effect() {
    let simulator = simulator("standard");
    let client = Client::of(&simulator);
    let at = |rest: &str| format!("/postgres/v0/databases/{LEADER}{rest}");
    let password = || simulator.world().database(LEADER).unwrap().password.clone();
    assert_eq!(client.change("POST", &at("/credentials"), json!({ "name": "analyst" })).await.0, 200);
    assert_eq!(client.change("DELETE", &at("/credentials/default"), Value::Null).await.0, 422);
    let old = password();
    assert_eq!(client.change("POST", &at("/credentials/default/credentials_rotation"), json!({})).await.0, 200);
    assert_ne!(password(), old);
    assert!(client.get("/apps/acme-crm/config-vars").await["DATABASE_URL"].as_str().unwrap().contains(&password()));
    assert_eq!(client.change("POST", &at("/credentials/nobody/credentials_rotation"), json!({})).await.0, 404);
    assert_eq!(client.change("POST", &at("/credentials_rotation"), json!({})).await.0, 200);
    assert_eq!(client.change("POST", &at("/repair-default"), json!({})).await.0, 200);
    assert_eq!(client.change("DELETE", &at("/credentials/analyst"), Value::Null).await.0, 200);
    assert_eq!(client.change("DELETE", &at("/credentials/analyst"), Value::Null).await.0, 404);
    let id = simulator.world().addon(LEADER).unwrap().id.clone();
    let data = |rest: &str| format!("/client/v11/databases/{id}{rest}");
    let (status, backup) = client.change("POST", &data("/backups"), json!({})).await;
    assert_eq!((status, &backup["to_type"], &backup["num"]), (201, &json!("gof3r"), &json!(1)), "{backup}");
    let one = "/client/v11/apps/acme-crm/transfers/1";
    assert_eq!(client.change("DELETE", one, Value::Null).await.0, 422, "it is being made");
    simulator.advance(3_600);
    assert_eq!(client.get(one).await["succeeded"], true);
    assert_eq!(client.change("DELETE", one, Value::Null).await.0, 200);
    assert_eq!(client.change("DELETE", one, Value::Null).await.0, 404);
    assert!(simulator.world().database(LEADER).unwrap().tables > 0);
    assert_eq!(client.change("PUT", &data("/reset"), json!({})).await.0, 200);
    assert_eq!(simulator.world().database(LEADER).unwrap().tables, 0);
}

/// What an import does with a mapping of an object that Salesforce does not have is not known: three ways.
#[tokio::test]
async fn an_object_that_salesforce_does_not_have_is_broken_refused_or_dropped() {
    for (conduct, status, state) in [
        (MissingObject::Broken, 202, Some("BAD_CONFIG")),
        (MissingObject::Refused, 422, None),
        (MissingObject::Dropped, 202, None),
    ] {
        let simulator = simulator("standard");
        let client = Client::of(&simulator);
        simulator.change(|world| {
            world.behaviour.missing_objects = vec!["Nothing__c".to_owned()];
            world.behaviour.missing_object = conduct;
        });
        let path = connection_path(&simulator.world());
        let mapping = |object: &str| json!({ "object_name": object, "config": { "fields": { "Id": {} } } });
        let document = json!({ "version": 1, "mappings": [mapping("Lead"), mapping("Nothing__c")] });
        assert_eq!(client.change("POST", &format!("{path}/actions/import"), document).await.0, status, "{conduct:?}");
        simulator.advance(3_600);
        let world = simulator.world();
        let found = |object: &str| world.connections[0].mappings.iter().find(|mapping| mapping.object_name == object);
        assert_eq!(found("Nothing__c").map(|mapping| mapping.state.as_str()), state, "{conduct:?}");
        assert_eq!(found("Lead").is_some(), conduct != MissingObject::Refused, "{conduct:?}");
    }
}

/// Two sources of Heroku's differ on when a column follows its field.
#[tokio::test]
async fn a_column_follows_its_field_as_far_as_it_is_known_to() {
    let column = |simulator: &Simulator, field: &str| {
        let world = simulator.world();
        let mappings = &world.connections[0].mappings;
        mappings.iter().find(|mapping| mapping.object_name == "Order__c").unwrap().columns[field].clone()
    };
    let shorter = |world: &mut World| {
        let mappings = &mut world.connections[0].mappings;
        let order = mappings.iter_mut().find(|mapping| mapping.object_name == "Order__c").unwrap();
        order.columns.insert("Name".to_owned(), "string(80)".to_owned());
        order.definitions.insert("Name".to_owned(), "string(40)".to_owned());
    };
    for (shortens, lengthens) in [(false, false), (true, true)] {
        let simulator = simulator("field-changed");
        simulator.change(shorter);
        simulator.change(|world| {
            world.behaviour.saving_shortens_columns = shortens;
            world.behaviour.sync_lengthens_columns = lengthens;
        });
        simulator.advance(1_800);
        let by_itself = if lengthens { "string(120)" } else { "string(80)" };
        assert_eq!(column(&simulator, "Status__c"), by_itself);
        assert_eq!(column(&simulator, "Name"), "string(80)");
        simulator.change(|world| {
            let connection = world.connections[0].id.clone();
            let fields = json!({ "Id": {}, "Name": {}, "Status__c": {}, "Amount__c": {} });
            world.put_mapping(&connection, "Order__c", &json!({ "fields": fields })).unwrap();
        });
        assert_eq!(column(&simulator, "Status__c"), "string(120)");
        assert_eq!(column(&simulator, "Name"), if shortens { "string(40)" } else { "string(80)" });
        assert_eq!(column(&simulator, "Amount__c"), "string(40)", "another type stays");
    }
}

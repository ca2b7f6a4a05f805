//! The clients' own rules: bodies as the schema has them, the one status that counts, addresses from answers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::connect::{ConnectionAddress, MappingConfig, SettingsChange};
use super::data::NewTransfer;
use super::platform::{NewAddon, NewAttachment, Scale};
use super::testing::{JumpingClock, ScriptedWire, answer, clients, header, json_answer, permit};
use super::transport::{Body, WireResponse};
use super::{Clients, if_found};
use hcops_model::{DatabaseUrl, FaultKind, Happened};

struct World {
    wire: Arc<ScriptedWire>,
    clients: Clients,
}

fn world(script: impl IntoIterator<Item = WireResponse>) -> World {
    let wire = ScriptedWire::new(script.into_iter().map(Ok));
    let clients = clients(&wire, &JumpingClock::new());
    World { wire, clients }
}

impl World {
    fn at(&self) -> ConnectionAddress {
        self.clients.connect.address_of("https://connect-us.heroku.com", "c-1").unwrap()
    }

    fn body(&self, nth: usize) -> Value {
        match &self.wire.sent()[nth].body {
            Body::Json(text) => serde_json::from_slice(text).unwrap(),
            other => panic!("{other:?} instead of JSON"),
        }
    }
}

#[tokio::test]
async fn scaling_sends_numbers_and_sizes_as_the_schema_has_them() {
    let world = world([json_answer(200, &json!([]))]);
    let worker = Scale { process_type: "worker".into(), quantity: 0, size: None };
    let web = Scale { process_type: "web".into(), quantity: 2, size: Some("Standard-1X".into()) };
    world.clients.platform.scale(&permit(), "acme", &[worker, web]).await.unwrap();
    assert_eq!(
        world.body(0),
        json!({"updates": [{"type": "worker", "quantity": 0},
                           {"type": "web", "quantity": 2, "dyno_size": {"name": "Standard-1X"}}]})
    );
}

#[tokio::test]
async fn what_is_absent_is_not_sent() {
    let addon = json!({"id": "a", "name": "x", "state": "provisioning", "plan": "p", "app": "acme"});
    let attached = json!({"id": "t", "name": "DATABASE", "app": {"name": "acme"}, "addon": {"id": "a", "name": "x"}});
    let world = world([json_answer(201, &addon), json_answer(201, &addon), json_answer(201, &attached)]);
    let platform = &world.clients.platform;
    let bare = NewAddon { plan: "heroku-postgresql:standard-0".into(), ..NewAddon::default() };
    platform.create_addon(&permit(), "acme", &bare).await.unwrap();
    let config = [("follow".to_owned(), "DATABASE_URL".to_owned())].into();
    let full =
        NewAddon { name: Some("n".into()), attachment: Some("A".into()), config, confirm: Some("acme".into()), ..bare };
    platform.create_addon(&permit(), "acme", &full).await.unwrap();
    let new = NewAttachment { addon: "x".into(), app: "acme".into(), ..NewAttachment::default() };
    platform.attach(&permit(), &new).await.unwrap();
    assert_eq!(world.body(0), json!({"plan": "heroku-postgresql:standard-0"}));
    assert_eq!(
        world.body(1),
        json!({"plan": "heroku-postgresql:standard-0", "name": "n", "attachment": {"name": "A"},
               "config": {"follow": "DATABASE_URL"}, "confirm": "acme"})
    );
    assert_eq!(world.body(2), json!({"addon": "x", "app": "acme"}));
}

#[tokio::test]
async fn credentials_are_asked_for_with_basic_authentication_and_only_those() {
    let world = world([json_answer(200, &json!([{"name": "default", "state": "resting"}]))]);
    let found = world.clients.data.credentials("postgresql-flat-1").await.unwrap();
    assert_eq!(found[0].state.as_ref().map(ToString::to_string).as_deref(), Some("resting"));
    // base64 of ":canary-token".
    assert_eq!(header(&world.wire.sent()[0], "authorization"), Some("Basic OmNhbmFyeS10b2tlbg=="));
}

#[tokio::test]
async fn the_status_sites_are_not_told_who_asks_and_are_asked_once() {
    let world = world([answer(503, &[], ""), json_answer(200, &json!([]))]);
    assert!(world.clients.status.current().await.is_err());
    world.clients.status.planned_maintenances("2026-11-22T01:00:00Z".parse().unwrap()).await.unwrap();
    let sent = world.wire.sent();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|request| header(request, "authorization").is_none()));
}

#[tokio::test]
async fn connect_is_asked_as_its_plugin_asks() {
    let world = world([answer(202, &[], ""), json_answer(200, &json!({"id": 7, "state": "IDLE", "mappings": null}))]);
    world.clients.connect.pause(&permit(), &world.at()).await.unwrap();
    let connection = world.clients.connect.connection(&world.at()).await.unwrap();
    assert_eq!((connection.id.as_str(), connection.mappings.len()), ("7", 0));
    for request in world.wire.sent() {
        assert_eq!((header(&request, "heroku-client"), &request.body), (Some("cli"), &Body::EmptyJson));
    }
    assert_eq!(
        world.wire.lines(),
        [
            "POST https://connect-us.heroku.com/api/v3/connections/c-1/actions/pause",
            "GET https://connect-us.heroku.com/api/v3/connections/c-1?deep=true",
        ]
    );
}

#[tokio::test]
async fn another_status_than_the_one_that_counts_is_not_success() {
    for status in [200, 201, 204] {
        let world = world([answer(status, &[], "{}")]);
        let fault = world.clients.connect.reload_mapping(&permit(), &world.at(), "m").await.unwrap_err();
        assert_eq!((fault.kind, fault.happened), (FaultKind::Unreadable, Happened::Unknown), "{status}");
    }
    let world = world([answer(200, &[], "{}"), answer(200, &[], ""), answer(202, &[], ""), answer(204, &[], "")]);
    let connect = &world.clients.connect;
    assert!(connect.delete_mapping(&permit(), &world.at(), "m").await.is_err());
    assert!(connect.acknowledge_notifications(&permit(), &world.at()).await.is_err());
    assert!(connect.reload_mapping(&permit(), &world.at(), "m").await.is_ok());
    assert!(connect.delete_mapping(&permit(), &world.at(), "m").await.is_ok());
}

#[tokio::test]
async fn a_diagnosis_is_pending_until_it_is_there() {
    let result = "https://connect-us.heroku.com/api/v3/connections/c-1/validations/4";
    let world = world([
        json_answer(202, &json!({"result_url": result})),
        answer(202, &[], ""),
        json_answer(200, &json!({"warnings": [{"display_name": "Logging"}], "mappings": {"Account": {}}})),
    ]);
    let connect = &world.clients.connect;
    let validating = connect.start_validation(&world.at()).await.unwrap();
    assert_eq!(connect.validation(&validating).await.unwrap(), None);
    let done = connect.validation(&validating).await.unwrap().unwrap();
    assert_eq!((done.connection.warnings.len(), done.mappings.len()), (1, 1));
    assert_eq!(world.wire.lines()[2], format!("GET {result}"));
}

#[tokio::test]
async fn an_address_from_an_answer_is_checked_before_it_sees_the_token() {
    for bad in ["https://evil.example/r", "http://connect-us.heroku.com/r", "http://127.0.0.1:1/r", "//evil.example/r"]
    {
        let world = world([json_answer(202, &json!({"result_url": bad}))]);
        let validating = world.clients.connect.start_validation(&world.at()).await.unwrap();
        let fault = world.clients.connect.validation(&validating).await.unwrap_err();
        assert_eq!((fault.kind, world.wire.sent().len()), (FaultKind::Usage, 1), "{bad}");
        assert!(world.clients.connect.address_of(bad, "c").is_err(), "{bad}");
    }
    assert!(world([]).clients.connect.address_of("", "c").is_err());
}

#[tokio::test]
async fn discovery_is_read_to_its_end() {
    let one = |id: &str| json!({"id": id, "region_url": "https://connect-us.heroku.com"});
    let next = "https://hc-central.heroku.com/connections?app=acme&page=2";
    let world = world([
        json_answer(200, &json!({"results": [one("a")], "next": next})),
        json_answer(200, &json!({"results": [one("b")], "next": null})),
    ]);
    let found = world.clients.connect.search("acme", Some("r&x")).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(world.wire.lines()[0], "GET https://hc-central.heroku.com/connections?app=acme&resource_name=r%26x");
    assert_eq!(world.wire.lines()[1], format!("GET {next}"));
}

#[tokio::test]
async fn only_what_changes_is_sent_and_an_unknown_configuration_goes_back_whole() {
    let mapping = json!({"id": "m", "object_name": "Account", "state": "DATA_SYNCED",
        "config": {"access": "read_only", "revision": 7, "fields": {"Id": {}}, "sf_polling_seconds": 600, "novelty": [1]}});
    let world = world([answer(202, &[], "{}"), json_answer(200, &mapping), answer(200, &[], "")]);
    let connect = &world.clients.connect;
    let change = SettingsChange { db_key: Some("DATABASE_URL".into()), ..SettingsChange::default() };
    connect.change_settings(&permit(), &world.at(), &change).await.unwrap();
    assert_eq!(world.body(0), json!({"db_key": "DATABASE_URL"}));
    let read = connect.mapping(&world.at(), "m").await.unwrap();
    let config: MappingConfig = read.config.clone().unwrap();
    connect.update_mapping(&permit(), &world.at(), &read, &config).await.unwrap();
    assert_eq!(world.body(2), json!({"object_name": "Account", "config": mapping["config"]}));
}

#[tokio::test]
async fn a_copys_addresses_are_sent_and_shown_nowhere() {
    let transfer = json!({"uuid": "t", "num": "7", "succeeded": null, "from_url": "postgres://u:hunter2@h/d"});
    let world = world([json_answer(201, &transfer)]);
    let url = |text: &str| DatabaseUrl::new(text);
    let new = NewTransfer {
        from_name: "DATABASE".into(),
        from_url: url("postgres://u:hunter2@h/d"),
        to_name: "TEAL".into(),
        to_url: url("postgres://u:hunter3@h2/d"),
    };
    let answer = world.clients.data.create_transfer(&permit(), "db", &new).await.unwrap();
    assert_eq!((answer.value.num, answer.value.succeeded), (Some(7), None));
    assert_eq!(world.body(0)["to_url"], json!("postgres://u:hunter3@h2/d"));
    let shown = format!("{new:?} {answer:?} {:?}", world.wire.sent()[0].body);
    assert!(!shown.contains("hunter"), "{shown}");
}

#[tokio::test]
async fn only_not_found_is_nothing() {
    let world = world([answer(404, &[], ""), answer(403, &[], r#"{"id":"forbidden"}"#), answer(404, &[], "<html>")]);
    let data = &world.clients.data;
    assert!(if_found(data.wait_status("db").await).unwrap().is_none());
    assert_eq!(if_found(data.wait_status("db").await).unwrap_err().kind, FaultKind::Unauthorized);
    assert_eq!(if_found(data.wait_status("db").await).unwrap_err().kind, FaultKind::Unreadable);
}

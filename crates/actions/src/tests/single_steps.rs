//! Actions that only commands of their own use, and what sets those commands apart from the procedures.

use serde_json::{Value, json};

use super::world::{NOW, REGION, World, accepted, note, output, unclear, why, will};
use hcops_model::Prior;

const CONNECTION: &str = "GET /api/v3/connections/c1";

fn with(more: &Value) -> Value {
    let mut with = json!({"connection": "c1", "region_url": REGION});
    with.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with
}

fn connection(state: &str, more: &Value) -> World {
    let mut shown = json!({"id": "c1", "state": state, "resource_name": "hc-1", "app_name": "crm", "mappings": []});
    shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    World::new().with(CONNECTION, shown)
}

fn answered(answer: &str) -> Prior {
    Prior { answer: Some(answer.to_owned()), ..Prior::default() }
}

#[tokio::test]
async fn the_login_of_before_does_not_count_as_a_new_one() {
    let look = async |state: &str, updated: Value, with: &Value, prior: &Prior| {
        connection(state, &json!({"auth_updated": updated})).look_after("connect.authorized", with, prior).await
    };
    let idle_before = with(&json!({"state_before": "IDLE", "updated_before": "2026-01-01T00:00:00Z"}));
    let (_, asked) = unclear(look("IDLE", json!("2026-01-01T00:00:00Z"), &idle_before, &Prior::default()).await);
    assert!(asked[0].contains("connect:sf:auth") && asked[1].starts_with("Log in as"), "{asked:?}");
    let waiting = note(look("IDLE", json!("2026-01-01T00:00:00Z"), &idle_before, &answered("yes")).await);
    assert!(waiting.contains("does not show the new login yet"), "a word alone is no login: {waiting}");
    let seen = output(look("IDLE", json!("2026-11-22T00:59:00Z"), &idle_before, &Prior::default()).await);
    assert_eq!(seen["shown_by"], "its time");
    let (said, _) = why(look("IDLE", json!("2026-01-01T00:00:00Z"), &idle_before, &answered("no")).await);
    assert!(said.contains("Nobody has logged in"), "{said}");
}

#[tokio::test]
async fn a_new_login_without_a_time_is_told_by_the_state_or_by_a_person() {
    let look = async |state: &str, with: &Value, prior: &Prior| {
        connection(state, &json!({})).look_after("connect.authorized", with, prior).await
    };
    let refused_before = with(&json!({"state_before": "UNAUTHORIZED"}));
    note(look("UNAUTHORIZED", &refused_before, &answered("yes")).await);
    let seen = output(look("IDLE", &refused_before, &Prior::default()).await);
    assert_eq!(seen["shown_by"], "the connection's state");
    let idle_before = with(&json!({"state_before": "IDLE"}));
    unclear(look("IDLE", &idle_before, &Prior::default()).await);
    assert_eq!(output(look("IDLE", &idle_before, &answered("yes")).await)["shown_by"], "a person's word");
    let (said, _) = unclear(look("HIBERNATING", &idle_before, &answered("yes")).await);
    assert!(said.contains("HIBERNATING"), "{said}");
}

fn mapped(state: &str, connection_state: &str) -> World {
    let mapping = json!({
        "id": "m1", "object_name": "Account", "state": state,
        "times": {"db_write": "2026-11-22 00:59:59.000000+00:00"},
    });
    connection(connection_state, &json!({"mappings": [mapping]}))
}

#[tokio::test]
async fn while_sync_goes_on_only_a_load_that_was_seen_is_a_reload() {
    let reload = with(&json!({"mapping": "m1", "at_once": 1}));
    let look = async |state: &str, of: &str, with: &Value, prior: &Prior| {
        mapped(state, of).look_after("connect.reload", with, prior).await
    };
    output(look("DATA_SYNCED", "PAUSED", &reload, &accepted(10)).await);
    note(look("DATA_SYNCED", "IDLE", &reload, &accepted(10)).await);
    let (said, _) = unclear(look("DATA_SYNCED", "IDLE", &reload, &accepted(600)).await);
    assert!(said.contains("was not seen to load"), "a poll writes into the table as well: {said}");
    let begin = with(&json!({"mapping": "m1", "at_once": 1, "only_begin": true}));
    will(look("DATA_SYNCED", "IDLE", &begin, &Prior::default()).await);
    note(look("RELOAD_TABLE", "IDLE", &begin, &Prior::default()).await);
    output(look("RELOAD_TABLE", "IDLE", &begin, &accepted(10)).await);
}

#[tokio::test]
async fn an_import_is_done_when_mappings_that_were_there_are_as_the_file_says() {
    let config = |fields: Value| json!({"access": "read_only", "revision": 4, "fields": fields});
    let document = json!({"version": 1, "mappings": [
        {"object_name": "Account", "config": {"access": "read_only", "fields": {"Id": {}, "Name": {}}}},
    ]});
    let import = with(&json!({"document": document, "exactly": true}));
    let of = |fields: Value| {
        let mapping = json!({"id": "m1", "object_name": "Account", "state": "DATA_SYNCED", "config": config(fields)});
        connection("IDLE", &json!({"mappings": [mapping]}))
    };
    let shown = will(of(json!({"Id": {}})).look("connect.import", &import).await);
    assert!(shown[0].contains("Name was nothing, and is {}"), "{shown:?}");
    output(of(json!({"Id": {}, "Name": {}})).look("connect.import", &import).await);
    note(of(json!({"Id": {}})).look_after("connect.import", &import, &accepted(5)).await);
}

#[tokio::test]
async fn a_maintenance_that_runs_or_comes_soon_is_in_the_way() {
    let look = async |maintenance: Value| {
        let addon = json!({"id": "pg-id", "name": "pg", "state": "provisioned", "app": {"name": "crm"},
            "plan": {"name": "heroku-postgresql:standard-0"}});
        let world = World::new().with("GET /addons/pg", addon).with("GET /data/maintenances/v1/pg-id", maintenance);
        world.look("postgres.maintenance-clear", &json!({"app": "crm", "database": "pg", "minutes": 60})).await
    };
    let at = |time: &str| json!({"status": "pending", "scheduled_for": time});
    assert_eq!(NOW, "2026-11-22T01:00:00Z");
    let (said, remedy) = why(look(at("2026-11-22 01:30:00 +0000")).await);
    assert!(said.contains("within the next 60 minutes") && remedy.contains("data:maintenances:schedule"), "{said}");
    output(look(at("2026-11-24 20:30:00 +0000")).await);
    output(look(json!({"status": "completed", "scheduled_for": "2026-11-22 00:30:00 +0000"})).await);
    let (said, _) = why(look(json!({"status": "running"})).await);
    assert!(said.contains("is running"), "{said}");
    unclear(look(json!({"status": "paused"})).await);
}

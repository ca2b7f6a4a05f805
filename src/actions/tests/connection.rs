use serde_json::{Value, json};

use super::world::{REGION, World, accepted, interrupted, note, output, unclear, why, will};
use crate::model::Seen;

const CONNECTION: &str = "GET /api/v3/connections/c1";
const ERRORS: &str = "GET /api/v3/connections/c1/errors";

/// Every state that means a fault (`reference/connect-api.md` section 4).
const BROKEN: [&str; 9] = [
    "NEW",
    "NEED_AUTHENTICATION",
    "SYSTEM_ERROR",
    "DB_UNAVAILABLE",
    "TOO_MANY_ROWS",
    "UNAUTHORIZED",
    "HEROKU_UNAUTH",
    "INACTIVE_ORG",
    "SYSTEM_ON_ICE",
];

fn mapping(name: &str, state: &str, pending: i64) -> Value {
    json!({"id": name, "object_name": name, "state": state, "counts": {"pending": pending}})
}

fn connection(state: &str, mappings: Value) -> Value {
    json!({
        "id": "c1", "state": state, "app_name": "crm", "resource_name": "herokuconnect-tidal-1", "db_key": "DATABASE_URL",
        "schema_name": "salesforce", "database": {"host": "old.example", "database": "d", "port": 5432}, "mappings": mappings,
    })
}

fn world(state: &str) -> World {
    world_with(state, json!([mapping("Account", "DATA_SYNCED", 0), mapping("Contact", "DATA_SYNCED", 0)]))
}

fn world_with(state: &str, mappings: Value) -> World {
    World::new().with(CONNECTION, connection(state, mappings)).with(ERRORS, json!({"count": 0, "results": []}))
}

fn with() -> Value {
    json!({"connection": "c1", "region_url": REGION})
}

#[tokio::test]
async fn only_paused_is_paused_and_only_idle_is_paused() {
    let pause = "connect.pause";
    let idle = world("IDLE").with("POST /api/v3/connections/c1/actions/pause", Value::Null);
    will(idle.look(pause, &with()).await);
    idle.act(pause, &with()).await.expect("a receipt");
    assert_eq!(idle.changes(), [("POST /api/v3/connections/c1/actions/pause".to_owned(), Value::Null)]);
    assert!(note(idle.look_after(pause, &with(), &accepted(4)).await).contains("accepted"));
    will(idle.look_after(pause, &with(), &accepted(400)).await);
    will(idle.look_after(pause, &with(), &interrupted(4)).await);
    output(world("PAUSED").look(pause, &with()).await);
    for working in ["POLLING_DB_CHANGES", "BUSY"] {
        let waiting = note(world(working).look(pause, &with()).await);
        assert!(waiting.contains(working) && waiting.contains("heroku logs -d herokuconnect -a crm"), "{waiting}");
    }
    for changing in ["RECOVERY", "IMPORT_CONFIGURATION"] {
        note(world(changing).look(pause, &with()).await);
    }
}

#[tokio::test]
async fn broken_and_unknown_states_stop_every_step_with_the_raw_word() {
    let synced = json!({"connection": "c1", "region_url": REGION, "errors_before": []});
    for (action, with) in [
        ("connect.pause", with()),
        ("connect.resume", with()),
        ("connect.paused", with()),
        ("connect.idle", with()),
        ("connect.healthy", with()),
        ("connect.synced", synced),
    ] {
        for state in BROKEN {
            let (saw, _) = why(world(state).look(action, &with).await);
            assert!(saw.contains(state), "{action}: {saw}");
        }
        let (saw, ask) = unclear(world("HIBERNATING").look(action, &with).await);
        assert!(
            saw.contains("HIBERNATING") && ask[0].contains("heroku addons:open herokuconnect-tidal-1 -a crm"),
            "{action}: {saw}"
        );
    }
}

#[tokio::test]
async fn a_working_connection_tells_what_is_pending() {
    let busy = world_with(
        "POLLING_DB_CHANGES",
        json!([mapping("Account", "DATA_SYNCED", 3), mapping("Lead", "DATA_SYNCED", 4)]),
    );
    assert!(note(busy.look("connect.idle", &with()).await).contains("7 writes pending"));
    output(world("IDLE").look("connect.idle", &with()).await);
    output(world("PAUSED").look("connect.idle", &with()).await);
}

#[tokio::test]
async fn resumed_means_that_paused_is_left() {
    let resume = "connect.resume";
    let paused = world("PAUSED").with("POST /api/v3/connections/c1/actions/resume", Value::Null);
    will(paused.look(resume, &with()).await);
    paused.act(resume, &with()).await.expect("a receipt");
    assert_eq!(paused.changes()[0].0, "POST /api/v3/connections/c1/actions/resume");
    note(paused.look_after(resume, &with(), &accepted(4)).await);
    for state in ["IDLE", "POLLING_DB_CHANGES", "BUSY"] {
        assert_eq!(output(world(state).look(resume, &with()).await)["state"], state);
    }
    note(world("RECOVERY").look(resume, &with()).await);
}

#[tokio::test]
async fn a_resumed_connection_breaks_the_hold() {
    output(world("PAUSED").look("connect.paused", &with()).await);
    for state in ["IDLE", "POLLING_DB_CHANGES", "RECOVERY"] {
        let (saw, remedy) = why(world(state).look("connect.paused", &with()).await);
        assert!(saw.contains(state));
        assert!(remedy.contains("heroku connect:pause -a crm --resource herokuconnect-tidal-1"), "{remedy}");
    }
}

#[tokio::test]
async fn health_names_the_mapping_that_is_not() {
    let healthy = "connect.healthy";
    assert_eq!(output(world("POLLING_DB_CHANGES").look(healthy, &with()).await)["synced"], 2);
    let one =
        |state: &str| world_with("IDLE", json!([mapping("Account", "DATA_SYNCED", 0), mapping("Lead", state, 0)]));
    output(one("POLLING_SF_CHANGES").look(healthy, &with()).await);
    for state in ["BAD_CONFIG", "SYSTEM_ERROR", "SYNC_REMOVED", "BULK_LOAD_ERROR"] {
        let (saw, remedy) = why(one(state).look(healthy, &with()).await);
        assert!(saw.contains(&format!("Lead ({state})")) && remedy.contains("heroku connect:diagnose"), "{saw}");
    }
    assert!(unclear(one("MEDITATING").look(healthy, &with()).await).0.contains("Lead (MEDITATING)"));
    assert!(note(one("RELOAD_TABLE").look(healthy, &with()).await).contains("Lead (RELOAD_TABLE)"));
    assert!(why(world("PAUSED").look(healthy, &with()).await).1.contains("hcops runs"));
}

fn write_error(id: &str) -> Value {
    json!({"id": id, "table_name": "account", "record_id": 7, "message": "FIELD_INTEGRITY"})
}

#[tokio::test]
async fn synced_means_idle_in_sync_drained_and_without_new_errors() {
    let synced = "connect.synced";
    let with = |before: &[&str]| json!({"connection": "c1", "region_url": REGION, "errors_before": before});
    assert_eq!(output(world("IDLE").look(synced, &with(&[])).await)["mappings"], 2);
    let half =
        world_with("IDLE", json!([mapping("Account", "DATA_SYNCED", 0), mapping("Lead", "POLLING_SF_CHANGES", 0)]));
    match half.look(synced, &with(&[])).await {
        Seen::Underway { part: Some(part), note, .. } => {
            assert_eq!((part.done, part.of, part.unit.as_str()), (1, 2, "mappings"));
            assert!(note.contains("Lead (POLLING_SF_CHANGES)"));
        }
        other => panic!("{other:?}"),
    }
    let pending = world_with("IDLE", json!([mapping("Account", "DATA_SYNCED", 12)]));
    assert!(note(pending.look(synced, &with(&[])).await).contains("12 writes pending"));
    note(world("POLLING_DB_CHANGES").look(synced, &with(&[])).await);
    note(world("PAUSED").look(synced, &with(&[])).await);
    let broken = world_with("IDLE", json!([mapping("Account", "DB_UNAVAILABLE", 0)]));
    why(broken.look(synced, &with(&[])).await);
    let failing = world("IDLE").with(ERRORS, json!({"results": [write_error("41"), write_error("42")]}));
    output(failing.look(synced, &with(&["41", "42"])).await);
    let (saw, remedy) = why(failing.look(synced, &with(&["41"])).await);
    assert!(saw.starts_with("1 new write error since") && saw.contains("FIELD_INTEGRITY"), "{saw}");
    assert!(remedy.contains("heroku connect:write-errors"));
}

#[tokio::test]
async fn the_baseline_is_the_ids_of_the_errors() {
    let failing = world("PAUSED").with(ERRORS, json!({"results": [write_error("41"), {"id": 42}]}));
    let noted = output(failing.look("connect.errors-baseline", &with()).await);
    assert_eq!(noted, json!({"ids": ["41", "42"], "count": 2}));
}

fn attached(name: &str, addon: &str) -> Value {
    json!([{
        "id": "1", "name": name, "app": {"id": "a", "name": "crm"}, "addon": {"id": "d", "name": addon},
        "config_vars": [format!("{name}_URL")],
    }])
}

#[tokio::test]
async fn the_database_of_a_connection_is_told_by_its_attachment() {
    let db_is = "connect.db-is";
    let with =
        json!({"app": "crm", "connection": "c1", "region_url": REGION, "db_key": "DATABASE_URL", "database": "old"});
    let attached_as = |attachments: Value| world("IDLE").with("GET /apps/crm/addon-attachments", attachments);
    let found = output(attached_as(attached("DATABASE", "old")).look(db_is, &with).await);
    assert_eq!((&found["attachment"], &found["host"]), (&json!("DATABASE"), &json!("old.example")));
    let (saw, remedy) = why(attached_as(attached("DATABASE", "new")).look(db_is, &with).await);
    assert!(saw.contains("means new") && remedy.contains("heroku addons:attach old --as DATABASE -a crm"));
    let (saw, _) = why(attached_as(attached("OTHER", "old")).look(db_is, &with).await);
    assert!(saw.contains("set by hand"));
    let mut moved = connection("IDLE", json!([]));
    moved["db_key"] = json!("OTHER_URL");
    let moved = attached_as(attached("OTHER", "old")).with(CONNECTION, moved);
    assert!(why(moved.look(db_is, &with).await).0.contains("when the plan was made it used DATABASE_URL"));
    let any = json!({"app": "crm", "connection": "c1", "region_url": REGION, "database": "old"});
    output(moved.look(db_is, &any).await);
    let mut unset = connection("NEW", json!([]));
    unset["db_key"] = Value::Null;
    why(attached_as(json!([])).with(CONNECTION, unset).look(db_is, &any).await);
}

#[tokio::test]
async fn repointing_changes_one_setting_and_waits_for_the_host() {
    let repoint = "connect.repoint";
    let with = json!({
        "app": "crm", "connection": "c1", "region_url": REGION, "from": "DATABASE_URL", "db_key": "HCOPS_1_URL",
        "schema_name": "salesforce", "database": "new",
    });
    let world = world("PAUSED")
        .with("GET /apps/crm/addon-attachments", attached("HCOPS_1", "new"))
        .with(
            "GET /client/v11/databases/new",
            json!({"resource_url": "postgres://u:p@new.example:5432/d", "following": null}),
        )
        .with("PATCH /api/v3/connections/c1", json!({}));
    will(world.look(repoint, &with).await);
    world.act(repoint, &with).await.expect("a receipt");
    assert_eq!(world.changes()[0].1, json!({"db_key": "HCOPS_1_URL", "schema_name": "salesforce"}));
    let mut half = connection("PAUSED", json!([]));
    half["db_key"] = json!("HCOPS_1_URL");
    world.set(CONNECTION, 200, half.clone());
    assert!(note(world.look(repoint, &with).await).contains("old.example"));
    half["database"]["host"] = json!("new.example");
    world.set(CONNECTION, 200, half.clone());
    assert_eq!(output(world.look(repoint, &with).await)["host"], "new.example");
    half["db_key"] = json!("THIRD_URL");
    world.set(CONNECTION, 200, half);
    assert!(why(world.look(repoint, &with).await).0.contains("THIRD_URL"));
    world.set(CONNECTION, 200, connection("PAUSED", json!([])));
    world.set("GET /apps/crm/addon-attachments", 200, attached("HCOPS_1", "old"));
    assert!(why(world.look(repoint, &with).await).0.contains("does not mean new"));
}

fn announced(starts: &str, ends: &str, services: Value) -> Value {
    json!([{
        "id": 1, "name": "Data platform work", "plannedStartTime": starts, "plannedEndTime": ends,
        "instanceKeys": ["Heroku North America"], "serviceKeys": services,
    }])
}

#[tokio::test]
async fn an_announced_window_blocks_only_where_and_when_it_overlaps() {
    let clear = "connect.maintenance-clear";
    let with = |region: &str| json!({"region": region, "minutes": 60});
    let current = json!({
        "status": [], "incidents": [],
        "scheduled": [{"id": 1, "title": "Heroku Platform Maintenance", "state": "upcoming", "systems": [{"name": "Data"}],
            "updates": [{"contents": "On December 4, 2026 at 13:00 UTC"}]}],
    });
    let world = |planned: Value| {
        World::new().with("GET /api/v4/current-status", current.clone()).with("GET /v1/maintenances", planned)
    };
    let soon = || announced("2026-11-22T01:50:00Z", "2026-11-22T02:20:00Z", json!(["HerokuData"]));
    let (saw, remedy) = why(world(soon()).look(clear, &with("us")).await);
    assert!(saw.contains("Data platform work") && remedy.contains("hcops windows"));
    why(world(soon()).look(clear, &with("tokyo")).await);
    output(world(soon()).look(clear, &with("eu")).await);
    let later = announced("2026-11-22T02:00:00Z", "2026-11-22T03:00:00Z", json!(["HerokuData"]));
    output(world(later).look(clear, &with("us")).await);
    let over = announced("2026-11-21T23:00:00Z", "2026-11-22T01:00:00Z", json!(["HerokuData"]));
    output(world(over).look(clear, &with("us")).await);
    let running = announced("2026-11-22T00:30:00Z", "2026-11-22T01:10:00Z", json!([]));
    why(world(running).look(clear, &with("us")).await);
    let apps = announced("2026-11-22T01:50:00Z", "2026-11-22T02:20:00Z", json!(["HerokuApps"]));
    let noted = output(world(apps).look(clear, &with("us")).await);
    assert!(noted["to_read"][0].as_str().is_some_and(|text| text.contains("December 4, 2026")), "{noted}");
}

#[tokio::test]
async fn one_readable_status_site_is_enough_and_none_is_a_fault() {
    let with = json!({"minutes": 60});
    let one = World::new().with("GET /api/v4/current-status", json!({"status": [], "incidents": [], "scheduled": []}));
    let noted = output(one.look("connect.maintenance-clear", &with).await);
    assert!(noted["to_read"][0].as_str().is_some_and(|text| text.contains("could not be read")), "{noted}");
    World::new().try_look("connect.maintenance-clear", &with, &crate::model::Prior::default()).await.unwrap_err();
}

use serde_json::{Value, json};

use super::world::{REGION, World, accepted, interrupted, note, output, unclear, why, will};
use hcops_model::Prior;

const CONNECTION: &str = "GET /api/v3/connections/c1";
const ERRORS: &str = "GET /api/v3/connections/c1/errors";
const NOTIFICATIONS: &str = "GET /api/v3/connections/c1/notifications";
const RESUMED: &str = "connect.resumed";

/// Every state that means a fault (docs/heroku/connect.md, "Connection states").
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
    for (action, with) in [
        ("connect.pause", with()),
        ("connect.resume", with()),
        ("connect.paused", with()),
        ("connect.idle", with()),
        ("connect.healthy", with()),
        (RESUMED, resumed_with(&[])),
    ] {
        for state in BROKEN {
            let (saw, _) = why(world(state).look(action, &with).await);
            assert!(saw.contains(state), "{action}: {saw}");
        }
        let (saw, ask) = unclear(world("HIBERNATING").look(action, &with).await);
        let shown = format!("{saw} {}", ask[0]);
        assert!(
            saw.contains("HIBERNATING") && shown.contains("heroku addons:open herokuconnect-tidal-1 -a crm"),
            "{action}: {shown}"
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
        let left = world(state).look_after(resume, &with(), &accepted(4)).await;
        assert_eq!(output(left)["state"], state, "it was this resumption");
        let told = note(world(state).look(resume, &with()).await);
        assert!(told.contains("a pause may be on its way"), "{told}");
        let memo = Some(json!("2020-01-01T00:00:00Z"));
        let twice = world(state).look_after(resume, &with(), &Prior { memo, ..Prior::default() }).await;
        assert_eq!(output(twice)["state"], state, "seen twice");
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
    let mut planned = with();
    planned["mapped"] = json!([{"object_name": "Account"}, {"object_name": "Case"}]);
    let (saw, remedy) = why(world("IDLE").look(healthy, &planned).await);
    assert!(saw.contains("had Case mapped") && remedy.contains("heroku addons:open"), "{saw} {remedy}");
    planned["mapped"] = json!([{"object_name": "Account"}]);
    output(world("IDLE").look(healthy, &planned).await);
}

fn write_error(id: &str) -> Value {
    json!({"id": id, "table_name": "account", "record_id": 7, "message": "FIELD_INTEGRITY"})
}

/// Connect's whole answer to what a resumption is judged by, and a diagnosis without red.
fn resumed_world(state: &str, mappings: Value) -> World {
    world_with(state, mappings)
        .with(NOTIFICATIONS, json!({"results": [{"id": 1, "event_type": "mapping-error", "message": "long ago"}]}))
        .with("POST /api/v3/connections/c1/validations", json!({"result_url": format!("{REGION}/api/v3/diagnosis/1")}))
        .with("GET /api/v3/diagnosis/1", json!({"errors": [], "warnings": [{"display_name": "x", "message": "y"}]}))
}

fn resumed_with(errors: &[&str]) -> Value {
    let by_sql = json!({"app": "crm", "new": "new", "old": "old", "schema": "salesforce", "compare": "none"});
    json!({
        "connection": "c1", "region_url": REGION, "by_sql": by_sql,
        "before": {"errors": errors, "notifications": ["1"]},
    })
}

#[tokio::test]
async fn a_mapping_that_the_plan_knew_and_that_is_gone_is_no_sync() {
    let mut with = resumed_with(&[]);
    with["mapped"] = json!([{"id": "1", "object_name": "Account"}, {"id": "2", "object_name": "Lead"}]);
    let only = |names: &[&str]| {
        let mappings: Vec<Value> = names.iter().map(|name| mapping(name, "DATA_SYNCED", 0)).collect();
        resumed_world("IDLE", json!(mappings))
    };
    let (saw, remedy) = why(only(&["Account"]).look(RESUMED, &with).await);
    assert!(saw.contains("not any more: Lead"), "{saw}");
    assert!(remedy.contains("heroku addons:open herokuconnect-tidal-1 -a crm") && remedy.contains("skip"), "{remedy}");
    output(only(&["Account", "Lead", "Task"]).examine(RESUMED, &with).await);
}

#[tokio::test]
async fn each_sign_of_a_resumption_is_told_with_its_value() {
    let in_sync = || json!([mapping("Account", "DATA_SYNCED", 0)]);
    let seen = output(resumed_world("IDLE", in_sync()).examine(RESUMED, &resumed_with(&[])).await);
    let standings: Vec<&str> =
        seen["signs"].as_array().unwrap().iter().map(|sign| sign["standing"].as_str().unwrap()).collect();
    let not = "not-checked";
    assert_eq!(standings, ["shown", "shown", not, not, "shown", not, "shown"], "{seen}");
    assert!(seen["seen"].as_str().unwrap().contains("(g) the diagnosis shows no error, 1 warning"), "{seen}");

    let half = json!([mapping("Account", "DATA_SYNCED", 0), mapping("Lead", "POLLING_SF_CHANGES", 0)]);
    let waiting = note(resumed_world("IDLE", half).examine(RESUMED, &resumed_with(&[])).await);
    assert!(waiting.contains("(b) not in sync yet: Lead (POLLING_SF_CHANGES)"), "{waiting}");
    let pending = resumed_world("IDLE", json!([mapping("Account", "DATA_SYNCED", 12)]));
    assert!(note(pending.examine(RESUMED, &resumed_with(&[])).await).contains("12 writes pending"));
    for state in ["POLLING_DB_CHANGES", "PAUSED"] {
        let waiting = note(resumed_world(state, in_sync()).examine(RESUMED, &resumed_with(&[])).await);
        assert!(waiting.contains(&format!("(a) herokuconnect-tidal-1 is {state}")), "{waiting}");
    }
    let broken = resumed_world("IDLE", json!([mapping("Account", "DB_UNAVAILABLE", 0)]));
    why(broken.examine(RESUMED, &resumed_with(&[])).await);
}

#[tokio::test]
async fn what_speaks_against_a_resumption_stops_it() {
    let idle = || resumed_world("IDLE", json!([mapping("Account", "DATA_SYNCED", 0)]));
    let failing = idle().with(ERRORS, json!({"results": [write_error("41"), write_error("42")]}));
    output(failing.examine(RESUMED, &resumed_with(&["41", "42"])).await);
    let (saw, remedy) = why(failing.examine(RESUMED, &resumed_with(&["41"])).await);
    assert!(saw.starts_with("(e) 1 new write error and 0 new") && saw.contains("FIELD_INTEGRITY"), "{saw}");
    assert!(remedy.contains("heroku connect:write-errors"));
    let notified = idle().with(NOTIFICATIONS, json!({"results": [{"id": 2, "event_type": "x", "message": "odd"}]}));
    assert!(why(notified.examine(RESUMED, &resumed_with(&[])).await).0.contains("1 new notification"));
    let red =
        idle().with("GET /api/v3/diagnosis/1", json!({"mappings": {"Lead": {"errors": [{"message": "no key"}]}}}));
    let (saw, remedy) = why(red.examine(RESUMED, &resumed_with(&[])).await);
    assert!(saw.contains("Lead, : no key") && remedy.contains("heroku connect:diagnose"), "{saw} {remedy}");
}

#[tokio::test]
async fn a_diagnosis_is_begun_once_and_then_asked_for() {
    let world = resumed_world("IDLE", json!([mapping("Account", "DATA_SYNCED", 0)]));
    world.set("GET /api/v3/diagnosis/1", 202, Value::Null);
    let look = world.try_examine(RESUMED, &resumed_with(&[]), &Prior::default()).await.unwrap();
    assert!(note(look.seen).contains("(g) the diagnosis runs"));
    let again = Prior { memo: look.memo, ..Prior::default() };
    note(world.try_examine(RESUMED, &resumed_with(&[]), &again).await.unwrap().seen);
    assert_eq!(world.changes().len(), 1, "asked for twice, begun once");
    let without =
        world_with("IDLE", json!([mapping("Account", "DATA_SYNCED", 0)])).with(NOTIFICATIONS, json!({"results": []}));
    let seen = output(without.examine(RESUMED, &resumed_with(&[])).await);
    assert_eq!(seen["signs"][6]["standing"], "not-checked", "{seen}");
}

#[tokio::test]
async fn the_baseline_is_what_was_there_before() {
    let failing = world("PAUSED")
        .with(ERRORS, json!({"results": [write_error("41"), {"id": 42}]}))
        .with(NOTIFICATIONS, json!({"results": [{"id": 7}]}));
    let by_sql = resumed_with(&[])["by_sql"].clone();
    let with = json!({"connection": "c1", "region_url": REGION, "by_sql": by_sql});
    let noted = output(failing.look("connect.baseline", &with).await);
    assert_eq!((&noted["errors"], &noted["notifications"]), (&json!(["41", "42"]), &json!(["7"])));
    assert_eq!((&noted["log"], &noted["old"]), (&Value::Null, &Value::Null));
}

const OLD: &str = "postgres://u:hunter2@old.example:5432/d";

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
    let attached_as = |attachments: Value| {
        world("IDLE")
            .with("GET /apps/crm/addon-attachments", attachments)
            .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": OLD, "OTHER_URL": OLD}))
            .with("GET /apps/crm/releases", json!([]))
            .with("GET /client/v11/databases/old", json!({"resource_url": OLD}))
    };
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
    let elsewhere = attached_as(attached("DATABASE", "old"))
        .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": "postgres://u:hunter2@new.example/d"}));
    let (saw, _) = why(elsewhere.look(db_is, &with).await);
    assert!(saw.contains("DATABASE_URL leads to new.example:5432/d") && !saw.contains("hunter2"), "{saw}");
}

#[tokio::test]
async fn the_database_that_connect_itself_shows_is_waited_for_and_one_that_it_does_not_show_is_not() {
    let with = json!({"app": "crm", "connection": "c1", "region_url": REGION, "database": "old"});
    let shown = |database: Value| {
        let mut connection = connection("IDLE", json!([]));
        connection["database"] = database;
        world("IDLE")
            .with(CONNECTION, connection)
            .with("GET /apps/crm/addon-attachments", attached("DATABASE", "old"))
            .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": OLD}))
            .with("GET /client/v11/databases/old", json!({"resource_url": OLD}))
    };
    for same in [
        json!({"host": "OLD.example", "port": 5432, "database": "d"}),
        json!({"host": "old.example", "port": 5433, "database": null}),
        json!({"host": null, "port": null, "database": null}),
        json!({}),
        Value::Null,
    ] {
        output(shown(same).look("connect.db-is", &with).await);
    }
    for other in [
        json!({"host": "third.example", "port": 5432, "database": "d"}),
        json!({"host": "old.example", "port": 5432, "database": "d2"}),
    ] {
        assert!(note(shown(other).look("connect.db-is", &with).await).contains("still shows"));
    }
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
        .with("GET /apps/crm/config-vars", json!({"HCOPS_1_URL": "postgres://u:p@new.example:5432/d"}))
        .with("GET /apps/crm/releases", json!([]))
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
    world.set("GET /apps/crm/addon-attachments", 200, attached("HCOPS_1", "new"));
    world.set("GET /apps/crm/config-vars", 200, json!({}));
    assert!(
        why(world.look(repoint, &with).await).0.contains("HCOPS_1_URL is missing"),
        "nothing is repointed to a missing variable"
    );
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
            "updates": [{"contents": "On December 4, 2026 at 13:00 UTC"}]},
            {"id": 2, "title": "Heroku Data Maintenance", "state": "upcoming", "systems": [{"name": "Data"}],
            "updates": [{"contents": "In the coming days."}]}],
    });
    let world = |planned: Value| {
        World::new().with("GET /api/v4/current-status", current.clone()).with("GET /v1/maintenances", planned)
    };
    let soon = || announced("2026-11-22T01:50:00Z", "2026-11-22T02:20:00Z", json!(["HerokuData"]));
    let (saw, remedy) = why(world(soon()).look(clear, &with("us")).await);
    assert!(saw.contains("Data platform work") && remedy.contains("hcops windows"));
    why(world(soon()).look(clear, &with("atlantis")).await);
    for elsewhere in ["eu", "tokyo"] {
        output(world(soon()).look(clear, &with(elsewhere)).await);
    }
    let later = announced("2026-11-22T02:00:00Z", "2026-11-22T03:00:00Z", json!(["HerokuData"]));
    output(world(later).look(clear, &with("us")).await);
    let over = announced("2026-11-21T23:00:00Z", "2026-11-22T01:00:00Z", json!(["HerokuData"]));
    output(world(over).look(clear, &with("us")).await);
    let running = announced("2026-11-22T00:30:00Z", "2026-11-22T01:10:00Z", json!([]));
    why(world(running).look(clear, &with("us")).await);
    let apps = announced("2026-11-22T01:50:00Z", "2026-11-22T02:20:00Z", json!(["HerokuApps"]));
    why(world(apps).look(clear, &with("us")).await);
    let command_line = announced("2026-11-22T01:50:00Z", "2026-11-22T02:20:00Z", json!(["CLI"]));
    let noted = output(world(command_line).look(clear, &with("us")).await);
    assert_eq!(noted["to_read"], json!(["Heroku Data Maintenance — In the coming days."]), "the other one is later");
    let soon = World::new().with("GET /v1/maintenances", json!([])).with(
        "GET /api/v4/current-status",
        json!({"scheduled": [{"id": 1, "title": "Heroku Connect Maintenance", "state": "upcoming",
            "updates": [{"contents": "November 22 from 01:30 to 02:00 UTC"}]}]}),
    );
    assert!(why(soon.look(clear, &with("us")).await).0.contains("2026-11-22T01:30:00Z"), "prose is read too");
}

#[tokio::test]
async fn one_readable_status_site_is_enough_and_none_is_a_fault() {
    let with = json!({"minutes": 60});
    let one = World::new().with("GET /api/v4/current-status", json!({"status": [], "incidents": [], "scheduled": []}));
    let noted = output(one.look("connect.maintenance-clear", &with).await);
    assert!(noted["to_read"][0].as_str().is_some_and(|text| text.contains("could not be read")), "{noted}");
    World::new().try_look("connect.maintenance-clear", &with, &hcops_model::Prior::default()).await.unwrap_err();
}

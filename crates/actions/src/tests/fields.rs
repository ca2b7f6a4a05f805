//! Steps about changed fields and about reloads.

use serde_json::{Value, json};

use super::world::{REGION, World, accepted, interrupted, note, output, unclear, why, will};
use hcops_model::{Happened, Prior};

const MAPPING: &str = "GET /api/v3/mappings/m1";

fn at(more: &Value) -> Value {
    let mut with = json!({"connection": "c1", "region_url": REGION});
    with.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with
}

fn config(revision: i64, fields: &[&str]) -> Value {
    let fields: serde_json::Map<String, Value> = fields.iter().map(|field| ((*field).to_owned(), json!({}))).collect();
    json!({
        "access": "read_write", "revision": revision, "fields": fields, "upsert_field": "Key__c", "applied_at": "then",
        "indexes": {"Amount__c": {"unique": false}, "Key__c": {"unique": true}},
    })
}

const ALL: [&str; 3] = ["Amount__c", "Id", "Key__c"];

fn mapping(state: &str, config: &Value) -> Value {
    json!({
        "id": "m1", "object_name": "Order__c", "state": state, "config": config,
        "counts": {"db": 10, "sf": 10, "pending": 0, "errors": 0},
        "times": {"db_write": "2026-11-22 00:10:00.000000+00:00"},
    })
}

fn without_index(mut config: Value) -> Value {
    config["indexes"].as_object_mut().unwrap().remove("Amount__c");
    config
}

fn save(without: Option<&str>) -> Value {
    let params = json!({"mapping": "m1", "revision": 3, "config": config(3, &ALL), "without": without});
    at(&params)
}

#[tokio::test]
async fn a_save_sends_the_revision_that_was_read_and_leaves_the_field_out_with_its_index() {
    let world = World::new().with(MAPPING, mapping("DATA_SYNCED", &config(3, &ALL)));
    assert!(will(world.look("connect.save-mapping", &save(Some("Amount__c"))).await)[0].contains("without Amount__c"));
    world.set("PUT /api/v3/mappings/m1", 200, json!({}));
    world.act("connect.save-mapping", &save(Some("Amount__c"))).await.expect("an answer");
    let (_, sent) = world.changes().remove(0);
    assert_eq!(sent["config"]["revision"], 3);
    assert_eq!(sent["config"]["fields"], json!({"Id": {}, "Key__c": {}}));
    assert_eq!(sent["config"]["indexes"], json!({"Key__c": {"unique": true}}));
    assert_eq!(sent["config"]["upsert_field"], "Key__c");
}

#[tokio::test]
async fn a_save_is_followed_and_found_again_after_an_interruption() {
    let saved = without_index(config(4, &["Id", "Key__c"]));
    let params = save(Some("Amount__c"));
    let world = World::new().with(MAPPING, mapping("SCHEMA_CHANGED", &saved));
    note(world.look_after("connect.save-mapping", &params, &interrupted(2)).await);
    world.set(MAPPING, 200, mapping("DATA_SYNCED", &saved));
    assert_eq!(output(world.look_after("connect.save-mapping", &params, &interrupted(9)).await)["revision"], 4);
    world.set(MAPPING, 200, mapping("BAD_CONFIG", &saved));
    why(world.look_after("connect.save-mapping", &params, &accepted(9)).await);
    world.set(MAPPING, 200, mapping("PONDERING", &saved));
    unclear(world.look_after("connect.save-mapping", &params, &accepted(9)).await);
    world.set(MAPPING, 200, mapping("DATA_SYNCED", &config(3, &ALL)));
    note(world.look_after("connect.save-mapping", &params, &accepted(9)).await);
    will(world.look_after("connect.save-mapping", &params, &accepted(900)).await);
}

#[tokio::test]
async fn somebody_elses_save_is_told_and_never_overwritten() {
    let world = World::new().with(MAPPING, mapping("DATA_SYNCED", &config(4, &ALL)));
    let (said, _) = why(world.look("connect.save-mapping", &save(None)).await);
    assert!(said.contains("revision 4 instead of 3"), "{said}");
    why(world.look_after("connect.save-mapping", &save(Some("Amount__c")), &accepted(9)).await);
    let held = at(&json!({"mapping": "m1", "revision": 3}));
    why(world.look("connect.mapping-unchanged", &held).await);
    world.set("PUT /api/v3/mappings/m1", 409, json!({"message": "The mapping was changed meanwhile"}));
    let fault = world.act("connect.save-mapping", &save(None)).await.expect_err("a refusal");
    assert_eq!(fault.happened, Happened::No);
    assert!(fault.saw.contains("changed meanwhile"), "{}", fault.saw);
}

#[tokio::test]
async fn a_revision_that_is_not_shown_is_not_guessed() {
    let mut hidden = config(3, &ALL);
    hidden.as_object_mut().unwrap().remove("revision");
    let world = World::new().with(MAPPING, mapping("DATA_SYNCED", &hidden));
    unclear(world.look("connect.save-mapping", &save(None)).await);
}

#[tokio::test]
async fn what_has_changed_is_read_or_told() {
    let connection =
        json!({"id": "c1", "state": "IDLE", "app_name": "crm", "mappings": [mapping("DATA_SYNCED", &config(3, &ALL))]});
    let schema = "GET /api/v3/connections/c1/schemas/Order__c";
    let fields = |more: &Value| json!({"fields": [{"name": "Amount__c", "required": false}, more]});
    let world =
        World::new().with("GET /api/v3/connections/c1", connection).with(schema, fields(&json!({"name": "Id"})));
    let look = |field: &str, removable: bool, change: Option<&str>| {
        let params = json!({"object": "Order__c", "field": field, "removable": removable, "change": change});
        at(&params)
    };
    why(world.look("connect.field", &look("Amount__c", true, None)).await);
    let told = output(world.look("connect.field", &look("Amount__c", true, Some("text to number"))).await);
    assert_eq!((&told["revision"], &told["seen"]), (&json!(3), &json!("Order__c.Amount__c: text to number")));
    why(world.look("connect.field", &look("Key__c", true, Some("x"))).await);
    why(world.look("connect.field", &look("Key__c", false, Some("x"))).await);
    let (said, _) = why(world.look("connect.field", &look("amount__c", false, None)).await);
    assert!(said.contains("is not mapped"), "{said}");
    world.set(schema, 200, json!({"fields": [{"name": "Amount__c", "type": "double"}]}));
    let read = output(world.look("connect.field", &look("Amount__c", true, None)).await);
    assert_eq!(read["seen"], "Order__c.Amount__c is double in Salesforce");
}

fn reloading(state: &str, written: &str, others: &[Value]) -> World {
    let mut own = mapping(state, &config(3, &ALL));
    own["times"]["db_write"] = json!(written);
    let mappings: Vec<Value> = std::iter::once(own).chain(others.iter().cloned()).collect();
    World::new().with("GET /api/v3/connections/c1", json!({"id": "c1", "state": "PAUSED", "mappings": mappings}))
}

const LONG_AGO: &str = "2026-11-20 00:00:00.000000+00:00";

#[tokio::test]
async fn an_accepted_reload_counts_when_the_table_was_written() {
    let params = at(&json!({"mapping": "m1", "at_once": 1}));
    let now = "2026-11-22 00:59:50.000000+00:00";
    will(reloading("DATA_SYNCED", now, &[]).look("connect.reload", &params).await);
    note(reloading("RELOAD_TABLE", LONG_AGO, &[]).look_after("connect.reload", &params, &accepted(30)).await);
    note(reloading("DATA_SYNCED", LONG_AGO, &[]).look_after("connect.reload", &params, &accepted(30)).await);
    let late = reloading("DATA_SYNCED", LONG_AGO, &[]).look_after("connect.reload", &params, &accepted(900)).await;
    will(late);
    let done = reloading("DATA_SYNCED", now, &[]).look_after("connect.reload", &params, &interrupted(30)).await;
    assert_eq!(output(done)["object"], "Order__c");
    let just_before = reloading("DATA_SYNCED", "2026-11-22 00:59:30.000000+00:00", &[]);
    let asked = just_before.look_after("connect.reload", &params, &interrupted(30)).await;
    will(asked);
    let seen = Prior { proof: Some(json!({"loading": "RELOAD_TABLE"})), ..accepted(30) };
    assert!(reloading("DATA_SYNCED", LONG_AGO, &[]).look_after("connect.reload", &params, &seen).await.is_satisfied());
    why(reloading("BULK_LOAD_ERROR", now, &[]).look_after("connect.reload", &params, &accepted(30)).await);
}

/// Whether a paused connection loads a table is not documented: what has not begun is left to a later step.
#[tokio::test]
async fn a_reload_that_does_not_begin_while_paused_is_left_for_after_the_resume() {
    let params = at(&json!({"mapping": "m1", "at_once": 1, "paused_minutes": 10}));
    let written = "2026-11-22 00:59:50.000000+00:00";
    for state in ["RELOAD_TABLE", "DATA_SYNCED"] {
        let early = reloading(state, LONG_AGO, &[]).look_after("connect.reload", &params, &accepted(590)).await;
        assert!(!early.is_satisfied(), "{state}: {early:?}");
        let late = output(reloading(state, LONG_AGO, &[]).look_after("connect.reload", &params, &accepted(610)).await);
        assert_eq!(late["loaded"], false, "{state}: {late}");
    }
    let under_way = reloading("LOADING_BULK_JOB", LONG_AGO, &[]);
    note(under_way.look_after("connect.reload", &params, &accepted(4_000)).await);
    let loaded = reloading("DATA_SYNCED", written, &[]);
    assert_eq!(output(loaded.look_after("connect.reload", &params, &accepted(900)).await)["loaded"], true);
    // An answer that was lost makes no difference to that, once it is too late for the request to arrive.
    let unanswered = reloading("DATA_SYNCED", LONG_AGO, &[]);
    will(unanswered.look_after("connect.reload", &params, &interrupted(300)).await);
    let left = output(unanswered.look_after("connect.reload", &params, &interrupted(900)).await);
    assert_eq!(left["loaded"], false, "{left}");

    let other = json!({"id": "m2", "object_name": "Account", "state": "RELOAD_TABLE"});
    let waits_since = |minute: u32| Prior {
        memo: Some(json!({"waiting": ["Account (RELOAD_TABLE)"], "since": format!("2026-11-22T00:{minute}:00Z")})),
        ..Prior::default()
    };
    let queued = reloading("DATA_SYNCED", LONG_AGO, &[other]);
    note(queued.look_after("connect.reload", &params, &waits_since(51)).await);
    let left = output(queued.look_after("connect.reload", &params, &waits_since(49)).await);
    assert_eq!(left["loaded"], false, "those before it do not begin: {left}");

    let again = |already: bool| at(&json!({"mapping": "m1", "at_once": 1, "already": already}));
    output(reloading("DATA_SYNCED", LONG_AGO, &[]).look("connect.reload", &again(true)).await);
    will(reloading("DATA_SYNCED", LONG_AGO, &[]).look("connect.reload", &again(false)).await);
}

#[tokio::test]
async fn no_more_load_at_once_than_was_chosen() {
    let other = json!({"id": "m2", "object_name": "Account", "state": "RELOAD_TABLE"});
    let world = reloading("DATA_SYNCED", LONG_AGO, &[other]);
    let at_once = |count: u64| at(&json!({"mapping": "m1", "at_once": count}));
    assert!(note(world.look("connect.reload", &at_once(1)).await).contains("waits for its turn"));
    will(world.look("connect.reload", &at_once(2)).await);
}

#[tokio::test]
async fn the_method_that_a_change_needs_is_proposed_with_both_sources() {
    let schema = "GET /api/v3/connections/c1/schemas/Order__c";
    let listed = json!({"fields": [{"name": "Amount__c", "type": "string", "length": 40}]});
    let world = World::new().with(schema, listed);
    let look = |method: &str, kind: Option<&str>| {
        at(&json!({"app": "crm", "object": "Order__c", "field": "Amount__c", "method": method, "kind": kind}))
    };
    for (method, kind, proposed, words) in [
        ("simple", Some("longer"), json!("simple"), "Nothing need be done"),
        ("complex", Some("longer"), json!("simple"), "--method simple"),
        ("simple", Some("shorter"), json!("complex"), "the column may be as it was"),
        ("complex", Some("shorter"), json!("complex"), "which may leave the column as it is"),
        ("simple", Some("type"), json!("complex"), "--method complex --object Order__c --field Amount__c -a crm"),
        ("complex", Some("type"), json!("complex"), "as this plan does"),
        ("simple", None, Value::Null, "Say which it is: --kind"),
    ] {
        let seen = output(world.look("connect.field-change", &look(method, kind)).await);
        assert_eq!(seen["proposed_method"], proposed, "{method} {kind:?}: {seen}");
        let told = seen["before_approval"].to_string();
        for part in [words, "pull request 292, 2026-05-22", "article of 2022", "string(40) in Salesforce"] {
            assert!(told.contains(part), "{method} {kind:?}: {part}: {told}");
        }
    }
}

//! Steps about removing a connection and making it anew.

use serde_json::{Value, json};

use super::world::{REGION, World, accepted, interrupted, note, output, unclear, why, will};
use hcops_model::{Prior, Seen};

const CONNECTION: &str = "GET /api/v3/connections/c1";

fn at() -> Value {
    json!({"connection": "c1", "region_url": REGION})
}

fn with(more: &Value) -> Value {
    let mut with = at();
    with.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with
}

fn mapping(object: &str, access: &str, pending: i64) -> Value {
    json!({
        "id": format!("m-{object}"), "object_name": object, "state": "DATA_SYNCED", "access": access,
        "config": {"access": access, "revision": 3, "fields": {"Id": {}, "Name": {}}},
        "counts": {"db": 7, "sf": 7, "pending": pending, "errors": 0},
    })
}

fn connection(state: &str, mappings: &[Value]) -> Value {
    json!({
        "id": "c1", "state": state, "resource_name": "hc-1", "app_name": "crm", "db_key": "DATABASE_URL",
        "schema_name": "salesforce", "features": {"poll_db_no_merge": true, "early": true},
        "sf_info": {"api_version": "62.0"}, "mappings": mappings,
    })
}

fn exported(objects: &[&str]) -> Value {
    let each = objects.iter().map(|object| json!({"object_name": object, "config": {"fields": {"Id": {}}}}));
    json!({"version": 1, "connection": {}, "mappings": each.collect::<Vec<_>>()})
}

fn answered(answer: &str) -> Prior {
    Prior { answer: Some(answer.to_owned()), ..Prior::default() }
}

fn world(state: &str, mappings: &[Value]) -> World {
    World::new()
        .with(CONNECTION, connection(state, mappings))
        .with("GET /api/v3/connections/c1/errors", json!({"count": 0, "results": []}))
}

#[tokio::test]
async fn an_export_without_a_mapping_or_its_fields_is_no_export() {
    let both = [mapping("Account", "read_only", 0), mapping("Order__c", "read_write", 0)];
    let export = "GET /api/v3/connections/c1/actions/export";
    let whole = world("IDLE", &both).with(export, exported(&["Order__c", "Account"]));
    let seen = output(whole.look("connect.export", &at()).await);
    assert_eq!((&seen["keep_as"], &seen["objects"]), (&json!("crm-hc-1.json"), &json!(["Account", "Order__c"])));
    assert_eq!(seen["document"]["version"], 1);
    for (document, fault) in [
        (exported(&["Account"]), "the mapping Order__c is missing"),
        (json!({"version": 2, "mappings": exported(&["Account", "Order__c"])["mappings"]}), "version is 2"),
        (json!({"version": 1, "mappings": [{"object_name": "Account", "config": {}}]}), "without its fields"),
    ] {
        let (said, _) = why(world("IDLE", &both).with(export, document).look("connect.export", &at()).await);
        assert!(said.contains(fault), "{said}");
    }
}

#[tokio::test]
async fn what_waits_is_waited_for_and_what_is_left_is_asked_for() {
    let fate = with(&json!({"fate": "They are lost."}));
    let waiting = [mapping("Order__c", "read_write", 4)];
    assert!(note(world("IDLE", &waiting).look("connect.unsent", &fate).await).contains("4 writes pending"));
    let (_, ask) = unclear(world("PAUSED", &waiting).look("connect.unsent", &fate).await);
    assert!(ask[0].contains("4 writes pending") && ask[0].contains("They are lost."), "{ask:?}");
    let acknowledged = world("PAUSED", &waiting).look_after("connect.unsent", &fate, &answered("yes, given up")).await;
    assert_eq!(output(acknowledged)["pending"], 4);
    why(world("PAUSED", &waiting).look_after("connect.unsent", &fate, &answered("no")).await);
    let nothing = [mapping("Order__c", "read_write", 0)];
    assert_eq!(output(world("PAUSED", &nothing).look("connect.unsent", &fate).await)["pending"], 0);
}

#[tokio::test]
async fn pending_writes_that_are_not_shown_are_not_taken_for_none() {
    let mut hidden = mapping("Order__c", "read_write", 0);
    hidden.as_object_mut().unwrap().remove("counts");
    let fate = with(&json!({"fate": "They are lost."}));
    unclear(world("PAUSED", &[hidden]).look("connect.unsent", &fate).await);
}

#[tokio::test]
async fn more_than_was_acknowledged_breaks_the_hold() {
    let held = with(&json!({"pending": 4, "refused": ["11"]}));
    let error = |id: &str| json!({"count": 1, "results": [{"id": id, "message": "x", "table_name": "order__c"}]});
    let known = world("PAUSED", &[mapping("Order__c", "read_write", 4)]);
    known.set("GET /api/v3/connections/c1/errors", 200, error("11"));
    assert!(known.look("connect.nothing-unsent", &held).await.is_satisfied());
    known.set("GET /api/v3/connections/c1/errors", 200, error("12"));
    why(known.look("connect.nothing-unsent", &held).await);
    why(world("PAUSED", &[mapping("Order__c", "read_write", 5)]).look("connect.nothing-unsent", &held).await);
}

#[tokio::test]
async fn only_the_very_add_on_of_the_plan_is_removed() {
    let addon = |id: &str, state: &str| json!({"id": id, "name": "hc-1", "state": state, "plan": {"id": "p", "name": "herokuconnect:demo"}, "app": {"id": "a", "name": "crm"}});
    let params = json!({"app": "crm", "resource": "hc-1", "addon_id": "one"});
    let world = World::new().with("GET /addons/hc-1", addon("one", "provisioned"));
    assert!(will(world.look("connect.destroy", &params).await)[0].contains("destroy the add-on hc-1"));
    world.set("DELETE /apps/crm/addons/one", 200, addon("one", "deprovisioning"));
    world.act("connect.destroy", &params).await.expect("an answer");
    world.set("GET /addons/hc-1", 200, addon("one", "deprovisioning"));
    note(world.look_after("connect.destroy", &params, &accepted(1)).await);
    world.set("GET /addons/hc-1", 404, json!({"id": "not_found", "message": "gone"}));
    assert_eq!(output(world.look_after("connect.destroy", &params, &accepted(2)).await)["destroyed"], "hc-1");
    world.set("GET /addons/hc-1", 200, addon("two", "provisioned"));
    why(world.look("connect.destroy", &params).await);
}

#[tokio::test]
async fn a_schema_that_was_set_by_hand_instead_of_a_refused_one_is_gone_on_with_by_a_persons_word() {
    let params = with(&json!({"db_key": "DATABASE_URL", "schema_name": "sales"}));
    let mut new = connection("NEW", &[]);
    (new["db_key"], new["schema_name"]) = (Value::Null, json!("salesforce"));
    let world = World::new().with(CONNECTION, new.clone());
    assert!(will(world.look("connect.configure", &params).await)[0].contains("schema sales"));
    world.set(CONNECTION, 200, connection("NEED_AUTHENTICATION", &[]));
    let (said, ask) = unclear(world.look("connect.configure", &params).await);
    assert!(said.contains("hc-1 has the schema salesforce; the plan says sales"), "{said}");
    assert_eq!(ask, ["hc-1 should have the schema salesforce instead of sales."]);
    let taken = output(world.look_after("connect.configure", &params, &answered("yes")).await);
    assert_eq!(taken["schema_name"], "salesforce");
    why(world.look_after("connect.configure", &params, &answered("no")).await);
    world.set("PATCH /api/v3/connections/c1", 422, json!({"error": "exists"}));
    let fault = world.act("connect.configure", &params).await.unwrap_err();
    assert!(fault.command.unwrap().contains("alter schema \"sales\" rename to \"sales_before\""));
}

#[tokio::test]
async fn what_an_import_leaves_is_noted_and_looked_at_afterwards() {
    let mut old = connection("IDLE", &[]);
    (old["name"], old["bulk_page_size"]) = (json!("Sales"), json!(50_000));
    let noted = output(World::new().with(CONNECTION, old).look("connect.settings", &at()).await);
    assert_eq!((&noted["limits"], &noted["chosen_name"]), (&json!({"bulk_page_size": 50_000}), &json!("Sales")));
    let params = with(&json!({
        "features": noted["features"], "limits": noted["limits"], "chosen_name": noted["chosen_name"],
    }));
    let mut new = connection("PAUSED", &[]);
    (new["name"], new["bulk_page_size"]) = (json!("crm:DATABASE_URL:salesforce"), json!(150_000));
    new["features"]["early"] = json!(false);
    let world = World::new().with(CONNECTION, new.clone());
    let (_, ask) = unclear(world.look("connect.features", &params).await);
    assert_eq!(
        ask,
        [
            "early was on, and is off",
            "bulk_page_size was 50000, and is 150000",
            "its name was \"Sales\", and is \"crm:DATABASE_URL:salesforce\"",
        ]
    );
    (new["name"], new["bulk_page_size"], new["features"]["early"]) = (json!("Sales"), json!(50_000), json!(true));
    world.set(CONNECTION, 200, new);
    assert_eq!(output(world.look("connect.features", &params).await)["seen"], "as before");
    let named = World::new().with(CONNECTION, connection("IDLE", &[]));
    assert_eq!(output(named.look("connect.settings", &at()).await)["chosen_name"], Value::Null);
}

#[tokio::test]
async fn a_schema_of_another_connection_is_not_taken() {
    let found = |id: &str| json!({"id": id, "resource_name": id, "region_url": REGION, "addon_type": "Sync"});
    let mut other = connection("IDLE", &[]);
    (other["id"], other["resource_name"], other["schema_name"]) = (json!("c2"), json!("hc-2"), json!("events"));
    let world = world("IDLE", &[])
        .with("GET /connections", json!({"count": 2, "results": [found("c1"), found("c2")]}))
        .with("GET /api/v3/connections/c2", other);
    let wanted = |schema: &str| with(&json!({"app": "crm", "db_key": "DATABASE_URL", "schema": schema}));
    let (said, _) = why(world.look("connect.schema-there", &wanted("events")).await);
    assert!(said.contains("hc-2 has the schema events"), "{said}");
    let own = output(world.look("connect.schema-there", &wanted("salesforce")).await);
    assert_eq!(own["there"], true);
    assert!(own["before_approval"][0].as_str().unwrap().contains("issue 296"), "{own}");
    assert_eq!(output(world.look("connect.schema-there", &wanted("fresh")).await)["there"], Value::Null);
}

#[tokio::test]
async fn a_login_is_done_when_the_connection_shows_it() {
    let params = with(&json!({"address": "https://login.salesforce.com/x"}));
    let waits = world("NEED_AUTHENTICATION", &[]);
    let (_, ask) = unclear(waits.look("connect.logged-in", &params).await);
    assert!(
        ask[0].contains("`heroku connect:sf:auth -a crm") && !ask.concat().contains("login.salesforce.com"),
        "{ask:?}"
    );
    note(waits.look_after("connect.logged-in", &params, &answered("yes")).await);
    why(waits.look_after("connect.logged-in", &params, &answered("no")).await);
    note(world("RECOVERY", &[]).look("connect.logged-in", &params).await);
    assert_eq!(output(world("IDLE", &[]).look("connect.logged-in", &params).await)["state"], "IDLE");
    unclear(world("PONDERING", &[]).look("connect.logged-in", &params).await);
}

#[tokio::test]
async fn the_address_of_a_login_is_asked_for_anew_when_its_answer_was_lost() {
    let params = with(&json!({"environment": "sandbox", "domain": "https://x.example"}));
    let waits = world("NEED_AUTHENTICATION", &[]);
    will(waits.look_after("connect.login-address", &params, &interrupted(1)).await);
    waits.set(
        "POST /api/v3/connections/c1/authorize_url",
        201,
        json!({"redirect": "https://login.example/y?state=canary"}),
    );
    let receipt = waits.act("connect.login-address", &params).await.expect("an address");
    assert_eq!(waits.changes()[0].1, json!({"environment": "sandbox", "next": "http://localhost:18000"}));
    let prior = Prior { receipt: Some(receipt), ..interrupted(1) };
    let seen = output(waits.look_after("connect.login-address", &params, &prior).await);
    assert_eq!(seen["address"], "https://login.example");
    assert!(!format!("{prior:?}").contains("canary"), "{prior:?}");
    let asked = format!("{:?}", waits.look("connect.logged-in", &with(&json!({"address": seen["address"]}))).await);
    assert!(!asked.contains("canary"), "{asked}");
}

#[tokio::test]
async fn an_import_is_followed_to_its_end() {
    let params = with(&json!({"document": exported(&["Account"])}));
    assert!(will(world("IDLE", &[]).look("connect.import", &params).await)[0].contains("Account"));
    note(world("IDLE", &[]).look_after("connect.import", &params, &accepted(5)).await);
    will(world("IDLE", &[]).look_after("connect.import", &params, &accepted(600)).await);
    note(world("IMPORT_CONFIGURATION", &[]).look_after("connect.import", &params, &accepted(5)).await);
    let mut loading = mapping("Account", "read_only", 0);
    loading["state"] = json!("INITIAL");
    note(world("IDLE", &[loading.clone()]).look_after("connect.import", &params, &accepted(30)).await);
    loading["state"] = json!("BAD_CONFIG");
    why(world("IDLE", &[loading]).look_after("connect.import", &params, &accepted(30)).await);
    let synced = world("IDLE", &[mapping("Account", "read_only", 0)]);
    assert_eq!(output(synced.look("connect.import", &params).await)["mappings"], 1);
    let steadiness = synced.steadiness("connect.import");
    assert_eq!((steadiness.looks, steadiness.apart.as_secs()), (2, 10), "one look may still show the old state");
}

#[tokio::test]
async fn a_version_that_would_lose_data_is_not_taken() {
    let params = with(&json!({"version": "61.0"}));
    let diff = "GET /api/v3/connections/c1/schema-diff";
    let change = |lossy: bool| json!({"mappings": [{"name": "Account", "fields_have_changed": true, "has_unsafe_changes": lossy, "result_message": "Foo__c goes"}]});
    let (said, _) = why(world("IDLE", &[]).with(diff, change(false)).look("connect.api-version", &params).await);
    assert!(said.contains("62.0 instead of 61.0"), "{said}");
    let shown = will(world("PAUSED", &[]).with(diff, change(false)).look("connect.api-version", &params).await);
    assert!(shown[1].contains("Foo__c goes"), "{shown:?}");
    let (said, _) = why(world("PAUSED", &[]).with(diff, change(true)).look("connect.api-version", &params).await);
    assert!(said.contains("data would be lost"), "{said}");
    let same = with(&json!({"version": "62.0"}));
    assert!(world("IDLE", &[]).look("connect.api-version", &same).await.is_satisfied());
    let by_hand = unclear(world("PAUSED", &[]).look("connect.api-version", &with(&json!({}))).await);
    let by_hand = format!("{by_hand:?}");
    assert!(by_hand.contains(" --target-version VERSION --confirm "), "without them nothing is changed: {by_hand}");
}

#[tokio::test]
async fn a_write_algorithm_counts_when_it_is_seen() {
    let merged = with(&json!({"ordered": false}));
    unclear(world("PAUSED", &[]).look("connect.write-algorithm", &merged).await);
    note(world("PAUSED", &[]).look_after("connect.write-algorithm", &merged, &answered("yes")).await);
    let ordered = with(&json!({"ordered": true}));
    assert!(world("PAUSED", &[]).look("connect.write-algorithm", &ordered).await.is_satisfied());
}

#[tokio::test]
async fn what_can_not_be_looked_up_later_is_not_answered_with_yes() {
    let asks = json!({"asks": ["Who are the collaborators?"]});
    let world = World::new();
    unclear(world.look("person.note", &asks).await);
    why(world.look_after("person.note", &asks, &answered("yes")).await);
    let noted = world.look_after("person.note", &asks, &answered(" ann: all ")).await;
    assert_eq!(noted, Seen::Satisfied { output: json!({"answer": "ann: all"}) });
}

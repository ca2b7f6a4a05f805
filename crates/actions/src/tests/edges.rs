//! Where a look turns: the last case on one side, the first on the other.

use serde_json::{Value, json};

use super::world::{World, accepted, note, output, why};
use crate::releases::put_right;
use hcops_heroku::OwnDyno;
use hcops_heroku::platform::Attachment;
use hcops_model::{FaultKind, Prior};

fn attachment(namespace: &Value) -> Value {
    json!({
        "id": "1", "name": "REPORTS", "namespace": namespace, "app": {"id": "crm", "name": "crm"},
        "addon": {"id": "new-id", "name": "new"}, "config_vars": ["REPORTS_URL"],
    })
}

#[tokio::test]
async fn an_attachment_has_the_credential_that_is_wanted_or_somebody_attached_it_differently() {
    let url = "postgres://u:hunter2@new.example:5432/d";
    let look = async |is: Value, wanted: Value| {
        let world = World::new()
            .with("GET /apps/crm/addon-attachments", json!([attachment(&is)]))
            .with("GET /client/v11/databases/new/wait_status", json!({"waiting?": false}))
            .with("GET /client/v11/databases/new", json!({"resource_url": url}))
            .with("GET /postgres/v0/databases/new/credentials", json!([{"name": "reports"}]))
            .with("GET /apps/crm/config-vars", json!({"REPORTS_URL": url}));
        let with = json!({"app": "crm", "name": "REPORTS", "namespace": wanted, "database": "new", "from": "old"});
        world.look("postgres.move-attachment", &with).await
    };
    let defaults = [Value::Null, json!(""), json!("credential:default")];
    for (is, wanted) in defaults.iter().flat_map(|is| defaults.iter().map(move |wanted| (is, wanted))) {
        assert_eq!(output(look(is.clone(), wanted.clone()).await)["database"], "new", "{is} {wanted}");
    }
    let reports = || json!("credential:reports");
    output(look(reports(), reports()).await);
    for default in &defaults {
        let (saw, remedy) = why(look(reports(), default.clone()).await);
        assert!(saw.contains("as credential:reports instead of"), "{saw}");
        assert!(remedy.contains("heroku addons:detach REPORTS -a crm"), "{remedy}");
        why(look(default.clone(), reports()).await);
    }
}

#[test]
fn an_attachment_is_made_anew_with_what_it_had() {
    let command = |namespace: Value| {
        let attachment: Attachment = serde_json::from_value(attachment(&namespace)).unwrap();
        put_right(&attachment).split('`').nth(1).unwrap().to_owned()
    };
    let plain = "heroku addons:attach new --as REPORTS -a crm --confirm crm";
    assert_eq!([command(Value::Null), command(json!("credential:default"))], [plain, plain]);
    let reports = "heroku addons:attach new --credential reports --as REPORTS -a crm --confirm crm";
    assert_eq!(command(json!("credential:reports")), reports);
    let pool = |name: &str| format!("heroku pg:connection-pooling:attach new --credential {name} --as REPORTS -a crm");
    for name in ["default", "reports"] {
        assert_eq!(command(json!(format!("connection-pooling:{name}"))), pool(name));
    }
}

#[tokio::test]
async fn a_maintenance_that_begins_with_the_last_minute_of_the_estimate_is_in_the_way() {
    let plan = |plan: &str| json!({"id": "pg-id", "name": "pg", "state": "provisioned", "app": {"name": "crm"}, "plan": {"name": plan}});
    let with = json!({"app": "crm", "database": "pg", "minutes": 60});
    let world = World::new().with("GET /addons/pg", plan("heroku-postgresql:standard-0"));
    let at = |time: &str| {
        world.set("GET /data/maintenances/v1/pg-id", 200, json!({"status": "ready", "scheduled_for": time}));
    };
    at("2026-11-22 02:00:00 +0000");
    why(world.look("postgres.maintenance-clear", &with).await);
    at("2026-11-22 02:00:01 +0000");
    output(world.look("postgres.maintenance-clear", &with).await);
    world.set("GET /data/maintenances/v1/pg-id", 422, json!({"id": "no", "message": "no"}));
    let refused = world.try_look("postgres.maintenance-clear", &with, &Prior::default()).await.unwrap_err();
    assert_eq!(refused.kind, FaultKind::Refused, "only Essential may be refused");
    world.set("GET /addons/pg", 200, plan("heroku-postgresql:essential-1"));
    output(world.look("postgres.maintenance-clear", &with).await);
}

#[tokio::test]
async fn a_follower_that_is_an_address_is_not_looked_at_and_each_other_is() {
    let database = |version: &str| json!({"name": "db", "postgres_version": version, "waiting?": false});
    let world = World::new()
        .with("GET /client/v11/databases/db/upgrade/wait_status", json!({"waiting?": false, "message": "done"}))
        .with("GET /client/v11/databases/db", database("17.6"));
    for address in ["other.example:5432/d", "other.example/d", "other.example:5432"] {
        let with = json!({"app": "crm", "database": "db", "version": 17, "followers": [address, "db-2"]});
        world.set("GET /client/v11/databases/db-2", 200, database("17.6"));
        let done = output(world.look_after("postgres.upgrade-in-place", &with, &accepted(600)).await);
        assert_eq!((&done["followers"], &done["not_looked_at"]), (&json!(["db-2"]), &json!([address])));
        world.set("GET /client/v11/databases/db-2", 200, database("18.0"));
        let other = note(world.look_after("postgres.upgrade-in-place", &with, &accepted(600)).await);
        assert!(other.contains("db-2 is on Postgres 18") && !other.contains("other.example"), "{other}");
    }
}

#[tokio::test]
async fn the_own_dyno_may_be_of_an_older_release() {
    let own = OwnDyno { name: "run.5".to_owned(), app: Some("crm".to_owned()) };
    let dyno = |name: &str| json!({"id": name, "name": name, "type": "run", "state": "up", "release": {"id": "r7", "version": 7}});
    let release = json!({"id": "r8", "version": 8, "status": "succeeded", "created_at": "2026-11-21T01:00:00Z"});
    let world = World::in_dyno(Some(own))
        .with("GET /apps/crm/releases", json!([release]))
        .with("GET /apps/crm/dynos", json!([dyno("run.5")]));
    output(world.look("app.dynos-current", &json!({"app": "crm"})).await);
    world.set("GET /apps/crm/dynos", 200, json!([dyno("run.5"), dyno("run.6")]));
    let waiting = note(world.look("app.dynos-current", &json!({"app": "crm"})).await);
    assert!(waiting.contains("run.6") && !waiting.contains("run.5"), "{waiting}");
}

#[tokio::test]
async fn what_was_before_a_second_attempt_is_what_the_first_one_saw() {
    let is = |quantity: u32| {
        json!([{"id": "1", "type": "worker", "quantity": quantity, "size": "Standard-1X"},
               {"id": "2", "type": "clock", "quantity": quantity, "size": "Standard-1X"}])
    };
    let should = |quantity: u32| {
        json!([{"type": "worker", "quantity": quantity, "size": "Standard-1X"},
               {"type": "clock", "quantity": quantity, "size": "Standard-1X"}])
    };
    let world = World::new().with("GET /apps/crm/formation", is(0));
    let with = json!({"app": "crm", "formation": should(3)});
    let noted = json!({"was": [{"type": "worker", "quantity": 6, "size": "Standard-1X"}]});
    world.set("GET /apps/crm/formation", 200, is(3));
    let prior = Prior { before: Some(noted), ..accepted(5) };
    let seen = output(world.look_after("app.restore-formation", &with, &prior).await);
    let was = |name: &str| {
        let types = seen["was"].as_array().unwrap();
        types.iter().find(|kind| kind["type"] == name).map(|kind| kind["quantity"].clone())
    };
    assert_eq!(was("worker"), Some(json!(6)), "as it was seen first: {seen}");
    assert_eq!(was("clock"), None, "nothing was changed there: {seen}");
}

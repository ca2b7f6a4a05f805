//! Steps about copies and rollbacks of databases.

use serde_json::{Value, json};

use super::world::{World, accepted, interrupted, note, output, unclear, why, will};

fn database(name: &str, more: &Value) -> Value {
    let mut shown = json!({
        "name": name, "resource_url": format!("postgres://u:hunter2@{name}.example:5432/d"), "following": null,
        "num_tables": 9, "num_bytes": 1_000_000, "postgres_version": "PostgreSQL 16.9",
        "info": [{"name": "Rollback", "values": ["earliest from 2026-11-18 01:00 UTC"]}],
    });
    shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shown
}

const TRANSFERS: &str = "GET /client/v11/apps/crm/transfers";

fn transfer(more: &Value) -> Value {
    let mut shown = json!({
        "uuid": "t1", "num": 7, "from_name": "old", "from_type": "pg_dump", "to_type": "pg_restore",
        "from_url": "postgres://u:hunter2@old.example:5432/d", "to_url": "postgres://u:hunter2@new.example:5432/d",
        "source_bytes": 100, "processed_bytes": 40, "succeeded": false, "warnings": 0,
        "created_at": "2026-11-22 00:59:58 +0000", "finished_at": null, "canceled_at": null,
    });
    shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shown
}

fn world(transfers: &[Value]) -> World {
    World::new()
        .with("GET /client/v11/databases/old", database("old", &json!({})))
        .with("GET /client/v11/databases/new", database("new", &json!({"num_tables": 0})))
        .with(TRANSFERS, json!(transfers))
}

fn copy() -> Value {
    json!({"app": "crm", "source": "old", "target": "new"})
}

const ENDED: &str = "2026-11-22 01:05:00 +0000";

#[tokio::test]
async fn a_copy_succeeded_only_when_it_ended_well_and_without_warnings() {
    let ended = |more: Value| {
        let mut more = more;
        more["finished_at"] = json!(ENDED);
        world(&[transfer(&more)]).with(
            "GET /client/v11/apps/crm/transfers/t1",
            json!({"uuid": "t1", "logs": [{"message": "pg_restore: hstore"}]}),
        )
    };
    let good = ended(json!({"succeeded": true})).look_after("postgres.copy", &copy(), &accepted(9)).await;
    assert_eq!(output(good)["warnings"], 0);
    for (more, words) in
        [(json!({"succeeded": true, "warnings": 3}), "3 warnings"), (json!({"succeeded": false}), "The copy failed")]
    {
        let (said, remedy) = why(ended(more).look_after("postgres.copy", &copy(), &accepted(9)).await);
        assert!(said.contains(words) && said.contains("pg_restore: hstore") && !remedy.is_empty(), "{said}");
    }
    unclear(ended(json!({"succeeded": null})).look_after("postgres.copy", &copy(), &accepted(9)).await);
    unclear(
        ended(json!({"succeeded": true, "warnings": null})).look_after("postgres.copy", &copy(), &accepted(9)).await,
    );
    let cancelled = world(&[transfer(&json!({"canceled_at": ENDED, "finished_at": ENDED}))]);
    why(cancelled.look_after("postgres.copy", &copy(), &accepted(9)).await);
}

#[tokio::test]
async fn a_copy_that_was_cut_off_is_found_again_and_a_strangers_copy_is_not_taken() {
    let running = world(&[transfer(&json!({}))]);
    note(running.look_after("postgres.copy", &copy(), &interrupted(5)).await);
    why(running.look("postgres.copy", &copy()).await);
    let older = world(&[transfer(&json!({"created_at": "2026-11-21 00:00:00 +0000"}))]);
    why(older.look_after("postgres.copy", &copy(), &interrupted(5)).await);
    let by_id = |id: &str| {
        let mut prior = accepted(5);
        prior.receipt.as_mut().expect("a receipt").marks = json!({"transfer": id});
        prior
    };
    note(older.look_after("postgres.copy", &copy(), &by_id("t1")).await);
    why(running.look_after("postgres.copy", &copy(), &by_id("another")).await);
    let elsewhere = world(&[transfer(&json!({"to_url": "postgres://u:p@other.example:5432/d"}))]);
    assert!(will(elsewhere.look("postgres.copy", &copy()).await)[0].contains("erased first"));
    let lost = world(&[]);
    lost.set(TRANSFERS, 503, json!({"message": "later"}));
    assert!(lost.try_look("postgres.copy", &copy(), &accepted(5)).await.is_err(), "a lost poll is no end");
}

const PLAN: &str = "heroku-postgresql:standard-0";

fn addon(plan: &str) -> Value {
    json!({"id": "new-id", "name": "new", "state": "provisioned", "plan": {"id": "p", "name": plan}, "app": {"id": "a", "name": "crm"}})
}

fn create() -> Value {
    json!({"app": "crm", "name": "new", "plan": PLAN, "alias": "HCOPS_1", "version": 16})
}

fn created(attached_as: &[&str]) -> World {
    let attachment = |name: &&str| json!({"id": name, "name": name, "app": {"id": "a", "name": "crm"}, "addon": {"id": "new-id", "name": "new"}});
    World::new()
        .with("GET /addons/new", addon(PLAN))
        .with("GET /client/v11/databases/new/wait_status", json!({"message": "available", "waiting?": false}))
        .with("GET /client/v11/databases/new", database("new", &json!({"num_tables": 0})))
        .with("GET /apps/crm/addon-attachments", attached_as.iter().map(attachment).collect())
}

#[tokio::test]
async fn a_new_database_is_reached_by_the_attachment_that_it_has() {
    let look = "postgres.create";
    let var = |seen| output(seen)["config_var"].as_str().unwrap().to_owned();
    let ours = created(&["DATABASE", "HCOPS_1"]);
    assert_eq!(var(ours.look_after(look, &create(), &interrupted(5)).await), "HCOPS_1_URL");
    assert!(why(ours.look(look, &create()).await).0.contains("another run"), "not ordered by this one");
    assert_eq!(var(created(&["NEXT"]).look(look, &create()).await), "NEXT_URL", "a person has renamed it");
    let (said, remedy) = why(created(&[]).look(look, &create()).await);
    assert!(said.contains("not attached") && remedy.contains("addons:attach new --as HCOPS_1 -a crm"), "{said}");
    note(created(&[]).look_after(look, &create(), &interrupted(5)).await);
}

#[tokio::test]
async fn a_database_of_another_plan_or_version_is_not_the_one_that_was_ordered() {
    let look = "postgres.create";
    let larger = created(&["HCOPS_1"]).with("GET /addons/new", addon("heroku-postgresql:standard-2"));
    assert!(why(larger.look(look, &create()).await).0.contains("its plan is heroku-postgresql:standard-2"));
    let version = |version: Value| database("new", &json!({"postgres_version": version}));
    let with = |shown| created(&["HCOPS_1"]).with("GET /client/v11/databases/new", shown);
    let (said, remedy) = why(with(version(json!("PostgreSQL 17.5"))).look(look, &create()).await);
    assert!(said.contains("it is on Postgres 17") && remedy.contains("--new-name"), "{said}");
    unclear(with(version(json!("the newest"))).look(look, &create()).await);
}

#[tokio::test]
async fn a_target_that_holds_anything_is_not_empty() {
    let params = json!({"app": "crm", "database": "new"});
    assert!(world(&[]).look("postgres.empty", &params).await.is_satisfied());
    let full = World::new().with("GET /client/v11/databases/new", database("new", &json!({})));
    assert!(why(full.look("postgres.empty", &params).await).0.contains("9 tables"));
    let hidden = World::new().with("GET /client/v11/databases/new", database("new", &json!({"num_tables": null})));
    unclear(hidden.look("postgres.empty", &params).await);
}

#[tokio::test]
async fn what_a_copy_would_leave_out_is_told_beforehand() {
    let plan = json!({"id": "p", "name": "heroku-postgresql:standard-0"});
    let params = |plan: &str, version: u32, leave: &[&str]| json!({"database": "old", "plan": plan, "target_plan": "heroku-postgresql:standard-0", "version": version, "leave_credentials": leave});
    let credentials = json!([{"name": "default"}, {"name": "analyst"}]);
    let world = world(&[])
        .with("GET /plans/heroku-postgresql:standard-0", plan)
        .with("GET /postgres/v0/databases/old/credentials", credentials);
    let essential = "heroku-postgresql:essential-1";
    let (said, remedy) = why(world.look("postgres.copyable", &params(essential, 16, &[])).await);
    assert!(said.contains("analyst") && remedy.contains("--leave-credentials analyst"), "{said} {remedy}");
    assert!(world.look("postgres.copyable", &params(essential, 16, &["analyst"])).await.is_satisfied());
    why(world.look("postgres.copyable", &params(essential, 15, &["analyst"])).await);
    why(world.look("postgres.copyable", &params("heroku-postgresql:shield-0", 16, &[])).await);
    world.set("GET /client/v11/databases/old", 200, database("old", &json!({"num_bytes": 12_000_000_000_i64})));
    assert!(why(world.look("postgres.copyable", &params(essential, 16, &["analyst"])).await).0.contains("12 GB"));
}

#[tokio::test]
async fn a_target_that_is_too_small_or_not_newer_or_not_offered_there_is_refused() {
    let plan = |name: &str| json!({"id": name, "name": name, "installable_inside_private_network": false});
    let all = ["essential-0", "essential-1", "standard-0"].map(|level| plan(&format!("heroku-postgresql:{level}")));
    let of = |bytes: i64| {
        world(&[])
            .with("GET /client/v11/databases/old", database("old", &json!({"num_bytes": bytes})))
            .with("GET /plans/heroku-postgresql:essential-0", all[0].clone())
            .with("GET /addon-services/heroku-postgresql/plans", json!(all))
            .with("GET /postgres/v0/databases/old/credentials", json!([{"name": "default"}]))
    };
    let params = |version: u32, space: Value| {
        let target = "heroku-postgresql:essential-0";
        json!({"database": "old", "plan": PLAN, "target_plan": target, "version": version, "newer": true, "space": space})
    };
    let look = "postgres.copyable";
    output(of(900_000_000).look(look, &params(17, Value::Null)).await);
    let (saw, remedy) = why(of(3_000_000_000).look(look, &params(17, Value::Null)).await);
    assert!(saw.contains("at most 1 GB") && remedy.contains("is heroku-postgresql:essential-1:"), "{saw} {remedy}");
    assert!(why(of(12_000_000_000).look(look, &params(17, Value::Null)).await).1.contains("version-upgrade"));
    assert!(why(of(1).look(look, &params(16, Value::Null)).await).0.contains("on Postgres 16 already"));
    assert!(why(of(1).look(look, &params(17, json!("acme"))).await).0.contains("can be used where the app is"));
    unclear(
        of(1)
            .with("GET /client/v11/databases/old", database("old", &json!({"num_bytes": null})))
            .look(look, &params(17, Value::Null))
            .await,
    );
}

#[tokio::test]
async fn only_a_copy_that_runs_is_cancelled() {
    let params = json!({"app": "crm", "target": "new"});
    assert!(world(&[]).look("postgres.cancel-copy", &params).await.is_satisfied());
    assert!(
        world(&[transfer(&json!({"finished_at": ENDED}))]).look("postgres.cancel-copy", &params).await.is_satisfied()
    );
    let running = world(&[transfer(&json!({}))]);
    will(running.look("postgres.cancel-copy", &params).await);
    running.set("POST /client/v11/apps/crm/transfers/t1/actions/cancel", 200, json!({}));
    running.act("postgres.cancel-copy", &params).await.expect("a cancellation");
    assert!(World::new().look("postgres.cancel-copy", &params).await.is_satisfied(), "no target, no copy");
}

#[tokio::test]
async fn only_a_moment_that_is_kept_can_be_gone_back_to() {
    let at = |moment: &str| json!({"app": "crm", "database": "old", "moment": moment});
    assert!(world(&[]).look("postgres.rollback-possible", &at("2026-11-20T00:00:00Z")).await.is_satisfied());
    for moment in ["2026-11-18T00:59:00Z", "2026-11-23T00:00:00Z", "tomorrow"] {
        why(world(&[]).look("postgres.rollback-possible", &at(moment)).await);
    }
    let essential = world(&[]);
    let info = json!({"info": [{"name": "Rollback", "values": ["Unsupported"]}]});
    essential.set("GET /client/v11/databases/old", 200, database("old", &info));
    why(essential.look("postgres.rollback-possible", &at("2026-11-20T00:00:00Z")).await);
    let odd = json!({"info": [{"name": "Rollback", "values": ["soon"]}]});
    essential.set("GET /client/v11/databases/old", 200, database("old", &odd));
    unclear(essential.look("postgres.rollback-possible", &at("2026-11-20T00:00:00Z")).await);
}

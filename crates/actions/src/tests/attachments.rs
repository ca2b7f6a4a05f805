use serde_json::{Value, json};

use hcops_model::{FaultKind, Prior};

use super::world::{World, accepted, note, output, unclear, why, will};

fn attachment(id: &str, name: &str, app: &str, addon: &str, namespace: Value) -> Value {
    json!({
        "id": id, "name": name, "namespace": namespace, "app": {"id": app, "name": app},
        "addon": {"id": format!("{addon}-id"), "name": addon}, "config_vars": [format!("{name}_URL")],
    })
}

const NEW: &str = "postgres://u:hunter2@new.example:5432/d";
const NEW_POOL: &str = "postgres://u:hunter2@new.example:5433/d";
const OLD: &str = "postgres://u:hunter2@old.example:5432/d";

fn world(attachments: Value) -> World {
    World::new()
        .with("GET /apps/crm/addon-attachments", attachments)
        .with("GET /client/v11/databases/new/wait_status", json!({"waiting?": false, "message": "available"}))
        .with("GET /client/v11/databases/new", json!({"following": null, "info": [], "resource_url": NEW}))
        .with("GET /client/v11/databases/old", json!({"following": null, "info": [], "resource_url": OLD}))
        .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": NEW, "POOL_URL": NEW_POOL}))
        .with("GET /apps/crm/releases", json!([]))
        .with("POST /addon-attachments", attachment("2", "DATABASE", "crm", "new", Value::Null))
}

fn default_of(addon: &str) -> Value {
    json!([attachment("1", "DATABASE", "crm", addon, Value::Null)])
}

const PROMOTE: &str = "postgres.promote";

fn promote_with() -> Value {
    json!({"app": "crm", "database": "new", "from": "old"})
}

#[tokio::test]
async fn promoting_moves_database_and_is_done_when_it_leads_there() {
    let world = world(default_of("old"));
    let shown = will(world.look(PROMOTE, &promote_with()).await);
    assert!(shown[0].contains("DATABASE of crm lead to new instead of old"), "{shown:?}");
    world.act(PROMOTE, &promote_with()).await.expect("a receipt");
    let sent = &world.changes()[0].1;
    assert_eq!((&sent["name"], &sent["confirm"]), (&json!("DATABASE"), &json!("crm")));
    assert!(note(world.look_after(PROMOTE, &promote_with(), &accepted(3)).await).contains("accepted"));
    world.set("GET /apps/crm/addon-attachments", 200, default_of("new"));
    assert_eq!(output(world.look(PROMOTE, &promote_with()).await)["config_var"], "DATABASE_URL");
}

#[tokio::test]
async fn a_follower_is_not_promoted_nor_a_database_that_is_not_ready() {
    let read_only = world(default_of("old")).with(
        "GET /client/v11/databases/new",
        json!({"following": "postgres://u:hunter2@old.example:5432/d", "info": []}),
    );
    let (saw, _) = why(read_only.look(PROMOTE, &promote_with()).await);
    assert!(saw.contains("still follows old.example") && !saw.contains("hunter2"));
    let waiting = world(default_of("old"))
        .with("GET /client/v11/databases/new/wait_status", json!({"waiting?": true, "message": "upgrading"}));
    assert!(note(waiting.look(PROMOTE, &promote_with()).await).contains("upgrading"));
    let mute = world(default_of("old")).with("GET /client/v11/databases/new/wait_status", json!({}));
    unclear(mute.look(PROMOTE, &promote_with()).await);
    let failed = world(default_of("old"))
        .with("GET /client/v11/databases/new/wait_status", json!({"error?": true, "message": "broken"}));
    why(failed.look(PROMOTE, &promote_with()).await);
}

#[tokio::test]
async fn an_attachment_that_somebody_else_moved_is_left_alone() {
    let (saw, remedy) = why(world(default_of("third")).look(PROMOTE, &promote_with()).await);
    assert!(saw.contains("leads to third") && saw.contains("to old") && remedy.contains("heroku releases -a crm"));
}

#[tokio::test]
async fn a_pooler_moves_with_its_namespace() {
    let with = json!({
        "app": "crm", "name": "POOL", "namespace": "connection-pooling:default", "database": "new", "from": "old",
    });
    let pool = |addon: &str, namespace: Value| json!([attachment("1", "POOL", "crm", addon, namespace)]);
    let world = world(pool("old", json!("connection-pooling:default")));
    assert!(will(world.look("postgres.move-attachment", &with).await)[0].contains("connection-pooling:default"));
    world.act("postgres.move-attachment", &with).await.expect("a receipt");
    assert_eq!(world.changes()[0].1["namespace"], "connection-pooling:default");
    world.set("GET /apps/crm/addon-attachments", 200, pool("new", json!("connection-pooling:default")));
    output(world.look("postgres.move-attachment", &with).await);
    world.set("GET /apps/crm/addon-attachments", 200, pool("new", Value::Null));
    why(world.look("postgres.move-attachment", &with).await);
}

const CREDENTIALS: &str = "GET /postgres/v0/databases/new/credentials";

#[tokio::test]
async fn an_attachment_with_a_credential_moves_only_where_the_new_database_has_it() {
    let with = json!({
        "app": "crm", "name": "REPORTS", "namespace": "credential:reports", "database": "new", "from": "old",
    });
    let on = |addon: &str| json!([attachment("1", "REPORTS", "crm", addon, json!("credential:reports"))]);
    let world = world(on("old")).with(CREDENTIALS, json!([{"name": "default"}]));
    let (saw, remedy) = why(world.look("postgres.move-attachment", &with).await);
    assert!(saw.contains("no credential reports"), "{saw}");
    assert!(remedy.contains("heroku pg:credentials:create new --name reports -a crm"), "{remedy}");
    let mut or_leave = with.clone();
    or_leave["or_leave"] = json!(true);
    assert_eq!(output(world.look("postgres.move-attachment", &or_leave).await)["database"], "old");
    world.set(CREDENTIALS, 200, json!([{"name": "default"}, {"name": "reports", "state": "active"}]));
    for with in [&with, &or_leave] {
        assert!(will(world.look("postgres.move-attachment", with).await)[0].contains("credential:reports"));
    }
    world.act("postgres.move-attachment", &with).await.expect("a receipt");
    assert_eq!(world.changes()[0].1["namespace"], "credential:reports");
}

#[tokio::test]
async fn the_credential_that_an_app_uses_is_looked_for_beforehand() {
    let with = json!({"app": "crm", "database": "new", "credential": "reports", "used_by": "DB of reports"});
    let look = async |status: u16, listed: Value| {
        let world = World::new();
        world.set(CREDENTIALS, status, listed);
        world.look("postgres.credential-there", &with).await
    };
    let active = json!([{"name": "default"}, {"name": "reports", "state": "active"}]);
    assert_eq!(output(look(200, active).await)["credential"], "reports");
    output(look(200, json!([{"name": "reports"}])).await);
    assert!(note(look(200, json!([{"name": "reports", "state": "provisioning"}])).await).contains("provisioning"));
    let (saw, remedy) = why(look(200, json!([{"name": "reports", "state": "archived"}])).await);
    assert!(saw.contains("DB of reports"), "{saw}");
    assert!(remedy.contains("heroku pg:credentials:create new --name reports -a crm"), "{remedy}");
    why(look(200, json!([{"name": "default"}])).await);
    for refused in [403, 404, 422] {
        let seen = look(refused, json!({"id": "no", "message": "no"})).await;
        assert!(unclear(seen).1.iter().any(|ask| ask.contains("heroku pg:credentials new")), "{refused}");
    }
}

#[tokio::test]
async fn an_attachment_is_believed_only_with_the_value_of_its_variable() {
    let at = |value: Value| world(default_of("new")).with("GET /apps/crm/config-vars", json!({"DATABASE_URL": value}));
    for leads in [NEW, "postgres://other:hunter2@NEW.example/d?sslmode=require", "postgresql://u:hunter2@new.example/d"]
    {
        output(at(json!(leads)).look(PROMOTE, &promote_with()).await);
    }
    let cases = [
        (Value::Null, "DATABASE_URL is missing"),
        (json!(OLD), "leads to old.example:5432/d"),
        (json!("postgres://u:hunter2@new.example:5432/other"), "leads to new.example:5432/other"),
        (json!("postgres://u:hunter2@new.example:6000/d"), "leads to new.example:6000/d"),
        (json!("hunter2"), "leads to no database"),
    ];
    for (value, expected) in cases {
        let (saw, remedy) = why(at(value.clone()).look(PROMOTE, &promote_with()).await);
        assert!(saw.contains(expected), "{value}: {saw}");
        assert!(remedy.contains("heroku addons:attach new --as DATABASE -a crm --confirm crm"), "{remedy}");
        assert!(!format!("{saw}{remedy}").contains("hunter2"), "{saw}{remedy}");
    }
}

#[tokio::test]
async fn a_variable_that_lags_is_waited_for_and_one_whose_release_failed_is_not() {
    let released = |status: &str, made: &str| {
        let release = json!({"id": "7", "version": 7, "description": "Attach DATABASE (@ref:new)", "status": status, "created_at": made});
        world(default_of("new"))
            .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": OLD}))
            .with("GET /apps/crm/releases", json!([release]))
    };
    let (just_now, before) = ("2026-11-22T00:59:10Z", "2026-11-22T00:50:00Z");
    assert!(note(released("pending", before).look(PROMOTE, &promote_with()).await).contains("v7 of crm is pending"));
    note(released("succeeded", just_now).look(PROMOTE, &promote_with()).await);
    why(released("succeeded", before).look(PROMOTE, &promote_with()).await);
    let (saw, remedy) = why(released("failed", just_now).look(PROMOTE, &promote_with()).await);
    assert!(saw.contains("release v7 failed") && remedy.contains("heroku releases:output v7 -a crm"), "{saw} {remedy}");
}

#[tokio::test]
async fn of_a_pooler_another_port_and_a_host_of_its_own_are_believed_and_the_old_host_is_not() {
    let with = json!({
        "app": "crm", "name": "POOL", "namespace": "connection-pooling:default", "database": "new", "from": "old",
    });
    let at = |value: &str| {
        world(json!([attachment("1", "POOL", "crm", "new", json!("connection-pooling:default"))]))
            .with("GET /apps/crm/config-vars", json!({"POOL_URL": value}))
    };
    for leads in [NEW_POOL, "postgres://u:hunter2@pool.example:6432/d"] {
        output(at(leads).look("postgres.move-attachment", &with).await);
    }
    let (saw, remedy) =
        why(at("postgres://u:hunter2@old.example:5433/d").look("postgres.move-attachment", &with).await);
    assert!(
        saw.contains("old.example:5433") && remedy.contains("heroku pg:connection-pooling:attach new"),
        "{saw} {remedy}"
    );
}

#[tokio::test]
async fn where_the_new_place_is_not_told_only_the_old_one_is_refused() {
    let at = |value: &str| {
        world(default_of("new"))
            .with("GET /client/v11/databases/new", json!({"info": []}))
            .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": value}))
    };
    output(at("postgres://u:hunter2@anywhere.example/d").look(PROMOTE, &promote_with()).await);
    why(at(OLD).look(PROMOTE, &promote_with()).await);
}

#[tokio::test]
async fn a_name_that_may_not_be_taken_is_attached_without_confirmation() {
    let with = json!({"app": "crm", "name": "HCOPS_1", "database": "new", "namespace": null});
    let world = world(json!([]));
    assert!(will(world.look("postgres.move-attachment", &with).await)[0].contains("attach new to crm as HCOPS_1"));
    world.act("postgres.move-attachment", &with).await.expect("a receipt");
    assert_eq!(world.changes()[0].1.get("confirm"), None);
    world.set("GET /apps/crm/addon-attachments", 200, json!([attachment("9", "HCOPS_1", "crm", "third", Value::Null)]));
    why(world.look("postgres.move-attachment", &with).await);
}

#[tokio::test]
async fn the_old_database_keeps_an_attachment_of_its_own() {
    let with = json!({"app": "crm", "database": "old", "alias": "HCOPS_OLD_1"});
    let world = world(default_of("old"));
    will(world.look("postgres.keep-alias", &with).await);
    world.act("postgres.keep-alias", &with).await.expect("a receipt");
    assert_eq!(world.changes()[0].1.get("confirm"), None, "a name that is taken is not taken away");
    let alias = |addon: &str| json!([attachment("3", "HCOPS_OLD_1", "crm", addon, Value::Null)]);
    world.set("GET /apps/crm/addon-attachments", 200, alias("old"));
    assert_eq!(output(world.look("postgres.keep-alias", &with).await)["config_var"], "HCOPS_OLD_1_URL");
    world.set("GET /apps/crm/addon-attachments", 200, alias("third"));
    why(world.look("postgres.keep-alias", &with).await);
}

#[tokio::test]
async fn a_spare_attachment_is_removed_but_never_the_only_one() {
    let with = json!({"app": "crm", "database": "old", "alias": "HCOPS_OLD_1"});
    let alias = attachment("3", "HCOPS_OLD_1", "crm", "old", Value::Null);
    let other = attachment("1", "DATABASE", "crm", "old", Value::Null);
    let world = world(json!([alias, other]))
        .with("GET /addons/old/addon-attachments", json!([alias, other]))
        .with("DELETE /addon-attachments/3", alias.clone());
    will(world.look("postgres.drop-alias", &with).await);
    world.act("postgres.drop-alias", &with).await.expect("a receipt");
    assert_eq!(world.changes()[0].0, "DELETE /addon-attachments/3");
    world.set("GET /addons/old/addon-attachments", 200, json!([alias]));
    assert!(why(world.look("postgres.drop-alias", &with).await).0.contains("only attachment"));
    world.set("GET /apps/crm/addon-attachments", 200, json!([other]));
    output(world.look("postgres.drop-alias", &with).await);
    world.act("postgres.drop-alias", &with).await.expect("nothing to do");
    assert_eq!(world.changes().len(), 1, "nothing more was sent");
}

const DESTROY: &str = "postgres.destroy";

fn destroy_with() -> Value {
    json!({"app": "crm", "database": "new", "only_if_created_as": "HCOPS_1"})
}

fn created(state: &str, attachments: Value) -> World {
    let addon = json!({
        "id": "new-id", "name": "new", "state": state, "plan": {"id": "p", "name": "x:y"}, "app": {"id": "a", "name": "crm"},
    });
    World::new()
        .with("GET /addons/new", addon.clone())
        .with("GET /addons/new/addon-attachments", attachments)
        .with("DELETE /apps/crm/addons/new", addon)
}

#[tokio::test]
async fn only_what_the_run_created_is_destroyed() {
    let own = attachment("1", "HCOPS_1", "crm", "new", Value::Null);
    let world = created("provisioned", json!([own]));
    assert!(will(world.look(DESTROY, &destroy_with()).await)[0].contains("with all its data"));
    world.act(DESTROY, &destroy_with()).await.expect("a receipt");
    assert_eq!(world.changes()[0].0, "DELETE /apps/crm/addons/new");

    let used = attachment("2", "DATABASE", "jobs", "new", Value::Null);
    let (saw, remedy) = why(created("provisioned", json!([own, used])).look(DESTROY, &destroy_with()).await);
    assert!(saw.contains("DATABASE of jobs") && remedy.contains("heroku addons:destroy new -a crm"));
    why(created("provisioned", json!([used])).look(DESTROY, &destroy_with()).await);
    let (saw, _) = why(created("provisioned", json!([])).look(DESTROY, &destroy_with()).await);
    assert!(saw.contains("it has no attachment"), "without its mark nothing says that this run created it: {saw}");
    let foreign = json!({"app": "other", "database": "new", "only_if_created_as": "HCOPS_1"});
    why(created("provisioned", json!([own])).look(DESTROY, &foreign).await);
}

#[tokio::test]
async fn destroyed_means_gone() {
    output(World::new().look(DESTROY, &destroy_with()).await);
    output(created("deprovisioned", json!([])).look(DESTROY, &destroy_with()).await);
    note(created("deprovisioning", json!([])).look(DESTROY, &destroy_with()).await);
    assert!(unclear(created("evaporating", json!([])).look(DESTROY, &destroy_with()).await).0.contains("evaporating"));
}

#[tokio::test]
async fn the_report_says_what_is_left_and_what_it_costs() {
    let with = json!({"app": "crm", "database": "old", "monthly_cents": 5000});
    let addon = json!({
        "id": "o", "name": "old", "state": "provisioned", "plan": {"id": "p", "name": "x:y"}, "app": {"id": "a", "name": "crm"},
    });
    let world = World::new()
        .with("GET /apps/crm/addons/old", addon)
        .with("GET /addons/old/addon-attachments", json!([attachment("3", "HCOPS_OLD_1", "crm", "old", Value::Null)]));
    let left = output(world.look("postgres.old-leader", &with).await);
    let seen = left["seen"].as_str().expect("a sentence");
    assert!(seen.contains("50.00 US dollars a month") && seen.contains("heroku addons:destroy old -a crm"), "{seen}");
    assert!(!seen.contains("followers"), "{seen}");
    let unread = left["carried_over_by"].to_string();
    assert!(unread.contains("backup schedules of old could not be read"), "{unread}");
    world.set(
        "GET /client/v11/databases/o/transfer-schedules",
        200,
        json!([{"name": "DATABASE_URL", "hour": 4, "timezone": "UTC"}]),
    );
    let carried = output(world.look("postgres.old-leader", &with).await)["carried_over_by"].to_string();
    assert!(carried.contains("heroku pg:backups:schedule NEW_DATABASE --at '04:00 UTC' -a crm"), "{carried}");
    assert!(carried.contains("dataclips") && carried.contains("are looked for by SQL"), "{carried}");
    assert_eq!(output(World::new().look("postgres.old-leader", &with).await)["exists"], false);
    let mut with_followers = with;
    with_followers["followers"] = json!(["read-1", "read-2"]);
    with_followers["successor"] = json!("new");
    let left = output(world.look("postgres.old-leader", &with_followers).await);
    let seen = left["seen"].as_str().expect("a sentence");
    assert!(seen.contains("read-1, read-2") && seen.contains("--follow new -a crm"), "{seen}");
}

const LEFT: &str = "postgres.left-unwritten";

/// Apps that were switched to `new`, with `old` left under its own name, at so many transactions.
fn switched(transaction: Value) -> World {
    let old = attachment("3", "HCOPS_OLD_1", "crm", "old", Value::Null);
    let new = attachment("1", "DATABASE", "crm", "new", Value::Null);
    World::new()
        .with("GET /addons/old/addon-attachments", json!([old]))
        .with("GET /addons/new/addon-attachments", json!([new]))
        .with("GET /client/v11/databases/old", json!({"resource_url": OLD, "current_transaction": transaction}))
        .with("GET /client/v11/databases/new", json!({"resource_url": NEW}))
        .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": NEW, "HCOPS_OLD_1_URL": OLD}))
        .with("GET /apps/jobs/config-vars", json!({"DATABASE_URL": NEW}))
        .with("GET /apps/crm/releases", json!([]))
}

/// Noted an hour ago at transaction 5000.
fn left_with() -> Value {
    json!({
        "app": "crm", "database": "old", "successor": "new", "apps": [{"name": "crm"}, {"name": "jobs"}],
        "noted": {"at": "2026-11-22T00:00:00Z", "transaction": 5000},
    })
}

#[tokio::test]
async fn what_was_left_is_seen_unwritten_or_ends_as_a_failed_verification() {
    let seen = output(switched(json!(5030)).look(LEFT, &left_with()).await);
    assert!(seen["seen"].as_str().expect("words").contains("nothing leads there"), "{seen}");
    let written = switched(json!(5000 + 25_200)).try_look(LEFT, &left_with(), &Prior::default()).await.unwrap_err();
    assert_eq!(written.kind, FaultKind::Verification);
    assert!(written.saw.contains("25200 transactions") && written.command.is_some(), "{written:?}");
    assert!(written.remedy.contains("heroku pg:psql old -a crm"), "{written:?}");
    let untold = output(switched(Value::Null).look(LEFT, &left_with()).await);
    assert!(untold["seen"].as_str().expect("words").contains("cannot be told"), "{untold}");
    let steadiness = switched(json!(5000)).steadiness(LEFT);
    assert!(steadiness.looks >= 3 && steadiness.apart.as_secs() >= 60, "for some minutes");
}

#[tokio::test]
async fn what_still_leads_to_what_was_left_is_named_with_the_command() {
    let jobs = attachment("7", "DATABASE", "jobs", "old", Value::Null);
    let pool = attachment("8", "POOL", "crm", "old", json!("connection-pooling:default"));
    let own = attachment("3", "HCOPS_OLD_1", "crm", "old", Value::Null);
    let world = switched(json!(5000))
        .with("GET /addons/old/addon-attachments", json!([own, jobs, pool]))
        .with("GET /apps/jobs/config-vars", json!({"DATABASE_URL": OLD, "REPORTS": format!("{OLD}?pool=10")}));
    let seen = output(world.look(LEFT, &left_with()).await);
    let leading = seen["leading"].to_string();
    for named in ["DATABASE of jobs", "POOL of crm", "REPORTS of jobs", "heroku config:set REPORTS="] {
        assert!(leading.contains(named), "{named} in {leading}");
    }
    assert!(!leading.contains("HCOPS_OLD_1") && !seen.to_string().contains("hunter2"), "{seen}");
    let addon = json!({
        "id": "o", "name": "old", "state": "provisioned", "plan": {"id": "p", "name": "x:y"}, "app": {"id": "a", "name": "crm"},
    });
    let world = world.with("GET /apps/crm/addons/old", addon);
    let with = json!({"app": "crm", "database": "old", "successor": "new", "apps": [{"name": "jobs"}]});
    let left = output(world.look("postgres.old-leader", &with).await);
    assert_eq!(left["removed_by"], Value::Null, "no hint to destroy what somebody uses");
    assert!(left["seen"].as_str().expect("words").contains("must not be removed yet"), "{left}");
    world.set("GET /addons/old/addon-attachments", 200, json!([own]));
    world.set("GET /apps/jobs/config-vars", 200, json!({}));
    assert!(output(world.look("postgres.old-leader", &with).await)["removed_by"].is_string());
}

#[tokio::test]
async fn a_variable_of_the_new_database_that_leads_back_is_no_end() {
    let world = switched(json!(5000)).with("GET /apps/crm/config-vars", json!({"DATABASE_URL": OLD}));
    let (saw, _) = why(world.look(LEFT, &left_with()).await);
    assert!(saw.contains("DATABASE_URL leads to old.example"), "{saw}");
}

#[tokio::test]
async fn an_app_that_was_attached_after_the_plan_breaks_the_silence() {
    let known = attachment("1", "DATABASE", "crm", "old", Value::Null);
    let alias = attachment("3", "HCOPS_OLD_1", "crm", "old", Value::Null);
    let stranger = attachment("9", "DATABASE", "reports", "old", Value::Null);
    let world = World::new().with("GET /addons/old/addon-attachments", json!([known, alias]));
    let with = json!({"apps": [], "database": "old", "known": [{"app": "crm", "name": "DATABASE", "role": "default"}]});
    output(world.look("app.silent", &with).await);
    world.set("GET /addons/old/addon-attachments", 200, json!([known, stranger]));
    let (saw, remedy) = why(world.look("app.silent", &with).await);
    assert!(
        saw.contains("old was attached to reports as DATABASE") && remedy.contains("heroku addons:detach"),
        "{saw}"
    );
}

#[tokio::test]
async fn a_database_that_somebody_uses_is_never_erased_by_a_copy() {
    let target = |attachments: Value| {
        World::new()
            .with("GET /addons/new/addon-attachments", attachments)
            .with("GET /client/v11/databases/new", json!({"resource_url": NEW, "num_tables": 0}))
            .with("GET /apps/crm/config-vars", json!({}))
    };
    let with = json!({"app": "crm", "database": "new"});
    let named = |name: &str, app: &str| attachment(name, name, app, "new", Value::Null);
    for own in [
        json!([named("HEROKU_POSTGRESQL_TEAL", "crm")]),
        json!([named("FRESH", "crm")]),
        json!([named("HCOPS_1", "crm"), named("HEROKU_POSTGRESQL_TEAL", "crm")]),
    ] {
        output(target(own.clone()).look("postgres.empty", &with).await);
    }
    for (used, by) in [
        (json!([named("DATABASE", "crm")]), "DATABASE of crm"),
        (json!([named("FRESH", "crm"), named("ANALYTICS", "crm")]), "ANALYTICS of crm"),
        (json!([named("HCOPS_1", "crm"), named("HEROKU_POSTGRESQL_TEAL", "jobs")]), "HEROKU_POSTGRESQL_TEAL of jobs"),
        (json!([named("FRESH", "jobs")]), "FRESH of jobs"),
    ] {
        let (saw, remedy) = why(target(used).look("postgres.empty", &with).await);
        assert!(saw.contains(by) && saw.contains("erase") && remedy.contains("heroku addons:detach"), "{saw}");
    }
    let by_hand = target(json!([named("HCOPS_1", "crm")])).with("GET /apps/crm/config-vars", json!({"REPORTS": NEW}));
    assert!(why(by_hand.look("postgres.empty", &with).await).0.contains("REPORTS of crm"));
    let copy = json!({"app": "crm", "source": "old", "target": "new"});
    let used = target(json!([named("DATABASE", "jobs")]))
        .with("GET /client/v11/databases/old", json!({"resource_url": OLD}))
        .with("GET /client/v11/apps/crm/transfers", json!([]));
    assert!(why(used.look("postgres.copy", &copy).await).0.contains("DATABASE of jobs"));
}

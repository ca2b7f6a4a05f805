//! The actions that look into databases, against real servers behind canned config vars.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

use super::world::{NOW, REGION, World, note, output, unclear, why, will};
use hcops_model::{DatabaseUrl, FaultKind, Look, Prior, Seen, StepId};
use hcops_simulator::postgres::Cluster;
use hcops_testing::{old_and_copy, server};

/// An app that has both databases, one of them behind a pooler as well.
fn world(old: &DatabaseUrl, new: &DatabaseUrl) -> World {
    let attached = |id: &str, name: &str, addon: &str, namespace: Value| {
        json!({"id": id, "name": name, "namespace": namespace, "app": {"id": "a", "name": "crm"},
               "addon": {"id": addon, "name": addon}})
    };
    let pool = attached("1", "DATABASE_CONNECTION_POOL", "old", json!("connection-pooling:default"));
    World::new()
        .with("GET /addons/old/addon-attachments", json!([pool, attached("2", "DATABASE", "old", Value::Null)]))
        .with("GET /addons/new/addon-attachments", json!([attached("3", "HCOPS_1", "new", Value::Null)]))
        .with("GET /addons/pooled/addon-attachments", json!([pool]))
        .with(
            "GET /apps/crm/config-vars",
            json!({"DATABASE_URL": old.open(), "HCOPS_1_URL": new.open(), "DATABASE_CONNECTION_POOL_URL": "postgres://u:hunter2@pool:1/d"}),
        )
}

fn over(old: &Cluster, new: &Cluster) -> World {
    world(&old.url("app"), &new.url("app"))
}

/// A look of a step, after what an earlier one remembered.
fn as_step(memo: Option<Value>) -> Prior {
    Prior { step: Some(StepId::from("step")), memo, ..Prior::default() }
}

/// Looks of a step until one is no wait; also how often it waited.
async fn until_over(world: &World, action: &str, with: &Value) -> (u32, Result<Look, hcops_model::Fault>) {
    let mut memo = None;
    for waits in 0..10_000 {
        match world.try_look(action, with, &as_step(memo.take())).await {
            Ok(Look { seen: Seen::Underway { .. }, memo: noted, .. }) => memo = noted,
            other => return (waits, other),
        }
    }
    panic!("{action} never ends")
}

/// A program that is connected under this name.
async fn program(server: &Cluster, name: &str) -> Client {
    let url = format!("{}&application_name={name}", server.url("app").open());
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn a_database_is_reached_past_its_pooler_or_it_is_said_why_not() {
    let Some(server) = server() else { return };
    let nobody = DatabaseUrl::new("postgres://u:hunter2@127.0.0.1:1/d");
    let world = world(&server.url("postgres"), &nobody);
    let with = |names: &[&str]| json!({"app": "crm", "databases": names, "without": "hcops plan --compare none"});
    let reached = output(world.look("postgres.reachable", &with(&["old"])).await);
    assert!(reached["seen"].as_str().unwrap().contains(&format!("old (PostgreSQL {}.", server.major())), "{reached}");
    for (name, word) in [("new", "127.0.0.1:1"), ("pooled", "past every connection pooler"), ("gone", "gone")] {
        let (saw, remedy) = why(world.look("postgres.reachable", &with(&["old", name])).await);
        let told = format!("{saw} {remedy}");
        assert!(saw.contains(name) && remedy.contains("`hcops plan --compare none`"), "{told}");
        assert!(told.contains(word) || word.starts_with("past"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn what_of_replication_hangs_on_a_database_is_told_before_and_after() {
    let Some((old, new)) = old_and_copy() else { return };
    old.run("app", "create publication news for table two_keys").unwrap();
    let world = over(&old, &new);
    let mut with = json!({
        "app": "crm", "databases": ["old"], "without": "hcops plan --compare none", "becomes": "follower", "successor": "new",
    });
    let shown = output(world.look("postgres.reachable", &with).await)["shown"].to_string();
    assert!(shown.contains("publication news") && shown.contains("goes on with old"), "{shown}");
    with["becomes"] = json!("in-place");
    assert_eq!(output(world.look("postgres.reachable", &with).await)["shown"], Value::Null, "nothing changes for it");
    let addon = json!({
        "id": "o", "name": "old", "state": "provisioned", "plan": {"id": "p", "name": "x:y"}, "app": {"id": "a", "name": "crm"},
    });
    let world = world.with("GET /apps/crm/addons/old", addon);
    let mut with = json!({"app": "crm", "database": "old", "successor": "new", "becomes": "copy", "compare": "full"});
    let carried = output(world.look("postgres.old-leader", &with).await)["carried_over_by"].to_string();
    assert!(carried.contains("publication news"), "{carried}");
    with["compare"] = json!("none");
    let carried = output(world.look("postgres.old-leader", &with).await)["carried_over_by"].to_string();
    assert!(
        !carried.contains("publication news") && carried.contains("pg_publication"),
        "no connection is made: {carried}"
    );
}

#[tokio::test]
async fn silence_takes_two_looks_and_a_writer_is_named() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "postgres.silence");
    let with = json!({"app": "crm", "database": "old", "schema": "salesforce"});
    let (waits, silent) = until_over(&world, action, &with).await;
    assert_eq!((waits, silent.unwrap().seen.is_satisfied()), (1, true));

    let job = program(&old, "nightly-job").await;
    let mut memo = world.try_look(action, &with, &as_step(None)).await.unwrap().memo;
    for endured in 0..3 {
        job.batch_execute("update salesforce.account set name = name || '.' where id < 4").await.unwrap();
        let look = world.try_look(action, &with, &as_step(memo)).await.unwrap();
        memo = look.memo;
        if endured < 2 {
            assert!(note(look.seen).contains("nightly-job"));
        } else {
            let (saw, remedy) = why(look.seen);
            assert!(saw.contains("nightly-job") && saw.contains("added to the trigger log"), "{saw}");
            assert!(remedy.contains("heroku pg:kill") && remedy.contains("heroku pg:ps old -a crm"), "{remedy}");
        }
    }
    let (waits, silent) = until_over(&world, action, &with).await;
    assert!(silent.unwrap().seen.is_satisfied() && waits >= 1, "it stopped");
}

#[tokio::test]
async fn as_a_standing_condition_silence_is_seen_at_once() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    let with = json!({"app": "crm", "database": "old", "schema": "salesforce"});
    let job = program(&old, "nightly-job").await;
    job.batch_execute("select 1").await.unwrap();
    let seen = output(world.look("postgres.silence", &with).await);
    assert!(seen["connected"][0].as_str().unwrap().starts_with("nightly-job"), "readers do no harm: {seen}");
    job.batch_execute("begin; delete from two_keys where a = 1").await.unwrap();
    let (saw, _) = why(world.look("postgres.silence", &with).await);
    assert!(saw.contains("still open") && saw.contains("nightly-job"), "{saw}");
}

#[tokio::test]
async fn what_is_written_after_the_silence_is_found_long_after_the_writer_has_gone() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    let of = json!({"app": "crm", "database": "old", "schema": "salesforce"});
    let silence = output(world.look("postgres.silence", &of).await);
    let mut since = of;
    since["seal"] = silence["seal"].clone();
    let unwritten = output(world.look("postgres.unwritten", &since).await);
    assert!(unwritten["seen"].as_str().unwrap().contains("nothing was written to old"), "{unwritten}");
    let job = program(&old, "nightly-job").await;
    job.batch_execute("update two_keys set value = value || '!' where a = 1").await.unwrap();
    drop(job);
    for _ in 0..2 {
        let (saw, remedy) = why(world.look("postgres.unwritten", &since).await);
        assert!(saw.contains("two_keys") && remedy.contains("hcops abort"), "{saw} {remedy}");
    }
    since["seal"] = json!({"at": "no look"});
    let fault = world.try_look("postgres.unwritten", &since, &Prior::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Bug);
}

#[tokio::test]
async fn an_extension_that_lies_elsewhere_or_is_missing_is_found_before_a_copy() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    let with = json!({"app": "crm", "source": "old", "target": "new"});
    let seen = output(world.look("postgres.extensions", &with).await);
    assert!(seen["seen"].as_str().unwrap().contains("hstore in public"), "{seen}");
    new.run("app", "create schema heroku_ext; alter extension hstore set schema heroku_ext").unwrap();
    let (saw, remedy) = why(world.look("postgres.extensions", &with).await);
    assert!(saw.contains("hstore lies in the schema public, and in heroku_ext"), "{saw}");
    assert!(remedy.contains("DROP EXTENSION"), "{remedy}");
}

#[tokio::test]
async fn roles_and_grants_that_a_copy_will_not_have_are_found_before_it() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    let with = |left: &[&str]| json!({"app": "crm", "source": "old", "target": "new", "left_roles": left});
    old.run("app", "create role analyst; create policy few on two_keys to analyst using (true)").unwrap();
    let (saw, remedy) = why(world.look("postgres.extensions", &with(&[])).await);
    assert!(saw.contains("the policy few on public.two_keys names the role analyst"), "{saw}");
    assert!(remedy.contains("ALTER POLICY"), "{remedy}");
    old.run(
        "app",
        "drop policy few on two_keys; grant select on two_keys to analyst; grant select on no_key to public",
    )
    .unwrap();
    let (saw, remedy) = why(world.look("postgres.extensions", &with(&["analyst"])).await);
    assert!(saw.contains("grant table public.no_key to public") && !saw.contains("analyst"), "{saw}");
    assert!(remedy.contains("--leave-credentials"), "{remedy}");
    output(world.look("postgres.extensions", &with(&["analyst", "public"])).await);
}

#[tokio::test]
async fn settings_of_a_database_that_a_copy_will_not_have_are_found_before_it() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    let with = json!({"app": "crm", "source": "old", "target": "new", "left_roles": ["public"]});
    output(world.look("postgres.extensions", &with).await);
    let setting = "alter database app set timezone = 'Asia/Tokyo'";
    old.run("app", setting).unwrap();
    let (saw, remedy) = why(world.look("postgres.extensions", &with).await);
    assert!(saw.contains("the setting TimeZone = Asia/Tokyo"), "{saw}");
    assert!(remedy.contains("heroku pg:psql new -a crm") && remedy.contains("ALTER DATABASE"), "{remedy}");
    new.run("app", setting).unwrap();
    output(world.look("postgres.extensions", &with).await);
}

fn follower_of(behind: &str) -> Value {
    json!({
        "addon_id": "new-id", "name": "new", "following": "postgres://u:p@old.example:5432/d", "waiting?": false,
        "leader": {"addon_id": "old-id", "name": "old"}, "info": [{"name": "Behind By", "values": [behind]}],
    })
}

#[tokio::test]
async fn a_lag_counts_as_none_only_when_both_measures_agree() {
    let Some(leader) = server() else { return };
    let follower = leader.follower().unwrap();
    let with = json!({"app": "crm", "database": "new", "leader": "old"});
    let world = world(&leader.url("postgres"), &follower.url("postgres"))
        .with("GET /client/v11/databases/new", follower_of("0 commits"));
    let action = "postgres.lag";
    let (_, level) = until_over(&world, action, &with).await;
    let level = output(level.unwrap().seen);
    assert_eq!((&level["bytes"], &level["behind_by"]), (&json!(0), &json!(0)), "{level}");

    follower.run("postgres", "select pg_wal_replay_pause()").unwrap();
    leader.run("postgres", "create table more as select generate_series(1, 10000)").unwrap();
    let look = world.try_look(action, &with, &as_step(None)).await.unwrap();
    assert!(look.memo.as_ref().unwrap()["apart_since"].as_str().unwrap() > NOW, "it gave replay some time");
    assert!(note(look.seen).contains("Heroku shows new 0 commits behind old, but by the log it is not"));
    let long_ago = Some(json!({"apart_since": "2026-11-22T00:50:00Z"}));
    let (saw, remedy) = why(world.try_look(action, &with, &as_step(long_ago)).await.unwrap().seen);
    assert!(saw.contains(" bytes") && remedy.contains("hcops abort"), "{saw}");
    why(world.look(action, &with).await);

    world.set("GET /client/v11/databases/new", 200, follower_of("7 commits"));
    let waiting = note(world.try_look(action, &with, &as_step(None)).await.unwrap().seen);
    assert!(waiting.contains("7 commits behind") && waiting.contains("by the log"), "{waiting}");
    follower.run("postgres", "select pg_wal_replay_resume()").unwrap();
    world.set("GET /client/v11/databases/new", 200, follower_of("0 commits"));
    assert!(until_over(&world, action, &with).await.1.unwrap().seen.is_satisfied(), "it caught up");
}

#[tokio::test]
async fn a_backlog_is_told_or_waited_for() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "connect.backlog");
    let with = |want: &str| json!({"app": "crm", "database": "old", "schema": "salesforce", "want": want});
    let row = "insert into salesforce._trigger_log (state, table_name, created_at)
        select case when n = 1 then 'FAILED' else 'NEW' end, 'account', now() - interval '1 minute' from generate_series(1, 5) n";
    old.run("app", row).unwrap();
    let told = output(world.look(action, &with("report")).await);
    assert_eq!((&told["open"], &told["failed"], told["groups"].as_array().unwrap().len()), (&json!(4), &json!(1), 2));
    let first = world.try_look(action, &with("drained"), &as_step(None)).await.unwrap();
    assert!(note(first.seen).contains("4 open rows, the oldest 6"));
    old.run("app", "delete from salesforce._trigger_log where id in (select min(id) from salesforce._trigger_log where state = 'NEW')").unwrap();
    let second = world.try_look(action, &with("drained"), &as_step(first.memo)).await.unwrap();
    match &second.seen {
        Seen::Underway { part: Some(part), note, look_again } => {
            assert_eq!((part.done, part.of, *look_again), (1, 4, Duration::from_secs(1)), "it listens");
            assert!(note.contains("rows a second, about"), "{note}");
        }
        other => panic!("{other:?}"),
    }
    old.run("app", "delete from salesforce._trigger_log where state = 'NEW'").unwrap();
    output(world.try_look(action, &with("drained"), &as_step(second.memo)).await.unwrap().seen);
}

#[tokio::test]
async fn what_a_database_consists_of_is_kept_and_compared() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    let with = json!({"app": "crm", "database": "old", "beside": "new"});
    let same = output(world.look("postgres.inventory", &with).await);
    assert_eq!((&same["differences"], same["digest"].as_str().unwrap().len()), (&json!([]), 64), "{same}");
    assert!(
        same["counts"]["table"].as_u64().unwrap() > 10 && same["seen"].as_str().unwrap().contains("new consists of")
    );
    new.run("app", "drop view account_names").unwrap();
    let other = output(world.look("postgres.inventory", &with).await);
    assert!(other["differences"][0].as_str().unwrap().contains("account_names"), "{other}");
    assert_eq!(other["digest"], same["digest"], "the old one is what it was");
}

/// As an upgrade in place does it: what the database consists of, noted before, beside what it consists of afterwards.
#[tokio::test]
async fn what_an_upgrade_in_place_leaves_is_what_was_there_before_and_indexes_to_build_again_are_named() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "postgres.inventory");
    let mut with = json!({"app": "crm", "database": "old"});
    let before = output(world.look(action, &with).await);
    assert_eq!((&before["keep_as"], &before["rebuild"]), (&json!("inventory-of-old.json"), &Value::Null));
    with["before"] = before["document"].clone();
    let same = output(world.look(action, &with).await);
    assert!(same["seen"].as_str().unwrap().contains("nothing else than before"), "{same}");
    assert_eq!(same["keep_as"], "inventory-of-old-after.json");

    // The files come to a server with another version of the library: nothing was recorded in them then.
    let mut elsewhere = with.clone();
    elsewhere["before"]["collations"]["versions"]["default"] = json!({"recorded": null, "actual": "2.31"});
    let mut now = before["document"]["collations"]["versions"]["default"].clone();
    if now["actual"].is_null() {
        now = json!({"recorded": null, "actual": null});
    }
    let looked = output(world.look(action, &elsewhere).await);
    assert_eq!(looked["rebuild"].is_array(), !now["actual"].is_null(), "sorted by bytes, nothing is wrong: {looked}");

    old.run("app", "drop view account_names").unwrap();
    let fault = world.try_look(action, &with, &Prior::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Verification, "the run ends with 15");
    assert!(fault.saw.contains("account_names"), "{}", fault.saw);
}

#[tokio::test]
async fn indexes_that_another_library_made_wrong_are_named_with_the_statements() {
    let Some((old, new)) = old_and_copy() else { return };
    if old.run("app", "select 1 from pg_collation where collname = 'en-x-icu'").unwrap().trim() != "1" {
        hcops_testing::missing("icu", "this PostgreSQL was built without ICU");
        return;
    }
    old.run("app", "create index by_letter on two_keys (((a)::text collate \"en-x-icu\"))").unwrap();
    old.run("app", "update pg_collation set collversion = '1.0' where collname = 'en-x-icu'").unwrap();
    let world = over(&old, &new);
    let found = output(world.look("postgres.inventory", &json!({"app": "crm", "database": "old"})).await);
    assert_eq!(found["rebuild"], json!(["REINDEX INDEX CONCURRENTLY public.by_letter"]), "{found}");
    let seen = found["seen"].as_str().unwrap();
    assert!(seen.contains("`REINDEX INDEX CONCURRENTLY public.by_letter`") && seen.contains("amcheck"), "{seen}");
    let with = json!({
        "app": "crm", "databases": ["old"], "without": "hcops plan --compare none", "becomes": "in-place",
    });
    let shown = output(world.look("postgres.reachable", &with).await)["shown"].to_string();
    assert!(shown.contains("REINDEX INDEX CONCURRENTLY public.by_letter"), "the plan says it: {shown}");
}

#[tokio::test]
async fn rows_are_those_of_before_or_the_verification_fails() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "postgres.rows");
    let mut with = json!({"app": "crm", "database": "old", "want": "report"});
    let before = output(world.look(action, &with).await);
    assert_eq!(before["rows"]["salesforce.account"], 3_000);
    assert_eq!(before["keep_as"], "rows-of-old.json");
    with["before"] = before["rows"].clone();
    with["want"] = json!("same");
    assert!(output(world.look(action, &with).await)["seen"].as_str().unwrap().contains("as many as before"));
    with["database"] = json!("new");
    assert!(world.look(action, &with).await.is_satisfied(), "the copy has the same");
    new.run("app", "delete from two_keys where a = 1; drop table parted_2026").unwrap();
    let fault = world.try_look(action, &with, &Prior::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Verification, "the run ends with 15");
    assert!(fault.saw.contains("public.two_keys had 50 and has 49"), "{}", fault.saw);
    assert!(fault.saw.contains("public.parted_2026 is not there any more"), "{}", fault.saw);
    let mapped = json!({"app": "crm", "database": "old", "mapped_in": "salesforce", "want": "report"});
    assert_eq!(output(world.look(action, &mapped).await)["rows"], json!({"salesforce.account": 3_000}));
}

#[tokio::test]
async fn a_table_that_takes_too_long_to_count_is_asked_about_once() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "postgres.rows");
    old.run("app", "create table heap as select n from generate_series(1, 3000000) n").unwrap();
    let with = json!({"app": "crm", "database": "old", "want": "report", "longest_count": 60});
    let (saw, ask) = unclear(world.look(action, &with).await);
    assert!(
        saw.contains("public.heap") && ask.iter().any(|it| it.starts_with("public.heap: counting")),
        "{saw} {ask:?}"
    );
    let answered = |answer: &str| Prior { answer: Some(answer.to_owned()), asked: Some(ask.clone()), ..as_step(None) };
    let (saw, remedy) = why(world.look_after(action, &with, &answered("no")).await);
    assert!(saw.contains("public.heap") && remedy.contains("heroku pg:ps old"), "{saw} {remedy}");
    // It is not counted again to ask the same again: without a limit the count would end, and nothing would be asked.
    let patient = json!({"app": "crm", "database": "old", "want": "report"});
    let answered_at_leisure = Prior { asked: Some(vec!["public.heap: counting its rows took longer than 10m. Whether it holds what it should is known otherwise, or does not matter.".to_owned()]), ..answered("yes") };
    let told = output(world.look_after(action, &patient, &answered_at_leisure).await);
    assert_eq!(told["not_counted"], json!(["public.heap"]), "{told}");
    assert_eq!(told["rows"]["public.heap"], Value::Null);
    let after = json!({
        "app": "crm", "database": "old", "want": "same", "before": told["rows"], "not_counted_before": told["not_counted"],
    });
    let same = output(world.look(action, &after).await);
    assert!(
        same["seen"].as_str().unwrap().contains("as many as before"),
        "what was left out before is not new: {same}"
    );
}

#[tokio::test]
async fn what_is_lost_with_a_database_of_the_past_is_counted_and_acknowledged() {
    let Some((old, past)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &past), "connect.losses");
    let with =
        json!({"app": "crm", "old": "old", "new": "new", "schema": "salesforce", "moment": "2026-11-22T00:00:00Z"});
    let nothing = output(world.look(action, &with).await);
    assert_eq!((&nothing["captured"], &nothing["answer"]), (&json!(0), &Value::Null));
    let row = "insert into salesforce._trigger_log (id, state, table_name, record_id, \"values\", created_at)
               values (10, 'NEW', 'account', 1, 'secret', '2026-01-01')";
    old.run("app", row).unwrap();
    past.run("app", row).unwrap();
    old.run("app", &row.replace("10", "11")).unwrap();
    past.run("app", "set xmlbinary to hex; update salesforce.account set sfid = null where id = 7").unwrap();
    let (saw, ask) = unclear(world.look(action, &with).await);
    assert!(saw.contains("1 captured change since") && saw.contains("1 row without a Salesforce id"), "{saw}");
    assert!(ask[0].contains("salesforce.account (NEW)") && ask[1].contains("salesforce.account"), "{ask:?}");
    let answered = |answer: &str| Prior { answer: Some(answer.to_owned()), ..as_step(None) };
    why(world.look_after(action, &with, &answered("no")).await);
    let told = output(world.look_after(action, &with, &answered("yes, saved")).await);
    assert_eq!((&told["never_sent"]["salesforce.account"], &told["answer"]), (&json!(1), &json!("yes, saved")));
    assert_eq!(told["document"]["captured_since"]["changes"][0]["id"], 11);
    assert_eq!(told["document"]["without_salesforce_id"][0]["ids"], json!([7]));
    assert!(!told.to_string().contains("secret"), "no values: {told}");
    past.run("app", &row.replace("10", "12")).unwrap();
    let (saw, remedy) = why(world.look(action, &with).await);
    assert!(saw.contains("new is no past of old") && remedy.contains("--take create"), "{saw}");
}

/// A connection in use, as the API shows it, over these databases.
fn connected(old: &Cluster, new: &Cluster) -> World {
    let connection = json!({
        "id": "c1", "state": "IDLE", "app_name": "crm", "resource_name": "herokuconnect-tidal-1",
        "mappings": [{"id": "m", "object_name": "Account", "state": "DATA_SYNCED", "counts": {"pending": 0}}],
    });
    over(old, new)
        .with("GET /api/v3/connections/c1", connection)
        .with("GET /api/v3/connections/c1/errors", json!({"results": []}))
}

#[tokio::test]
async fn a_backlog_is_sent_when_its_own_rows_are_gone_and_not_when_the_numbers_say_so() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = connected(&old, &new);
    let by_sql = |database: &str| json!({"app": "crm", "new": database, "schema": "salesforce", "compare": "counts"});
    let noted = |database: &str| json!({"connection": "c1", "region_url": REGION, "by_sql": by_sql(database)});
    assert_eq!(output(world.look("connect.noted", &noted("old")).await)["newest"], 0, "looked at, and empty");
    let waits =
        "insert into salesforce._trigger_log (state, table_name) select 'NEW', 'account' from generate_series(1, 3)";
    old.run("app", waits).unwrap();
    let before = output(world.look("connect.noted", &noted("old")).await);
    assert_eq!(before["open"], 3);
    assert!(before["shown"].as_str().unwrap().contains("its trigger log has 3 open rows"), "{before}");
    let with = json!({
        "connection": "c1", "region_url": REGION, "errors_before": [], "pending_before": 0, "by_sql": by_sql("old"),
        "newest_before": before["newest"],
    });
    let waiting = note(world.look("connect.drained", &with).await);
    assert!(waiting.contains("3 rows that had been captured before are still open"), "{waiting}");
    old.run("app", "update salesforce._trigger_log set state = 'SUCCESS'").unwrap();
    old.run("app", waits).unwrap();
    let sent = output(world.look("connect.drained", &with).await);
    assert_eq!(sent["left"], 0, "what came later is not waited for: {sent}");
    let unreached = output(world.look("connect.noted", &noted("nowhere")).await);
    assert_eq!(unreached["newest"], Value::Null);
    assert!(unreached["shown"].as_str().unwrap().contains("was not looked at"), "{unreached}");
}

#[tokio::test]
async fn what_is_built_on_a_column_is_acknowledged_and_missed_afterwards() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "connect.built-on");
    let with = |want: &str, before: &Value| {
        json!({"app": "crm", "database": "old", "schema": "salesforce", "object": "Account", "field": "AnnualRevenue",
               "want": want, "before": before})
    };
    assert_eq!(output(world.look(action, &with("acknowledged", &json!([]))).await)["objects"], json!([]));
    let build = "create index by_revenue on salesforce.account (annualrevenue);
                 create view rich as select id from salesforce.account where annualrevenue > 10";
    old.run("app", build).unwrap();
    let (saw, ask) = unclear(world.look(action, &with("acknowledged", &json!([]))).await);
    assert!(saw.contains("2 objects are built on salesforce.account.annualrevenue"), "{saw}");
    assert!(ask[0].contains("by_revenue") && ask[0].contains("is dropped with the column"), "{ask:?}");
    assert!(ask[1].contains("public.rich") && ask[1].contains("keeps the column from being dropped"), "{ask:?}");
    let answered = |answer: &str| Prior { answer: Some(answer.to_owned()), ..as_step(None) };
    why(world.look_after(action, &with("acknowledged", &json!([])), &answered("no")).await);
    let known = output(world.look_after(action, &with("acknowledged", &json!([])), &answered("yes")).await);
    let objects = known["objects"].clone();
    assert_eq!(objects.as_array().unwrap().len(), 2, "{known}");
    assert!(world.look(action, &with("still", &objects)).await.is_satisfied());
    old.run("app", "drop view rich").unwrap();
    let (_, ask) = unclear(world.look(action, &with("still", &objects)).await);
    assert!(ask.len() == 1 && ask[0].contains("public.rich") && ask[0].to_lowercase().contains("select"), "{ask:?}");
    let given_up = output(world.look_after(action, &with("still", &objects), &answered("yes")).await);
    assert!(given_up["seen"].as_str().unwrap().contains("given up: view public.rich"), "{given_up}");
}

#[tokio::test]
async fn a_column_is_whole_when_it_has_its_values_again() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "connect.column");
    let mut with =
        json!({"app": "crm", "database": "old", "schema": "salesforce", "object": "Account", "field": "Description"});
    let before = output(world.look(action, &with).await);
    assert_eq!((&before["kind"], &before["values"], &before["rows"]), (&json!("text"), &json!(2_000), &json!(3_000)));
    with["kind_before"] = before["kind"].clone();
    with["values_before"] = before["values"].clone();
    let script = "set xmlbinary to hex; alter table salesforce.account drop column description cascade";
    old.run("app", script).unwrap();
    assert!(note(world.look(action, &with).await).contains("not there yet"));
    let script = "set xmlbinary to hex; alter table salesforce.account add column description varchar(80);
                  update salesforce.account set description = 'x' where id <= 1999";
    old.run("app", script).unwrap();
    let (saw, _) = why(world.look(action, &with).await);
    assert!(saw.contains("1999 values") && saw.contains("before it was text with 2000 values"), "{saw}");
    old.run("app", "set xmlbinary to hex; update salesforce.account set description = 'x' where id <= 2000").unwrap();
    assert_eq!(output(world.look(action, &with).await)["kind"], "character varying(80)");
}

#[tokio::test]
async fn what_the_planner_does_not_know_is_analysed_once() {
    let Some((old, new)) = old_and_copy() else { return };
    let (world, action) = (over(&old, &new), "postgres.statistics");
    let with = json!({"app": "crm", "database": "new"});
    assert!(will(world.look(action, &with).await)[0].contains("salesforce.account"));
    let receipt = world.act(action, &with).await.expect("a receipt");
    assert!(receipt.said.contains("tables analysed"), "{}", receipt.said);
    assert_eq!(output(world.look(action, &with).await)["unknown"], 0);
    assert_eq!(world.act(action, &with).await.expect("again").said, "0 tables analysed");
    assert!(world.changes().is_empty(), "Heroku is asked for nothing");
}

fn compare_with(mode: &str) -> Value {
    json!({"app": "crm", "old": "old", "new": "new", "schema": "salesforce", "mode": mode, "origin": "copy"})
}

fn exact_with(compared: &Value) -> Value {
    json!({"app": "crm", "old": "old", "new": "new", "schema": "salesforce", "seal": compared["seal"]})
}

#[tokio::test]
async fn a_true_copy_stays_exact_until_somebody_writes() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    for mode in ["counts", "full"] {
        let (waits, compared) = until_over(&world, "postgres.compare", &compare_with(mode)).await;
        let compared = output(compared.unwrap().seen);
        assert!(
            waits > 0 && compared["seen"].as_str().unwrap().starts_with("no difference found in 13 tables"),
            "{compared}"
        );
        assert_eq!(compared["methods"].as_object().unwrap().len(), 1, "{compared}");
        let seen = output(world.look("postgres.copy-exact", &exact_with(&compared)).await);
        assert!(seen["seen"].as_str().unwrap().contains("nothing was written to old or new"), "{seen}");
        if mode == "full" {
            let (server, name) = (&new, "new");
            server.run("app", "update two_keys set value = 'w' where a = 1").unwrap();
            let (saw, remedy) = why(world.look("postgres.copy-exact", &exact_with(&compared)).await);
            assert!(saw.contains(&format!("{name}: ")) && remedy.contains("hcops abort"), "{saw}");
        }
    }
    let (_, differs) = until_over(&world, "postgres.compare", &compare_with("full")).await;
    let fault = differs.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Verification, "the run ends with 15");
    assert!(fault.saw.contains("public.two_keys") && fault.saw.contains("a=1 b=b1 differs in value"), "{}", fault.saw);
    let (_, again) = until_over(&world, "postgres.compare", &compare_with("full")).await;
    assert_eq!(again.unwrap_err().kind, FaultKind::Verification, "it is compared anew, and still so");
}

#[tokio::test]
async fn a_comparison_that_is_left_alone_goes_on_and_one_of_others_begins_anew() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = over(&old, &new);
    note(world.try_look("postgres.compare", &compare_with("full"), &as_step(None)).await.unwrap().seen);
    let (_, counted) = until_over(&world, "postgres.compare", &compare_with("counts")).await;
    assert!(output(counted.unwrap().seen)["seen"].as_str().unwrap().contains("by row count"));
    drop(world);
    let elsewhere = over(&old, &new);
    let (_, compared) = until_over(&elsewhere, "postgres.compare", &compare_with("full")).await;
    assert!(compared.unwrap().seen.is_satisfied(), "a new process begins anew");
}

#[tokio::test]
async fn the_seven_signs_are_told_apart_with_sql() {
    let Some((old, new)) = old_and_copy() else { return };
    let world = connected(&old, &new)
        .with("GET /api/v3/connections/c1/notifications", json!({"results": []}))
        .with("POST /api/v3/connections/c1/validations", json!({"result_url": format!("{REGION}/api/v3/diagnosis/1")}))
        .with("GET /api/v3/diagnosis/1", json!({}));
    let waits =
        "insert into salesforce._trigger_log (state, table_name) select 'NEW', 'account' from generate_series(1, 3)";
    new.run("app", waits).unwrap();
    let by_sql = json!({"app": "crm", "new": "new", "old": "old", "schema": "salesforce", "compare": "full"});
    let mut with = json!({"connection": "c1", "region_url": REGION, "by_sql": by_sql});
    let before = output(world.look("connect.baseline", &with).await);
    assert_eq!((&before["log"]["open"], &before["newest"]["account"]), (&json!(3), &json!("2026-01-01 00:50:00")));
    with["before"] = before;

    let waiting = note(world.examine("connect.resumed", &with).await);
    assert!(waiting.contains("(c) 3 of the 3 rows that waited"), "{waiting}");
    let sent = "insert into salesforce._trigger_log_archive (id, state, table_name, processed_at)
          select id, 'SUCCESS', table_name, now() from salesforce._trigger_log;
        delete from salesforce._trigger_log;
        set xmlbinary to hex; update salesforce.account set systemmodstamp = '2026-06-01' where id = 1";
    new.run("app", sent).unwrap();
    let seen = output(world.examine("connect.resumed", &with).await);
    let signs = seen["signs"].as_array().unwrap();
    assert!(signs.len() == 7 && signs.iter().all(|sign| sign["standing"] == "shown"), "{seen:#}");
    assert!(signs[3]["value"].as_str().unwrap().contains("account to 2026-06-01"), "{seen:#}");

    let stray = program(&old, "stray-import").await;
    stray.batch_execute("insert into two_keys values (999, 'x', 'y')").await.unwrap();
    let (saw, remedy) = why(world.examine("connect.resumed", &with).await);
    assert!(saw.contains("(f) old is still written to") && saw.contains("stray-import"), "{saw}");
    assert!(remedy.contains("brought there by hand") || remedy.contains("by hand"), "{remedy}");
}

#[tokio::test]
async fn what_is_not_compared_is_asked_by_name_and_only_once() {
    let Some((old, new)) = old_and_copy() else { return };
    old.run("app", "insert into scratch select generate_series(1, 5000)").unwrap();
    let world = over(&old, &new);
    let answered = |answer: &str, memo: Option<Value>| Prior { answer: Some(answer.to_owned()), ..as_step(memo) };

    let mut with = json!({"app": "crm", "database": "old", "origin": "follower", "want": "report"});
    let told = output(world.look("postgres.uncompared", &with).await);
    let shown = told["shown"].as_str().unwrap();
    assert!(shown.contains("public.scratch (it is unlogged and holds 5000 rows"), "the plan tells it: {told}");
    assert_eq!(told["attested"], json!([]), "a report attests nothing");
    with["want"] = json!("attested");
    let (_, ask) = unclear(world.look("postgres.uncompared", &with).await);
    assert!(ask.len() == 1 && ask[0].contains("public.scratch"), "{ask:?}");
    why(world.look_after("postgres.uncompared", &with, &answered("no", None)).await);
    let attested = output(world.look_after("postgres.uncompared", &with, &answered("yes", None)).await);
    assert_eq!(attested["attested"], json!(["public.scratch"]));

    let action = "postgres.compare";
    let mut with =
        json!({"app": "crm", "old": "old", "new": "new", "schema": "salesforce", "mode": "full", "origin": "copy"});
    let (_, look) = until_over(&world, action, &with).await;
    let look = look.unwrap();
    let (saw, ask) = unclear(look.seen);
    assert!(saw.contains("public.scratch") && ask[0].contains("5000 rows in old, none in new"), "{saw} {ask:?}");
    let (saw, _) = why(world.look_after(action, &with, &answered("no", None)).await);
    assert!(saw.contains("public.scratch"), "{saw}");
    with["attested"] = attested["attested"].clone();
    let (_, look) = until_over(&world, action, &with).await;
    let compared = output(look.unwrap().seen);
    assert!(compared["not_compared"][0].as_str().unwrap().contains("public.scratch"), "{compared}");
}

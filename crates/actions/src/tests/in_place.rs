//! The upgrade in place: trial, preparation, schedule, cancellation, and the upgrade itself.

use serde_json::{Value, json};

use super::world::{World, accepted, interrupted, note, output, unclear, why, will};
use hcops_model::Prior;

const STATUS: &str = "GET /client/v11/databases/db/upgrade/wait_status";
const SCHEDULED: &str = "upgrade is scheduled on 2026-11-23 02:30:00 UTC. You could also run the upgrade immediately.";

fn world(status: Value, version: &str) -> World {
    World::new()
        .with(STATUS, status)
        .with("GET /addons/db", addon("heroku-postgresql:standard-0"))
        .with("GET /client/v11/databases/db", database(version, Value::Null))
}

fn addon(plan: &str) -> Value {
    json!({"id": "d", "name": "db", "state": "provisioned", "plan": {"id": "p", "name": plan}, "app": {"id": "a", "name": "crm"}})
}

fn database(version: &str, following: Value) -> Value {
    json!({"name": "db", "postgres_version": version, "following": following, "waiting?": false, "num_tables": 70})
}

fn quiet(message: &str) -> Value {
    json!({"waiting?": false, "message": message})
}

fn busy() -> Value {
    json!({"waiting?": true, "message": "preparing upgrade service"})
}

fn with() -> Value {
    json!({"app": "crm", "database": "db", "version": 17})
}

fn in_place() -> Value {
    json!({"app": "crm", "database": "db", "version": 17, "followers": ["db-2"]})
}

fn plain() -> Value {
    json!({"app": "crm", "database": "db"})
}

#[tokio::test]
async fn a_preparation_ends_when_nothing_is_waited_for_any_more() {
    let prepare = "postgres.prepare-upgrade";
    assert!(will(world(quiet("none"), "16.9").look(prepare, &with()).await)[1].contains("maintenance window"));
    assert!(note(world(quiet("none"), "16.9").look_after(prepare, &with(), &accepted(5)).await).contains("accepted"));
    assert!(note(world(busy(), "16.9").look_after(prepare, &with(), &accepted(5)).await).contains("preparing"));
    assert_eq!(output(world(quiet(SCHEDULED), "16.9").look(prepare, &with()).await)["said"], SCHEDULED);
    assert_eq!(output(world(quiet("odd"), "16.9").look_after(prepare, &with(), &accepted(900)).await)["said"], "odd");
    will(world(quiet("none"), "16.9").look_after(prepare, &with(), &interrupted(900)).await);
    let failed = json!({"waiting?": false, "error?": true, "message": "out of memory"});
    assert!(why(world(failed, "16.9").look(prepare, &with()).await).0.contains("out of memory"));
    let posted =
        world(quiet("none"), "16.9").with("POST /client/v11/databases/db/upgrade/prepare", json!({"message": "ok"}));
    posted.act(prepare, &with()).await.expect("a receipt");
    assert_eq!(posted.changes()[0].1, json!({"version": "17"}));
}

#[tokio::test]
async fn a_schedule_is_recognised_or_asked_about_and_never_assumed() {
    let scheduled = "postgres.upgrade-scheduled";
    let seen = output(world(quiet(SCHEDULED), "16.9").look(scheduled, &plain()).await);
    assert_eq!(seen["scheduled_for"], "2026-11-23T02:30:00Z");
    let odd = world(quiet("in your next window"), "16.9");
    assert!(unclear(odd.look(scheduled, &plain()).await).0.contains("in your next window"));
    let answered = |answer: &str| Prior { answer: Some(answer.to_owned()), ..Prior::default() };
    assert_eq!(output(odd.look_after(scheduled, &plain(), &answered("yes")).await)["scheduled_for"], Value::Null);
    why(odd.look_after(scheduled, &plain(), &answered("no")).await);
    let hold = |said: &str| json!({"app": "crm", "database": "db", "said_before": said});
    output(odd.look(scheduled, &hold("in your next window")).await);
    assert!(why(world(quiet("none"), "16.9").look(scheduled, &hold(SCHEDULED)).await).0.contains("any more"));
    let as_before = json!({"app": "crm", "database": "db", "said_before": "none", "said_when_none": "none"});
    let same = world(quiet("none"), "16.9").look_after(scheduled, &as_before, &answered("yes")).await;
    assert!(why(same).0.contains("any more"), "no answer makes a schedule of what was said when there was none");
    let leading_to = |to: u32| json!({"app": "crm", "database": "db", "said_before": SCHEDULED, "to": to});
    assert_eq!(
        output(world(quiet("none"), "17.6").look(scheduled, &leading_to(17)).await)["scheduled_for"],
        Value::Null
    );
    assert!(why(world(quiet("none"), "16.9").look(scheduled, &leading_to(17)).await).0.contains("any more"));
}

#[tokio::test]
async fn a_cancellation_is_sent_once_and_nothing_to_cancel_is_as_good() {
    let cancel = "postgres.cancel-upgrade";
    will(world(quiet(SCHEDULED), "16.9").look(cancel, &plain()).await);
    will(world(quiet("none"), "16.9").look(cancel, &plain()).await);
    output(world(quiet("none"), "16.9").look_after(cancel, &plain(), &accepted(5)).await);
    note(world(quiet(SCHEDULED), "16.9").look_after(cancel, &plain(), &accepted(5)).await);
    assert!(why(world(busy(), "16.9").look_after(cancel, &plain(), &accepted(900)).await).0.contains("under way"));
    let refused = world(quiet("none"), "16.9");
    refused.set("POST /client/v11/databases/db/upgrade/cancel", 422, json!({"id": "bad_request", "message": "none"}));
    assert!(refused.act(cancel, &plain()).await.expect("a receipt").said.contains("nothing to cancel"));
}

#[tokio::test]
async fn only_the_new_version_is_success_and_a_follower_is_never_upgraded_in_place() {
    let upgrade = "postgres.upgrade-in-place";
    assert!(will(world(quiet(SCHEDULED), "16.9").look(upgrade, &in_place()).await)[1].contains("db-2"));
    assert_eq!(output(with_follower("17.6").look(upgrade, &in_place()).await)["version"], 17);
    note(world(busy(), "16.9").look(upgrade, &in_place()).await);
    note(world(quiet("x"), "16.9").look_after(upgrade, &in_place(), &accepted(60)).await);
    assert!(
        why(world(quiet("x"), "16.9").look_after(upgrade, &in_place(), &accepted(3600)).await)
            .0
            .contains("instead of 17")
    );
    let follower = world(quiet("x"), "16.9");
    follower.set("GET /client/v11/databases/db", 200, database("16.9", json!("postgres://u:p@host/d")));
    assert!(why(follower.look(upgrade, &in_place()).await).0.contains("follows another database"));
}

const FOLLOWER: &str = "GET /client/v11/databases/db-2";

/// An upgraded leader, and its follower on this version.
fn with_follower(version: &str) -> World {
    world(quiet("done"), "17.6").with(FOLLOWER, database(version, json!("postgres://u:p@host/d")))
}

#[tokio::test]
async fn an_upgrade_is_over_when_each_follower_shows_the_version() {
    let upgrade = "postgres.upgrade-in-place";
    let done = output(with_follower("17.6").look_after(upgrade, &in_place(), &accepted(600)).await);
    assert_eq!(done["followers"], json!(["db-2"]));
    assert_eq!(done["not_looked_at"], json!([]));
    let old = with_follower("16.9").look_after(upgrade, &in_place(), &accepted(600)).await;
    assert!(note(old).contains("db-2 is on Postgres 16"));
    let mut busy = database("17.6", json!("postgres://u:p@host/d"));
    busy["waiting?"] = json!(true);
    let busy = world(quiet("done"), "17.6").with(FOLLOWER, busy);
    assert!(note(busy.look_after(upgrade, &in_place(), &accepted(600)).await).contains("not ready"));
    let gone = world(quiet("done"), "17.6").look_after(upgrade, &in_place(), &accepted(600)).await;
    assert!(unclear(gone).0.contains("does not know it any more"));
    let mute = with_follower("unheard of").look_after(upgrade, &in_place(), &accepted(600)).await;
    assert!(unclear(mute).1[0].contains("Is db-2 on Postgres 17"));
}

#[tokio::test]
async fn what_cannot_be_upgraded_in_place_is_refused_before_anything() {
    let upgradable = "postgres.upgradable";
    let to = |to: u32| json!({"app": "crm", "database": "db", "to": to});
    assert_eq!(output(world(quiet("none"), "16.9").look(upgradable, &to(17)).await)["version"], 16);
    assert!(why(world(quiet("none"), "17.1").look(upgradable, &to(17)).await).0.contains("not newer"));
    assert!(why(world(quiet(SCHEDULED), "16.9").look(upgradable, &to(17)).await).0.contains("2026-11-23T02:30:00Z"));
    assert!(why(world(busy(), "16.9").look(upgradable, &to(17)).await).1.contains("pg:upgrade:cancel"));
    let advanced = world(quiet("none"), "16.9").with("GET /addons/db", addon("heroku-postgresql:advanced"));
    why(advanced.look(upgradable, &to(17)).await);
    let trial = world(quiet("none"), "16.9").look("postgres.dry-run-upgrade", &with()).await;
    assert!(will(trial)[0].contains("e-mail"));
}

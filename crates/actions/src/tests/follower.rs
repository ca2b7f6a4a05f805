use serde_json::{Value, json};

use super::world::{World, accepted, interrupted, note, output, unclear, why, will};
use hcops_model::{Effect, FaultKind, Prior, Seen};

const LEADER: &str = "postgres://u:hunter2@old.example:5432/d";

fn addon(state: &str, app: &str) -> Value {
    json!({
        "id": "new-id", "name": "new", "state": state, "plan": {"id": "p", "name": "heroku-postgresql:standard-0"},
        "app": {"id": "a", "name": app},
    })
}

fn database(following: Value, version: &str, info: &[(&str, &str)]) -> Value {
    let mut lines =
        vec![json!({"name": "PG Version", "values": [version]}), json!({"name": "Status", "values": ["Available"]})];
    lines.extend(info.iter().map(|(name, value)| json!({"name": name, "values": [value]})));
    json!({
        "addon_id": "new-id", "name": "new", "following": following, "waiting?": false, "info": lines,
        "resource_url": "postgres://u:hunter2@new.example:5432/d",
        "leader": if following.is_null() { Value::Null } else { json!({"addon_id": "old-id", "name": "old"}) },
    })
}

fn follower(behind: &str) -> Value {
    database(json!(LEADER), "16.9", &[("Behind By", behind)])
}

fn quiet() -> Value {
    json!({"message": "available", "waiting?": false})
}

fn busy(message: &str, step: &str) -> Value {
    json!({"message": message, "waiting?": true, "step": step})
}

fn ready_world(database: Value) -> World {
    World::new()
        .with("GET /addons/new", addon("provisioned", "crm"))
        .with("GET /client/v11/databases/new", database)
        .with("GET /client/v11/databases/new/wait_status", quiet())
        .with("GET /client/v11/databases/new/upgrade/wait_status", quiet())
        .with("GET /apps/crm/addon-attachments", json!([attachment("HCOPS_1")]))
}

fn attachment(name: &str) -> Value {
    json!({"id": name, "name": name, "app": {"id": "a", "name": "crm"}, "addon": {"id": "new-id", "name": "new"}})
}

// --- postgres.follow ---

const FOLLOW: &str = "postgres.follow";

fn follow_with() -> Value {
    json!({"app": "crm", "leader": "old", "plan": "heroku-postgresql:standard-0", "name": "new", "alias": "HCOPS_1"})
}

#[tokio::test]
async fn a_follower_is_created_under_its_name_and_found_again() {
    let world = World::new().with("POST /apps/crm/addons", addon("provisioning", "crm"));
    let shown = will(world.look(FOLLOW, &follow_with()).await);
    assert!(shown[0].contains("new") && shown[0].contains("follower of old") && shown[0].contains("billed"));
    world.act(FOLLOW, &follow_with()).await.expect("a receipt");
    let sent = &world.changes()[0].1;
    assert_eq!(
        (&sent["name"], &sent["config"]["follow"], &sent["attachment"]["name"]),
        (&json!("new"), &json!("old"), &json!("HCOPS_1"))
    );
    world.set("GET /addons/new", 200, addon("provisioning", "crm"));
    note(world.look_after(FOLLOW, &follow_with(), &interrupted(5)).await);
}

#[tokio::test]
async fn a_creation_that_does_not_show_yet_is_waited_for() {
    note(World::new().look_after(FOLLOW, &follow_with(), &accepted(5)).await);
    will(World::new().look_after(FOLLOW, &follow_with(), &interrupted(5)).await);
}

#[tokio::test]
async fn a_provisioned_add_on_is_not_yet_a_database() {
    let world = World::new().with("GET /addons/new", addon("provisioned", "crm"));
    assert!(note(world.look(FOLLOW, &follow_with()).await).contains("its database not yet"));
    let world =
        ready_world(follower("7 commits")).with("GET /client/v11/databases/new/wait_status", busy("restoring", "1/3"));
    match world.look(FOLLOW, &follow_with()).await {
        Seen::Underway { part: Some(part), note, .. } => {
            assert_eq!((part.of, part.unit.as_str()), (3, "steps"));
            assert!(note.contains("restoring"));
        }
        other => panic!("{other:?}"),
    }
    let found = output(ready_world(follower("7 commits")).look_after(FOLLOW, &follow_with(), &interrupted(5)).await);
    assert_eq!(found, json!({"name": "new", "id": "new-id", "alias": "HCOPS_1", "config_var": "HCOPS_1_URL"}));
}

#[tokio::test]
async fn a_foreign_add_on_of_that_name_is_neither_taken_nor_created_again() {
    let mut on_another_plan = addon("provisioned", "crm");
    on_another_plan["plan"]["name"] = json!("heroku-postgresql:standard-2");
    for world in [
        ready_world(follower("0 commits")).with("GET /addons/new", addon("provisioned", "other-app")),
        ready_world(database(Value::Null, "16.9", &[])),
        ready_world(follower("0 commits")).with("GET /addons/new", on_another_plan),
        ready_world(follower("0 commits")).with(
            "GET /client/v11/databases/new",
            json!({"following": "postgres://u:p@third.example:5432/d", "leader": {"name": "third"}, "info": []}),
        ),
    ] {
        let (saw, remedy) = why(world.look(FOLLOW, &follow_with()).await);
        assert!(saw.contains("exists already") && remedy.contains("--follower-name"), "{saw}");
    }
}

#[tokio::test]
async fn what_another_run_of_the_same_plan_made_is_not_taken_over() {
    let (saw, remedy) = why(ready_world(follower("0 commits")).look(FOLLOW, &follow_with()).await);
    assert!(saw.contains("another run") && saw.contains("HCOPS_1") && remedy.contains("--follower-name"), "{saw}");
    output(ready_world(follower("0 commits")).look_after(FOLLOW, &follow_with(), &interrupted(5)).await);
}

#[tokio::test]
async fn a_follower_is_reached_by_the_attachment_that_it_has() {
    const ATTACHMENTS: &str = "GET /apps/crm/addon-attachments";
    let renamed = ready_world(follower("0 commits")).with(ATTACHMENTS, json!([attachment("NEXT")]));
    let found = output(renamed.look(FOLLOW, &follow_with()).await);
    assert_eq!((&found["alias"], &found["config_var"]), (&json!("NEXT"), &json!("NEXT_URL")));
    let detached = ready_world(follower("0 commits")).with(ATTACHMENTS, json!([]));
    assert!(why(detached.look(FOLLOW, &follow_with()).await).1.contains("addons:attach new --as HCOPS_1 -a crm"));
    note(detached.look_after(FOLLOW, &follow_with(), &accepted(5)).await);
}

#[tokio::test]
async fn a_failed_creation_and_unknown_states_are_told() {
    why(ready_world(Value::Null)
        .with("GET /addons/new", addon("deprovisioned", "crm"))
        .look(FOLLOW, &follow_with())
        .await);
    let unknown = World::new().with("GET /addons/new", addon("levitating", "crm"));
    assert!(unclear(unknown.look(FOLLOW, &follow_with()).await).0.contains("levitating"));
    let failed = ready_world(follower("0 commits"))
        .with("GET /client/v11/databases/new/wait_status", json!({"error?": true, "message": "out of disks"}));
    assert!(why(failed.look(FOLLOW, &follow_with()).await).0.contains("out of disks"));
    let silent =
        ready_world(follower("0 commits")).with("GET /client/v11/databases/new/wait_status", json!({"message": "hm"}));
    unclear(silent.look(FOLLOW, &follow_with()).await);
    let without_key = ready_world(json!({"info": []}));
    assert!(why(without_key.look(FOLLOW, &follow_with()).await).0.contains("follows nothing"));
    let being_made = ready_world(json!({"info": [], "waiting?": true}));
    assert!(note(being_made.look(FOLLOW, &follow_with()).await).contains("not ready yet"));
}

#[tokio::test]
async fn the_leader_is_known_by_its_address_where_it_has_no_name() {
    let mut nameless = follower("0 commits");
    nameless["leader"] = Value::Null;
    let world =
        ready_world(nameless).with("GET /client/v11/databases/old", json!({"resource_url": LEADER, "following": null}));
    output(world.look_after(FOLLOW, &follow_with(), &interrupted(5)).await);
}

// --- lag ---

#[tokio::test]
async fn lag_is_measured_and_only_an_understood_zero_counts() {
    let with = json!({"app": "crm", "database": "new", "leader": "old"});
    let caught_up = "postgres.caught-up";
    assert_eq!(output(ready_world(follower("0 commits")).look(caught_up, &with).await)["behind_by"], 0);
    assert!(note(ready_world(follower("1 commit")).look(caught_up, &with).await).contains("1 commit behind"));
    for odd in ["caught up", "0", "a moment", "0 seconds"] {
        assert!(unclear(ready_world(follower(odd)).look(caught_up, &with).await).0.contains(odd));
    }
    let without = ready_world(database(json!(LEADER), "16.9", &[]));
    assert!(note(without.look(caught_up, &with).await).contains("Behind By"));
}

#[tokio::test]
async fn progress_is_measured_from_the_largest_lag_seen() {
    let with = json!({"app": "crm", "database": "new", "leader": "old", "max_commits": 100});
    let world = ready_world(follower("150 commits"));
    let prior = Prior { memo: Some(json!({"largest": 1000})), ..Prior::default() };
    let look = world.try_look("postgres.nearly-caught-up", &with, &prior).await.expect("a look");
    match look.seen {
        Seen::Underway { part: Some(part), .. } => {
            assert_eq!((part.done, part.of, part.unit.as_str()), (850, 1000, "commits"))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(look.memo, Some(json!({"largest": 1000})));
    world.set("GET /client/v11/databases/new", 200, follower("100 commits"));
    output(world.look("postgres.nearly-caught-up", &with).await);
}

#[tokio::test]
async fn a_database_that_does_not_follow_cannot_catch_up() {
    let with = json!({"app": "crm", "database": "new", "leader": "old"});
    let alone = ready_world(database(Value::Null, "16.9", &[("Behind By", "0 commits")]));
    let (saw, remedy) = why(alone.look("postgres.caught-up", &with).await);
    assert!(saw.contains("follows nothing") && remedy.contains("hcops abort"));
    why(alone.look("postgres.is-follower", &with).await);
    output(ready_world(follower("5 commits")).look("postgres.is-follower", &with).await);
}

// --- postgres.upgrade ---

const UPGRADE: &str = "postgres.upgrade";

fn upgrade_with() -> Value {
    json!({"app": "crm", "database": "new", "leader": "old", "version": 17})
}

#[tokio::test]
async fn only_a_follower_of_the_leader_is_upgraded_and_the_version_is_named() {
    let world = ready_world(follower("0 commits"))
        .with("POST /client/v11/databases/new/upgrade/run", json!({"message": "Starting upgrade"}));
    assert!(will(world.look(UPGRADE, &upgrade_with()).await)[0].contains("stops following old"));
    let receipt = world.act(UPGRADE, &upgrade_with()).await.expect("a receipt");
    assert_eq!(receipt.said, "Starting upgrade");
    assert_eq!(world.changes()[0].1, json!({"version": "17"}));
    let third = json!({"following": "postgres://u:p@third.example:5432/d", "leader": {"name": "third"}, "info": []});
    assert!(why(ready_world(third).look(UPGRADE, &upgrade_with()).await).0.contains("follows third"));
}

#[tokio::test]
async fn an_upgrade_is_followed_through_its_steps_to_the_version() {
    let world = ready_world(database(Value::Null, "16.9", &[]))
        .with("GET /client/v11/databases/new/upgrade/wait_status", busy("upgrading", "3/7"));
    match world.look_after(UPGRADE, &upgrade_with(), &accepted(60)).await {
        Seen::Underway { part: Some(part), note, .. } => {
            assert_eq!((part.done, part.of), (3, 7));
            assert!(note.contains("upgrading"));
        }
        other => panic!("{other:?}"),
    }
    world.set("GET /client/v11/databases/new/upgrade/wait_status", 200, quiet());
    world.set("GET /client/v11/databases/new", 200, database(Value::Null, "17.2", &[]));
    assert_eq!(output(world.look(UPGRADE, &upgrade_with()).await), json!({"database": "new", "version": 17}));
}

#[tokio::test]
async fn an_interrupted_upgrade_is_told_by_the_world() {
    let untouched = ready_world(follower("0 commits"));
    will(untouched.look_after(UPGRADE, &upgrade_with(), &interrupted(3600)).await);
    note(untouched.look_after(UPGRADE, &upgrade_with(), &accepted(5)).await);
    let unfollowed = ready_world(database(Value::Null, "16.9", &[]));
    note(unfollowed.look_after(UPGRADE, &upgrade_with(), &interrupted(5)).await);
    let (saw, remedy) = why(unfollowed.look_after(UPGRADE, &upgrade_with(), &interrupted(3600)).await);
    assert!(saw.contains("16 instead of 17") && remedy.contains("hcops abort"));
    why(unfollowed.look(UPGRADE, &upgrade_with()).await);
}

#[tokio::test]
async fn a_failed_upgrade_and_an_unknown_version_are_not_success() {
    let failed = ready_world(database(Value::Null, "17.2", &[])).with(
        "GET /client/v11/databases/new/upgrade/wait_status",
        json!({"error?": true, "message": "upgrade failed", "step": "4/7"}),
    );
    let (saw, remedy) = why(failed.look(UPGRADE, &upgrade_with()).await);
    assert!(saw.contains("upgrade failed") && remedy.contains("old is untouched"));
    let unknown = ready_world(database(Value::Null, "newest", &[]));
    unclear(unknown.look(UPGRADE, &upgrade_with()).await);
    let mute = ready_world(database(Value::Null, "17.2", &[]))
        .with("GET /client/v11/databases/new/upgrade/wait_status", json!({"message": "?"}));
    unclear(mute.look(UPGRADE, &upgrade_with()).await);
}

#[tokio::test]
async fn a_refused_upgrade_is_known_not_to_have_happened() {
    let world = ready_world(follower("0 commits"));
    world.set(
        "POST /client/v11/databases/new/upgrade/run",
        422,
        json!({"id": "unprocessable_entity", "message": "An upgrade is in progress."}),
    );
    let fault = world.act(UPGRADE, &upgrade_with()).await.unwrap_err();
    assert_eq!((fault.kind, fault.happened), (FaultKind::Refused, hcops_model::Happened::No));
    assert_eq!(world.changes().len(), 1, "sent once");
    let actions = crate::catalogue().expect("a catalogue");
    assert_eq!(hcops_model::Actions::find(&actions, UPGRADE).expect("found").effect(), Effect::OneShot);
}

// --- postgres.writable ---

#[tokio::test]
async fn writable_means_available_and_following_nothing() {
    let with = json!({"app": "crm", "database": "new"});
    assert_eq!(
        output(ready_world(database(Value::Null, "17.2", &[])).look("postgres.writable", &with).await)["version"],
        17
    );
    let (saw, _) = why(ready_world(follower("0 commits")).look("postgres.writable", &with).await);
    assert!(saw.contains("old.example") && !saw.contains("hunter2"), "{saw}");
    let mut recovering = database(Value::Null, "17.2", &[]);
    recovering["is_in_recovery?"] = json!(true);
    note(ready_world(recovering).look("postgres.writable", &with).await);
    let mut odd = database(Value::Null, "17.2", &[]);
    odd["info"] = json!([{"name": "Status", "values": ["Dozing"]}]);
    assert!(unclear(ready_world(odd).look("postgres.writable", &with).await).0.contains("Dozing"));
    for info in [json!([{"name": "Status", "values": ["available"]}]), json!([]), Value::Null] {
        let mut spelled = database(Value::Null, "17.2", &[]);
        spelled["info"] = info;
        spelled.as_object_mut().unwrap().remove("following");
        output(ready_world(spelled).look("postgres.writable", &with).await);
    }
    let waiting = ready_world(database(Value::Null, "17.2", &[]))
        .with("GET /client/v11/databases/new/wait_status", busy("finishing", "1/1"));
    note(waiting.look("postgres.writable", &with).await);
}

#[tokio::test]
async fn a_database_that_is_gone_is_not_waited_for() {
    let with = json!({"app": "crm", "database": "new"});
    let gone = World::new();
    assert!(why(gone.look("postgres.writable", &with).await).0.contains("There is no add-on new"));
    let addon = json!({"id": "1", "name": "new", "state": "provisioning", "app": {"name": "crm"},
                       "plan": {"id": "p", "name": "heroku-postgresql:standard-0"}});
    note(World::new().with("GET /addons/new", addon).look("postgres.writable", &with).await);
}

// --- postgres.unfollow ---

const UNFOLLOW: &str = "postgres.unfollow";

fn unfollow_with() -> Value {
    json!({"app": "crm", "database": "new", "leader": "old"})
}

#[tokio::test]
async fn an_unfollow_that_is_accepted_and_never_happens_is_no_success() {
    let world = ready_world(follower("0 commits"))
        .with("PUT /client/v11/databases/new/unfollow", json!({"message": "new unfollowing"}));
    assert!(will(world.look(UNFOLLOW, &unfollow_with()).await)[0].contains("cannot be made to follow old again"));
    assert_eq!(world.act(UNFOLLOW, &unfollow_with()).await.expect("a receipt").said, "new unfollowing");
    assert!(note(world.look_after(UNFOLLOW, &unfollow_with(), &accepted(60)).await).contains("not visible yet"));
    will(world.look_after(UNFOLLOW, &unfollow_with(), &accepted(3_600)).await);
    let writable = json!({"app": "crm", "database": "new"});
    assert!(why(world.look("postgres.writable", &writable).await).0.contains("can only be read"));
}

#[tokio::test]
async fn an_unfollow_is_done_when_the_database_follows_nothing_and_can_be_written_to() {
    let alone = |more: Value| {
        let mut shown = database(Value::Null, "16.9", &[]);
        shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ready_world(shown)
    };
    let done = alone(json!({"is_in_recovery?": false})).look_after(UNFOLLOW, &unfollow_with(), &accepted(30)).await;
    assert_eq!(output(done), json!({"database": "new", "followed": "old"}));
    output(alone(json!({})).look_after(UNFOLLOW, &unfollow_with(), &interrupted(3_600)).await);
    let replays = alone(json!({"is_in_recovery?": true}));
    assert!(note(replays.look_after(UNFOLLOW, &unfollow_with(), &accepted(30)).await).contains("not ready for writes"));
    let waits = alone(json!({})).with("GET /client/v11/databases/new/wait_status", busy("unfollowing", "1/2"));
    assert!(note(waits.look_after(UNFOLLOW, &unfollow_with(), &accepted(30)).await).contains("unfollowing"));
}

#[tokio::test]
async fn a_database_that_somebody_else_unfollowed_is_not_taken() {
    let (saw, remedy) = why(ready_world(database(Value::Null, "16.9", &[])).look(UNFOLLOW, &unfollow_with()).await);
    assert!(saw.contains("follows nothing") && remedy.contains("is missing in it"), "{saw} {remedy}");
    let third = json!({"following": "postgres://u:p@third.example:5432/d", "leader": {"name": "third"}, "info": []});
    why(ready_world(third).look_after(UNFOLLOW, &unfollow_with(), &accepted(5)).await);
    let without_key = ready_world(json!({"name": "new", "info": []}));
    assert!(why(without_key.look(UNFOLLOW, &unfollow_with()).await).0.contains("follows nothing"));
    let failed = ready_world(database(Value::Null, "16.9", &[]))
        .with("GET /client/v11/databases/new/wait_status", json!({"error?": true, "message": "out of disks"}));
    assert!(why(failed.look_after(UNFOLLOW, &unfollow_with(), &accepted(5)).await).0.contains("out of disks"));
}

// --- postgres.followable, postgres.maintenance-clear ---

fn leader_world(plan: &str, version: &str, fork_follow: &str) -> World {
    let mut addon = addon("provisioned", "crm");
    addon["plan"]["name"] = json!(plan);
    World::new()
        .with("GET /addons/old", addon)
        .with("GET /client/v11/databases/old", database(Value::Null, version, &[("Fork/Follow", fork_follow)]))
        .with("GET /client/v11/databases/old/upgrade/wait_status", quiet())
}

#[tokio::test]
async fn a_database_that_cannot_be_followed_is_refused_with_its_reason() {
    let with = json!({"app": "crm", "database": "old", "to": 17});
    let followable = "postgres.followable";
    let standard = "heroku-postgresql:standard-0";
    assert_eq!(output(leader_world(standard, "16.9", "Available").look(followable, &with).await)["version"], 16);
    for plan in ["heroku-postgresql:essential-0", "heroku-postgresql:mini", "heroku-postgresql:hobby-dev"] {
        let (saw, remedy) = why(leader_world(plan, "16.9", "Available").look(followable, &with).await);
        assert!(
            saw.contains("no followers") && remedy.contains("heroku pg:upgrade:run old --version 17 -a crm"),
            "{saw}"
        );
    }
    why(leader_world("heroku-postgresql:advanced", "16.9", "Available").look(followable, &with).await);
    assert!(
        unclear(leader_world("x:colossal-9", "16.9", "Available").look(followable, &with).await)
            .0
            .contains("colossal-9")
    );
    let (saw, _) = why(leader_world(standard, "16.9", "Temporarily Unavailable").look(followable, &with).await);
    assert!(saw.contains("Temporarily Unavailable"));
    for version in ["17.1", "18.0"] {
        assert!(
            why(leader_world(standard, version, "Available").look(followable, &with).await).0.contains("not newer")
        );
    }
    unclear(leader_world(standard, "unknown", "Available").look(followable, &with).await);
    let for_a_plan = json!({"app": "crm", "database": "old"});
    let essential = leader_world("heroku-postgresql:essential-0", "16.9", "Available");
    assert!(why(essential.look(followable, &for_a_plan).await).1.contains("--method upgrade"));
    for version in ["18.0", "unknown"] {
        output(leader_world(standard, version, "Available").look(followable, &for_a_plan).await);
    }
    let chained =
        leader_world(standard, "16.9", "Available").with("GET /client/v11/databases/old", follower("0 commits"));
    assert!(why(chained.look(followable, &with).await).0.contains("can't be chained"));
    let under_way = leader_world(standard, "16.9", "Available")
        .with("GET /client/v11/databases/old/upgrade/wait_status", busy("preparing upgrade service", "1/2"));
    assert!(why(under_way.look(followable, &with).await).0.contains("preparing upgrade service"));
}

#[tokio::test]
async fn a_maintenance_within_the_estimate_blocks() {
    let with = json!({"app": "crm", "database": "old", "minutes": 60});
    let clear = "postgres.maintenance-clear";
    let of = |plan: &str, info: &[(&str, &str)]| {
        let mut addon = addon("provisioned", "crm");
        (addon["id"], addon["plan"]["name"]) = (json!("old-id"), json!(plan));
        let shown = database(Value::Null, "16.9", info);
        World::new().with("GET /addons/old", addon).with("GET /client/v11/databases/old", shown)
    };
    let standard = "heroku-postgresql:standard-0";
    let listed = |status: &str, at: &str| {
        of(standard, &[]).with("GET /data/maintenances/v1/old-id", json!({"status": status, "scheduled_for": at}))
    };
    assert!(unclear(of(standard, &[]).look(clear, &with).await).0.contains("not known"), "not found is not none");
    output(of(standard, &[("Maintenance", "not required")]).look(clear, &with).await);
    unclear(listed("unknown", "").look(clear, &with).await);
    let refused = of("heroku-postgresql:essential-0", &[]);
    refused.set("GET /data/maintenances/v1/old-id", 422, json!({"id": "no", "message": "no"}));
    output(refused.look(clear, &with).await);
    output(listed("none", "").look(clear, &with).await);
    output(listed("pending", "2026-11-22 02:00:01 +0000").look(clear, &with).await);
    let (saw, remedy) = why(listed("pending", "2026-11-22 01:59:00 +0000").look(clear, &with).await);
    assert!(saw.contains("2026-11-22T01:59:00Z") && remedy.contains("heroku data:maintenances:schedule old -a crm"));
    why(listed("ready", "2026-11-20 01:59:00 +0000").look(clear, &with).await);
    why(listed("running", "").look(clear, &with).await);
    unclear(listed("pending", "soon").look(clear, &with).await);
    assert!(unclear(listed("contemplating", "").look(clear, &with).await).0.contains("contemplating"));
}

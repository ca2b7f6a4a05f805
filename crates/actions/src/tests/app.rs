use serde_json::{Value, json};

use super::world::{World, accepted, interrupted, note, output, unclear, why, will};
use hcops_heroku::OwnDyno;
use hcops_model::{Happened, Prior, Seen};

fn app(maintenance: bool) -> Value {
    json!({"id": "a", "name": "crm", "maintenance": maintenance})
}

fn formation(worker: u32) -> Value {
    json!([
        {"type": "web", "quantity": 2, "size": "Standard-1X"},
        {"type": "worker", "quantity": worker, "size": "Standard-2X"},
    ])
}

fn dyno(name: &str, kind: &str) -> Value {
    json!({"name": name, "type": kind, "state": "up"})
}

fn silent_world(dynos: Value) -> World {
    World::new()
        .with("GET /apps/crm", app(true))
        .with("GET /apps/crm/formation", formation(0))
        .with("GET /apps/crm/dynos", dynos)
}

#[tokio::test]
async fn maintenance_is_done_when_the_app_shows_it() {
    let with = json!({"app": "crm", "on": true});
    let world = World::new().with("GET /apps/crm", app(false)).with("PATCH /apps/crm", app(true));
    let shown = will(world.look("app.maintenance", &with).await);
    assert!(shown[0].contains("crm") && shown[0].contains("on"));
    let receipt = world.act("app.maintenance", &with).await.expect("a receipt");
    assert_eq!(receipt.said, "maintenance mode is on");
    assert_eq!(world.changes(), [("PATCH /apps/crm".to_owned(), json!({"maintenance": true}))]);
    world.set("GET /apps/crm", 200, app(true));
    assert_eq!(output(world.look("app.maintenance", &with).await)["maintenance"], true);
}

#[tokio::test]
async fn an_accepted_act_is_waited_for_and_then_shown_as_not_done() {
    let with = json!({"app": "crm", "on": false});
    let world = World::new().with("GET /apps/crm", app(true));
    let waiting = note(world.look_after("app.maintenance", &with, &accepted(5)).await);
    assert!(waiting.contains("accepted"), "{waiting}");
    will(world.look_after("app.maintenance", &with, &accepted(600)).await);
    will(world.look_after("app.maintenance", &with, &interrupted(5)).await);
}

#[tokio::test]
async fn a_missing_app_and_a_read_only_act_are_faults() {
    let fault =
        World::new().try_look("app.maintenance", &json!({"app": "x", "on": true}), &accepted(1)).await.unwrap_err();
    assert_eq!(fault.kind, hcops_model::FaultKind::NotFound);
    assert_eq!(fault.requests.len(), 1);
    let fault = World::new().act("app.silent", &json!({"apps": []})).await.unwrap_err();
    assert_eq!((fault.kind, fault.happened), (hcops_model::FaultKind::Bug, Happened::No));
}

#[tokio::test]
async fn scaling_down_names_each_type_and_leaves_web_alone() {
    let with = json!({"app": "crm"});
    let world = World::new()
        .with("GET /apps/crm/formation", formation(3))
        .with("GET /apps/crm/dynos", json!([dyno("web.1", "web"), dyno("worker.1", "worker")]))
        .with("PATCH /apps/crm/formation", formation(0));
    assert_eq!(will(world.look("app.scale-down", &with).await), ["scale worker of crm from 3 to 0"]);
    world.act("app.scale-down", &with).await.expect("a receipt");
    let sent = json!({"updates": [{"type": "worker", "quantity": 0}]});
    assert_eq!(world.changes(), [("PATCH /apps/crm/formation".to_owned(), sent)]);
}

#[tokio::test]
async fn scaled_down_is_not_yet_stopped() {
    let with = json!({"app": "crm"});
    let world =
        silent_world(json!([dyno("worker.2", "worker"), dyno("run.77", "run"), dyno("scheduler.9", "scheduler")]));
    let waiting = note(world.look("app.scale-down", &with).await);
    assert!(waiting.contains("worker.2 (up)"), "{waiting}");
    assert!(waiting.contains("heroku ps:stop run.77 -a crm") && waiting.contains("scheduler.9 -a crm"), "{waiting}");
    world.set("GET /apps/crm/dynos", 200, json!([dyno("web.1", "web")]));
    assert_eq!(output(world.look("app.scale-down", &with).await)["formation"], json!([]), "nothing was taken away");
}

fn with_before(before: Value) -> Prior {
    Prior { before: Some(before), ..accepted(1_000) }
}

#[tokio::test]
async fn what_is_taken_away_is_what_the_look_right_before_the_act_shows() {
    let with = json!({"app": "crm", "snapshot": [{"type": "worker", "quantity": 3}]});
    let world = World::new()
        .with("GET /apps/crm/formation", formation(6))
        .with("GET /apps/crm/dynos", json!([dyno("worker.1", "worker")]));
    let look = world.try_look("app.scale-down", &with, &Prior::default()).await.expect("a look");
    let before = look.before.expect("noted for the intent");
    assert_eq!(before, json!({"formation": [{"type": "worker", "quantity": 6, "size": "Standard-2X"}]}));

    // Interrupted before the receipt: the intent alone knows it.
    let world = silent_world(json!([]));
    let settled = output(world.look_after("app.scale-down", &with, &with_before(before.clone())).await);
    assert_eq!(settled, before);
    // An older version noted nothing in its intent; its plan has the formation.
    let old = output(world.look_after("app.scale-down", &with, &interrupted(1_000)).await);
    assert_eq!(old["formation"][0]["quantity"], 3);
}

#[tokio::test]
async fn scaling_down_again_does_not_forget_what_was_there_at_first() {
    let with = json!({"app": "crm"});
    let kind = |name: &str, quantity: u32| json!({"type": name, "quantity": quantity, "size": null});
    let now = json!([kind("worker", 1), kind("clock", 2), kind("mail", 0), kind("web", 4)]);
    let world = World::new().with("GET /apps/crm/formation", now).with("GET /apps/crm/dynos", json!([]));
    let prior = with_before(json!({"formation": [kind("worker", 6)]}));
    let look = world.try_look("app.scale-down", &with, &prior).await.expect("a look");
    assert_eq!(look.before, Some(json!({"formation": [kind("worker", 6), kind("clock", 2)]})));
}

#[tokio::test]
async fn maintenance_mode_that_somebody_else_turned_on_is_no_change_of_ours() {
    let (on, off) = (json!({"app": "crm", "on": true}), json!({"app": "crm", "on": false}));
    let theirs = World::new().with("GET /apps/crm", app(true));
    assert_eq!(output(theirs.look("app.maintenance", &on).await)["was"], true);
    let world = World::new().with("GET /apps/crm", app(false));
    let look = world.try_look("app.maintenance", &on, &Prior::default()).await.expect("a look");
    let before = look.before.expect("noted for the intent");
    assert_eq!(output(theirs.look_after("app.maintenance", &on, &with_before(before)).await)["was"], false);
    assert_eq!(output(world.look("app.maintenance", &off).await)["was"], false);
}

#[tokio::test]
async fn a_dyno_size_that_differs_is_restored_even_where_the_quantity_fits() {
    let with = |size: &str| json!({"app": "crm", "formation": [{"type": "worker", "quantity": 3, "size": size}]});
    let world =
        World::new().with("GET /apps/crm/formation", formation(3)).with("PATCH /apps/crm/formation", formation(3));
    output(world.look("app.restore-formation", &with("standard-2x")).await);
    let shown = will(world.look("app.restore-formation", &with("performance-m")).await);
    assert_eq!(shown, ["scale worker of crm from 3 of Standard-2X to 3 of performance-m"]);
    world.act("app.restore-formation", &with("performance-m")).await.expect("a receipt");
    assert_eq!(world.changes()[0].1["updates"][0]["dyno_size"]["name"], "performance-m");
}

const DYNOS: &str = "app.dynos-current";

/// An app whose newest release was made so many seconds before now.
fn released_ago(seconds_ago: i64, dynos: Value) -> World {
    let at = super::world::NOW.parse::<jiff::Timestamp>().unwrap() - jiff::SignedDuration::from_secs(seconds_ago);
    let release = |version: u64, status: &str| json!({"id": format!("r{version}"), "version": version, "description": "", "status": status, "created_at": at.to_string()});
    World::new()
        .with("GET /apps/crm/releases", json!([release(9, "failed"), release(8, "succeeded"), release(7, "succeeded")]))
        .with("GET /apps/crm/dynos", dynos)
        .with("GET /apps/crm/features/preboot", json!({"name": "preboot", "enabled": false}))
}

fn of_release(name: &str, kind: &str, state: &str, release: Value) -> Value {
    json!({"id": name, "name": name, "type": kind, "state": state, "release": release})
}

#[tokio::test]
async fn no_dyno_of_an_older_release_may_run() {
    let with = json!({"app": "crm"});
    let (old, new) = (json!({"id": "r7", "version": 7}), json!({"id": "r8", "version": 8}));
    let rolling = json!([of_release("web.1", "web", "up", new.clone()), of_release("web.2", "web", "up", old.clone())]);
    let waiting = note(released_ago(10, rolling).look(DYNOS, &with).await);
    assert!(waiting.contains("web.2 (up)") && !waiting.contains("web.1"), "{waiting}");
    assert!(waiting.contains("heroku ps:restart -a crm"), "{waiting}");
    let done = json!([
        of_release("web.1", "web", "up", new),
        of_release("web.2", "web", "crashed", old.clone()),
        of_release("release.1", "release", "up", old),
    ]);
    assert_eq!(output(released_ago(10, done).look(DYNOS, &with).await)["version"], 8);
    let silent = json!([of_release("web.1", "web", "up", Value::Null)]);
    unclear(released_ago(10, silent).look(DYNOS, &with).await);
    let by_time = |at: &str| {
        let mut dyno = of_release("web.1", "web", "up", Value::Null);
        dyno["created_at"] = json!(at);
        json!([dyno])
    };
    note(released_ago(10, by_time("2026-11-22T00:00:00Z")).look(DYNOS, &with).await);
    output(released_ago(10, by_time("2026-11-22T00:59:55Z")).look(DYNOS, &with).await);
}

#[tokio::test]
async fn with_preboot_the_time_is_waited_out_in_which_old_dynos_live_on() {
    let with = json!({"app": "crm"});
    let feature = "GET /apps/crm/features/preboot";
    let current = || json!([of_release("web.1", "web", "up", json!({"id": "r8", "version": 8}))]);
    let on = json!({"name": "preboot", "enabled": true});
    let fresh = released_ago(10, current()).with(feature, on.clone());
    assert!(note(fresh.look(DYNOS, &with).await).contains("preboot is on for crm"));
    output(released_ago(301, current()).with(feature, on).look(DYNOS, &with).await);
    let absent = released_ago(10, current());
    absent.set(feature, 404, json!({"id": "not_found", "message": "no such feature"}));
    output(absent.look(DYNOS, &with).await);
    let refused = released_ago(10, current());
    refused.set(feature, 403, json!({"id": "forbidden", "message": "no"}));
    assert!(note(refused.look(DYNOS, &with).await).contains("could not be read"));
}

#[tokio::test]
async fn an_app_that_is_still_on_the_old_database_is_not_woken() {
    let unless = json!({"old": "old", "new": "new", "attachments": [
        {"app": "crm", "name": "REPORTS", "credential": "reports"},
        {"app": "jobs", "name": "DATABASE", "credential": "jobs"},
    ]});
    let attached = |addon: &str| {
        json!([{"id": "1", "name": "REPORTS", "namespace": "credential:reports", "app": {"id": "a", "name": "crm"},
                "addon": {"id": addon, "name": addon}, "config_vars": []}])
    };
    let world = World::new()
        .with("GET /apps/crm", app(true))
        .with("GET /apps/crm/formation", formation(0))
        .with("GET /apps/crm/addon-attachments", attached("old"));
    let maintenance = json!({"app": "crm", "on": false, "unless": unless});
    let formation = json!({"app": "crm", "formation": [{"type": "worker", "quantity": 3}], "unless": unless});
    for (action, with) in [("app.maintenance", &maintenance), ("app.restore-formation", &formation)] {
        let (saw, remedy) = why(world.look(action, with).await);
        assert!(saw.contains("REPORTS of crm still leads to old"), "{saw}");
        let command = "heroku addons:attach new --credential reports --as REPORTS -a crm --confirm crm";
        assert!(remedy.contains(command) && remedy.contains("pg:credentials:create new --name reports"), "{remedy}");
    }
    world.set("GET /apps/crm/addon-attachments", 200, attached("new"));
    will(world.look("app.maintenance", &maintenance).await);
    will(world.look("app.restore-formation", &formation).await);
}

#[tokio::test]
async fn a_formation_comes_back_exactly() {
    let before = json!([
        {"type": "web", "quantity": 9, "size": "standard-1x"},
        {"type": "worker", "quantity": 3, "size": "standard-2x"},
    ]);
    let with = json!({"app": "crm", "formation": before});
    let world =
        World::new().with("GET /apps/crm/formation", formation(0)).with("PATCH /apps/crm/formation", formation(3));
    let shown = will(world.look("app.restore-formation", &with).await);
    assert_eq!(shown, ["scale worker of crm from 0 of Standard-2X to 3 of standard-2x"]);
    world.act("app.restore-formation", &with).await.expect("a receipt");
    let sent = json!({"updates": [{"type": "worker", "quantity": 3, "dyno_size": {"name": "standard-2x"}}]});
    assert_eq!(world.changes()[0].1, sent, "web is not touched");
    world.set("GET /apps/crm/formation", 200, formation(3));
    output(world.look("app.restore-formation", &with).await);
}

#[tokio::test]
async fn a_process_type_that_is_gone_blocks_only_when_it_had_dynos() {
    let world = World::new().with("GET /apps/crm/formation", formation(0));
    let with = |quantity: u32| json!({"app": "crm", "formation": [{"type": "clock", "quantity": quantity}]});
    let (saw, remedy) = why(world.look("app.restore-formation", &with(1)).await);
    assert!(saw.contains("clock") && remedy.contains("heroku releases -a crm"));
    output(world.look("app.restore-formation", &with(0)).await);
    let both =
        json!({"app": "crm", "formation": [{"type": "clock", "quantity": 1}, {"type": "worker", "quantity": 3}]});
    assert_eq!(will(world.look("app.restore-formation", &both).await).len(), 1, "what there is comes back first");
    world.set("GET /apps/crm/formation", 200, formation(3));
    let (_, remedy) = why(world.look("app.restore-formation", &both).await);
    assert!(remedy.contains("heroku ps:scale TYPE=QUANTITY -a crm"), "{remedy}");
}

#[tokio::test]
async fn silence_names_everything_that_makes_noise() {
    let with = json!({"apps": [{"name": "crm", "maintenance": false, "formation": []}]});
    output(silent_world(json!([])).look("app.silent", &with).await);
    let world = World::new()
        .with("GET /apps/crm", app(false))
        .with("GET /apps/crm/formation", formation(1))
        .with("GET /apps/crm/dynos", json!([dyno("web.1", "web"), dyno("run.5", "run")]));
    let (saw, remedy) = why(world.look("app.silent", &with).await);
    for noise in ["maintenance mode of crm is off", "worker: 1 of Standard-2X", "run.5 (up)"] {
        assert!(saw.contains(noise), "{noise} in {saw}");
    }
    assert!(!saw.contains("web.1") && remedy.contains("heroku releases -a crm"));
}

#[tokio::test]
async fn a_release_phase_makes_noise_unless_it_is_expected() {
    let world = silent_world(json!([dyno("release.1", "release")]));
    why(world.look("app.silent", &json!({"apps": [{"name": "crm"}]})).await);
    output(world.look("app.silent", &json!({"apps": [{"name": "crm"}], "allow_release_phase": true})).await);
}

const RELEASE: &str = "app.release-succeeded";

fn attached(addon: &str) -> Value {
    json!([{
        "id": "1", "name": "DATABASE", "app": {"id": "a", "name": "crm"},
        "addon": {"id": "d", "name": addon}, "config_vars": ["DATABASE_URL"], "created_at": "2026-11-22T00:59:00Z",
    }])
}

fn release(version: u64, description: &str, status: &str) -> Value {
    json!({
        "id": version.to_string(), "version": version, "description": description, "status": status,
        "created_at": format!("2026-11-22T00:{version}:01Z"),
    })
}

fn released(releases: Value) -> World {
    World::new()
        .with("GET /apps/crm/addon-attachments", attached("new"))
        .with("GET /apps/crm/releases", releases)
        .with("GET /apps/crm/formation", json!([{"type": "release", "quantity": 0}]))
        .with("GET /apps/crm/config-vars", json!({"DATABASE_URL": "postgres://u:hunter2@h/d"}))
        .with("GET /client/v11/databases/new", json!({"resource_url": "postgres://v:hunter2@h:5432/d"}))
        .with("GET /client/v11/databases/old", json!({"resource_url": "postgres://v:hunter2@old:5432/d"}))
}

fn release_with() -> Value {
    json!({"app": "crm", "attachment": "DATABASE", "database": "new"})
}

#[tokio::test]
async fn the_release_of_this_attachment_is_watched_and_no_other() {
    let others = json!([
        release(50, "Attach DATABASE_POOL (@ref:new)", "failed"),
        release(49, "Attach DATABASE (@ref:other)", "failed"),
        release(48, "Detach DATABASE (@ref:old)", "failed"),
    ]);
    note(released(others).look(RELEASE, &release_with()).await);
    let mine = json!([
        release(50, "Attach DATABASE_POOL (@ref:new)", "failed"),
        release(47, "Attach DATABASE (@ref:new)", "succeeded"),
    ]);
    assert_eq!(output(released(mine).look(RELEASE, &release_with()).await)["version"], 47);
    let old = json!([release(12, "Attach DATABASE", "succeeded")]);
    note(released(old).look(RELEASE, &release_with()).await);
    let recent = json!([release(59, "Attach DATABASE", "succeeded")]);
    output(released(recent).look(RELEASE, &release_with()).await);
}

#[tokio::test]
async fn a_failed_release_phase_says_what_the_app_runs_on() {
    let failed = || json!([release(47, "Attach DATABASE (@ref:new)", "failed")]);
    let (saw, remedy) = why(released(failed()).look(RELEASE, &release_with()).await);
    assert!(
        saw.contains("dynos still run the release before") && remedy.contains("heroku releases:output v47 -a crm"),
        "{saw}"
    );
    assert!(!format!("{saw}{remedy}").contains("hunter2"));
    let without = released(failed()).with("GET /apps/crm/config-vars", json!({}));
    assert!(why(without.look(RELEASE, &release_with()).await).0.contains("DATABASE_URL is missing"));
    let mended = json!([release(48, "Deploy abc", "succeeded"), release(47, "Attach DATABASE (@ref:new)", "failed"),]);
    assert_eq!(output(released(mended).look(RELEASE, &release_with()).await)["version"], 48);
}

#[tokio::test]
async fn a_failed_release_is_made_good_by_a_later_deploy_that_succeeded_and_by_nothing_else() {
    let after = |description: &str, status: &str| {
        released(json!([release(49, description, status), release(47, "Attach DATABASE (@ref:new)", "failed")]))
    };
    for (description, status, good) in [
        ("Deploy abc", "succeeded", true),
        ("Promote crm-staging v12 abc", "succeeded", true),
        ("Deploy abc", "failed", false),
        ("Deploy abc", "pending", false),
        ("Attach DATABASE_POOL (@ref:new)", "succeeded", false),
        ("Attach ROSE (@ref:new)", "succeeded", false),
        ("Detach DATABASE_POOL (@ref:old)", "succeeded", false),
        ("Set FEATURE_FLAG config vars", "succeeded", false),
        ("Rollback to v12", "succeeded", false),
        ("Attach DATABASE (@ref:new)", "succeeded", true),
        ("Attach DATABASE (@ref:new)", "failed", false),
    ] {
        let seen = after(description, status).look(RELEASE, &release_with()).await;
        assert_eq!(matches!(seen, Seen::Satisfied { .. }), good, "{description} {status}: {seen:?}");
        for vars in [json!({}), json!({"DATABASE_URL": "postgres://u:hunter2@old/d"})] {
            let unmended = after(description, status).with("GET /apps/crm/config-vars", vars);
            let seen = unmended.look(RELEASE, &release_with()).await;
            assert!(!matches!(seen, Seen::Satisfied { .. }), "{description} {status}: {seen:?}");
        }
    }
    let before = json!([release(47, "Attach DATABASE (@ref:new)", "failed"), release(46, "Deploy abc", "succeeded")]);
    why(released(before).look(RELEASE, &release_with()).await);
}

#[tokio::test]
async fn a_release_that_succeeded_is_not_enough_where_the_variable_does_not_lead_there() {
    let succeeded = json!([release(47, "Attach DATABASE (@ref:new)", "succeeded")]);
    for (vars, expected) in [
        (json!({}), "DATABASE_URL is missing"),
        (json!({"DATABASE_URL": "postgres://u:hunter2@old/d"}), "leads to old:5432/d"),
    ] {
        let world = released(succeeded.clone()).with("GET /apps/crm/config-vars", vars.clone());
        let saw = match world.look(RELEASE, &release_with()).await {
            Seen::Underway { note, .. } => note,
            other => why(other).0,
        };
        assert!(saw.contains(expected) && !saw.contains("hunter2"), "{saw}");
        let without = released(json!([]))
            .with("GET /apps/crm/formation", json!([{"type": "web", "quantity": 1}]))
            .with("GET /apps/crm/config-vars", vars);
        assert!(
            !matches!(without.look(RELEASE, &release_with()).await, Seen::Satisfied { .. }),
            "no release is no excuse"
        );
    }
}

#[tokio::test]
async fn a_release_that_runs_is_waited_for_and_an_unknown_status_is_shown() {
    let pending = json!([release(47, "Attach DATABASE (@ref:new)", "pending")]);
    assert!(note(released(pending).look(RELEASE, &release_with()).await).contains("pending"));
    let unknown = json!([release(47, "Attach DATABASE (@ref:new)", "dreaming")]);
    assert!(unclear(released(unknown).look(RELEASE, &release_with()).await).0.contains("dreaming"));
}

#[tokio::test]
async fn without_a_release_phase_the_attachment_is_enough() {
    let world = released(json!([])).with("GET /apps/crm/formation", json!([{"type": "web", "quantity": 1}]));
    assert_eq!(output(world.look(RELEASE, &release_with()).await)["version"], Value::Null);
    let moved = released(json!([])).with("GET /apps/crm/addon-attachments", attached("old"));
    assert!(why(moved.look(RELEASE, &release_with()).await).0.contains("leads to old"));
    let gone = released(json!([])).with("GET /apps/crm/addon-attachments", json!([]));
    note(gone.look(RELEASE, &release_with()).await);
}

#[tokio::test]
async fn the_dyno_that_hcops_runs_in_makes_no_noise() {
    let both = json!({"apps": [{"name": "crm"}, {"name": "jobs"}]});
    let world = |app: Option<&str>, of_crm: Value, of_jobs: Value| {
        World::in_dyno(Some(OwnDyno { name: "run.5".to_owned(), app: app.map(str::to_owned) }))
            .with("GET /apps/crm", app_in_maintenance())
            .with("GET /apps/crm/formation", formation(0))
            .with("GET /apps/crm/dynos", of_crm)
            .with("GET /apps/jobs", app_in_maintenance())
            .with("GET /apps/jobs/formation", formation(0))
            .with("GET /apps/jobs/dynos", of_jobs)
    };
    let own = || json!([dyno("run.5", "run")]);
    output(world(Some("crm"), own(), json!([])).look("app.silent", &both).await);
    output(world(None, own(), json!([])).look("app.silent", &both).await);
    let scale_down = json!({"app": "crm", "snapshot": []});
    output(world(Some("crm"), own(), json!([])).look("app.scale-down", &scale_down).await);
    // Another app's dyno of the same name, another dyno of the same app, and two of which either may be the own one.
    for (app, of_crm, of_jobs) in [
        (Some("crm"), json!([]), own()),
        (Some("crm"), json!([dyno("run.6", "run")]), json!([])),
        (Some("crm"), json!([dyno("worker.5", "worker")]), json!([])),
        (None, own(), own()),
    ] {
        let (saw, _) = why(world(app, of_crm.clone(), of_jobs).look("app.silent", &both).await);
        assert!(saw.contains("runs"), "{app:?} {of_crm}: {saw}");
    }
}

fn app_in_maintenance() -> Value {
    app(true)
}

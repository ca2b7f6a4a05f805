//! The state machines, thing by thing, without HTTP.

use serde_json::json;

use super::{AddonOrder, AttachmentOrder, Due, Refusal, Upgrade, World, after};
use crate::Scenario;

const LEADER: &str = "postgresql-flat-11007";
const APP: &str = "acme-crm";

fn world(scenario: &str) -> World {
    Scenario::load(scenario).unwrap().world(1)
}

fn pass(world: &mut World, seconds: u64) {
    world.settle(after(world.settled_at, seconds));
}

fn postgres(name: &str, config: serde_json::Value) -> AddonOrder {
    AddonOrder {
        plan: "heroku-postgresql:standard-0".to_owned(),
        name: Some(name.to_owned()),
        config: config.as_object().unwrap().clone(),
        ..AddonOrder::default()
    }
}

fn follower(world: &mut World) -> String {
    world.order_addon(APP, &postgres("follower", json!({ "follow": "DATABASE_URL" }))).unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> (u16, String) {
    let refusal = result.unwrap_err();
    (refusal.status, refusal.body["id"].as_str().unwrap_or_default().to_owned())
}

fn silence(world: &mut World) {
    for app in [APP, "acme-jobs"] {
        world.set_maintenance(app, true).unwrap();
        world.scale(app, "worker", Some("0"), None).unwrap();
    }
}

fn paused(world: &mut World) -> String {
    let id = world.connections[0].id.clone();
    world.pause(&id).unwrap();
    pass(world, 60);
    assert_eq!(world.connections[0].state, "PAUSED");
    id
}

#[test]
fn how_often_it_is_looked_at_does_not_matter() {
    let mut at_once = world("standard");
    follower(&mut at_once);
    let mut bit_by_bit = at_once.clone();
    pass(&mut at_once, 5_000);
    for step in 0..2_000_u64 {
        pass(&mut bit_by_bit, 1 + step % 4);
    }
    assert_eq!(at_once, bit_by_bit);
}

#[test]
fn a_source_is_found_under_all_its_names() {
    let world = world("standard");
    let url = world.database(LEADER).unwrap().url(Some("connection-pooling:default"));
    let names =
        ["DATABASE_URL", "DATABASE", "HEROKU_POSTGRESQL_COBALT", LEADER, "acme-jobs::DATABASE_URL", url.as_str()];
    for name in names {
        assert!(world.check_source(APP, name, "heroku-postgresql:standard-0", true).is_ok(), "{name}");
    }
    assert!(world.check_source(APP, "HEROKUCONNECT", "heroku-postgresql:standard-0", true).is_err());
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let mut standard = world("standard");
    let id = follower(&mut standard);
    pass(&mut standard, 10_000);
    assert_eq!(refused(standard.order_addon(APP, &postgres("chained", json!({ "follow": "follower" })))).0, 422);
    standard.unfollow(&id).unwrap();
    pass(&mut standard, 120);
    assert_eq!(refused(standard.order_addon(APP, &postgres("early", json!({ "follow": "follower" })))).0, 422);
    pass(&mut standard, 3_600);
    standard.order_addon(APP, &postgres("late", json!({ "follow": "follower" }))).unwrap();
    let mut essential = world("essential");
    assert_eq!(refused(essential.order_addon(APP, &postgres("x1", json!({ "follow": "DATABASE" })))).0, 422);
}

#[test]
fn names_are_checked_and_unique() {
    let mut world = world("standard");
    for name in [LEADER, "1st", "x", "with space"] {
        let order = postgres(name, json!({}));
        assert_eq!(refused(world.order_addon(APP, &order)), (422, "invalid_params".to_owned()), "{name}");
    }
    let unknown = AddonOrder { plan: "heroku-postgresql:standard-99".to_owned(), ..AddonOrder::default() };
    assert_eq!(refused(world.order_addon(APP, &unknown)).0, 422);
    assert_eq!(refused(world.order_addon("nowhere", &postgres("ok", json!({})))), (404, "not_found".to_owned()));
}

#[test]
fn provisioned_and_ready_are_two_clocks() {
    let mut world = world("standard");
    let id = follower(&mut world);
    assert!(world.provisioned_database(&id).is_err());
    let seconds = world.latency.provision;
    pass(&mut world, seconds);
    assert_eq!(world.addon(&id).unwrap().state, "provisioned");
    assert!(world.provisioned_database(&id).unwrap().waiting.is_some());
    let seconds = world.latency.database_ready;
    pass(&mut world, seconds);
    assert!(world.database(&id).unwrap().waiting.is_none());
}

#[test]
fn a_follower_reaches_its_leader_only_in_silence() {
    let mut world = world("standard");
    let id = follower(&mut world);
    pass(&mut world, 7_200);
    let lag = world.database(&id).unwrap().behind_by();
    assert!((1..500).contains(&lag), "{lag}");
    silence(&mut world);
    pass(&mut world, 60);
    assert!(world.database(&id).unwrap().behind_by() > 0, "Connect still writes");
    paused(&mut world);
    pass(&mut world, 10);
    assert_eq!(world.database(&id).unwrap().behind_by(), 0);
    assert_eq!(world.database(&id).unwrap().commits, world.database(LEADER).unwrap().commits);
}

#[test]
fn maintenance_mode_stops_web_traffic_only() {
    let mut world = world("standard");
    let all = world.app(APP).unwrap().writes_per_second();
    world.set_maintenance(APP, true).unwrap();
    let workers = world.app(APP).unwrap().writes_per_second();
    assert!(0 < workers && workers < all);
    world.scale(APP, "worker", Some("-1"), None).unwrap();
    assert_eq!(world.app(APP).unwrap().formation[1].quantity, 2);
    world.scale(APP, "worker", Some("0"), None).unwrap();
    assert_eq!(world.app(APP).unwrap().writes_per_second(), 0);
    assert_eq!(refused(world.scale(APP, "worker", Some("many"), None)).0, 422);
    assert_eq!(refused(world.scale(APP, "gremlin", Some("1"), None)).0, 404);
}

#[test]
fn a_follower_is_upgraded_in_steps_and_stops_following_at_once() {
    let mut world = world("standard");
    let id = follower(&mut world);
    pass(&mut world, 1_000);
    assert_eq!(refused(world.run_upgrade(&id, Some("16"))).0, 422);
    world.run_upgrade(&id, Some("17")).unwrap();
    assert!(world.database(&id).unwrap().following.is_none());
    assert!(!world.database(&id).unwrap().is_writable());
    assert_eq!(refused(world.run_upgrade(&id, Some("17"))), (422, "unprocessable_entity".to_owned()));
    assert_eq!(refused(world.unfollow(&id)).0, 422);
    let seconds = world.latency.upgrade - 1;
    pass(&mut world, seconds);
    assert_eq!(world.database(&id).unwrap().upgrade, Some(Upgrade::Running { to: "17".to_owned(), step: 7 }));
    pass(&mut world, 1);
    let upgraded = world.database(&id).unwrap();
    assert_eq!((upgraded.major(), upgraded.is_writable(), &upgraded.waiting), ("17", true, &None));
    assert_eq!(world.database(LEADER).unwrap().major(), "16");
}

#[test]
fn a_failed_upgrade_leaves_the_old_version_and_can_be_tried_again() {
    let mut world = world("standard");
    let id = follower(&mut world);
    pass(&mut world, 1_000);
    world.behaviour.failing_upgrades = 1;
    world.run_upgrade(&id, Some("17")).unwrap();
    pass(&mut world, 3_600);
    let database = world.database(&id).unwrap();
    assert_eq!(database.upgrade, Some(Upgrade::Failed { to: "17".to_owned(), why: None }));
    assert_eq!((database.major(), database.following.is_none()), ("16", true));
}

#[test]
fn a_leader_is_upgraded_only_after_its_preparation() {
    let mut world = world("standard");
    let id = follower(&mut world);
    assert_eq!(refused(world.run_upgrade(LEADER, Some("17"))), (400, "bad_request".to_owned()));
    assert_eq!(refused(world.cancel_upgrade(LEADER)), (422, "bad_request".to_owned()));
    world.prepare_upgrade(LEADER, Some("17")).unwrap();
    assert_eq!(refused(world.prepare_upgrade(LEADER, Some("17"))).0, 422);
    assert_eq!(refused(world.run_upgrade(LEADER, None)).0, 400, "not ready yet");
    let seconds = world.latency.upgrade_prepare;
    pass(&mut world, seconds);
    assert!(matches!(world.database(LEADER).unwrap().upgrade, Some(Upgrade::Scheduled { .. })));
    world.cancel_upgrade(LEADER).unwrap();
    world.prepare_upgrade(LEADER, Some("17")).unwrap();
    let seconds = world.latency.upgrade_prepare;
    pass(&mut world, seconds);
    world.run_upgrade(LEADER, None).unwrap();
    let seconds = world.latency.upgrade;
    pass(&mut world, seconds);
    assert_eq!(world.database(LEADER).unwrap().major(), "17");
    assert_eq!(world.database(&id).unwrap().major(), "17", "followers are upgraded with it");
    assert_eq!(world.database(&id).unwrap().following.as_deref(), Some(world.database(LEADER).unwrap().addon.as_str()));
}

#[test]
fn what_nobody_runs_starts_by_itself_in_the_window() {
    let mut world = world("standard");
    world.prepare_upgrade(LEADER, Some("17")).unwrap();
    let seconds = world.latency.upgrade_prepare + world.latency.upgrade_window + world.latency.upgrade;
    pass(&mut world, seconds);
    assert_eq!(world.database(LEADER).unwrap().major(), "17");
}

#[test]
fn essential_is_upgraded_in_place() {
    let mut world = world("essential");
    assert_eq!(refused(world.prepare_upgrade(LEADER, Some("17"))).0, 422);
    world.run_upgrade(LEADER, Some("17")).unwrap();
    let seconds = world.latency.upgrade;
    pass(&mut world, seconds);
    assert_eq!(world.database(LEADER).unwrap().major(), "17");
}

#[test]
fn an_attachment_moves_only_when_confirmed_and_makes_two_releases() {
    let mut world = world("standard");
    let id = follower(&mut world);
    let mut order = AttachmentOrder {
        addon: id.clone(),
        app: APP.to_owned(),
        name: Some("DATABASE".to_owned()),
        ..AttachmentOrder::default()
    };
    let refusal = world.attach(&order).unwrap_err();
    assert_eq!((refusal.status, refusal.body["id"].as_str()), (423, Some("confirmation_required")));
    assert_eq!(refusal.headers, [("x-confirmation-required".to_owned(), APP.to_owned())]);
    order.confirm = Some(APP.to_owned());
    world.attach(&order).unwrap();
    let releases = &world.app(APP).unwrap().releases;
    let told: Vec<&str> = releases.iter().rev().take(2).map(|release| release.description.as_str()).collect();
    assert_eq!(told, ["Attach DATABASE (@ref:follower)", "Detach DATABASE (@ref:postgresql-flat-11007)"]);
    assert_eq!(world.database_behind(APP, "DATABASE_URL").unwrap().addon, id);
    order.name = None;
    let coloured = world.attach(&order).unwrap();
    assert!(world.attachment(&coloured).unwrap().name.starts_with("HEROKU_POSTGRESQL_"));
    world.detach(&coloured).unwrap();
    assert_eq!(refused(world.detach(&coloured)), (404, "not_found".to_owned()));
}

#[test]
fn config_vars_of_add_ons_belong_to_their_attachments() {
    let mut world = world("standard");
    let set = |key: &str, value: Option<&str>| [(key.to_owned(), value.map(str::to_owned))];
    assert_eq!(refused(world.set_config(APP, &set("DATABASE_URL", Some("postgres://x")))).0, 422);
    world.set_config(APP, &set("FEATURE", Some("on"))).unwrap();
    assert_eq!(world.config(APP).unwrap()["FEATURE"], "on");
    world.set_config(APP, &set("FEATURE", None)).unwrap();
    assert!(!world.config(APP).unwrap().contains_key("FEATURE"));
    assert!(world.config(APP).unwrap()["DATABASE_CONNECTION_POOL_URL"].contains(":5433/"));
}

#[test]
fn a_pause_is_legal_only_from_idle_and_takes_effect_later() {
    let mut world = world("busy-connection");
    let id = world.connections[0].id.clone();
    assert_eq!(world.pause(&id).unwrap_err().status, 409);
    pass(&mut world, 900);
    assert_eq!(world.connections[0].state, "IDLE");
    world.pause(&id).unwrap();
    assert_eq!(world.connections[0].state, "IDLE");
    assert_eq!(world.pause(&id).unwrap_err().status, 409, "twice");
    assert_eq!(world.resume(&id).unwrap_err().status, 409, "there is nothing to resume yet");
    let seconds = world.latency.connect_pause;
    pass(&mut world, seconds);
    assert_eq!(world.connections[0].state, "PAUSED");
    pass(&mut world, 86_400);
    assert_eq!(world.connections[0].state, "PAUSED", "nothing wakes it but a resume");
}

#[test]
fn the_trigger_log_fills_while_paused_and_drains_afterwards() {
    let mut world = world("standard");
    pass(&mut world, 300);
    let id = paused(&mut world);
    let before = world.connections[0].trigger_log.clone();
    pass(&mut world, 600);
    let log = &world.connections[0].trigger_log;
    assert_eq!((log.open - before.open, log.processed), (600 * 23 * 1_000, before.processed));
    assert!(world.connections[0].salesforce_backlog > 0);
    world.resume(&id).unwrap();
    let seconds = world.latency.connect_resume;
    pass(&mut world, seconds);
    assert_eq!(world.connections[0].state, "POLLING_DB_CHANGES");
    assert!(world.connections[0].mappings.iter().all(|mapping| mapping.state == "POLLING_SF_CHANGES"));
    let seconds = world.latency.connect_catch_up;
    pass(&mut world, seconds);
    assert_eq!(world.connections[0].state, "IDLE");
    assert!(world.connections[0].mappings.iter().all(super::Mapping::is_synced));
    assert!(world.connections[0].trigger_log.processed >= log_total(&before) + 600 * 23 * 1_000);
}

fn log_total(log: &super::TriggerLog) -> u64 {
    log.open + log.in_flight + log.processed
}

#[test]
fn connect_fails_on_a_database_that_cannot_be_written() {
    let mut world = world("standard");
    let id = follower(&mut world);
    pass(&mut world, 600);
    let connection = paused(&mut world);
    let order = AttachmentOrder {
        addon: id.clone(),
        app: APP.to_owned(),
        name: Some("DATABASE".to_owned()),
        namespace: None,
        confirm: Some(APP.to_owned()),
    };
    world.attach(&order).unwrap();
    world.resume(&connection).unwrap();
    pass(&mut world, 60);
    assert_eq!(world.connections[0].state, "SYSTEM_ERROR");
    assert_eq!(world.connections[0].notifications.len(), 1);
    world.unfollow(&id).unwrap();
    world.resume(&connection).unwrap();
    pass(&mut world, 120);
    assert_eq!(world.connections[0].state, "IDLE");
}

#[test]
fn an_import_is_an_upsert_by_object() {
    let mut world = world("standard");
    let id = world.connections[0].id.clone();
    let document = json!({ "mappings": [
        { "object_name": "Lead", "config": { "access": "read_only", "fields": { "Id": {} } } },
        { "object_name": "User", "config": { "access": "read_only", "fields": { "Id": {} } } },
    ] });
    world.import(&id, &document).unwrap();
    assert_eq!(world.connections[0].state, "IMPORT_CONFIGURATION");
    assert_eq!(world.import(&id, &document).unwrap_err().status, 409);
    assert_eq!(world.connections[0].mappings.len(), 5);
    let seconds = world.latency.mapping_reload;
    pass(&mut world, seconds);
    assert_eq!(world.connections[0].state, "IDLE");
    assert!(world.connections[0].mappings.iter().all(super::Mapping::is_synced));
}

#[test]
fn the_api_version_changes_only_while_paused() {
    let mut world = world("standard");
    let id = world.connections[0].id.clone();
    assert_eq!(world.change_api_version(&id, "66.0").unwrap_err().status, 409);
    paused(&mut world);
    world.connections[0].mappings[0].api_change_is_unsafe = true;
    assert_eq!(world.change_api_version(&id, "66.0").unwrap_err().status, 409);
    world.connections[0].mappings[0].api_change_is_unsafe = false;
    world.change_api_version(&id, "66.0").unwrap();
    assert_eq!(
        (world.connections[0].salesforce.api_version.as_str(), world.connections[0].state.as_str()),
        ("66.0", "PAUSED")
    );
}

#[test]
fn discovery_shows_connections_to_those_on_the_list() {
    let mut world = world("two-connections");
    world.connections[0].access.clear();
    assert_eq!(world.visible_connections(Some(APP), None).len(), 1);
    assert_eq!(world.visible_connections(Some("acme-jobs"), None).len(), 0);
    world.grant_access(APP).unwrap();
    assert_eq!(world.visible_connections(Some(APP), None).len(), 2);
    assert_eq!(world.visible_connections(Some(APP), Some("herokuconnect-round-55120")).len(), 1);
}

#[test]
fn turning_back_restores_the_essence() {
    let mut world = world("standard");
    let first = world.essence();
    follower(&mut world);
    assert_ne!(world.essence(), first);
    pass(&mut world, 600);
    silence(&mut world);
    let id = paused(&mut world);
    world.resume(&id).unwrap();
    for (app, workers) in [(APP, "3"), ("acme-jobs", "1")] {
        world.scale(app, "worker", Some(workers), None).unwrap();
        world.set_maintenance(app, false).unwrap();
    }
    world.remove_addon("follower").unwrap();
    assert_eq!(world.addon("follower").unwrap().state, "deprovisioning");
    pass(&mut world, 120);
    assert_eq!(world.essence(), first);
    assert!(!world.timers.iter().any(|timer| matches!(timer.due, Due::ForkFollowAvailable { .. })));
}

#[test]
fn a_plan_changes_within_its_tier() {
    let mut standard = world("standard");
    standard.change_plan(LEADER, "heroku-postgresql:standard-2").unwrap();
    assert_eq!(standard.addon(LEADER).unwrap().plan, "heroku-postgresql:standard-0", "not yet");
    let seconds = standard.latency.plan_change;
    pass(&mut standard, seconds);
    assert_eq!(standard.addon(LEADER).unwrap().plan, "heroku-postgresql:standard-2");
    let mut essential = world("essential");
    assert_eq!(refused(essential.change_plan(LEADER, "heroku-postgresql:standard-0")).0, 422);
    essential.change_plan(LEADER, "heroku-postgresql:essential-2").unwrap();
}

#[test]
fn a_world_survives_being_written_down() {
    let mut world = world("standard");
    follower(&mut world);
    pass(&mut world, 100);
    let written = serde_json::to_string(&world).unwrap();
    let mut read: World = serde_json::from_str(&written).unwrap();
    assert_eq!(read, world);
    pass(&mut world, 1_000);
    pass(&mut read, 1_000);
    assert_eq!(read, world);
}

#[test]
fn a_renamed_app_keeps_its_id_and_all_that_it_has_and_its_old_name_is_gone() {
    let mut world = world("standard");
    let (id, config) = (world.app(APP).unwrap().id.clone(), world.config(APP).unwrap());
    let addons = |world: &World, app: &str| world.addons.iter().filter(|addon| addon.app == app).count();
    let owned = addons(&world, APP);
    assert_eq!(world.rename_app(APP, "Acme").unwrap_err().status, 422);
    assert_eq!(world.rename_app(APP, "acme-jobs").unwrap_err().status, 422);
    world.rename_app(APP, "acme-sales").unwrap();
    assert_eq!(world.app(APP).unwrap_err().status, 404);
    assert_eq!(world.app("acme-sales").unwrap().id, id);
    assert_eq!(world.config("acme-sales").unwrap(), config);
    assert_eq!((addons(&world, APP), addons(&world, "acme-sales")), (0, owned));
}

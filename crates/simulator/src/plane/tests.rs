use super::DatabasesWanted;
use crate::postgres::Installations;
use crate::world::{AddonOrder, AttachmentOrder, TransferOrder, Upgrade, World};
use crate::{ClockMode, Fault, Simulator};
use hcops_database::{Manner, Session};
use hcops_model::DatabaseUrl;

const LEADER: &str = "postgresql-flat-11007";

fn wanted() -> Option<DatabasesWanted> {
    let cache = hcops_testing::cached_servers();
    let installations = Installations::find(&[], Some(&cache));
    if [16, 17].iter().any(|major| !installations.majors().contains(major)) {
        hcops_testing::missing(
            "postgres",
            "PostgreSQL 16 and 17 are not installed here; `scripts/postgres` fetches them",
        );
        return None;
    }
    Some(DatabasesWanted::of(installations))
}

fn standard() -> Option<Simulator> {
    let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 7).unwrap();
    simulator.with_databases(wanted()?).unwrap();
    Some(simulator)
}

fn url(world: &World, addon: &str) -> DatabaseUrl {
    DatabaseUrl::new(world.database(addon).unwrap().url(None))
}

/// What one query says, asked as hcops asks: by the URL of the config var, over TLS.
async fn ask(simulator: &Simulator, addon: &str, query: &str) -> String {
    let session = Session::open(&url(&simulator.world(), addon), Manner::QUESTION).await.unwrap();
    let lines = session.lines(query).await.unwrap();
    lines[0].iter().map(|cell| cell.clone().unwrap_or_default()).collect::<Vec<_>>().join("|")
}

fn order(simulator: &Simulator, config: serde_json::Value) -> String {
    let order = AddonOrder {
        plan: "heroku-postgresql:standard-0".to_owned(),
        config: config.as_object().cloned().unwrap(),
        ..AddonOrder::default()
    };
    let id = simulator.change(|world| world.order_addon("acme-crm", &order)).unwrap();
    simulator.world().addon(&id).unwrap().name.clone()
}

fn follow(simulator: &Simulator) -> String {
    order(simulator, serde_json::json!({ "follow": LEADER }))
}

/// Bytes of the leader's log that the follower has not replayed.
async fn distance(simulator: &Simulator, follower: &str) -> u64 {
    // What was committed a moment ago is on its way into the log's file.
    let leader = ask(simulator, LEADER, "select pg_current_wal_insert_lsn()").await;
    let query = format!("select greatest(pg_wal_lsn_diff('{leader}', pg_last_wal_replay_lsn()), 0)");
    ask(simulator, follower, &query).await.parse().unwrap()
}

/// Bytes that the header of a page takes: the log's next place may lie behind one.
const HEADER: u64 = 40;

fn silence(simulator: &Simulator) {
    simulator
        .change(|world| {
            for app in ["acme-crm", "acme-jobs"] {
                world.set_maintenance(app, true).unwrap();
                world.scale(app, "worker", Some("0"), None).unwrap();
            }
            let connection = world.connections[0].id.clone();
            world.pause(&connection)
        })
        .unwrap();
    simulator.advance(60);
    assert_eq!(simulator.world().connections[0].state, "PAUSED");
}

fn resume(simulator: &Simulator) {
    simulator
        .change(|world| {
            for app in ["acme-crm", "acme-jobs"] {
                world.set_maintenance(app, false).unwrap();
                world.scale(app, "worker", Some("2"), None).unwrap();
            }
            let connection = world.connections[0].id.clone();
            world.resume(&connection)
        })
        .unwrap();
    simulator.advance(300);
}

fn promote(simulator: &Simulator, addon: &str) {
    simulator.change(|world| {
        for app in ["acme-crm", "acme-jobs"] {
            let (app, name) = (app.to_owned(), Some("DATABASE".to_owned()));
            let confirm = Some(app.clone());
            world.attach(&AttachmentOrder { addon: addon.to_owned(), app, name, namespace: None, confirm }).unwrap();
        }
    });
}

const SESSIONS: &str = "select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name \
                        not like 'hcops%'";

#[tokio::test]
async fn a_config_var_leads_to_a_real_server_over_tls() {
    let Some(simulator) = standard() else { return };
    let world = simulator.world();
    let var = world.config("acme-crm").unwrap()["DATABASE_URL"].clone();
    assert!(var.contains(".db.simulator.example:") && var.ends_with("?hostaddr=127.0.0.1"), "{var}");
    let tls = ask(&simulator, LEADER, "select ssl from pg_stat_ssl where pid = pg_backend_pid()").await;
    assert_eq!(tls, "t");
    let role =
        "select rolsuper, pg_has_role(rolname, 'pg_monitor', 'usage') from pg_roles where rolname = current_user";
    assert_eq!(ask(&simulator, LEADER, role).await, "f|t");
    assert_eq!(ask(&simulator, LEADER, "show server_version").await, world.database(LEADER).unwrap().version);
}

#[tokio::test]
async fn an_upgrade_through_a_follower_loses_nothing_and_doubles_nothing() {
    let Some(simulator) = standard() else { return };
    let follower = follow(&simulator);
    assert!(simulator.world().config("acme-crm").unwrap().values().any(|url| url.contains(&follower)));
    simulator.advance(900);
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "t");
    assert_ne!(ask(&simulator, LEADER, SESSIONS).await, "0");
    silence(&simulator);
    assert_eq!(ask(&simulator, LEADER, SESSIONS).await, "0");
    simulator.change(|world| world.run_upgrade(&follower, Some("17"))).unwrap();
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "f");
    simulator.advance(1_000);
    let world = simulator.world();
    assert!(world.database(&follower).unwrap().version.starts_with("17."));
    assert_eq!(ask(&simulator, &follower, "show server_version").await, world.database(&follower).unwrap().version);
    assert!(ask(&simulator, LEADER, "show server_version").await.starts_with("16."));
    promote(&simulator, &follower);
    resume(&simulator);
    let audit = simulator.audit().unwrap();
    assert!(audit.is_whole() && audit.current == follower, "{audit}");
    assert!(audit.app.changes > 100 && audit.sent.once > 10, "{audit:#?}");
    simulator.change(|world| world.remove_addon(LEADER).map(drop)).unwrap();
    let gone = url(&simulator.world(), LEADER);
    simulator.advance(60);
    assert!(Session::open(&gone, Manner::QUESTION).await.is_err());
}

#[tokio::test]
async fn lag_is_there_and_gone_in_the_world_and_in_the_servers_alike() {
    let Some(simulator) = standard() else { return };
    let follower = follow(&simulator);
    simulator.advance(421);
    assert!(simulator.world().database(&follower).unwrap().behind_by() > 0);
    assert!(distance(&simulator, &follower).await > 0);
    simulator.advance(300);
    assert!(distance(&simulator, &follower).await > 0, "apps write, so it lags");
    silence(&simulator);
    assert_eq!(simulator.world().database(&follower).unwrap().behind_by(), 0);
    assert!(distance(&simulator, &follower).await <= HEADER);
    simulator.add_fault(Fault::ReplayDisagrees.into()).unwrap();
    simulator.advance(1);
    assert_eq!(simulator.world().database(&follower).unwrap().behind_by(), 0);
    assert!(distance(&simulator, &follower).await > HEADER);
}

#[tokio::test]
async fn who_unfollows_too_early_really_loses_and_the_audit_says_so() {
    let Some(simulator) = standard() else { return };
    let follower = follow(&simulator);
    simulator.advance(900);
    assert!(simulator.world().database(&follower).unwrap().behind_by() > 0);
    simulator.change(|world| world.unfollow(&follower)).unwrap();
    simulator.advance(60);
    silence(&simulator);
    promote(&simulator, &follower);
    resume(&simulator);
    let audit = simulator.audit().unwrap();
    assert!(!audit.is_whole(), "{audit}");
}

#[tokio::test]
async fn a_rollback_holds_what_there_was_at_its_moment() {
    let Some(simulator) = standard() else { return };
    simulator.advance(120);
    let moment = simulator.world().settled_at;
    let rows = ask(&simulator, LEADER, "select count(*) from public.orders_ledger").await;
    simulator.advance(600);
    let config = serde_json::json!({ "rollback": LEADER, "to": moment.to_string() });
    let past = order(&simulator, config);
    simulator.advance(600);
    let world = simulator.world();
    let (old, new) = (world.database(LEADER).unwrap(), world.database(&past).unwrap());
    assert!(old.user != new.user && old.password != new.password, "a rollback has new credentials");
    assert_eq!(ask(&simulator, &past, "select count(*) from public.orders_ledger").await, rows);
    assert_ne!(ask(&simulator, LEADER, "select count(*) from public.orders_ledger").await, rows);
    let too_early = serde_json::json!({ "rollback": LEADER, "by": "2 days" });
    let order = AddonOrder {
        plan: "heroku-postgresql:standard-0".to_owned(),
        config: too_early.as_object().cloned().unwrap(),
        ..AddonOrder::default()
    };
    let refused = simulator.change(|world| world.order_addon("acme-crm", &order)).unwrap_err();
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn a_copy_replaces_the_contents_of_its_target() {
    let Some(simulator) = standard() else { return };
    let target = order(&simulator, serde_json::json!({ "version": "17" }));
    simulator.advance(600);
    silence(&simulator);
    let (from_url, to_url) = {
        let world = simulator.world();
        (world.database(LEADER).unwrap().url(None), world.database(&target).unwrap().url(None))
    };
    let transfer = TransferOrder { from_url, to_url, ..TransferOrder::default() };
    let rows = "select count(*) from public.orders_ledger";
    let before = ask(&simulator, LEADER, rows).await;
    simulator.change(|world| world.begin_copy(&target, transfer)).unwrap();
    let outside = |world: &mut World, rate: u64| {
        let writers = &mut world.database_mut(LEADER).unwrap().outside_writers;
        writers.insert("etl".to_owned(), rate);
    };
    simulator.change(|world| outside(world, 50));
    simulator.advance(10);
    simulator.change(|world| outside(world, 0));
    assert_eq!(simulator.world().transfers[0].succeeded, None, "what follows was written while it ran");
    assert_ne!(ask(&simulator, LEADER, rows).await, before);
    simulator.advance(3_600);
    assert_eq!(simulator.world().transfers[0].succeeded, Some(true));
    assert_eq!(ask(&simulator, &target, rows).await, before, "a copy holds what was there when it began");
    let foreign = "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not \
                   pg_has_role(relowner, 'usage')";
    assert_eq!(ask(&simulator, &target, foreign).await, "0");
}

#[tokio::test]
async fn a_major_that_is_not_there_makes_the_upgrade_fail_and_the_database_stays() {
    let Some(simulator) = standard() else { return };
    let follower = follow(&simulator);
    simulator.advance(900);
    simulator.change(|world| {
        world.behaviour.offers_major = Some(99);
        world.run_upgrade(&follower, Some("99")).unwrap();
    });
    simulator.advance(1_000);
    let world = simulator.world();
    let database = world.database(&follower).unwrap();
    let Some(Upgrade::Failed { to, why: Some(why) }) = &database.upgrade else { panic!("{:?}", database.upgrade) };
    assert!(to == "99" && why.contains("PostgreSQL 99 is not installed"), "{why}");
    assert_eq!(ask(&simulator, &follower, "show server_version").await, database.version);
}

#[tokio::test]
async fn the_followers_of_a_leader_that_is_upgraded_in_place_are_made_again() {
    let Some(simulator) = standard() else { return };
    let follower = follow(&simulator);
    simulator.advance(900);
    simulator.change(|world| world.prepare_upgrade(LEADER, Some("17"))).unwrap();
    simulator.advance(2_000);
    simulator.change(|world| world.run_upgrade(LEADER, None)).unwrap();
    simulator.advance(1_000);
    for addon in [LEADER, &follower] {
        assert!(ask(&simulator, addon, "show server_version").await.starts_with("17."), "{addon}");
    }
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "t");
}

#[tokio::test]
async fn what_was_kept_is_taken_up_by_another_process() {
    let Some(wanted) = wanted() else { return };
    let run = tempfile::tempdir().unwrap();
    let (world, databases) = (run.path().join("simulator.json"), run.path().join("databases"));
    let wanted = DatabasesWanted { keep_in: Some(databases.clone()), ..wanted };
    let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 7).unwrap();
    simulator.with_databases(wanted.clone()).unwrap();
    simulator.save_to(&world).unwrap();
    let follower = follow(&simulator);
    simulator.advance(900);
    let rows = ask(&simulator, LEADER, "select count(*) from public.orders_ledger").await;
    let port = simulator.world().database(&follower).unwrap().port;
    drop(simulator);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "servers end with the simulator");

    let simulator = Simulator::restore(&world, ClockMode::Paused).unwrap();
    simulator.take_up_databases(wanted).unwrap();
    assert_eq!(ask(&simulator, LEADER, "select count(*) from public.orders_ledger").await, rows);
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "t");
    silence(&simulator);
    assert!(distance(&simulator, &follower).await <= HEADER, "it follows again");
    assert!(simulator.audit().unwrap().is_whole());
    simulator.remove_databases().unwrap();
    assert!(!databases.exists());
}

#[tokio::test]
async fn a_world_that_was_saved_before_a_step_finds_its_servers_as_they_were() {
    let Some(wanted) = wanted() else { return };
    let run = tempfile::tempdir().unwrap();
    let path = |name: &str| run.path().join(name);
    let wanted = DatabasesWanted { keep_in: Some(path("databases")), ..wanted };
    let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 7).unwrap();
    simulator.with_databases(wanted.clone()).unwrap();
    simulator.save_to(path("world.json")).unwrap();
    let follower = follow(&simulator);
    simulator.advance(900);
    silence(&simulator);
    std::fs::copy(path("world.json"), path("before.json")).unwrap();
    simulator.change(|world| world.run_upgrade(&follower, Some("17"))).unwrap();
    std::fs::copy(path("world.json"), path("promoted.json")).unwrap();
    simulator.advance(1_000);
    drop(simulator);

    // Killed after the upgrade was made and before that was saved.
    let simulator = Simulator::restore(&path("promoted.json"), ClockMode::Paused).unwrap();
    simulator.take_up_databases(wanted.clone()).unwrap();
    simulator.advance(1_000);
    assert!(ask(&simulator, &follower, "show server_version").await.starts_with("17."));
    assert!(simulator.world().database(&follower).unwrap().version.starts_with("17."));
    drop(simulator);

    // Killed after the promotion was made and before that was saved: here it follows.
    let simulator = Simulator::restore(&path("before.json"), ClockMode::Paused).unwrap();
    simulator.take_up_databases(wanted).unwrap();
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "t");
    assert!(distance(&simulator, &follower).await <= HEADER);
    simulator.remove_databases().unwrap();
}

#[tokio::test]
async fn on_a_clock_that_runs_the_writers_write_without_being_asked() {
    let Some(wanted) = wanted() else { return };
    let simulator = Simulator::from_scenario("standard", ClockMode::Scaled(600.0), 7).unwrap();
    simulator.with_databases(wanted).unwrap();
    let session = Session::open(&url(&simulator.world(), LEADER), Manner::QUESTION).await.unwrap();
    let rows = "select count(*) from public.orders_ledger, pg_sleep(0.05)";
    let before = session.lines(rows).await.unwrap();
    for _ in 0..1_000 {
        if session.lines(rows).await.unwrap() != before {
            return;
        }
    }
    panic!("nobody has written anything");
}

#[tokio::test]
async fn an_outside_writer_is_seen_by_name_until_it_stops() {
    let Some(simulator) = standard() else { return };
    silence(&simulator);
    simulator.change(|world| world.database_mut(LEADER).unwrap().outside_writers.insert("etl-nightly".to_owned(), 5));
    simulator.advance(10);
    let names = "select string_agg(application_name, ',') from pg_stat_activity where backend_type = 'client backend' \
                 and application_name not like 'hcops%'";
    assert_eq!(ask(&simulator, LEADER, names).await, "etl-nightly");
    simulator.change(|world| world.database_mut(LEADER).unwrap().outside_writers.clear());
    simulator.advance(1);
    assert_eq!(ask(&simulator, LEADER, names).await, "");
}

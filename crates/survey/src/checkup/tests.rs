//! Checkups of simulated worlds.

use crate::Target;
use hcops_heroku::connect::ConnectionState;
use hcops_heroku::data::Role;
use hcops_heroku::{Clients, Origins};
use hcops_model::{FaultKind, Secret};
use hcops_simulator::{ClockMode, FaultRule, RequestEffect, Scenario, Simulator};

use super::{Checkup, Depth, Notices, Pointer, checkup};

struct World {
    simulator: Simulator,
    clients: Clients,
}

impl World {
    fn of(scenario: &str) -> Self {
        let simulator = Simulator::from_scenario(scenario, ClockMode::Paused, 1).unwrap();
        let origins = Origins::all_at("http://127.0.0.1:1").unwrap();
        let clients = Clients::new(simulator.wire(), origins, Secret::new("simulated"), simulator.clock());
        Self { simulator, clients }
    }

    fn breaks(self, fault: &str) -> Self {
        let rule = FaultRule { every: Some(1), ..fault.parse().unwrap() };
        self.simulator.add_fault(rule).unwrap();
        self
    }

    async fn look(&self) -> Checkup {
        self.look_at(None).await.unwrap()
    }

    async fn look_at(&self, resource: Option<&str>) -> Result<Checkup, hcops_model::Fault> {
        let clock = self.simulator.clock();
        let notices = Notices::read(&self.clients.for_brief_looks(), &*clock).await;
        let target = Target { app: "acme-crm".into(), resource: resource.map(str::to_owned) };
        checkup(&self.clients, &*clock, &target, Depth::Api, &notices).await
    }
}

impl World {
    /// Somebody keeps the leader's address in a variable of their own.
    fn held_by_hand(self, app: &str, name: &str) -> Self {
        self.simulator.change(|world| {
            let leader = world.database("postgresql-flat-11007").unwrap().url(None);
            world.set_config(app, &[(name.to_owned(), Some(format!("{leader}?pool=10")))]).unwrap();
        });
        self
    }
}

#[tokio::test]
async fn an_address_that_is_held_by_hand_is_named_by_plan_and_by_checkup() {
    let world =
        World::of("standard").held_by_hand("acme-crm", "ANALYTICS_DATABASE_URL").held_by_hand("acme-jobs", "OTHER");
    let seen = world.look().await;
    let held: Vec<String> =
        seen.databases[0].by_hand.iter().map(|held| format!("{} of {}", held.name, held.app)).collect();
    assert_eq!(held, ["ANALYTICS_DATABASE_URL of acme-crm", "OTHER of acme-jobs"]);
    let clock = world.simulator.clock();
    let target = Target { app: "acme-crm".into(), resource: None };
    let surveyed = crate::survey(&world.clients, &*clock, &target).await.unwrap();
    for told in [&surveyed.notices, &surveyed.of_replacement] {
        for name in ["ANALYTICS_DATABASE_URL of acme-crm", "OTHER of acme-jobs", "heroku config:set OTHER="] {
            assert!(told.iter().any(|notice| notice.contains(name)), "{name}: {told:#?}");
        }
        assert!(!format!("{told:?}").contains("canary"), "{told:?}");
    }
    assert!(World::of("standard").look().await.databases[0].by_hand.is_empty());
}

fn unseen(checkup: &Checkup) -> Vec<&str> {
    checkup.unseen.iter().map(|one| one.what.as_str()).collect()
}

#[tokio::test]
async fn everything_that_hangs_on_an_app_is_seen() {
    let seen = World::of("standard").look().await;
    assert_eq!(unseen(&seen), [""; 0], "{:?}", seen.unseen);
    let names: Vec<&str> = seen.apps.iter().map(|app| app.facts.name.as_str()).collect();
    assert_eq!(names, ["acme-crm", "acme-jobs"]);
    let [connection] = seen.connections.as_slice() else { panic!("{:?}", seen.connections) };
    assert_eq!((&connection.connection.state, connection.region.as_deref()), (&ConnectionState::Idle, Some("us")));
    assert_eq!((connection.write_errors.as_deref(), connection.rows()), (Some(&[][..]), Some(478_999)));
    let database = seen.database_of(connection).unwrap();
    assert_eq!((database.version, database.role, database.plan_gigabytes), (Some(16), Role::Leader, Some(64)));
    assert_eq!(database.attachments.len(), 4);
    assert_eq!(seen.connections_of(database).count(), 1);
}

#[tokio::test]
async fn no_scenario_is_changed_by_a_look_and_no_password_is_in_what_was_seen() {
    for scenario in Scenario::names() {
        let world = World::of(&scenario);
        let target = world.simulator.world().apps.first().map(|app| app.name.clone()).unwrap();
        let notices = Notices::read(&world.clients, &*world.simulator.clock()).await;
        let target = Target { app: target, resource: None };
        let seen = checkup(&world.clients, &*world.simulator.clock(), &target, Depth::Sql, &notices).await.unwrap();
        let requests = world.simulator.requests();
        assert!(requests.len() > 3, "{scenario}");
        assert!(requests.iter().all(|entry| entry.effect == RequestEffect::Read), "{scenario}: {requests:?}");
        let told = serde_json::to_string(&seen).unwrap();
        assert!(!told.contains("canary") && !format!("{seen:?}").contains("canary"), "{scenario}: {told}");
    }
}

#[tokio::test]
async fn what_does_not_answer_is_named_and_the_rest_is_shown() {
    for (fault, gap) in [
        ("server-error@GET /api/v3/connections", "the connection herokuconnect-tidal-40217"),
        ("html@GET /connections$", "the list of the connections of acme-crm"),
        ("cut-before-effect@GET /errors", "the write errors of herokuconnect-tidal-40217"),
        ("server-error@GET /notifications", "the notifications of herokuconnect-tidal-40217"),
        ("server-error@GET /client/v11/databases", "the database postgresql-flat-11007"),
        ("server-error@GET /data/maintenances", "the maintenance of postgresql-flat-11007"),
        ("server-error@GET /apps/acme-jobs/formation", "the app acme-jobs"),
        ("server-error@GET /releases", "the releases of acme-crm"),
        ("server-error@GET /api/v4/current-status", "announced maintenance"),
    ] {
        let seen = World::of("standard").breaks(fault).look().await;
        assert!(unseen(&seen).contains(&gap), "{fault}: {:?}", seen.unseen);
        assert!(seen.apps.iter().any(|app| app.facts.name == "acme-crm"), "{fault}");
    }
}

#[tokio::test]
async fn a_region_that_is_offline_is_given_up_soon() {
    let world = World::of("standard").breaks("connect-maintenance@GET /apps/acme-crm");
    let before = world.simulator.world().settled_at;
    let seen = world.look().await;
    assert_eq!(unseen(&seen), ["the list of the connections of acme-crm"], "{:?}", seen.unseen);
    assert!(seen.connections.is_empty() && !seen.apps.is_empty());
    let waited = world.simulator.world().settled_at.duration_since(before).as_secs();
    assert!(waited < 60, "{waited} seconds");
}

#[tokio::test]
async fn an_app_that_is_not_there_is_refused() {
    let world = World::of("standard");
    let target = Target { app: "acme-nothing".into(), resource: None };
    let looked = checkup(&world.clients, &*world.simulator.clock(), &target, Depth::Api, &Notices::default()).await;
    assert_eq!(looked.unwrap_err().kind, FaultKind::NotFound);
    assert_eq!(world.look_at(Some("herokuconnect-none-1")).await.unwrap_err().kind, FaultKind::Usage);
}

#[tokio::test]
async fn all_connections_are_looked_at_or_the_one_that_was_named() {
    let world = World::of("two-connections");
    let both = world.look().await;
    assert_eq!(both.connections.len(), 2);
    let one = world.look_at(Some("herokuconnect-round-55120")).await.unwrap();
    let names: Vec<&str> = one.connections.iter().map(|connection| connection.name.as_str()).collect();
    assert_eq!(names, ["herokuconnect-round-55120"]);
}

#[tokio::test]
async fn without_a_connection_the_apps_own_database_is_looked_at() {
    let seen = World::of("no-connection").look().await;
    assert!(seen.connections.is_empty() && seen.databases.len() == 1, "{seen:?}");
}

#[tokio::test]
async fn a_connection_that_is_not_shown_to_this_account_is_not_taken_for_none() {
    let world = World::of("standard");
    world.simulator.change(|world| world.connections[0].access.clear());
    let seen = world.look().await;
    assert_eq!(seen.hidden_connections, ["herokuconnect-tidal-40217"]);
    assert_eq!(unseen(&seen), ["the connection herokuconnect-tidal-40217"]);
}

#[tokio::test]
async fn a_pointer_by_hand_is_told_from_one_that_leads_elsewhere() {
    let seen = World::of("neglected").look().await;
    let pointer = &seen.connections[0].pointer;
    assert!(matches!(pointer, Pointer::ByHand { addon, .. } if addon == "postgresql-flat-11007"), "{pointer:?}");
    assert!(!format!("{seen:?}").contains("canary"));
    for (value, expected) in [(Some("postgres://u:p@elsewhere.example/d"), Pointer::Elsewhere), (None, Pointer::NotSet)]
    {
        let world = World::of("neglected");
        world.simulator.change(|world| match value {
            Some(value) => world.apps[0].config.insert("CONNECT_DB_URL".into(), value.into()),
            None => world.apps[0].config.remove("CONNECT_DB_URL"),
        });
        let seen = world.look().await;
        assert_eq!(seen.connections[0].pointer, expected);
    }
}

#[tokio::test]
async fn followers_are_told_with_their_lag_and_a_scheduled_upgrade_with_its_moment() {
    let world = World::of("scheduled-upgrade");
    world.simulator.change(|world| {
        let leader = world.databases[0].clone();
        let mut follower = leader.clone();
        (follower.addon, follower.host, follower.lag) = ("f-1".into(), "follower.example".into(), 7_000);
        follower.following = Some(leader.addon);
        world.databases.push(follower);
    });
    let seen = world.look().await;
    let database = &seen.databases[0];
    assert_eq!(database.followers.len(), 1);
    assert!(database.followers[0].name.contains("follower.example"), "no attachment leads to it: {database:?}");
    let upgrade = database.upgrade.as_ref().unwrap();
    assert_eq!(upgrade.scheduled_for.unwrap().to_string(), "2026-11-24T20:30:00Z");
}

use std::path::PathBuf;
use std::time::Duration;

use super::DatabasesWanted;
use crate::database::{Manner, Session};
use crate::model::{Clock, DatabaseUrl};
use crate::simulator::postgres::Installations;
use crate::simulator::world::{AddonOrder, World};
use crate::simulator::{ClockMode, FaultRule, Simulator};

const LEADER: &str = "postgresql-flat-11007";

fn wanted() -> Option<DatabasesWanted> {
    let cache = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".cache/postgres");
    let installations = Installations::find(&[], Some(&cache));
    if [16, 17].iter().any(|major| !installations.majors().contains(major)) {
        println!("skipped: PostgreSQL 16 and 17 are not installed here; `scripts/postgres` fetches them");
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

fn follow(simulator: &Simulator) -> String {
    let config = serde_json::json!({ "follow": LEADER });
    let order = AddonOrder {
        plan: "heroku-postgresql:standard-0".to_owned(),
        config: config.as_object().cloned().unwrap(),
        ..AddonOrder::default()
    };
    let id = simulator.change(|world| world.order_addon("acme-crm", &order)).unwrap();
    simulator.world().addon(&id).unwrap().name.clone()
}

#[tokio::test]
async fn a_config_var_leads_to_a_real_server_over_tls() {
    let Some(simulator) = standard() else { return };
    let world = simulator.world();
    let var = world.config("acme-crm").unwrap()["DATABASE_URL"].clone();
    assert!(var.contains(".db.simulator.example:") && var.ends_with("?hostaddr=127.0.0.1"), "{var}");
    let tls = ask(&simulator, LEADER, "select ssl from pg_stat_ssl where pid = pg_backend_pid()").await;
    assert_eq!(tls, "t");
    let role = ask(
        &simulator,
        LEADER,
        "select rolsuper, pg_has_role(rolname, 'pg_monitor', 'usage') from pg_roles where rolname = current_user",
    )
    .await;
    assert_eq!(role, "f|t");
    assert_eq!(ask(&simulator, LEADER, "show server_version").await, world.database(LEADER).unwrap().version);
}

#[tokio::test]
async fn a_follower_is_promoted_and_upgraded_as_the_world_says() {
    let Some(simulator) = standard() else { return };
    let follower = follow(&simulator);
    assert!(simulator.world().config("acme-crm").unwrap().values().any(|url| url.contains(&follower)));
    simulator.advance(600);
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "t");
    simulator.change(|world| world.run_upgrade(&follower, Some("17"))).unwrap();
    assert_eq!(ask(&simulator, &follower, "select pg_is_in_recovery()").await, "f");
    simulator.advance(1_000);
    let world = simulator.world();
    assert!(world.database(&follower).unwrap().version.starts_with("17."));
    assert_eq!(ask(&simulator, &follower, "show server_version").await, world.database(&follower).unwrap().version);
    assert!(ask(&simulator, LEADER, "show server_version").await.starts_with("16."));
    simulator.change(|world| world.remove_addon(LEADER).map(drop)).unwrap();
    let gone = url(&simulator.world(), LEADER);
    simulator.advance(60);
    assert!(Session::open(&gone, Manner::QUESTION).await.is_err());
}

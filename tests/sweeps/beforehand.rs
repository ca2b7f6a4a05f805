//! What has happened in a world before its run is planned.

use hcops_simulator::Simulator;
use hcops_simulator::world::{AddonOrder, ExistingSchema, ReloadWhilePaused, World};
use serde_json::{Map, json};

/// Changes a world before the run is planned.
pub(crate) type Beforehand = fn(&Simulator);

/// The database that was made beforehand.
pub(crate) const FRESH: &str = "fresh-pg";

pub(crate) fn nothing(_simulator: &Simulator) {}

/// Maintenance mode is on.
pub(crate) fn in_maintenance(simulator: &Simulator) {
    simulator.change(|world| world.set_maintenance("acme-crm", true)).unwrap();
}

/// A config var whose release failed keeps the address of before.
pub(crate) fn variables_that_stay(simulator: &Simulator) {
    simulator.change(|world| world.behaviour.failed_release_keeps_the_old_variable = true);
}

/// The app has an empty database as well.
pub(crate) fn empty_database(simulator: &Simulator) {
    make(simulator, Map::new());
}

/// The app has a follower as well.
pub(crate) fn follower(simulator: &Simulator) {
    make(simulator, Map::from_iter([("follow".to_owned(), json!("DATABASE_URL"))]));
}

/// Sync is paused, and the app has a database that followed its own until a moment ago.
pub(crate) fn paused_with_a_copy(simulator: &Simulator) {
    follower(simulator);
    let paused = |world: &mut World| {
        let connection = world.connections[0].id.clone();
        world.unfollow(FRESH).unwrap();
        world.pause(&connection).unwrap();
    };
    simulator.change(paused);
    simulator.advance(600);
}

/// A paused connection keeps a reload until it is resumed.
pub(crate) fn reloads_wait(simulator: &Simulator) {
    simulator.change(|world| world.behaviour.reload_while_paused = ReloadWhilePaused::Waits);
}

/// A paused connection does nothing about a reload.
pub(crate) fn reloads_are_dropped(simulator: &Simulator) {
    simulator.change(|world| world.behaviour.reload_while_paused = ReloadWhilePaused::Drops);
}

/// Connect refuses a schema that exists already; the person who reads that renames it.
pub(crate) fn schemas_are_refused(simulator: &Simulator) {
    simulator.change(|world| {
        world.behaviour.existing_schema = ExistingSchema::Refused;
        world.latency.person = 15;
    });
}

fn make(simulator: &Simulator, config: Map<String, serde_json::Value>) {
    let order = AddonOrder {
        plan: "heroku-postgresql:standard-0".to_owned(),
        name: Some(FRESH.to_owned()),
        attachment: Some("FRESH".to_owned()),
        confirm: None,
        config,
    };
    simulator.change(|world| world.order_addon("acme-crm", &order)).unwrap();
    simulator.advance(7_200);
}

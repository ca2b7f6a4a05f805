//! Killed at any instant, taken up again: the same world at the end, nothing done twice.

use hcops_model::Exit;
use hcops_simulator::World;
use hcops_simulator::world::{Addon, Database, Mapping, ReloadWhilePaused, Upgrade};

use crate::cases;
use crate::record::Snapshot;
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::workers::sweep;

/// Every journal append (before, torn, after) and every request (before; after, where it changes something).
#[test]
fn a_run_that_dies_anywhere_ends_as_if_nothing_had_happened() {
    for case in cases::chosen().chain(cases::otherwise()) {
        let prepared = prepare(case);
        let places: Vec<&Snapshot> = prepared.deaths().into_iter().step_by(case.each).collect();
        let what = format!("crash sweep of {}", case.name());
        sweep(
            &what,
            &places,
            |snapshot| snapshot.place.clone(),
            |snapshot| {
                block_on(async {
                    let mut trial = Trial::after(snapshot).unwrap();
                    let already = one_shots_in(&snapshot.world, &prepared);
                    let ended = trial.until_over().await.unwrap();
                    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
                    assert_eq!(trial.simulator.world().essence(), prepared.after, "the world is another one");
                    // A reload that a paused connection dropped has left no sign by which the world could be counted.
                    if prepared.before.behaviour.reload_while_paused == ReloadWhilePaused::Drops {
                        return;
                    }
                    assert_eq!(already + one_shots(&trial.simulator), prepared.one_shots, "done twice, or never");
                });
            },
        );
    }
}

/// What had been done before the process died is in the world, not in the new process's request log.
fn one_shots_in(world: &World, prepared: &Prepared) -> u64 {
    let upgraded = |world: &World| world.databases.iter().filter(|database| was_upgraded(database)).count();
    let created = |addon: &&Addon| !prepared.before.addons.iter().any(|before| before.id == addon.id);
    let left = |id: &str| world.addons.iter().any(|addon| addon.id == id && addon.state != "deprovisioning");
    let acts = upgraded(world) - upgraded(&prepared.before)
        + world.addons.iter().filter(created).count()
        + prepared.before.addons.iter().filter(|addon| !left(&addon.id)).count()
        + (world.transfers.len() - prepared.before.transfers.len())
        + reloads(world, &prepared.before);
    u64::try_from(acts).unwrap()
}

/// Mappings that were loaded again since, or load just now.
fn reloads(world: &World, before: &World) -> usize {
    let mappings = world.connections.iter().flat_map(|connection| &connection.mappings);
    let begun = |mapping: &&Mapping| {
        let earlier = before.mapping(&mapping.id).ok().and_then(|(_, mapping)| mapping.reloaded_at);
        mapping.state == "RELOAD_TABLE" || mapping.reloaded_at != earlier
    };
    mappings.filter(begun).count()
}

/// Whether an upgrade of it was begun, in place or by ceasing to follow.
fn was_upgraded(database: &Database) -> bool {
    let begun = |upgrade: &Upgrade| !matches!(upgrade, Upgrade::Preparing { .. } | Upgrade::Scheduled { .. });
    database.unfollowed.is_some() || database.upgrade.as_ref().is_some_and(begun)
}

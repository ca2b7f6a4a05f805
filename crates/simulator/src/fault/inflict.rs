//! What the faults do to the world: each is named in the catalogue beside its name, so that none can be without.

use super::{FaultKind, FaultRule};
use crate::world::{ExistingSchema, Window, World, after};

/// Length of Connect's own maintenance: up to 45 minutes (docs/heroku/procedures.md, "Connect maintenance").
const CONNECT_MAINTENANCE: u64 = 45 * 60;

/// Changes the world as a fault says. What strikes the exchange of a request leaves it alone.
///
/// # Errors
/// One sentence, when the change is impossible or would change nothing.
pub(crate) fn inflict(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    match rule.fault()?.kind {
        FaultKind::World(change) => (change.make)(world, rule),
        _of_the_exchange => Ok(()),
    }
}

pub(super) fn release_phase_fails(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    world.behaviour.failing_release_phases += rule.times.unwrap_or(1);
    Ok(())
}

pub(super) fn upgrade_fails(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    world.behaviour.failing_upgrades += rule.times.unwrap_or(1);
    Ok(())
}

pub(super) fn copy_with_warnings(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    world.behaviour.copy_warnings = rule.seconds.unwrap_or(3);
    Ok(())
}

pub(super) fn copy_fails(world: &mut World, _: &FaultRule) -> Result<(), String> {
    world.behaviour.copies_fail = true;
    Ok(())
}

pub(super) fn follower_stalls(world: &mut World, _: &FaultRule) -> Result<(), String> {
    world.databases.iter_mut().for_each(|database| database.stalled = true);
    Ok(())
}

pub(super) fn replay_disagrees(world: &mut World, _: &FaultRule) -> Result<(), String> {
    world.behaviour.replay_disagrees = true;
    Ok(())
}

pub(super) fn connect_maintenance(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    let from = world.settled_at;
    let until = after(from, rule.seconds.unwrap_or(CONNECT_MAINTENANCE));
    world.behaviour.connect_maintenance = Some(Window { from, until });
    Ok(())
}

pub(super) fn schema_refused(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    world.behaviour.existing_schema = match rule.kind.as_deref() {
        Some("import") => ExistingSchema::RefusedAtImport,
        _ => ExistingSchema::Refused,
    };
    Ok(())
}

pub(super) fn unknown_connection_state(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    let ids: Vec<String> = world.connections.iter().map(|connection| connection.id.clone()).collect();
    if ids.is_empty() {
        return Err("there is no connection".to_owned());
    }
    for id in ids {
        world.cancel(&id);
        world.set_state(&id, rule.kind.as_deref().unwrap_or("QUIESCING"));
    }
    Ok(())
}

pub(super) fn absent_person(world: &mut World, _: &FaultRule) -> Result<(), String> {
    world.behaviour.absent_person = true;
    Ok(())
}

pub(super) fn unauthorized(world: &mut World, _: &FaultRule) -> Result<(), String> {
    world.account.expired = true;
    Ok(())
}

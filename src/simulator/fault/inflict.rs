use super::FaultRule;
use super::drift::drift;
use crate::simulator::world::{ExistingSchema, Window, World};

/// Length of Connect's own maintenance: up to 45 minutes (docs/heroku/procedures.md, "Connect maintenance").
const CONNECT_MAINTENANCE: u64 = 45 * 60;

/// Changes the world as a fault says.
pub(crate) fn inflict(world: &mut World, rule: &FaultRule) {
    let times = rule.times.unwrap_or(1);
    match rule.name.as_str() {
        "drift" => drift(world, rule.kind.as_deref().unwrap_or_default(), rule.target.as_deref()),
        "release-phase-fails" => world.behaviour.failing_release_phases += times,
        "copy-with-warnings" => world.behaviour.copy_warnings = rule.seconds.unwrap_or(3),
        "upgrade-fails" => world.behaviour.failing_upgrades += times,
        "copy-fails" => world.behaviour.copies_fail = true,
        "follower-stalls" => world.databases.iter_mut().for_each(|database| database.stalled = true),
        "replay-disagrees" => world.behaviour.replay_disagrees = true,
        "connect-maintenance" => {
            let from = world.settled_at;
            let until = crate::simulator::world::after(from, rule.seconds.unwrap_or(CONNECT_MAINTENANCE));
            world.behaviour.connect_maintenance = Some(Window { from, until });
        }
        "unknown-connection-state" => enter_unknown_state(world, rule),
        "schema-refused" => {
            let at_import = rule.kind.as_deref() == Some("import");
            world.behaviour.existing_schema =
                if at_import { ExistingSchema::RefusedAtImport } else { ExistingSchema::Refused };
        }
        "absent-person" => world.behaviour.absent_person = true,
        "unauthorized" => world.account.expired = true,
        _ => (),
    }
}

fn enter_unknown_state(world: &mut World, rule: &FaultRule) {
    let ids: Vec<String> = world.connections.iter().map(|connection| connection.id.clone()).collect();
    for id in ids {
        world.cancel(&id);
        world.set_state(&id, rule.kind.as_deref().unwrap_or("QUIESCING"));
    }
}

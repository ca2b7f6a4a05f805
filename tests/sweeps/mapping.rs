//! A mapping that breaks while sync is paused: a run that ends done has seen every mapping in sync afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hcops_model::{Entry, Exit};
use hcops_simulator::{Drift, Simulator, World};

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, prepare};
use crate::workers::sweep;

/// The runbooks that resume what they, or somebody before them, paused.
const RESUMING: &[&str] = &[
    "sync-resume-resume.toml",
    "version-upgrade-follower.toml",
    "version-upgrade-copy.toml",
    "version-upgrade-in-place.toml",
    "plan-change-follower.toml",
    "essential-copy-copy.toml",
    "rollback-recovery-reload.toml",
    "operations/connect-resume.toml",
];

#[test]
fn a_mapping_that_breaks_while_sync_is_paused_is_not_done() {
    let mut met: Vec<&str> = Vec::new();
    for case in cases::chosen().filter(|case| RESUMING.contains(&case.runbook)) {
        if !met.contains(&case.runbook) {
            met.push(case.runbook);
            broken_while_paused(case);
        }
    }
}

fn broken_while_paused(case: Case) {
    let prepared = prepare(case);
    let settled = prepared.journal_lines.iter().filter(|line| is_place(&line.entry)).count();
    let places: Vec<u64> = (1..=u64::try_from(settled).unwrap()).collect();
    let stopped = AtomicU64::new(0);
    sweep(
        &format!("a mapping that breaks during the pause of {}", case.name()),
        &places,
        |place| format!("it breaks after {place} settled steps"),
        |place| {
            if block_on(one(&prepared, *place)) {
                stopped.fetch_add(1, Ordering::Relaxed);
            }
        },
    );
    let reloads = case.runbook.starts_with("rollback-recovery");
    assert!(reloads || stopped.into_inner() > 0, "nothing was broken while sync was paused");
}

const fn is_place(entry: &Entry) -> bool {
    matches!(entry, Entry::Settled { .. } | Entry::Confirmed { step: None, .. })
}

/// Whether the run stopped because of it.
async fn one(prepared: &Prepared, place: u64) -> bool {
    let mut trial = Trial::anew(prepared);
    let (count, struck) = (AtomicU64::new(0), Arc::new(AtomicBool::new(false)));
    let did = Arc::clone(&struck);
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if is_place(&line.entry) && count.fetch_add(1, Ordering::Relaxed) + 1 == place {
            did.store(break_if_paused(simulator), Ordering::Relaxed);
        }
    }));
    let ended = trial.process().await.unwrap();
    let broken = unsynced(&trial.simulator.world());
    assert!(ended.exit != Exit::Done || broken.is_empty(), "it says done, but {} is not in sync", broken.join(", "));
    struck.load(Ordering::Relaxed) && ended.exit != Exit::Done
}

/// Whether sync was paused, and a mapping is in error now.
fn break_if_paused(simulator: &Simulator) -> bool {
    let paused = simulator.world().connections[0].state == "PAUSED";
    if paused {
        simulator.add_fault(Drift::BreakMapping.into()).unwrap();
    }
    paused
}

fn unsynced(world: &World) -> Vec<String> {
    let mappings = world.connections.iter().flat_map(|connection| &connection.mappings);
    mappings.filter(|mapping| mapping.state != "DATA_SYNCED").map(|mapping| mapping.object_name.clone()).collect()
}

//! Heroku Connect is under maintenance for three quarters of an hour, from any step on: that is waited for, and nobody has
//! to take the run up again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hcops::model::{Clock as _, Entry, Exit};
use hcops::simulator::world::Window;
use jiff::SignedDuration;

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::truth;
use crate::workers::sweep;

const LASTS: SignedDuration = SignedDuration::from_mins(45);

/// Procedures in which apps are silent while Connect is asked.
const SILENCING: &[&str] =
    &["version-upgrade-follower.toml", "essential-copy-copy.toml", "connection-recreate-import.toml"];

#[test]
fn a_maintenance_of_connect_at_any_step_is_waited_for() {
    let mut met: Vec<&str> = Vec::new();
    for case in cases::chosen().filter(|case| SILENCING.contains(&case.runbook)) {
        if met.contains(&case.runbook) {
            continue;
        }
        met.push(case.runbook);
        away(case);
    }
}

fn away(case: Case) {
    let prepared = prepare(case);
    let settled = |seq: &u64| {
        let line = prepared.journal_lines.iter().find(|line| line.seq == *seq);
        line.is_some_and(|line| matches!(line.entry, Entry::Settled { .. }))
    };
    let places: Vec<u64> = prepared.journal_lines.iter().map(|line| line.seq).filter(settled).collect();
    sweep(
        &format!("maintenance of Connect in {}", case.name()),
        &places,
        |seq| format!("from line {seq} on"),
        |seq| block_on(from(&prepared, *seq)),
    );
}

async fn from(prepared: &Prepared, seq: u64) {
    let mut trial = Trial::anew(prepared);
    let begun = AtomicBool::new(false);
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if line.seq == seq && !begun.swap(true, Ordering::Relaxed) {
            let from = simulator.clock().now();
            simulator.change(|world| world.behaviour.connect_maintenance = Some(Window { from, until: from + LASTS }));
        }
    }));
    let ended = trial.process().await.unwrap();
    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
    assert_eq!(one_shots(&trial.simulator), prepared.one_shots, "done twice, or never");
    let lost = truth::lost(&prepared.plan, &trial.simulator.world());
    assert!(lost.is_empty(), "it says done, but {}", lost.join("; "));
}

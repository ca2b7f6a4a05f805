//! Silence that is broken after the old database was left, and kept again before anybody looks: what was written meanwhile
//! is missing in the new database, so the run never goes on to the point of no return.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hcops_model::{Entry, Exit, Line};
use hcops_simulator::Simulator;

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, prepare};
use crate::workers::sweep;

/// The runbooks that leave a database behind which had everything. `rollback-recovery` is none of them: it gives up on purpose
/// what its old database was given since the moment that it goes back to, so that no break of silence loses what the new one
/// should have. What is written there after it was left is seen by its `left-unwritten` steps, as in all of these.
const LEAVING: [&str; 4] = [
    "version-upgrade-follower.toml",
    "plan-change-follower.toml",
    "version-upgrade-copy.toml",
    "essential-copy-copy.toml",
];

const AN_HOUR: u64 = 3600;

#[derive(Debug, Clone, Copy)]
struct Break {
    /// How many steps have settled when it begins.
    after_settled: u64,
    /// Whether the run looks while it lasts.
    seen: bool,
}

#[test]
fn broken_silence_that_is_kept_again_while_the_run_stands_still_is_final() {
    let mut swept = 0;
    for case in cases::chosen().filter(|case| LEAVING.contains(&case.runbook)) {
        swept += sweep_case(case);
    }
    assert!(swept > 20 || !cases::are_all(), "{swept}: hardly any place where silence may break");
}

fn sweep_case(case: Case) -> usize {
    let prepared = prepare(case);
    let from = prepared.plan.holds["old-database-untouched"].finality.as_ref().unwrap().from.clone();
    let settled = || prepared.journal_lines.iter().filter(|line| matches!(line.entry, Entry::Settled { .. }));
    let place = |id: &str| {
        settled().position(|line| matches!(&line.entry, Entry::Settled { step, .. } if step.as_str() == id)).unwrap()
    };
    let crossing = prepared.plan.steps.iter().find(|step| step.crossing.is_some() && step.omitted.is_none()).unwrap();
    let places = place(from.as_str())..place(crossing.id.as_str());
    let all: Vec<Break> =
        places.flat_map(|place| [true, false].map(|seen| Break { after_settled: place as u64 + 1, seen })).collect();
    sweep(
        &format!("silence that is broken and kept again in {}", case.name()),
        &all,
        |broken| format!("{broken:?}"),
        |broken| block_on(one(&prepared, *broken)),
    );
    all.len()
}

async fn one(prepared: &Prepared, broken: Break) {
    let mut trial = Trial::anew(prepared);
    let count = AtomicU64::new(0);
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if !matches!(line.entry, Entry::Settled { .. })
            || count.fetch_add(1, Ordering::Relaxed) + 1 != broken.after_settled
        {
            return;
        }
        maintenance(simulator, false);
        if !broken.seen {
            simulator.advance(AN_HOUR);
            maintenance(simulator, true);
        }
    }));
    let ended = trial.process().await.unwrap();
    assert_eq!(ended.exit, Exit::HoldBroken, "{ended:#?}");
    trial.watcher = None;
    trial.simulator.advance(AN_HOUR);
    maintenance(&trial.simulator, true);
    trial.take_up();
    let ended = trial.process().await.unwrap();
    assert_eq!(ended.exit, Exit::HoldBroken, "kept again, it goes on: {ended:#?}");
    let crossed = |line: &Line| matches!(line.entry, Entry::Crossed { .. });
    assert!(!trial.journal_lines().iter().any(crossed), "it has crossed");
    let fault = ended.fault.unwrap();
    assert!(fault.command.as_deref().is_some_and(|command| command.starts_with("hcops abort ")), "{fault:?}");
    assert!(fault.saw.contains("hcops postgres compare "), "{fault:?}");
    trial.take_up();
    assert_eq!(trial.turn_back().await.unwrap().unwrap().exit, Exit::Aborted);
}

fn maintenance(simulator: &Simulator, on: bool) {
    simulator.change(|world| {
        let apps: Vec<String> = world.apps.iter().map(|app| app.name.clone()).collect();
        for app in apps {
            world.set_maintenance(&app, on).unwrap();
        }
    });
}

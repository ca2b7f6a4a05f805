//! Another operator changes something at a step boundary: the run stops before the next act that it would spoil.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use hcops_model::{Entry, Exit, Line};
use hcops_simulator::{Drift, FaultRule, Simulator};

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::truth;
use crate::workers::sweep;

#[derive(Debug, Clone, Copy)]
struct Drifting {
    kind: Drift,
    target: Option<&'static str>,
    /// How many steps have settled when the other operator acts.
    after_settled: u64,
}

#[test]
fn a_broken_condition_stops_the_run_before_the_next_act() {
    let mut stops = 0;
    for case in Case::met_by_everything() {
        stops += sweep_case(case);
    }
    assert!(stops > 20 || !cases::are_all(), "hardly any drift breaks a hold: the sweep shows nothing");
}

/// How often a broken hold stopped a run of this case.
fn sweep_case(case: Case) -> u64 {
    let prepared = prepare(case);
    let settled = prepared.journal_lines.iter().filter(|line| is_settled(line)).count();
    let settled = u64::try_from(settled).unwrap();
    let all: Vec<Drifting> = case
        .drifts
        .iter()
        .flat_map(|(kind, target)| {
            (0..settled).map(|after_settled| Drifting { kind: *kind, target: *target, after_settled })
        })
        .collect();
    let stops = AtomicU64::new(0);
    sweep(
        &format!("drift sweep of {}", case.name()),
        &all,
        |drift| format!("{} {:?} after {} settled steps", drift.kind, drift.target, drift.after_settled),
        |drift| {
            if block_on(one(&prepared, *drift)) == Exit::HoldBroken {
                stops.fetch_add(1, Ordering::Relaxed);
            }
        },
    );
    stops.into_inner()
}

async fn one(prepared: &Prepared, drift: Drifting) -> Exit {
    let mut trial = Trial::anew(prepared);
    let spoiled: Arc<Mutex<Vec<String>>> = Arc::default();
    let (found, count, plan) = (Arc::clone(&spoiled), AtomicU64::new(0), prepared.plan.clone());
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if let Entry::Intended { intent } = &line.entry {
            let holds = plan.step(&intent.step).map(|step| step.holds.clone()).unwrap_or_default();
            let world = simulator.world();
            let broken = holds.into_iter().filter(|hold| !truth::is_kept(hold, &plan, &world));
            found.lock().unwrap().extend(broken.map(|hold| format!("{} acted although {hold} is broken", intent.step)));
        }
        let settled = if is_settled(line) { count.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        let begun = matches!(line.entry, Entry::Confirmed { step: None, .. }) && drift.after_settled == 0;
        if begun || (settled > 0 && settled == drift.after_settled) {
            strike(simulator, drift);
        }
    }));
    let ended = trial.process().await.unwrap();
    let spoiled = spoiled.lock().unwrap().clone();
    assert!(spoiled.is_empty(), "{}", spoiled.join("; "));
    assert!(one_shots(&trial.simulator) <= prepared.one_shots, "done twice");
    match ended.exit {
        Exit::Done => {
            let lost = truth::lost(&prepared.plan, &trial.simulator.world());
            let lines = &prepared.journal_lines;
            let after_the_last_look = writes(drift.kind) && !looked_after(lines, drift, "left-unwritten");
            let of_sync = matches!(drift.kind, Drift::DeleteMapping | Drift::BreakMapping | Drift::PauseConnection);
            assert!(!of_sync || !looked_after(lines, drift, "still-in-sync"), "it says done, and does not sync whole");
            assert!(lost.is_empty() || after_the_last_look, "it says done: {}", lost.join("; "));
        }
        Exit::VerificationFailed => {
            assert!(writes(drift.kind), "nobody wrote: {ended:#?}");
        }
        Exit::HoldBroken | Exit::Blocked | Exit::Failed | Exit::Unclear | Exit::NeedsPerson => {
            assert!(ended.needs.is_some() || ended.fault.is_some(), "it stops without a reason: {ended:#?}");
        }
        other => panic!("it ends with {other:?}: {ended:#?}"),
    }
    ended.exit
}

/// Whether a step of this name looks once more after the other operator has acted: it finds what was changed.
fn looked_after(undisturbed: &[Line], drift: Drifting, name: &str) -> bool {
    let mut settled = undisturbed.iter().filter_map(|line| match &line.entry {
        Entry::Settled { step, .. } => Some(step.as_str().starts_with(name)),
        _ => None,
    });
    let place = settled.position(|is_it| is_it);
    place.is_some_and(|place| drift.after_settled <= u64::try_from(place).unwrap())
}

fn strike(simulator: &Simulator, drift: Drifting) {
    let rule = FaultRule { target: drift.target.map(str::to_owned), ..drift.kind.into() };
    // What is impossible just then does not happen.
    let _impossible = simulator.add_fault(rule);
}

const fn is_settled(line: &Line) -> bool {
    matches!(line.entry, Entry::Settled { .. })
}

/// Whether what is changed writes to the database by itself.
const fn writes(kind: Drift) -> bool {
    matches!(kind, Drift::OutsideWriter | Drift::NewApp)
}

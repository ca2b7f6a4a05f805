//! Every request met by every fault: it ends done, parked or stopped with a named reason; never wrong, never hung.

use hcops_model::{Entry, Exit, Verdict};
use hcops_simulator::{Fault, FaultRule, Sweep};

use crate::cases::{self, Case};
use crate::trial::{Place, Prepared, Trial, block_on, one_shots, prepare};
use crate::truth;
use crate::workers::sweep;

/// A fault at the `nth` request of a process that takes the run up where a step had just settled. Between two such
/// places lie all the requests that the undisturbed run makes, so each of them is met without repeating what lies before.
struct Struck<'p> {
    fault: Fault,
    at: Place<'p>,
}

impl<'p> Struck<'p> {
    fn by(fault: Fault, at: Place<'p>) -> Option<Self> {
        let is_swept = match fault.spec().sweep {
            Sweep::EveryRequest => true,
            Sweep::EveryChange => at.changes,
            Sweep::Elsewhere(_) => false,
        };
        is_swept.then_some(Self { fault, at })
    }

    fn name(&self) -> String {
        format!("{} at request {} from {}", self.fault, self.at.nth, self.at.from.place)
    }
}

#[test]
fn no_fault_ends_as_a_false_success_or_a_hang() {
    let mut met = 0;
    for case in Case::met_by_everything() {
        met += sweep_case(case);
    }
    assert!(met > 3000 || !cases::are_all(), "only {met} cases: the boundaries are not found");
}

/// How many cases were met.
fn sweep_case(case: Case) -> usize {
    let prepared = prepare(case);
    let struck = |at| Fault::ALL.iter().filter_map(move |fault| Struck::by(*fault, at));
    let all: Vec<Struck<'_>> = prepared.requests().into_iter().flat_map(struck).step_by(case.each_fault).collect();
    sweep(&format!("fault sweep of {}", case.name()), &all, Struck::name, |struck| block_on(one(&prepared, struck)));
    all.len()
}

/// What the other procedures meet, each request one of them in turn: one fault of each sort that leads another way
/// through the engine.
const FEW: &[Fault] =
    &[Fault::CutAfterEffect, Fault::AcceptedNeverDone, Fault::ApiLag, Fault::ConnectMaintenance, Fault::AbsentPerson];

#[test]
fn no_fault_of_a_few_ends_a_further_procedure_as_a_false_success_or_a_hang() {
    for case in cases::further() {
        let prepared = prepare(case);
        let copies: &[Fault] =
            if case.runbook.ends_with("-copy.toml") { &[Fault::CopyWithWarnings, Fault::CopyFails] } else { &[] };
        let faults = FEW.iter().chain(copies).cycle();
        let all: Vec<Struck<'_>> =
            prepared.requests().into_iter().zip(faults).map(|(at, fault)| Struck { fault: *fault, at }).collect();
        sweep(&format!("few faults sweep of {}", case.name()), &all, Struck::name, |struck| {
            block_on(one(&prepared, struck))
        });
    }
}

#[test]
fn a_release_that_fails_anywhere_leaves_no_app_without_its_variable() {
    for case in cases::releasing() {
        let prepared = prepare(case);
        let all: Vec<Struck<'_>> =
            prepared.requests().into_iter().map(|at| Struck { fault: Fault::ReleasePhaseFails, at }).collect();
        sweep(&format!("failing releases sweep of {}", case.name()), &all, Struck::name, |struck| {
            block_on(one(&prepared, struck))
        });
    }
}

async fn one(prepared: &Prepared, struck: &Struck<'_>) {
    let mut trial = Trial::after(struck.at.from).unwrap();
    let rule = FaultRule { nth: Some(struck.at.nth), ..struck.fault.into() };
    trial.simulator.add_fault(rule).unwrap();
    let ended = trial.process().await.unwrap();
    match ended.exit {
        Exit::Done => assert_same(prepared, &trial, struck.fault),
        Exit::Failed | Exit::NeedsPerson | Exit::Blocked | Exit::Unclear | Exit::HoldBroken => {
            let named = ended.needs.is_some() || ended.fault.as_ref().is_some_and(|fault| !fault.saw.is_empty());
            assert!(named, "it stops without a reason: {ended:#?}");
        }
        other => panic!("it ends with {other:?}: {ended:#?}"),
    }
    assert!(one_shots(&trial.simulator) <= prepared.one_shots, "done twice");
    let closed = trial.journal_ends_with(|entry| matches!(entry, Entry::Closed { verdict: Verdict::Done }));
    assert_eq!(closed, ended.exit == Exit::Done, "the journal and the exit code disagree");
}

fn assert_same(prepared: &Prepared, trial: &Trial, fault: Fault) {
    let world = trial.simulator.world();
    let differences = truth::differences(&world.essence(), &prepared.after);
    let caused = |difference: &String| caused_by(fault, difference);
    let differences: Vec<String> = differences.into_iter().filter(|difference| !caused(difference)).collect();
    assert!(differences.is_empty(), "it says done, but {}", differences.join("; "));
    let lost = truth::lost(&prepared.plan, &world);
    assert!(lost.is_empty(), "it says done, but {}", lost.join("; "));
}

/// What the fault itself leaves in the world when it comes after the last look at it.
fn caused_by(fault: Fault, difference: &str) -> bool {
    fault == Fault::UnknownConnectionState && difference.starts_with("/connections/0/state")
}

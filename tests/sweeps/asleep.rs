//! The machine sleeps for hours in the middle of any request, or a server puts an act off: what was seen before carries no
//! act.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use hcops_model::{Entry, Exit, FRESH, Line};
use hcops_simulator::{Fault, FaultRule};

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::workers::sweep;

const HOURS: Duration = Duration::from_secs(4 * 3600);

fn case() -> Option<Case> {
    cases::chosen().find(|case| case.runbook == "version-upgrade-follower.toml")
}

#[test]
fn a_machine_that_sleeps_in_any_request_looks_again_before_it_acts() {
    let Some(case) = case() else { return };
    let prepared = prepare(case);
    let mut undisturbed = Trial::anew(&prepared);
    block_on(undisturbed.process()).unwrap();
    let requests: Vec<u64> = (1..=u64::try_from(undisturbed.simulator.requests().len()).unwrap()).collect();
    assert!(requests.len() > 50);
    sweep(
        &format!("sleep in any request of {}", case.name()),
        &requests,
        |nth| format!("asleep in request {nth}"),
        |nth| block_on(asleep(&prepared, *nth)),
    );
}

async fn asleep(prepared: &Prepared, nth: u64) {
    let mut trial = Trial::anew(prepared);
    let (clock, count) = (trial.simulator.clock(), AtomicU64::new(0));
    trial.simulator.on_request(move |_| {
        if count.fetch_add(1, Ordering::Relaxed) + 1 == nth {
            clock.suspend(HOURS);
        }
    });
    let ended = trial.until_over().await.unwrap();
    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
    assert_eq!(one_shots(&trial.simulator), prepared.one_shots, "done twice");
    assert_looks_are_fresh(trial.journal_lines());
}

/// Between the first look at the conditions of an act and its intent no more time passes than a look may be old.
fn assert_looks_are_fresh(lines: &[Line]) {
    for (index, line) in lines.iter().enumerate() {
        let Entry::Intended { intent } = &line.entry else { continue };
        let held = lines[..index].iter().rev().take_while(
            |line| matches!(&line.entry, Entry::Observed { step, hold: Some(_), .. } if *step == intent.step),
        );
        for look in held.take(1) {
            let age = Duration::try_from(line.at.duration_since(look.at)).unwrap();
            assert!(age <= FRESH, "{} rests on a look that is {age:?} old", intent.step);
        }
    }
}

#[test]
fn an_act_that_a_server_puts_off_is_not_made_on_old_looks() {
    let Some(case) = case() else { return };
    let prepared = prepare(case);
    block_on(async {
        let mut trial = Trial::anew(&prepared);
        let headers = [("retry-after".to_owned(), "600".to_owned())].into();
        let rule = FaultRule {
            method: Some("POST".to_owned()),
            path: Some("/upgrade/run".to_owned()),
            nth: Some(1),
            status: Some(429),
            headers,
            ..Fault::Answer.into()
        };
        trial.simulator.add_fault(rule).unwrap();
        let struck = AtomicBool::new(false);
        trial.watcher = Some(Arc::new(move |line, simulator| {
            let put_off = matches!(&line.entry, Entry::Faulted { acting: true, fault, .. } if fault.pause == Some(600));
            if put_off && !struck.swap(true, Ordering::Relaxed) {
                simulator.change(|world| world.scale("acme-jobs", "worker", Some("+1"), None)).unwrap();
            }
        }));
        let ended = trial.process().await.unwrap();
        assert_eq!(ended.exit, Exit::HoldBroken, "{ended:#?}");
        let received = |line: &Line| matches!(&line.entry, Entry::Received { step, .. } if step.as_str() == "upgrade");
        assert!(!trial.journal_lines().iter().any(received), "it was made although a worker ran");
    });
}

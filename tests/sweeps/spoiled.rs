//! Whole runs behind a proxy that spoils answers by a seed: no panic, no hang, and never "done" when it is not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hcops_engine::Ended;
use hcops_model::{Clock as _, Exit};

use crate::cases::{self, Case};
use crate::harm::{Dice, seeds};
use crate::proxy::{Proxy, Spoiling};
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::truth;
use crate::workers::sweep;

/// Procedures of every sort: following, upgrading in place, copying, recreating, and a change of Connect alone.
const RUNBOOKS: &[&str] = &[
    "version-upgrade-follower.toml",
    "version-upgrade-in-place.toml",
    "essential-copy-copy.toml",
    "connection-recreate-import.toml",
    "field-change-complex.toml",
    "sync-pause-pause.toml",
    "sync-resume-resume.toml",
    "operations/app-formation.toml",
    "operations/connect-import.toml",
    "operations/postgres-unfollow.toml",
];

/// Processes that meet spoiled answers; the later ones meet whole ones.
const SPOILED_PROCESSES: u32 = 4;
const MOST_PROCESSES: u32 = 10;

#[test]
fn whole_runs_behind_spoiled_answers_never_say_done_when_they_are_not() {
    let spoiled = AtomicUsize::new(0);
    for (nth, case) in chosen().into_iter().enumerate() {
        let prepared = prepare(case);
        // Each runbook meets others.
        let seeds = seeds(1 + nth as u64, 1);
        sweep(
            &format!("spoiled answers in {}", case.name()),
            &seeds,
            |seed| format!("seed {seed}"),
            |seed| {
                spoiled.fetch_add(one(&prepared, *seed), Ordering::Relaxed);
            },
        );
    }
    let spoiled = spoiled.into_inner();
    eprintln!("{spoiled} answers were spoiled");
    assert!(spoiled > 20 || !cases::are_all(), "only {spoiled} answers were spoiled");
}

fn chosen() -> Vec<Case> {
    let mut met: Vec<&str> = Vec::new();
    let first = |case: &Case| {
        let is_first = RUNBOOKS.contains(&case.runbook) && !met.contains(&case.runbook);
        met.push(case.runbook);
        is_first
    };
    cases::chosen().filter(first).collect()
}

/// How many answers were spoiled.
fn one(prepared: &Prepared, seed: u64) -> usize {
    let mut trial = Trial::anew(prepared);
    let mut dice = Dice::of(seed);
    let kind = Spoiling { one_in: *dice.one_of(&[8, 30, 100]), lasts: dice.below(3) == 0 };
    let proxy = Proxy::before(&trial.simulator, seed, kind);
    trial.network = Some(proxy.way());
    let ended = block_on(until_over(&mut trial, &proxy));
    let spoiled = || format!("{ended:#?}\n{kind:?}:\n{}", proxy.spoiled().join("\n"));
    assert!(!proxy.is_flooded(), "it asks for ever: {}", spoiled());
    let named = ended.exit == Exit::Done
        || ended.needs.is_some()
        || ended.fault.as_ref().is_some_and(|fault| !fault.saw.is_empty());
    assert!(named, "it stops without a reason: {}", spoiled());
    assert!(one_shots(&trial.simulator) <= prepared.one_shots, "done twice: {}", spoiled());
    if ended.exit == Exit::Done {
        let world = trial.simulator.world();
        let differences = truth::differences(&world.essence(), &prepared.after);
        assert!(differences.is_empty(), "it says done, but {}: {}", differences.join("; "), spoiled());
        let lost = truth::lost(&prepared.plan, &world);
        assert!(lost.is_empty(), "it says done, but {}: {}", lost.join("; "), spoiled());
    }
    proxy.spoiled().len()
}

/// Process after process; the later ones meet a server that is well again.
async fn until_over(trial: &mut Trial, proxy: &Proxy) -> Ended {
    let mut ended = trial.process().await.unwrap();
    for nth in 1..MOST_PROCESSES {
        if ended.verdict.is_some() {
            break;
        }
        if nth == SPOILED_PROCESSES {
            proxy.spoil_no_more();
        }
        trial.simulator.clock().sleep(Duration::from_secs(600)).await;
        trial.take_up();
        ended = trial.process().await.unwrap();
    }
    ended
}

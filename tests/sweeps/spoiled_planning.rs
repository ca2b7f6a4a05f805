//! What is looked at before a run, behind a proxy that spoils answers by a seed: no panic, no hang, and no plan that leads
//! elsewhere than it says.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hcops_journal::MemoryJournal;
use hcops_model::{Clock as _, Exit};
use hcops_simulator::Simulator;

use crate::cases::{self, Case};
use crate::harm::{Dice, seeds};
use crate::proxy::{Proxy, Spoiling};
use crate::trial::{Prepared, Trial, block_on, one_shots, open, planned, prepare};
use crate::truth;
use crate::workers::sweep;

const RUNBOOKS: &[&str] = &[
    "version-upgrade-follower.toml",
    "version-upgrade-copy.toml",
    "connection-recreate-import.toml",
    "plan-change-follower.toml",
    "field-change-complex.toml",
    "sync-pause-pause.toml",
];

/// Plans of a procedure that are made behind spoiled answers.
const PLANS: usize = 6;
/// Commands that are met by spoiled answers, each so often.
const TIMES: usize = 2;
/// Nothing that only looks takes longer.
const LONGEST: Duration = Duration::from_secs(30);

fn spoiling(seed: u64) -> Spoiling {
    let mut dice = Dice::of(seed);
    Spoiling { one_in: *dice.one_of(&[4, 12, 30]), lasts: dice.below(2) == 0 }
}

#[test]
fn a_plan_made_of_spoiled_answers_is_refused_or_leads_where_it_says() {
    let spoiled = AtomicUsize::new(0);
    for (nth, runbook) in RUNBOOKS.iter().enumerate() {
        let Some(case) = cases::chosen().find(|case| case.runbook == *runbook) else { continue };
        let prepared = prepare(case);
        sweep(
            &format!("plans of spoiled answers of {}", case.name()),
            &seeds(100 + nth as u64, PLANS),
            |seed| format!("seed {seed}"),
            |seed| {
                spoiled.fetch_add(one_plan(&prepared, case, *seed), Ordering::Relaxed);
            },
        );
    }
    assert!(spoiled.into_inner() > 20 || !cases::are_all(), "hardly any answer was spoiled");
}

/// How many answers were spoiled. A plan that could be made is carried out in a world that answers whole.
fn one_plan(prepared: &Prepared, case: Case, seed: u64) -> usize {
    let simulator = Arc::clone(&Trial::anew(prepared).simulator);
    let proxy = Proxy::before(&simulator, seed, spoiling(seed));
    let plan = block_on(planned(&simulator, proxy.way(), case));
    assert!(!proxy.is_flooded(), "it asks for ever: {}", proxy.spoiled().join("\n"));
    let Ok(plan) = plan.inspect_err(|why| assert!(!why.trim().is_empty(), "refused without a reason")) else {
        return proxy.spoiled().len();
    };
    let mut journal = MemoryJournal::new();
    open(&mut journal, &plan, simulator.clock().now());
    let mut trial = Trial::over(&simulator, journal);
    let ended = block_on(trial.process()).unwrap();
    let spoiled = || format!("{ended:#?}\n{}", proxy.spoiled().join("\n"));
    assert!(one_shots(&simulator) <= prepared.one_shots, "done twice: {}", spoiled());
    if ended.exit == Exit::Done {
        let lost = truth::lost(&prepared.plan, &simulator.world());
        assert!(lost.is_empty(), "it says done, but {}: {}", lost.join("; "), spoiled());
    }
    proxy.spoiled().len()
}

#[test]
fn commands_that_only_look_say_what_they_could_not_read() {
    let commands: &[&[&str]] = &[
        &["plan", "version-upgrade", "--to", "17", "--compare", "none", "-a", "acme-crm"],
        &["plan", "connection-recreate", "--compare", "none", "-a", "acme-crm"],
        &["doctor", "-a", "acme-crm"],
        &["doctor", "--procedures", "-a", "acme-crm"],
        &["status", "-a", "acme-crm"],
        &["windows", "-a", "acme-crm"],
    ];
    let all: Vec<(&[&str], u64)> = commands
        .iter()
        .enumerate()
        .flat_map(|(nth, words)| seeds(200 + nth as u64, TIMES).into_iter().map(|seed| (*words, seed)))
        .collect();
    sweep("commands behind spoiled answers", &all, |(words, seed)| format!("{words:?}, seed {seed}"), one_command);
}

#[expect(clippy::disallowed_methods, reason = "how long a command really takes is what is asked")]
fn one_command((words, seed): &(&[&str], u64)) {
    let simulator = Arc::new(Simulator::from_scenario("standard", hcops_simulator::ClockMode::Paused, 7).unwrap());
    let proxy = Proxy::before(&simulator, *seed, spoiling(*seed));
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hcops"));
    command.args(*words).current_dir(home.path()).env_clear();
    command.env("HOME", home.path()).env("HEROKU_HOST", proxy.origin()).env("HEROKU_API_KEY", "canary-0123456789");
    let began = Instant::now();
    let output = command.output().unwrap();
    let took = began.elapsed();
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let told =
        || format!("exit {:?} after {took:?}\n{out}\n{err}\nspoiled: {}", output.status, proxy.spoiled().join("\n"));
    assert!(took < LONGEST, "it hangs: {}", told());
    assert!(matches!(output.status.code(), Some(0 | 1 | 2 | 11 | 12 | 30..=32)), "{}", told());
    assert!(!err.contains("panicked"), "{}", told());
    assert!(!out.is_empty() || !err.is_empty(), "it says nothing");
    assert!(!out.contains("canary") && !err.contains("canary"), "the token is told: {}", told());
    assert!(!proxy.is_flooded(), "it asks for ever: {}", told());
}

//! Somebody renames an app or an add-on in the middle of a run: it ends well, or stops at once and says how to go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hcops_engine::Ended;
use hcops_model::{Entry, Exit, Line};
use hcops_simulator::World;
use hcops_simulator::world::Refusal;

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::truth;
use crate::workers::sweep;

/// So many requests more than a run without any disturbance makes; a loop makes hundreds.
const MOST_REQUESTS_MORE: usize = 60;
/// So many places of a procedure are tried, of the one with the most steps twice as many.
const PLACES: usize = 11;

#[derive(Debug, Clone)]
struct Renaming {
    kind: &'static str,
    was: String,
    is_of_the_new_database: bool,
    after_settled: u64,
    then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    RenamedBack,
    TurnedBack,
}

#[test]
fn what_is_renamed_is_known_by_its_id_and_told_with_the_command_that_helps() {
    let mut met: Vec<&str> = Vec::new();
    for case in cases::chosen().filter(|case| !case.runbook.starts_with("operations/")) {
        if !met.contains(&case.runbook) {
            met.push(case.runbook);
            sweep_case(case);
        }
    }
}

fn sweep_case(case: Case) {
    let is_longest = case.runbook == "version-upgrade-follower.toml";
    let prepared = prepare(case);
    let settled = u64::try_from(prepared.journal_lines.iter().filter(|line| is_settled(line)).count()).unwrap();
    let addons = ["database", "connection"].map(|fact| prepared.plan.facts[fact]["name"].as_str().unwrap().to_owned());
    let inputs = &prepared.plan.inputs;
    let made = inputs.get("follower_name").or_else(|| inputs.get("new_name")).and_then(|name| name.as_str());
    let made = made.map(str::to_owned);
    let apps =
        prepared.plan.facts["apps"].as_array().unwrap().iter().map(|app| app["name"].as_str().unwrap().to_owned());
    let apps: Vec<_> = apps.map(|name| ("rename-app", name)).collect();
    let renamed = addons.into_iter().chain(made.clone()).map(|name| ("rename-addon", name)).chain(apps);
    let every: Vec<(&str, String, u64)> =
        renamed.flat_map(|(kind, was)| (0..settled).map(move |place| (kind, was.clone(), place))).collect();
    let each = apart(every.len() / if is_longest { 2 * PLACES } else { PLACES }, settled);
    let all: Vec<Renaming> = every
        .into_iter()
        .step_by(each)
        .enumerate()
        .map(|(nth, (kind, was, after_settled))| {
            let then = if nth % 2 == 0 { Then::RenamedBack } else { Then::TurnedBack };
            let is_of_the_new_database = Some(&was) == made.as_ref();
            Renaming { kind, was, is_of_the_new_database, after_settled, then }
        })
        .collect();
    let stops = AtomicU64::new(0);
    sweep(
        &format!("renamings in {}", case.name()),
        &all,
        |one| format!("{one:?}"),
        |one| {
            if block_on(sweep_one(&prepared, one)) {
                stops.fetch_add(1, Ordering::Relaxed);
            }
        },
    );
    let few = stops.into_inner() <= 5;
    assert!(!(is_longest && few), "hardly any renaming stops the run: the sweep shows nothing");
}

/// How far places are apart, about so far: prime to how many steps settle, so that each name is given at other steps.
fn apart(about: usize, settled: u64) -> usize {
    let settled = usize::try_from(settled).unwrap().max(1);
    let is_prime_to =
        |each: &usize| !(2..=*each).any(|divisor| each.is_multiple_of(divisor) && settled.is_multiple_of(divisor));
    (about.max(1)..).find(is_prime_to).unwrap()
}

/// Whether it stopped.
async fn sweep_one(prepared: &Prepared, renaming: &Renaming) -> bool {
    let mut trial = Trial::anew(prepared);
    let (count, rule) = (AtomicU64::new(0), renaming.clone());
    trial.watcher = Some(Arc::new(move |line, simulator| {
        let settled = if is_settled(line) { count.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        let begun = matches!(line.entry, Entry::Confirmed { step: None, .. }) && rule.after_settled == 0;
        if begun || (settled > 0 && settled == rule.after_settled) {
            // What is not there yet, or not any more, cannot be renamed.
            let _gone = simulator.change(|world| rename(world, rule.kind, &rule.was, &now(&rule)));
        }
    }));
    let ended = trial.process().await.unwrap();
    trial.watcher = None;
    assert!(one_shots(&trial.simulator) <= prepared.one_shots, "done twice");
    let most = prepared.requests_in_all + MOST_REQUESTS_MORE;
    let made = trial.simulator.requests().len();
    assert!(made <= most, "{made} requests instead of {} and some", prepared.requests_in_all);
    if ended.exit == Exit::Done {
        trial.simulator.change(|world| rename_back(world, renaming)).unwrap_or_default();
        let lost = truth::lost(&prepared.plan, &trial.simulator.world());
        assert!(lost.is_empty(), "it says done: {}", lost.join("; "));
        return false;
    }
    assert_says_how_to_go_on(&ended, renaming);
    match renaming.then {
        Then::RenamedBack => {
            trial.simulator.change(|world| rename_back(world, renaming)).unwrap();
            trial.take_up();
            let ended = trial.process().await.unwrap();
            assert_eq!(ended.exit, Exit::Done, "renamed back, it ends otherwise: {ended:#?}");
        }
        Then::TurnedBack => turn_back(&mut trial, renaming).await,
    }
    true
}

/// Turned back, nothing stays behind under another name.
async fn turn_back(trial: &mut Trial, renaming: &Renaming) {
    trial.take_up();
    let Ok(ended) = trial.turn_back().await.unwrap() else { return };
    if ended.exit == Exit::Aborted {
        let is_left = trial.simulator.world().addons.iter().any(|addon| addon.name == now(renaming));
        assert!(!is_left || !renaming.is_of_the_new_database, "what the run made is left behind under another name");
        return;
    }
    assert_says_how_to_go_on(&ended, renaming);
    trial.simulator.change(|world| rename_back(world, renaming)).unwrap();
    trial.take_up();
    let ended = trial.process().await.unwrap();
    assert_eq!(ended.exit, Exit::Aborted, "renamed back, it is not restored: {ended:#?}");
}

fn assert_says_how_to_go_on(ended: &Ended, renaming: &Renaming) {
    let now = now(renaming);
    let command = match renaming.kind {
        "rename-app" => format!("heroku apps:rename {} --app {now}", renaming.was),
        _ => format!("heroku addons:rename {now} {}", renaming.was),
    };
    assert_eq!(ended.exit, Exit::Blocked, "{ended:#?}");
    let needs = ended.needs.as_ref().expect("a question");
    let commands = needs.all_commands();
    assert_eq!(commands[0], command, "{ended:#?}");
    assert!(commands[1].starts_with("hcops resume "), "{ended:#?}");
    assert!(format!("{:?}", needs.question).contains(&format!("is called {now} now")), "{ended:#?}");
}

fn now(renaming: &Renaming) -> String {
    format!("{}-renamed", renaming.was)
}

fn rename_back(world: &mut World, renaming: &Renaming) -> Result<(), Refusal> {
    rename(world, renaming.kind, &now(renaming), &renaming.was)
}

fn rename(world: &mut World, kind: &str, from: &str, to: &str) -> Result<(), Refusal> {
    match kind {
        "rename-app" => world.rename_app(from, to),
        _ => world.rename_addon(from, to),
    }
}

const fn is_settled(line: &Line) -> bool {
    matches!(line.entry, Entry::Settled { .. })
}

//! Files and answers that are spoiled by a seed, as they are read: each is taken or refused with words, and nothing panics.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use hcops_actions::registry;
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use hcops_heroku::{HerokuCommand, NetrcFile, Origins, find_token};
use hcops_journal::{GENESIS, RunState, read};
use hcops_model::{Digest, Line, Plan, Secret};
use hcops_report::{self as report, Kept};
use hcops_runbook as runbook;
use hcops_simulator::{ClockMode, Simulator};
use hcops_survey::checkup::{Depth, Notices, checkup};
use hcops_survey::{Target, survey};
use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use crate::cases::{self, Case};
use crate::harm::{Dice, HARMS, harm_text, harm_value, seeds};
use crate::trial::{Prepared, Trial, block_on, clients, open, prepare};
use crate::workers::sweep;

fn case(runbook: &str) -> Option<Case> {
    cases::chosen().find(|case| case.runbook == runbook)
}

/// A whole journal, as it lies in a file.
fn journal_of(prepared: &Prepared) -> String {
    prepared.snapshots.last().unwrap().journal.to_string()
}

#[test]
fn a_spoiled_journal_is_read_or_refused() {
    for runbook in ["version-upgrade-follower.toml", "connection-recreate-import.toml"] {
        let Some(case) = case(runbook) else { continue };
        let text = journal_of(&prepare(case));
        let seeds = seeds(1, 25);
        sweep(
            &format!("spoiled journals of {runbook}"),
            &seeds,
            |seed| format!("seed {seed}"),
            |seed| {
                let mut dice = Dice::of(*seed);
                look_at(&harm_text(&text, &mut dice));
                look_at(&sealed_again(&text, &mut dice));
            },
        );
    }
}

/// Whatever is shown of a journal is made of its lines.
fn look_at(bytes: &[u8]) {
    let reading = match read(bytes) {
        Ok(reading) => reading,
        Err(fault) => return assert!(!fault.saw.is_empty() && !fault.remedy.is_empty(), "{fault:?}"),
    };
    let lines: &[Line] = &reading.lines;
    if let Err(fault) = RunState::fold(lines) {
        assert!(!fault.saw.is_empty(), "{fault:?}");
    }
    let kept = Kept::default();
    let made = [
        report::html(lines, &kept).err(),
        report::markdown(lines, &kept).err(),
        report::json(lines, &kept).map(|document| document.to_string()).err(),
    ];
    assert!(made.iter().flatten().all(|fault| !fault.saw.is_empty()), "{made:?}");
}

/// Lines that were changed, left out, doubled or exchanged by somebody who sealed them again.
fn sealed_again(text: &str, dice: &mut Dice) -> Vec<u8> {
    let mut lines: Vec<Map<String, Value>> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for _ in 0..=dice.below(3) {
        let (at, other) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(8) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(other, lines[at].clone()),
            2 => lines.swap(at, other),
            3 => lines.truncate(at.max(1)),
            _ => {
                let mut line = Value::Object(std::mem::take(&mut lines[at]));
                harm_value(&mut line, *dice.one_of(HARMS), dice);
                lines[at] = line.as_object().unwrap().clone();
            }
        }
    }
    let (mut written, mut seal) = (String::new(), GENESIS.to_owned());
    for (index, mut line) in lines.into_iter().enumerate() {
        line.shift_remove("chain");
        if line.contains_key("seq") {
            line.insert("seq".to_owned(), json!(index + 1));
        }
        let unsealed = Value::Object(line).to_string();
        seal = Digest::of_bytes(format!("{seal}\n{unsealed}").as_bytes()).0;
        written += &format!("{},\"chain\":\"{seal}\"}}\n", unsealed.strip_suffix('}').unwrap());
    }
    written.into_bytes()
}

#[test]
fn a_spoiled_plan_is_taken_or_refused() {
    let Some(case) = case("version-upgrade-follower.toml") else { return };
    let plan = prepare(case).plan;
    let text = runbook::save_plan(&plan);
    sweep(
        "spoiled plans",
        &seeds(1, 80),
        |seed| format!("seed {seed}"),
        |seed| {
            let mut dice = Dice::of(*seed);
            let spoiled = String::from_utf8_lossy(&harm_text(&text, &mut dice)).into_owned();
            match runbook::load_plan("plan.json", &spoiled) {
                // An approval is for all but these.
                Ok(read) => {
                    let read = Plan { made_at: plan.made_at, noted: plan.noted.clone(), ..read };
                    assert_eq!(read, plan, "another plan has the same digest");
                }
                Err(found) => assert!(!found.to_string().is_empty()),
            }
            let mut document: Value = serde_json::from_str(&text).unwrap();
            harm_value(&mut document["plan"], *dice.one_of(HARMS), &mut dice);
            let digest = Plan::deserialize(&document["plan"]).map(|plan| plan.digest());
            document["digest"] = json!(digest.unwrap_or_else(|_| plan.digest()));
            let found = runbook::load_plan("plan.json", &document.to_string()).err();
            assert!(found.is_none_or(|found| !found.to_string().is_empty()));
        },
    );
}

#[test]
fn a_spoiled_runbook_is_planned_or_refused() {
    let Some(case) = case("version-upgrade-follower.toml") else { return };
    let prepared = prepare(case);
    let books: Vec<_> = runbook::library().into_iter().chain(runbook::operations()).collect();
    let simulator = Arc::new(Simulator::new(
        prepared.before.clone(),
        Arc::new(hcops_simulator::SimulatedClock::paused(prepared.started_at)),
        7,
    ));
    let inputs: BTreeMap<String, String> =
        case.inputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    sweep(
        "spoiled runbooks",
        &seeds(1, 80),
        |seed| format!("seed {seed}"),
        |seed| {
            let mut dice = Dice::of(*seed);
            let actions = registry(clients(&simulator, simulator.wire()), simulator.clock());
            let spoiled = harm_text(dice.one_of(&books).text, &mut dice);
            let Ok(text) = String::from_utf8(spoiled) else { return };
            let book = match runbook::parse("spoiled.toml", &text) {
                Ok(book) => book,
                Err(found) => return assert!(!found.to_string().is_empty()),
            };
            let found = runbook::lint(&book, &actions);
            assert!(found.is_empty() || !found.to_string().is_empty());
            if !found.has_errors() {
                let noted = prepared.plan.noted.clone();
                let made = runbook::plan(
                    &book,
                    &inputs,
                    &prepared.plan.facts,
                    &noted,
                    Vec::new(),
                    &actions,
                    "0.0.0-sweep",
                    prepared.started_at,
                );
                assert!(made.err().is_none_or(|found| !found.to_string().is_empty()));
            }
        },
    );
}

const NETRC: &str = "# mine\nmachine api.heroku.com\n  login ann@example.com\n  password canary-1\nmachine git.heroku.com \
                     login ann@example.com password \"canary 2\"\nmacdef init\ncd /pub\n\ndefault login x password y\n";

struct NoCommand;

impl HerokuCommand for NoCommand {
    fn auth_token(&self) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

#[test]
fn a_spoiled_netrc_gives_a_token_or_says_where_it_looked() {
    let origins = Origins::from_variables(&hcops_heroku::HostVariables::default()).unwrap();
    sweep(
        "spoiled netrc files",
        &seeds(1, 500),
        |seed| format!("seed {seed}"),
        |seed| {
            let bytes = harm_text(NETRC, &mut Dice::of(*seed));
            if let Err(fault) = find_token(&origins, None, &NetrcFile::Read(bytes), &NoCommand) {
                assert!(!fault.saw.is_empty() && !format!("{fault:?}").contains("canary"), "{fault:?}");
            }
        },
    );
}

#[test]
fn a_spoiled_configuration_is_imported_or_refused() {
    let Some(case) = case("operations/connect-import.toml") else { return };
    let prepared = prepare(case);
    let file: Value = prepared.plan.inputs["file"].clone();
    sweep(
        "spoiled configurations to import",
        &seeds(1, 15),
        |seed| format!("seed {seed}"),
        |seed| {
            let mut dice = Dice::of(*seed);
            let mut spoiled = file.clone();
            for _ in 0..=dice.below(2) {
                harm_value(&mut spoiled, *dice.one_of(HARMS), &mut dice);
            }
            block_on(import(&prepared, case, &spoiled));
        },
    );
}

async fn import(prepared: &Prepared, case: Case, file: &Value) {
    let mut trial = Trial::anew(prepared);
    let simulator = Arc::clone(&trial.simulator);
    let text = runbook::operations().into_iter().find(|book| book.file_name == "connect-import.toml").unwrap().text;
    let book = runbook::parse(case.runbook, text).unwrap();
    let actions = registry(clients(&simulator, simulator.wire()), simulator.clock());
    let inputs = [("file".to_owned(), file.to_string())].into();
    let (facts, noted) = (&prepared.plan.facts, prepared.plan.noted.clone());
    let made = runbook::plan(&book, &inputs, facts, &noted, Vec::new(), &actions, "0.0.0-sweep", prepared.started_at);
    let plan = match made {
        Ok(plan) => plan,
        Err(found) => return assert!(!found.to_string().is_empty()),
    };
    trial.journal = hcops_journal::MemoryJournal::new();
    open(&mut trial.journal, &plan, prepared.started_at);
    let ended = trial.process().await.unwrap();
    let named = ended.needs.is_some() || ended.fault.as_ref().is_some_and(|fault| !fault.saw.is_empty());
    assert!(named || ended.exit == hcops_model::Exit::Done, "{ended:#?}");
}

#[test]
fn a_spoiled_answer_to_a_look_is_read_or_told() {
    for scenario in ["standard", "essential"] {
        sweep(
            &format!("looks at spoiled answers of {scenario}"),
            &seeds(1, 20),
            |seed| format!("seed {seed}"),
            |seed| {
                block_on(look(scenario, *seed));
            },
        );
    }
}

/// More requests than this one look never needs.
const MOST_REQUESTS: u32 = 1000;

async fn look(scenario: &str, seed: u64) {
    let simulator = Arc::new(Simulator::from_scenario(scenario, ClockMode::Paused, 7).unwrap());
    let one_in = *Dice::of(seed).one_of(&[2, 5, 20]);
    let wire = Spoiling { inner: simulator.wire(), seed, one_in, count: AtomicU32::new(0) };
    let (clients, clock) = (clients(&simulator, Arc::new(wire)), simulator.clock());
    let target = Target { app: "acme-crm".to_owned(), resource: None };
    if let Err(fault) = survey(&clients, &*clock, &target).await {
        assert!(!fault.saw.is_empty() && !format!("{fault:?}").contains("canary"), "{fault:?}");
    }
    match checkup(&clients, &*clock, &target, Depth::Api, &Notices::default()).await {
        Ok(seen) => {
            let (notices, local) = (Notices::default(), hcops_health::Local::default());
            let case =
                hcops_health::Case { checkup: &seen, notices: &notices, local: &local, horizon: Default::default() };
            assert!(hcops_health::judge(&case).iter().all(|finding| !finding.saw.is_empty()));
            assert!(!format!("{:?}", seen.unseen).contains("canary"), "{:?}", seen.unseen);
        }
        Err(fault) => assert!(!fault.saw.is_empty(), "{fault:?}"),
    }
}

/// A wire that spoils values of answers.
struct Spoiling {
    inner: Arc<dyn Wire>,
    seed: u64,
    one_in: usize,
    count: AtomicU32,
}

#[async_trait]
impl Wire for Spoiling {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        assert!(count < MOST_REQUESTS, "it asks for ever: {} {}", request.method, request.url);
        let mut dice = Dice::for_thing(self.seed, &format!("{} {count}", request.url.path()));
        let mut answer = self.inner.send(request).await?;
        if dice.below(self.one_in) == 0 {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            match serde_json::from_str::<Value>(&text) {
                Ok(mut value) if dice.below(3) > 0 => {
                    harm_value(&mut value, *dice.one_of(HARMS), &mut dice);
                    answer.body = value.to_string().into_bytes();
                }
                _ => answer.body = harm_text(&text, &mut dice),
            }
        }
        Ok(answer)
    }
}

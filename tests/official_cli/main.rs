//! The official clients as judges of the simulator, and of our own clients.
//!
//! The reference folder holds 108 recorded runs of the official `heroku` command and its Connect plugin. Every request
//! of every run is sent again over real HTTP, and the real command is run where it is installed
//! (`scripts/official-cli`). Nothing here leaves loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage fails at once, with the reason")]

mod cases;
mod command;
mod databases;
mod fields;
mod http;
mod maintenances;
mod neighbours;
mod our_clients;
mod permits;
mod presets;
mod purposes;
mod recorded_wire;
mod recorder;
mod replay;
mod report;
mod schema;
mod serving;
mod settings;
mod stage;
mod templates;

use std::sync::Arc;

use cases::Case;
use command::Heroku;
use report::Report;
use settings::Choice;

/// A dozen cases that touch every API of the real command, parallel requests, confirmation, waiting, refusals by the
/// server and by the client, and each kind of error.
const DOZEN: [&str; 12] = [
    "apps:info --json",
    "maintenance:on",
    "addons",
    "addons:create pg follower --wait",
    "addons:attach",
    "addons:destroy (sync)",
    "ps:scale (set)",
    "pg:info",
    "pg:upgrade:run (unprepared leader: 422)",
    "pg:promote (release phase)",
    "pg:copy",
    "ERR 422 with url",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_request_is_answered_as_recorded() {
    let mut report = Report::new("replay");
    match cases::load() {
        Err(why) => report.skip("every case", &why),
        Ok(cases) => {
            for case in cases.iter().filter(|case| is_replayed(&settings::choice(), case)) {
                report.add(&case.name, replay::replay(case).await);
            }
        }
    }
    report.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_command_agrees_with_its_recordings() {
    let mut report = Report::new("heroku");
    match (cases::load(), Heroku::find()) {
        (Err(why), _) | (_, Err(why)) => report.skip("every case", &why),
        (Ok(cases), Ok(heroku)) => run_chosen(&mut report, cases, heroku).await,
    }
    report.close();
}

/// Runs the chosen cases, as many at a time as the machine has processors.
async fn run_chosen(report: &mut Report, cases: Vec<Case>, heroku: Heroku) {
    let choice = settings::choice();
    let chosen: Vec<_> = cases.into_iter().filter(|case| is_chosen(&choice, case)).collect();
    let (of_the_plugin, chosen): (Vec<_>, Vec<_>) = chosen.into_iter().partition(Case::is_of_the_plugin);
    if !of_the_plugin.is_empty() {
        report.note(&format!(
            "{} cases of the Connect plugin, which is not in the registry: replayed",
            of_the_plugin.len()
        ));
    } else if chosen.is_empty() {
        report.add(&format!("{choice:?}"), vec!["no recorded case has this name".to_owned()]);
    }
    let room = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let room = Arc::new(tokio::sync::Semaphore::new(room));
    let mut running = Vec::new();
    for case in chosen {
        let (heroku, room) = (heroku.clone(), Arc::clone(&room));
        running.push(tokio::spawn(async move {
            let _seat = room.acquire().await.unwrap();
            let complaints = heroku.run(&case).await;
            (case.name, complaints)
        }));
    }
    for case in running {
        let (name, complaints) = case.await.unwrap();
        report.add(&name, complaints);
    }
}

/// Replaying takes no time, so all are replayed unless one is asked for.
fn is_replayed(choice: &Choice, case: &Case) -> bool {
    !matches!(choice, Choice::Named(name) if case.name != *name)
}

fn is_chosen(choice: &Choice, case: &Case) -> bool {
    match choice {
        Choice::Dozen => DOZEN.contains(&case.name.as_str()),
        Choice::All => true,
        Choice::Named(name) => case.name == *name,
    }
}

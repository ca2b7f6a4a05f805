//! A rehearsal's way to "Heroku": a simulator in this process, whose world is kept beside the run's journal.

use std::path::Path;

use serde_json::json;

use super::arguments::Form;
use super::desk::Desk;
use super::failure::Failure;
use super::reach::Reach;
use super::servers;
use hcops_engine::Ended;
use hcops_heroku::{Clients, Origins};
use hcops_journal::lease::is_held;
use hcops_journal::run_state::REHEARSAL;
use hcops_model::{Exit, Plan, Secret, Verdict};
use hcops_simulator::{ClockMode, DatabasesWanted, Simulator, Unstruck, clear_orphans};
use hcops_terminal::wrap;

/// The file beside the journal that holds the world.
const WORLD: &str = "simulator.json";

/// The folder beside the journal that holds the databases, while they are real servers.
const DATABASES: &str = "databases";

/// Whether a run with this origin is a rehearsal.
pub(super) fn is_one(origin: &str) -> bool {
    origin.starts_with(REHEARSAL)
}

/// Whether a simulated world is kept in the directory of this run: then it is a rehearsal.
pub(super) fn has_world(directory: &Path) -> bool {
    directory.join(WORLD).is_file()
}

/// The way to a simulator of this scenario.
///
/// # Errors
/// When the in-process address is refused, which would be a defect.
pub(super) fn begun(desk: &Desk, simulator: &Simulator, scenario: &str) -> Result<Reach, Failure> {
    over(desk, simulator, format!("{REHEARSAL}{scenario}"))
}

/// The way to the simulator of a rehearsal that was begun before.
///
/// # Errors
/// When its world cannot be read.
pub(super) fn taken_up(desk: &Desk, directory: &Path, origin: &str, plan: &Plan) -> Result<Reach, Failure> {
    if !has_world(directory) {
        return Err(not_begun(plan));
    }
    let simulator = Simulator::restore(&directory.join(WORLD), mode(desk, None)).map_err(|error| {
        Failure::usage(
            format!("the rehearsal's world cannot be read: {error}"),
            "A rehearsal goes on in the world that it left; without it there is nothing to go on with.",
            "Start a new rehearsal.",
        )
        .with_command(again(plan))
    })?;
    let databases = directory.join(DATABASES);
    if databases.is_dir() {
        let installations = servers::installed(desk);
        let wanted = DatabasesWanted { keep_in: Some(databases), ..DatabasesWanted::of(installations) };
        let there = wanted.check(&simulator.world());
        there.and_then(|()| simulator.take_up_databases(wanted)).map_err(|fault| servers::failed(&fault))?;
    }
    over(desk, &simulator, origin.to_owned())
}

/// The way to a rehearsal in which nothing was done yet: it need not be its own world that is left as it is.
///
/// # Errors
/// When its scenario is not known here.
pub(super) fn left_behind(desk: &Desk, origin: &str) -> Result<Reach, Failure> {
    let scenario = origin.strip_prefix(REHEARSAL).unwrap_or(origin);
    let simulator = Simulator::from_scenario(scenario, mode(desk, None), 1).map_err(|error| {
        Failure::usage(error.to_string(), "A rehearsal ends in the world of its scenario.", "See the runs.")
            .with_command("hcops runs")
    })?;
    over(desk, &simulator, origin.to_owned())
}

/// A process that is killed in its first second leaves a run without a world.
fn not_begun(plan: &Plan) -> Failure {
    Failure::usage(
        "this rehearsal had not begun: its process ended before its world was there",
        "Nothing was rehearsed and nothing is lost. There is no world in which it could go on.",
        "Begin it again; `hcops abort` puts this one away.",
    )
    .with_command(again(plan))
}

/// The command that begins such a rehearsal anew.
pub(super) fn again(plan: &Plan) -> String {
    format!("hcops rehearse {} --method {}", plan.procedure, plan.method)
}

/// Puts the databases and the world beside the run's journal: the servers are kept there until the run is over, and the
/// world is saved after each request, before it is answered.
///
/// # Errors
/// When the servers do not start or the world cannot be written.
pub(super) fn furnish(
    desk: &Desk,
    simulator: &Simulator,
    servers: Option<DatabasesWanted>,
    directory: &Path,
) -> Result<(), Failure> {
    if let Some(wanted) = servers {
        clear_away(desk);
        let wanted = DatabasesWanted { keep_in: Some(directory.join(DATABASES)), ..wanted };
        simulator.with_databases(wanted).map_err(|fault| servers::failed(&fault))?;
    }
    let path = directory.join(WORLD);
    simulator.save_to(&path).map_err(|error| Failure::file("write", &path, &error))
}

/// Clears away the databases of rehearsals that can't be gone on with: those whose run is gone, or which were killed before
/// their world was there. Nobody would ever remove them otherwise.
fn clear_away(desk: &Desk) {
    let is_needed = |databases: &Path| databases.parent().is_some_and(|run| has_world(run) || is_held(run));
    let elsewhere = clear_orphans(is_needed);
    let store = desk.store();
    let runs = store.ids().unwrap_or_default().into_iter().map(|run| store.directory(run));
    let beside = runs.map(|run| run.join(DATABASES)).filter(|databases| databases.is_dir() && !is_needed(databases));
    let cleared = elsewhere + beside.filter(|databases| std::fs::remove_dir_all(databases).is_ok()).count();
    if cleared > 0 {
        let what = if cleared == 1 { "The databases of a rehearsal" } else { "The databases of rehearsals" };
        desk.remark(
            &desk.appearance.tell(&format!("note: {what} that can't be gone on with were cleared away ({cleared}).")),
        );
    }
}

/// The app that the scenario's first connection is of; else its first app.
pub(super) fn app_with_connection(simulator: &Simulator) -> String {
    let world = simulator.world();
    let of_connection = world.connections.first().map(|connection| connection.app.clone());
    of_connection.or_else(|| world.apps.first().map(|app| app.name.clone())).unwrap_or_default()
}

/// How fast the simulated time goes: as told; else so that a whole procedure takes a quarter of a minute at a terminal,
/// and as fast as possible elsewhere.
pub(super) fn mode(desk: &Desk, speed: Option<f64>) -> ClockMode {
    match speed {
        Some(speed) => ClockMode::Scaled(speed),
        None if desk.interactive => ClockMode::Scaled(WATCHABLE),
        None => ClockMode::Paused,
    }
}

/// Simulated seconds for each real one at a terminal.
const WATCHABLE: f64 = 60.0;

fn over(desk: &Desk, simulator: &Simulator, origin: String) -> Result<Reach, Failure> {
    let clock = simulator.clock();
    // In a form that no answer holds by chance: whatever repeats the token is masked.
    let token = Secret::new("HRKU-rehearsal");
    let clients = Clients::new(simulator.wire(), Origins::all_at("http://127.0.0.1:80")?, token, clock.clone());
    Ok(Reach::over(clients, clock, origin, desk.environment.user(), Some(simulator.clone())))
}

const REHEARSED: &str = "Rehearsed: the plan, the questions, each request that hcops sends and each state it waits for, \
                         in the order and with the pace that Heroku documents. A `heroku` command that is told above is what \
                         one would run for the real app, and nothing to type now.";
const NO_SERVERS: &str = "Not rehearsed: real rows, and every check by SQL (no PostgreSQL server took part, so nothing was \
                          copied, compared or lost), Salesforce, other people's changes, and how long it takes with your \
                          data. `scripts/postgres` fetches servers; HCOPS_POSTGRES names folders with some.";
const SERVERS: &str = "Not rehearsed: your schema and your amount of data, the real Salesforce, other people's changes, and \
                       how long it takes at Heroku.";

/// The faults that were asked for and have not struck: nobody shall take them for rehearsed.
fn faults(desk: &Desk, simulator: &Simulator, is_over: bool) -> Vec<String> {
    let unstruck = simulator.unstruck();
    if desk.form == Form::Json && !simulator.faults().is_empty() {
        desk.say_json("faults", json!({ "over": is_over, "unstruck": unstruck }));
    }
    let tell = |Unstruck { fault, why }: Unstruck| {
        if is_over {
            format!("Not rehearsed: the fault `{fault}`, which was asked for and never struck: {why}.")
        } else {
            format!(
                "Not rehearsed so far: the fault `{fault}`, which was asked for and has not struck: {why}. It stays in \
                 force when the run goes on."
            )
        }
    };
    unstruck.into_iter().map(tell).collect()
}

/// Says what was rehearsed. When the run is over its databases are counted and go; a loss makes the rehearsal fail.
///
/// # Errors
/// When the databases cannot be counted or removed.
pub(super) fn concluded(desk: &Desk, simulator: &Simulator, ended: &Ended) -> Result<Exit, Failure> {
    let real = simulator.has_databases();
    if !real && simulator.world().databases.iter().any(|database| database.hostaddr.is_some()) {
        // It was over before; its databases were counted then and are gone.
        return Ok(ended.exit);
    }
    let mut exit = ended.exit;
    let mut told = vec![REHEARSED.to_owned()];
    told.extend(faults(desk, simulator, ended.verdict.is_some()));
    if real && ended.verdict.is_some() {
        let audit = simulator.audit().map_err(|fault| servers::failed(&fault))?;
        told.push(audit.to_string());
        if desk.form == Form::Json {
            desk.say_json("audit", json!({ "whole": audit.is_whole(), "audit": audit }));
        }
        if !audit.is_whole() && ended.verdict == Some(Verdict::Done) {
            exit = Exit::VerificationFailed;
        }
        simulator.remove_databases().map_err(|fault| servers::failed(&fault))?;
    }
    told.push(if real { SERVERS } else { NO_SERVERS }.to_owned());
    if desk.form == Form::Text {
        desk.remark("");
        for text in told.iter().flat_map(|text| text.lines()) {
            desk.printer.note_lines(&wrap(&desk.appearance.tell(text), desk.appearance_now().columns, "", "  "));
        }
    }
    Ok(exit)
}

use clap::Args;

use crate::cli::arguments::{Conduct, Form, GateChoice, ProcedureChoice};
use crate::cli::beforehand;
use crate::cli::desk::Desk;
use crate::cli::execution::{self, Direction};
use crate::cli::failure::Failure;
use crate::cli::fitting_world;
use crate::cli::inputs::Inputs;
use crate::cli::planning::{self, Wish};
use crate::cli::rehearsal;
use crate::cli::servers::{self, ServerChoice};
use hcops_engine::drive::questions::rehearsed_fault;
use hcops_model::{Exit, PlannedStep, RunId};
use hcops_runbook::Runbook;
use hcops_simulator::{Drift, Fault, FaultRule, Scenario, Simulator, Takes};
use hcops_terminal::wrap;

/// Rehearse a procedure against a local Heroku; nothing real is touched
///
/// The same code as `hcops run`, with a simulated Heroku in this process and its time sped up. Without a terminal it
/// approves and attests by itself, but a point of no return needs --confirm, as in earnest. The world is kept beside the
/// journal, so that a rehearsal can be killed, resumed, answered and aborted like any run.
#[derive(Args)]
#[command(after_long_help = faults())]
pub(in crate::cli) struct Arguments {
    /// The procedure
    procedure: String,
    /// The world it begins in [default: the one that gives the procedure something to do]
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Let something go wrong, as NAME@METHOD PATH#nth: for example `server-error@POST /actions/pause#1`; the names are
    /// listed at the end of --help
    #[arg(long, value_name = "FAULT")]
    fault: Vec<FaultRule>,
    /// Simulated seconds for each real one [default: a whole procedure in about 20 seconds at a terminal, no waiting
    /// elsewhere]
    #[arg(long, value_name = "N", value_parser = positive)]
    speed: Option<f64>,
    /// Same seed, same ids
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The app [default: the scenario's app with a connection]
    #[arg(short, long, value_name = "APP")]
    app: Option<String>,
    /// The Connect add-on, where the app has several connections
    #[arg(long, value_name = "NAME")]
    resource: Option<String>,
    #[command(flatten)]
    servers: ServerChoice,
    #[command(flatten)]
    choice: ProcedureChoice,
    #[command(flatten)]
    conduct: Conduct,
    #[command(flatten)]
    gate: GateChoice,
}

/// All faults, for the help.
fn faults() -> String {
    let told = |name: &str, summary: &str| {
        let lines = wrap(summary, HELP_COLUMNS, "      ", "      ");
        format!("  {name}\n{}\n", lines.join("\n"))
    };
    let of = |fault: &Fault| match fault.spec().takes {
        Takes::Nothing => fault.name().to_owned(),
        Takes::Number { of, .. } => format!("{fault}[={}]", of.to_uppercase()),
        Takes::Status => format!("{fault}[=STATUS]"),
        Takes::Kind(kinds) => format!("{fault}[:{}]", kinds.join("|")),
        Takes::UnknownState => format!("{fault}[:WORD]"),
        Takes::Drift => format!("{fault}:KIND[=TARGET]"),
    };
    let faults: String = Fault::ALL.iter().map(|fault| told(&of(fault), fault.summary())).collect();
    let drifts: String = Drift::ALL
        .iter()
        .map(|drift| told(&format!("{drift} (TARGET: {})", drift.target().words()), drift.summary()))
        .collect();
    format!(
        "Faults (--fault NAME[@METHOD PATH#nth]):\n{faults}\nKinds of drift (--fault drift:KIND[=TARGET]):\n{drifts}"
    )
}

/// As wide as the rest of the help.
const HELP_COLUMNS: usize = 100;

/// Actions of preliminary checks that look into a database.
const BY_SQL: [&str; 2] = ["postgres.reachable", "connect.built-on"];

/// What goes before a default where no servers are under the databases: then there is nothing to compare.
const WITHOUT_SERVERS: (&str, &str) = ("compare", "none");

/// Rehearses.
///
/// # Errors
/// When the scenario or the procedure does not exist, or no plan can be made in that world.
pub(in crate::cli) async fn run(mut arguments: Arguments, inputs: Inputs, desk: &Desk) -> Result<Exit, Failure> {
    *arguments.conduct.answers.gate = std::mem::take(&mut arguments.gate);
    let scenario = scenario(&arguments)?;
    let simulator = simulator(&scenario, &arguments, desk)?;
    let app = arguments.app.clone().unwrap_or_else(|| rehearsal::app_with_connection(&simulator));
    let wish = Wish::new(&arguments.procedure, &arguments.choice, inputs, app, arguments.resource.clone());
    let assumed = fitting_world::inputs(&arguments.procedure, arguments.choice.method.as_deref());
    let target = wish.inputs.get("to").or_else(|| assumed.get("to")).cloned();
    let mut preferred = Inputs::new();
    let servers = servers::decide(&arguments.servers, &simulator, target.as_deref(), desk)?;
    match &servers {
        // What is planned is what will be: a server's minor version is its own.
        Ok(wanted) => simulator.expect_databases(wanted).map_err(|fault| servers::failed(&fault))?,
        Err(_) => drop(preferred.insert(WITHOUT_SERVERS.0.to_owned(), WITHOUT_SERVERS.1.to_owned())),
    }
    let reach = rehearsal::begun(desk, &simulator, &scenario)?;
    let plan = planning::plan(&reach, &Wish { assumed, preferred, ..wish }).await.map_err(rehearsed)?;
    beforehand::fit_plan(desk, &arguments.conduct.answers, &plan, rehearsal::again(&plan))?;
    // The servers begin with the run, which then sees for itself that they can be reached, and what is in them.
    let can_be_seen = |step: &PlannedStep| servers.is_err() || !BY_SQL.contains(&step.action.as_str());
    planning::check_only(&reach, &plan, can_be_seen).await.map_err(rehearsed)?;
    if desk.form == Form::Text {
        desk.remark(&desk.appearance.tell(&servers::remark(&servers)));
    }
    let open = execution::open(desk, &reach, RunId(uuid::Uuid::now_v7()), plan, &[])?;
    rehearsal::furnish(desk, &simulator, servers.ok(), open.journal.directory())?;
    execution::carry_out(desk, &reach, open, &arguments.conduct, Direction::Onward).await
}

/// What stands in the way in the simulated world is not mended by commands that reach the real one.
fn rehearsed(failure: Failure) -> Failure {
    Failure { fault: rehearsed_fault(failure.fault), ..failure }
}

/// The scenario that was named, else the one that fits the procedure, else the first in which it can be carried out.
fn scenario(arguments: &Arguments) -> Result<String, Failure> {
    if let Some(named) = &arguments.scenario {
        return Ok(named.clone());
    }
    if let Some(fitting) = fitting_world::scenario(&arguments.procedure) {
        return Ok(fitting.to_owned());
    }
    let books = Wish::new(&arguments.procedure, &arguments.choice, Inputs::new(), String::new(), None).runbooks()?;
    let is_for = |book: &Runbook, tier: &str| {
        book.tiers.as_ref().is_none_or(|tiers| tiers.value.iter().any(|known| known == tier))
    };
    let fits = |tier: &str| books.iter().any(|book| is_for(book, tier));
    Ok(if fits("standard") || !fits("essential") { "standard" } else { "essential" }.to_owned())
}

fn simulator(scenario: &str, arguments: &Arguments, desk: &Desk) -> Result<Simulator, Failure> {
    let mode = rehearsal::mode(desk, arguments.speed);
    let simulator = Simulator::from_scenario(scenario, mode, arguments.seed).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "A rehearsal begins in the world of a scenario.",
            format!("Scenarios: {}.", Scenario::names().join(", ")),
        )
    })?;
    for fault in &arguments.fault {
        simulator.add_fault(fault.clone()).map_err(|error| {
            Failure::usage(error, "A fault that cannot strike would rehearse nothing.", "See `hcops rehearse --help`.")
        })?;
    }
    Ok(simulator)
}

/// Reads a speed.
pub(super) fn positive(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if speed > 0.0 && f64::is_finite(speed) => Ok(speed),
        _ => Err("a speed is a number greater than 0".to_owned()),
    }
}

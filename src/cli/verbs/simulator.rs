use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;
use serde_json::json;
use tokio::net::TcpListener;

use crate::cli::arguments::Form;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::servers::{self, Decided, ServerChoice};
use hcops_engine::Stop;
use hcops_model::Exit;
use hcops_simulator::{ClockMode, FaultRule, Scenario, Simulator};

/// Serve a local Heroku: Platform API, Data API, Connect, status site, at one address of this machine
///
/// The official `heroku` command and hcops work against it unchanged, once the printed variables are set. Its time and
/// its faults are steered under /simulator/. Ctrl-C ends it.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The world it begins in
    #[arg(long, value_name = "NAME", default_value = "standard")]
    scenario: String,
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 5080)]
    port: u16,
    /// Simulated seconds for each real one
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = super::rehearse::positive)]
    speed: f64,
    /// Let the time stand still until a client waits
    #[arg(long, conflicts_with = "speed")]
    paused: bool,
    /// Same seed, same ids
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Let something go wrong, as NAME@METHOD PATH#nth; the names are in `hcops rehearse --help`
    #[arg(long, value_name = "FAULT")]
    fault: Vec<FaultRule>,
    #[command(flatten)]
    servers: ServerChoice,
    /// Append each request to this file, as one JSON object per line
    #[arg(long, value_name = "FILE")]
    request_log: Option<PathBuf>,
}

/// Serves until it is interrupted.
///
/// # Errors
/// When the scenario does not exist, the port is taken, or the request log cannot be written.
pub(in crate::cli) async fn run(arguments: Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let simulator = begun(&arguments)?;
    let servers = servers::decide(&arguments.servers, &simulator, None, desk)?;
    if let Ok(wanted) = &servers {
        simulator.with_databases(wanted.clone()).map_err(|fault| servers::failed(&fault))?;
    }
    if let Some(path) = &arguments.request_log {
        log_requests(&simulator, path)?;
    }
    let listener =
        TcpListener::bind(("127.0.0.1", arguments.port)).await.map_err(|error| taken(arguments.port, &error))?;
    let address = listener.local_addr().map_err(|error| taken(arguments.port, &error))?;
    tell(address.port(), &arguments, &servers, desk);
    let stop = Stop::new();
    interrupt::listen(&stop, &desk.printer);
    let stopped = async move { stop.requested().await };
    simulator.serve(listener, stopped).await.map_err(|error| taken(arguments.port, &error))?;
    Ok(Exit::Done)
}

fn begun(arguments: &Arguments) -> Result<Simulator, Failure> {
    let mode = if arguments.paused { ClockMode::Paused } else { ClockMode::Scaled(arguments.speed) };
    let simulator = Simulator::from_scenario(&arguments.scenario, mode, arguments.seed).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "The simulator begins in the world of a scenario.",
            format!("Scenarios: {}.", Scenario::names().join(", ")),
        )
    })?;
    for fault in &arguments.fault {
        let refused = |error| {
            Failure::usage(error, "A fault that cannot strike would show nothing.", "See `hcops simulator --help`.")
        };
        simulator.add_fault(fault.clone()).map_err(refused)?;
    }
    Ok(simulator)
}

fn log_requests(simulator: &Simulator, path: &Path) -> Result<(), Failure> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file: Mutex<File> = Mutex::new(file.map_err(|error| Failure::file("write", path, &error))?);
    simulator.on_request(move |entry| {
        let line = serde_json::to_string(entry).unwrap_or_default();
        // The log is for looking at: a disk that is full must not change what the simulator answers.
        let _ = file.lock().map(|mut file| writeln!(file, "{line}"));
    });
    Ok(())
}

fn taken(port: u16, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("cannot serve on 127.0.0.1:{port}: {error}"),
        "All of the simulated Heroku is behind this one port.",
        "Name another one with --port, or 0 for any that is free.",
    )
}

/// What has to be exported, for hcops and for the official command (docs/heroku/cli.md, "Variables").
fn tell(port: u16, arguments: &Arguments, servers: &Decided, desk: &Desk) {
    let variables = variables(port);
    if desk.form == Form::Json {
        let variables: serde_json::Map<_, _> =
            variables.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        return desk.say_json(
            "simulator",
            json!({
                "origin": origin(port), "scenario": arguments.scenario, "environment": variables,
                "databases": servers.is_ok(),
            }),
        );
    }
    for (name, value) in variables {
        desk.say(&[format!("export {name}={value}")]);
    }
    desk.remark(&desk.appearance.tell(&servers::remark(servers)));
    let served = format!("Scenario {} at {}. Ctrl-C ends it.", arguments.scenario, origin(port));
    desk.remark(&desk.appearance.tell(&served));
}

fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn variables(port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("HEROKU_HOST", origin(port)),
        ("HEROKU_API_KEY", "simulated".to_owned()),
        ("HEROKU_DATA_HOST", "127.0.0.1".to_owned()),
        ("CONNECT_DISCOVERY_SERVER", origin(port)),
        ("HEROKU_STATUS_HOST", origin(port)),
        ("HEROKU_PARTICLEBOARD_URL", format!("http://localhost:{port}")),
        ("HEROKU_GIT_HOST", "localhost".to_owned()),
        ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
    ]
}

//! A rehearsal's way to "Heroku": a simulator in this process, whose world is kept beside the run's journal.

use std::path::Path;

use super::desk::Desk;
use super::failure::Failure;
use super::reach::Reach;
use crate::heroku::{Clients, Origins};
use crate::model::Secret;
use crate::simulator::{ClockMode, Simulator};

/// How the origin of a rehearsal begins in the journal.
const ORIGIN: &str = "rehearsal of scenario ";

/// The file beside the journal that holds the world.
const WORLD: &str = "simulator.json";

/// Whether a run with this origin is a rehearsal.
pub(super) fn is_one(origin: &str) -> bool {
    origin.starts_with(ORIGIN)
}

/// The way to a simulator of this scenario.
///
/// # Errors
/// When the in-process address is refused, which would be a defect.
pub(super) fn begun(desk: &Desk, simulator: &Simulator, scenario: &str) -> Result<Reach, Failure> {
    over(desk, simulator, format!("{ORIGIN}{scenario}"))
}

/// The way to the simulator of a rehearsal that was begun before.
///
/// # Errors
/// When its world cannot be read.
pub(super) fn taken_up(desk: &Desk, directory: &Path, origin: &str) -> Result<Reach, Failure> {
    let simulator = Simulator::restore(&directory.join(WORLD), mode(desk, None)).map_err(|error| {
        Failure::usage(
            format!("the rehearsal's world cannot be read: {error}"),
            "A rehearsal goes on in the world that it left; without it there is nothing to go on with.",
            "Start a new rehearsal.",
        )
        .with_command("hcops rehearse version-upgrade")
    })?;
    over(desk, &simulator, origin.to_owned())
}

/// Keeps the world beside the run's journal from here on: saved after each request, before it is answered.
///
/// # Errors
/// When it cannot be written.
pub(super) fn keep_world(simulator: &Simulator, directory: &Path) -> Result<(), Failure> {
    let path = directory.join(WORLD);
    simulator.save_to(&path).map_err(|error| Failure::file("write", &path, &error))
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
    let token = Secret::new("rehearsal");
    let clients = Clients::new(simulator.wire(), Origins::all_at("http://127.0.0.1:80")?, token, clock.clone());
    Ok(Reach::over(clients, clock, origin, desk.environment.user(), true))
}

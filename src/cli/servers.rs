//! Whether real PostgreSQL servers are put under a simulation, and where they are looked for.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use etcetera::BaseStrategy;

use super::desk::Desk;
use super::environment;
use super::failure::Failure;
use hcops_model::{Exit, Fault, FaultKind};
use hcops_programs as programs;
use hcops_simulator::postgres::Installations;
use hcops_simulator::traffic::DEFAULT_ROWS;
use hcops_simulator::{DatabasesWanted, PlaneFault, Simulator};

/// Real databases under the simulated ones.
#[derive(Debug, Clone, Args)]
pub(super) struct ServerChoice {
    /// Real PostgreSQL servers under the simulated databases: where they are found, never, or not without them
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    databases: When,
    /// Rows in each database at the beginning
    #[arg(long, value_name = "N", default_value_t = DEFAULT_ROWS)]
    rows: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// Where the majors of the scenario are installed
    Auto,
    /// Never: the databases are numbers only
    None,
    /// Always: without them nothing begins
    Required,
}

/// What was decided: servers, or the reason why there are none.
pub(super) type Decided = Result<DatabasesWanted, String>;

/// Decides for a simulation; `target` is the major to which it will be upgraded, where that is known.
///
/// # Errors
/// When servers are required and not there.
pub(super) fn decide(
    choice: &ServerChoice,
    simulator: &Simulator,
    target: Option<&str>,
    desk: &Desk,
) -> Result<Decided, Failure> {
    if choice.databases == When::None {
        return Ok(Err("--databases none".to_owned()));
    }
    let wanted = DatabasesWanted { installations: installed(desk), rows: choice.rows, keep_in: None };
    let target = target.and_then(|major| major.parse().ok());
    let checked = wanted.check(&simulator.world());
    let checked = checked.and_then(|()| target.map_or(Ok(()), |major| wanted.check_major(major)));
    match checked {
        Ok(()) => Ok(Ok(wanted)),
        Err(fault) if choice.databases == When::Auto => Ok(Err(fault.to_string())),
        Err(fault) => Err(not_there(&fault)),
    }
}

/// The servers of this machine: those that `HCOPS_POSTGRES` names, those in the user's cache, those of the system. Nothing
/// of the working folder is run, which may be anybody's repository.
pub(super) fn installed(desk: &Desk) -> Installations {
    let named = desk.environment.get(environment::POSTGRES).unwrap_or_default();
    let given: Vec<PathBuf> = std::env::split_paths(named).filter(|path| !path.as_os_str().is_empty()).collect();
    let cache = etcetera::choose_base_strategy().ok().map(|places| places.cache_dir().join("hcops/postgres"));
    let cache = cache.filter(|folder| programs::is_own_folder(folder));
    Installations::find(&given, cache.as_deref())
}

/// One line about what is underneath.
pub(super) fn remark(decided: &Decided) -> String {
    match decided {
        Ok(wanted) => {
            let majors: Vec<String> = wanted.installations.majors().iter().map(ToString::to_string).collect();
            format!("Databases: real PostgreSQL servers ({} are installed here).", majors.join(", "))
        }
        Err(why) => format!("Databases: simulated only ({why})."),
    }
}

fn not_there(fault: &PlaneFault) -> Failure {
    Failure::usage(
        fault.to_string(),
        "--databases required asks for real servers under the simulated databases.",
        "Fetch servers with `scripts/postgres`, name the folder of one in HCOPS_POSTGRES, or leave --databases out.",
    )
}

/// Servers that were found and do not do what they should.
pub(super) fn failed(fault: &PlaneFault) -> Failure {
    let fault = Fault::new(
        FaultKind::Unreadable,
        fault.to_string(),
        "The databases of the simulation are real servers here, and without them it cannot go on truthfully.",
        "Correct what is named (HCOPS_POSTGRES names folders with servers), or begin without servers: --databases none.",
    );
    Failure::new(Exit::Failed, fault)
}

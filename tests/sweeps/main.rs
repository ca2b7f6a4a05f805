//! Sweeps, not samples: every runbook of the folder, cut at every journal append and every request, met by every fault
//! at every request, and by every drift at every step boundary. All in one process, over the simulator with a paused
//! clock; each sweep prints how many cases it ran.

#![expect(clippy::unwrap_used, reason = "a sweep that can't go on has found something")]

mod abort;
mod absent;
mod agreement;
mod asleep;
mod away;
mod away_servers;
mod beforehand;
mod cases;
mod crash;
mod drift;
mod fault;
mod gate;
#[path = "../parts/harm.rs"]
mod harm;
mod mapping;
mod person;
mod proxy;
mod record;
mod renamed;
mod repaired;
mod spoiled;
mod spoiled_files;
mod spoiled_planning;
mod told;
mod trial;
mod truth;
mod unclear;
mod workers;

use hcops_runbook as runbook;

/// A quarter of the time of a trial went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A runbook joins the sweeps by being in the folder or in its `operations/`: one that no case names fails here.
#[test]
fn every_runbook_is_swept() {
    let swept: Vec<&str> = cases::ALL.iter().map(|case| case.runbook).collect();
    let procedures = runbook::library().into_iter().map(|embedded| embedded.file_name.to_owned());
    let operations = runbook::operations().into_iter().map(|embedded| format!("operations/{}", embedded.file_name));
    let missing: Vec<String> =
        procedures.chain(operations).filter(|file_name| !swept.contains(&file_name.as_str())).collect();
    assert!(missing.is_empty(), "add these runbooks to tests/sweeps/cases.rs: {}", missing.join(", "));
}

//! Asking the process that drives a run to stop.

use std::time::Duration;

use super::clock::SystemClock;
use super::desk::Desk;
use super::failure::Failure;
use hcops_engine::newest::suspended_process;
use hcops_journal::lease::Holder;
use hcops_journal::stop_request::{Asked, ask_to_stop};
use hcops_model::{Clock as _, RunId};

/// Looks for a holder that is just taking the run, and the time between two.
const TRIES: u32 = 25;
const BETWEEN: Duration = Duration::from_millis(200);

/// Asks whoever drives the run to stop at the next safe point, and says who that is; nobody, where it stands still already.
/// A process that is suspended is woken, since it could not hear otherwise.
///
/// # Errors
/// When the request cannot be written, or the run is being taken by a process that does not come to hold it.
pub(super) async fn ask(desk: &Desk, run: RunId) -> Result<Option<Holder>, Failure> {
    let directory = desk.store().directory(run);
    for _ in 0..TRIES {
        let (by, machine) = (desk.environment.user(), desk.environment.machine());
        match ask_to_stop(&directory, &by, &machine, SystemClock.now())? {
            Asked::StandsStill => return Ok(None),
            Asked::Requested(holder) => {
                if suspended_process(&directory) == Some(holder.pid) && holder.machine == machine {
                    wake(holder.pid);
                }
                return Ok(Some(holder));
            }
            Asked::NotYet => SystemClock.sleep(BETWEEN).await,
        }
    }
    Err(Failure::usage(
        "a process has taken the run, and does not say that it holds it",
        "Only the process that drives a run can stop at a safe point.",
        "See who it is, then ask again.",
    )
    .with_command(format!("hcops show {run}")))
}

/// It holds the run, so it is alive, and its number is nobody else's.
#[cfg(unix)]
fn wake(process: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    // A process of another user cannot be woken; then the request waits for whoever does.
    let _ = process.map(|process| kill_process(process, Signal::CONT));
}

#[cfg(not(unix))]
fn wake(_: u32) {}

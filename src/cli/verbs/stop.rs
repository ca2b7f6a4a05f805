use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::cli::arguments::Form;
use crate::cli::clock::SystemClock;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::run_choice::RunChoice;
use crate::cli::run_list::{next_step, standing, word};
use crate::cli::{interrupt, stopping};
use hcops_engine::Stop;
use hcops_journal::lease::{Holder, is_held};
use hcops_journal::stop_request::StopRequest;
use hcops_journal::{Listing, RunSummary};
use hcops_model::{Clock as _, Exit, RunId};
use hcops_terminal::{Tone, wrap};

/// Ask a run to stop at its next safe point, and wait until it has stopped
///
/// Works from any terminal of this machine, as one Ctrl-C at the run's own. An act in flight is finished and its receipt
/// written; nothing is undone, and `hcops resume` goes on later. Exit 0 when the run stands still, whether it stopped now,
/// ended meanwhile, or stood still before. Without a RUN it is about the newest one that a process carries out. Ctrl-C ends the waiting; the request stays.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
    /// Leave the request, and do not wait until it is in effect
    #[arg(long)]
    no_wait: bool,
}

/// How often it is looked whether the run has stopped.
const POLL: Duration = Duration::from_millis(200);

/// After so many looks a person is told that it takes its time.
const PATIENCE: u32 = 50;

/// Asks, and waits.
///
/// # Errors
/// When there is no such run, or the request cannot be written.
pub(in crate::cli) async fn run(arguments: Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let run = desk.store().open_read(&arguments.run.driven(desk)?)?.run;
    let Some(holder) = stopping::ask(desk, run).await? else {
        tell_standing(run, "already", desk)?;
        return Ok(Exit::Done);
    };
    tell_requested(run, &holder, desk);
    if arguments.no_wait {
        return Ok(Exit::Done);
    }
    if !in_effect(run, &holder, desk).await {
        desk.remark(&desk.appearance.tell("Not waited for any longer; the request stays."));
        return Ok(Exit::Interrupted);
    }
    tell_standing(run, "in-effect", desk)?;
    Ok(Exit::Done)
}

/// Waits until the process has let go of the run; not longer than the person does.
async fn in_effect(run: RunId, holder: &Holder, desk: &Desk) -> bool {
    let directory = desk.store().directory(run);
    let stop = Stop::new();
    interrupt::listen(&stop, &desk.printer);
    let mut looks = 0;
    while is_held(&directory) {
        tokio::select! {
            () = SystemClock.sleep(POLL) => looks += 1,
            () = stop.requested() => return false,
        }
        if looks == PATIENCE {
            let text = format!(
                "It is still at work: an act in flight is finished first. `kill {}` on {} is no quicker.",
                holder.pid, holder.machine
            );
            desk.printer.note_lines(&wrap(&desk.appearance.tell(&text), desk.appearance.columns, "", ""));
        }
    }
    // A request that came after the last safe point was read by nobody.
    if StopRequest::lying_in(&directory).is_some_and(|request| request.fence <= holder.fence) {
        StopRequest::remove_from(&directory);
    }
    true
}

fn tell_requested(run: RunId, holder: &Holder, desk: &Desk) {
    if desk.form == Form::Json {
        return desk.say_json("stop", json!({ "run": run, "state": "requested", "holder": holder }));
    }
    let text = format!("Requested of {} on {}: it stops at its next safe point.", holder.by, holder.place());
    desk.printer.note_lines(&wrap(&desk.appearance.tell(&text), desk.appearance.columns, "", ""));
}

fn tell_standing(run: RunId, state: &str, desk: &Desk) -> Result<(), Failure> {
    let listed = desk.store().listing(run);
    let Listing { summary: Ok(summary), .. } = &listed else { return Ok(()) };
    if desk.form == Form::Json {
        desk.say_json("stop", json!({ "run": run, "state": state, "standing": word(&summary.standing) }));
        return Ok(());
    }
    tell_text(summary, state, desk);
    if let Some(next) = next_step(&listed, desk) {
        desk.say(&next.commands.iter().map(|command| told_command(command, desk)).collect::<Vec<_>>());
    }
    Ok(())
}

fn tell_text(summary: &RunSummary, state: &str, desk: &Desk) {
    let stands = standing(summary, &desk.appearance);
    let text = if state == "already" {
        format!("It stands still already ({stands}).")
    } else {
        format!("In effect: it stands still ({stands}).")
    };
    desk.say(&wrap(&desk.appearance.tell(&text), desk.appearance.columns, "", ""));
}

fn told_command(command: &str, desk: &Desk) -> String {
    format!("  {}", desk.appearance.dress(Tone::Command, command))
}

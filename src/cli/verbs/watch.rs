use std::sync::Arc;

use clap::Args;

use crate::cli::audience::Audience;
use crate::cli::clock::SystemClock;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::run_choice::RunChoice;
use crate::engine::Stop;
use crate::engine::watch::Watch;
use crate::model::{EVENT_VERSION, Event, Exit, Happening};

/// Follow a run that another process carries out, until it is over
///
/// Reads the journal only; it can be watched from any number of terminals. Ctrl-C ends the watching, not the run.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
}

/// Follows the journal.
///
/// # Errors
/// When there is no such run, or its journal cannot be read.
pub(in crate::cli) async fn run(arguments: Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let open = desk.store().open_read(&arguments.run.any(desk)?)?;
    let stop = Stop::new();
    interrupt::listen(&stop);
    let mut audience = Audience::new(desk, Arc::new(SystemClock), &[]);
    let mut watch = Watch::new(desk.store().journal_path(open.run));
    while let Some(line) = watch.next(&SystemClock, &stop).await? {
        let event = Event { v: EVENT_VERSION, run: open.run, happening: Happening::Fact(Box::new(line)) };
        audience.listener.hear(&event);
    }
    Ok(if stop.is_requested() { Exit::Interrupted } else { Exit::Done })
}

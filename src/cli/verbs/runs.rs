use clap::Args;
use serde_json::json;

use crate::cli::arguments::Form;
use crate::cli::clock::SystemClock;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::in_the_way::{may_hold, repair};
use crate::cli::rehearsal;
use crate::cli::run_list::{most_pressing, next_step, table, word};
use hcops_journal::{Listing, Remains, Unreadable};
use hcops_model::{Clock as _, Exit};
use hcops_terminal::{Tone, wrap};

/// List the runs of this machine, newest first
///
/// One line each: as much of the run's id as names it in every command, where it stands, what it is about, how many steps
/// are over. A narrow terminal shows fewer columns; `hcops show RUN` tells everything.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// Only runs that are not finished
    #[arg(long)]
    unfinished: bool,
}

/// Lists the runs.
///
/// # Errors
/// When the directory of the runs cannot be listed.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let unfinished =
        |listing: &Listing| listing.summary.as_ref().map_or(true, |summary| summary.standing.is_unfinished());
    let listed: Vec<Listing> =
        desk.store().list()?.into_iter().filter(|listing| !arguments.unfinished || unfinished(listing)).collect();
    match desk.form {
        Form::Json => listed.iter().for_each(|listing| tell_json(listing, desk)),
        Form::Text if listed.is_empty() => tell_none(desk),
        Form::Text => tell(&listed, desk),
    }
    Ok(Exit::Done)
}

fn tell_none(desk: &Desk) {
    desk.remark(&desk.appearance.tell("There are no runs. This makes one without touching anything:"));
    let command = desk.appearance.dress(Tone::Command, "hcops rehearse version-upgrade");
    desk.remark(&format!("  {command}"));
}

fn tell(listed: &[Listing], desk: &Desk) {
    let appearance = &desk.appearance;
    desk.say(&table(listed, SystemClock.now(), appearance));
    if listed.iter().any(|listing| matches!(&listing.summary, Ok(summary) if rehearsal::is_one(&summary.origin))) {
        desk.remark(&appearance.tell("* a rehearsal: no real account was touched"));
    }
    for listing in listed {
        if let Err(broken) = &listing.summary {
            tell_unreadable(listing, broken, desk);
        }
    }
    if let Some(next) = most_pressing(listed).and_then(|listing| next_step(listing, desk)) {
        desk.remark("");
        desk.printer.note_lines(&wrap(&appearance.tell(&next.sentence), appearance.columns, "", "  "));
        for command in &next.commands {
            desk.remark(&format!("  {}", appearance.dress(Tone::Command, command)));
        }
    }
}

/// What is broken and, where it may stand in the way of others, what to do about it.
fn tell_unreadable(listing: &Listing, broken: &Unreadable, desk: &Desk) {
    let appearance = &desk.appearance;
    let said = |text: &str| desk.printer.note_lines(&wrap(&appearance.tell(text), appearance.columns, "", "  "));
    said(&format!("{} cannot be read: {}", appearance.runs.short(listing.run), broken.fault.saw));
    match &broken.remains {
        Remains::NeverBegan => said("  It never began: nothing was done, and it is in nobody's way."),
        Remains::Over => said("  Its last line says that it is over: it is in nobody's way."),
        Remains::Unknown { .. } => {
            let (remedy, command) = repair(listing, broken, desk);
            said(&format!("  {remedy}"));
            desk.remark(&format!("  {}", appearance.dress(Tone::Command, &command)));
        }
    }
}

fn tell_json(listing: &Listing, desk: &Desk) {
    match &listing.summary {
        Ok(summary) => desk.say_json(
            "run",
            json!({
                "run": listing.run, "procedure": summary.procedure, "method": summary.method, "app": summary.app,
                "title": summary.title, "origin": summary.origin, "opened_at": summary.opened_at,
                "opened_by": summary.opened_by, "newest_at": summary.newest_at, "standing": word(&summary.standing),
                "steps_over": summary.progress.0, "steps": summary.progress.1,
                "stop_requested": summary.stop_requested,
                "stopped": summary.stopped.as_ref().map(|stopped| json!({ "at": stopped.at, "wish": stopped.wish })),
            }),
        ),
        Err(broken) => {
            let may_hold = may_hold(listing, broken, None);
            desk.say_json(
                "run",
                json!({ "run": listing.run, "standing": "unreadable", "saw": broken.fault.saw, "in_the_way": may_hold }),
            );
        }
    }
}

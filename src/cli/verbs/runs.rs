use clap::Args;
use serde_json::json;

use crate::cli::arguments::Form;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::engine::journal::{Listing, RunSummary, Standing};
use crate::model::{Exit, Verdict};
use crate::screen::{clean, moment, wrap};

/// List the runs of this machine, newest first
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
    if listed.is_empty() && desk.form == Form::Text {
        desk.remark("There are no runs. `hcops rehearse version-upgrade` makes one without touching anything.");
    }
    for listing in &listed {
        match desk.form {
            Form::Text => desk.say(&lines(listing, desk)),
            Form::Json => tell_json(listing, desk),
        }
    }
    Ok(Exit::Done)
}

fn lines(listing: &Listing, desk: &Desk) -> Vec<String> {
    match &listing.summary {
        Ok(summary) => {
            let head = format!("{}  {}", listing.run, standing(&summary.standing));
            [
                folded(&head, "", desk),
                folded(&summary.title, "    ", desk),
                folded(&details(summary, desk), "    ", desk),
            ]
            .concat()
        }
        Err(fault) => {
            [folded(&format!("{}  unreadable", listing.run), "", desk), folded(&fault.saw, "    ", desk)].concat()
        }
    }
}

/// No line is wider than the terminal; the run's id stays alone at the left.
fn folded(text: &str, first: &str, desk: &Desk) -> Vec<String> {
    wrap(text, desk.appearance.columns, first, "      ")
}

fn details(summary: &RunSummary, desk: &Desk) -> String {
    let (over, of) = summary.progress;
    let since = moment(summary.opened_at, &desk.appearance.zone);
    let where_to = if summary.origin.starts_with("http") { String::new() } else { format!(", {}", summary.origin) };
    format!("app {}, {over} of {of} steps, opened {since} by {}{where_to}", summary.app, summary.opened_by)
}

/// Where a run stands, in words.
pub(super) fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Running(holder) => format!("running, by {} on {}", holder.by, holder.place()),
        Standing::Parked { question } => format!("parked: {}", clean(question)),
        Standing::Interrupted => "interrupted: take it up again with `hcops resume`".to_owned(),
        Standing::Closed(Verdict::Done) => "done".to_owned(),
        Standing::Closed(Verdict::Aborted) => "aborted".to_owned(),
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
            }),
        ),
        Err(fault) => desk.say_json("run", json!({ "run": listing.run, "standing": "unreadable", "saw": fault.saw })),
    }
}

const fn word(standing: &Standing) -> &'static str {
    match standing {
        Standing::Running(_) => "running",
        Standing::Parked { .. } => "parked",
        Standing::Interrupted => "interrupted",
        Standing::Closed(Verdict::Done) => "done",
        Standing::Closed(Verdict::Aborted) => "aborted",
    }
}

//! Who paused a connection, when and why: from the journals of this machine. Heroku Connect itself shows only PAUSED.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::desk::Desk;
use super::failure::Failure;
use hcops_journal::Listing;
use hcops_model::{Entry, Line, Plan, RunId, Settlement, StepId};

/// The newest pause of a connection that a run of this machine made, where no later run resumed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Pause {
    /// The run.
    pub(super) run: RunId,
    /// Who opened it.
    pub(super) by: String,
    /// When the connection was seen paused.
    pub(super) at: Timestamp,
    /// Why: the reason that was given, or the title of a procedure that pauses on its way.
    pub(super) reason: String,
    /// Whether the run still has to resume it.
    pub(super) unfinished: bool,
}

/// Which connection, as its plans name it, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    pub(super) app: &'a str,
    pub(super) connection: &'a str,
    pub(super) origin: &'a str,
}

/// The newest pause that is still in force as far as the journals tell; a rehearsal's is about another world.
///
/// # Errors
/// When the directory of the runs cannot be listed. A run that cannot be read says nothing.
pub(super) fn newest(whose: Whose<'_>, desk: &Desk) -> Result<Option<Pause>, Failure> {
    let store = desk.store();
    let about_it = |listing: &Listing| {
        let summary = listing.summary.as_ref();
        summary.is_ok_and(|summary| summary.app == whose.app && summary.origin == whose.origin)
    };
    let mut newest: Option<Turn> = None;
    for listing in store.list()?.into_iter().filter(about_it) {
        let Ok(run) = store.open_read(&listing.run.to_string()) else { continue };
        let turn = newest_turn(&run.lines, whose.connection);
        newest = newest.into_iter().chain(turn).max_by_key(Turn::at);
    }
    Ok(newest.and_then(|turn| match turn {
        Turn::Paused(pause) => Some(pause),
        Turn::Resumed(_) => None,
    }))
}

/// What is said of a paused connection that no run of this machine paused.
pub(super) const BY_SOMEBODY_ELSE: &str = "no run of this machine paused it, so somebody did it in the dashboard, with \
    another command or on another machine, or Heroku did it (a demo plan without new data for 31 days)";

/// A connection's way into or out of `PAUSED` by a run.
enum Turn {
    Paused(Pause),
    Resumed(Timestamp),
}

impl Turn {
    const fn at(&self) -> Timestamp {
        match self {
            Self::Paused(pause) => pause.at,
            Self::Resumed(at) => *at,
        }
    }
}

/// The newest step of a run that paused or resumed this connection. One that found it so already did neither.
fn newest_turn(lines: &[Line], connection: &str) -> Option<Turn> {
    let Some(Entry::Opened { run, by, plan, .. }) = lines.first().map(|line| &line.entry) else { return None };
    let unfinished = !lines.iter().any(|line| matches!(line.entry, Entry::Closed { .. }));
    let mut steps = turning_steps(plan, connection);
    let mut newest = None;
    for line in lines {
        match &line.entry {
            Entry::Aborted { plan, .. } => steps.extend(turning_steps(plan, connection)),
            Entry::Settled { step, how, .. } if *how != Settlement::AlreadyTrue => match steps.get(step) {
                Some(true) => {
                    let (by, reason) = (by.clone(), reason(plan));
                    newest = Some(Turn::Paused(Pause { run: *run, by, at: line.at, reason, unfinished }));
                }
                Some(false) => newest = Some(Turn::Resumed(line.at)),
                None => {}
            },
            _ => {}
        }
    }
    newest
}

/// The steps that pause (true) or resume (false) this connection.
fn turning_steps(plan: &Plan, connection: &str) -> BTreeMap<StepId, bool> {
    let of_it = plan.steps.iter().filter(|step| step.with["connection"] == connection);
    let turns = of_it.filter_map(|step| match step.action.as_str() {
        "connect.pause" => Some((step.id.clone(), true)),
        "connect.resume" => Some((step.id.clone(), false)),
        _ => None,
    });
    turns.collect()
}

fn reason(plan: &Plan) -> String {
    plan.inputs.get("reason").and_then(serde_json::Value::as_str).unwrap_or(&plan.title).to_owned()
}

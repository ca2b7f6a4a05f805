//! The way back: a plan that reverses what a run has done.

use jiff::Timestamp;

pub use crate::drive::turn_back;
use hcops_journal::references::{self, Outputs};
use hcops_journal::run_state::{Outcome, RunState};
use hcops_model::{
    Actions, DowntimeEdge, Fault, FaultKind, Happened, Plan, PlannedStep, PlannedUndo, Settlement, StepId,
};

const PREFIX: &str = "undo:";

/// The step that a step of a way back reverses.
#[must_use]
pub fn reversed_by(step: &StepId) -> Option<StepId> {
    step.as_str().strip_prefix(PREFIX).map(StepId::from)
}

/// Why no way leads back.
pub type Refusal = Fault;

/// The plan that reverses, newest first, every step that this run has changed the world through or may have: settled by
/// an act, or begun without a known end. What was already so before the run is left as it is.
///
/// The same state gives the same plan but for `made_at`, so an approval by digest stays good.
///
/// # Errors
/// Behind the point of no return, when the run is over or has already turned back, or when a reversal needs a value
/// that is not known.
pub fn way_back(state: &RunState, actions: &dyn Actions, now: Timestamp) -> Result<Plan, Refusal> {
    if let Some(refusal) = refusal(state) {
        return Err(refusal);
    }
    let outputs = state.outputs_and_before();
    let mut steps = Vec::new();
    for (step, undo) in state.undoable() {
        steps.push(reversal(step, undo, actions, &outputs)?);
    }
    Ok(Plan {
        format: Plan::FORMAT,
        tool: state.plan.tool.clone(),
        made_at: now,
        procedure: state.plan.procedure.clone(),
        method: state.plan.method.clone(),
        title: format!("Abort: {}", state.plan.title),
        app: state.plan.app.clone(),
        resource: state.plan.resource.clone(),
        sources: state.plan.sources.clone(),
        inputs: state.plan.inputs.clone(),
        facts: state.plan.facts.clone(),
        noted: serde_json::Value::Null,
        notices: notices(state),
        steps,
        holds: std::collections::BTreeMap::new(),
    })
}

fn refusal(state: &RunState) -> Option<Refusal> {
    let run = state.run;
    if let Some(verdict) = state.closed {
        let saw = format!("the run is over ({verdict:?})").to_lowercase();
        let remedy = "Look at what it did; a procedure of its own can bring back what was before.";
        return Some(refused(saw, "There is nothing left to turn back.", remedy, format!("hcops show {run}")));
    }
    if state.turned_back() {
        let remedy = "Take it up again to finish the way back.";
        let why = "A way back has no way back of its own.";
        return Some(refused("the run has already turned back".to_owned(), why, remedy, format!("hcops resume {run}")));
    }
    state.crossed.first().map(|crossed| {
        refused(
            format!("the point of no return was passed at {}: {}", crossed.at, crossed.name),
            &format!("What is lost: {}", crossed.lost),
            "Only forward remains: take the run up again and finish it.",
            format!("hcops resume {run}"),
        )
    })
}

fn refused(saw: String, why: &str, remedy: &str, command: String) -> Refusal {
    Fault::new(FaultKind::Refused, saw, why, remedy).with_happened(Happened::No).with_command(command)
}

fn reversal(
    step: &PlannedStep,
    undo: &PlannedUndo,
    actions: &dyn Actions,
    outputs: &Outputs,
) -> Result<PlannedStep, Refusal> {
    let action = actions.find(&undo.action).ok_or_else(|| {
        let saw = format!("this version has no action `{}`, which reverses {}", undo.action, step.id);
        let remedy = "Turn back with the version of hcops that made the plan.";
        refused(saw, "The way back would have a gap.", remedy, "hcops --version".to_owned())
    })?;
    let with = references::fill(&undo.with, outputs).map_err(|why| {
        let remedy = "Take the run up again until this step has settled, then turn back.";
        let saw = format!("the reversal of {} cannot be planned: {why}", step.id);
        refused(saw, "The way back would have a gap.", remedy, "hcops resume".to_owned())
    })?;
    Ok(PlannedStep {
        id: StepId(format!("{PREFIX}{}", step.id)),
        group: step.group.clone(),
        action: undo.action.clone(),
        with,
        title: undo.title.clone(),
        why: format!("Reverses: {}", step.title),
        effect: action.effect(),
        expect: step.expect,
        way_back: "Start the procedure again afterwards.".to_owned(),
        undo: None,
        undone_by: None,
        crossing: None,
        holds: Vec::new(),
        preflight: false,
        may_skip: true,
        downtime: (step.downtime == Some(DowntimeEdge::Starts)).then_some(DowntimeEdge::Ends),
        omitted: None,
        only_if: None,
    })
}

/// What the way back does not reverse by a step of its own, and why.
fn notices(state: &RunState) -> Vec<String> {
    state.plan.steps.iter().filter(|step| step.omitted.is_none()).filter_map(|step| notice(state, step)).collect()
}

fn notice(state: &RunState, step: &PlannedStep) -> Option<String> {
    let known = state.step(&step.id);
    let acted = known.may_have_acted();
    let already_so = matches!(known.outcome, Outcome::Settled { how: Settlement::AlreadyTrue, .. });
    match (&step.undo, &step.undone_by) {
        (Some(_), _) if acted && state.is_only_by_hand(step) => {
            Some(format!("Not taken back, because it was done by hand: {} ({})", step.title, step.way_back))
        }
        (Some(_), _) if !acted && already_so => Some(format!("Was so before the run and stays so: {}", step.title)),
        (None, Some(other)) if acted && state.plan.step(other).is_some_and(|other| state.is_undoable(other)) => {
            Some(format!("Taken back together with {other}: {}", step.title))
        }
        (None, _) if acted => Some(format!("Not taken back: {} ({})", step.title, step.way_back)),
        _ => None,
    }
}

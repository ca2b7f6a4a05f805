//! References that are filled in only during the run must lead to steps that will have run by then.

use std::collections::BTreeMap;

use serde_json::Value;

use hcops_model::{PlannedHold, PlannedStep};

use super::super::book::Runbook;
use super::super::diagnostic::Diagnostic;
use super::super::template::{self, Root};

/// One problem for each step that needs a step which is left out of this plan.
pub(super) fn check(book: &Runbook, steps: &[PlannedStep], holds: &BTreeMap<String, PlannedHold>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for step in steps.iter().filter(|step| step.omitted.is_none()) {
        let held = step.holds.iter().filter_map(|hold| holds.get(hold)).map(|hold| &hold.with);
        let values = [&step.with].into_iter().chain(step.undo.as_ref().map(|undo| &undo.with)).chain(held);
        for id in values.flat_map(outputs) {
            problems.extend(missing(book, steps, step, id));
        }
    }
    problems
}

fn outputs(value: &Value) -> Vec<&str> {
    let roots = template::references_in(value).into_iter().map(template::Reference::root);
    roots.filter_map(|root| if let Root::Step { id, .. } = root { Some(id) } else { None }).collect()
}

fn missing(book: &Runbook, steps: &[PlannedStep], needing: &PlannedStep, id: &str) -> Option<Diagnostic> {
    let found = steps.iter().find(|step| step.id.as_str() == id);
    let why = match found.map(|step| &step.omitted) {
        Some(None) => return None,
        Some(Some(reason)) => format!("it is left out because {reason}"),
        None => "there is no such step".to_owned(),
    };
    let finding =
        Diagnostic::error(format!("`{}` needs the step `{id}`: {why}", needing.id)).because("needs another step");
    let written = needing.id.as_str().split('@').next().and_then(|id| book.step_index(id));
    let span = written.map(|index| &book.steps[index].id.span);
    let help = "give both steps the same condition".to_owned();
    Some(span.map_or(finding.clone(), |span| finding.at(span)).help(help))
}

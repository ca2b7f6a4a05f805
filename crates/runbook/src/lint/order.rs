//! Can steps be told apart, do groups stand together, is there a way back from everything before the crossing, and does somebody
//! let the downtime begin?

use hcops_model::{Actions, DowntimeEdge, GATE};

use super::super::book::{Runbook, Step};
use super::super::diagnostic::Diagnostic;
use super::super::nearest::did_you_mean;

pub(super) fn check(book: &Runbook, actions: &dyn Actions) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (index, step) in book.steps.iter().enumerate() {
        problems.extend(repeated_id(book, index, step));
        problems.extend(torn_group(book, index, step));
        problems.extend(crossing_in_company(book, index, step));
        problems.extend(skippable_crossing(step));
        problems.extend(undone_by(book, index, step));
        problems.extend(no_way_back(book, index, step, actions));
    }
    problems.extend(endless_downtime(book));
    problems.extend(unasked_downtime(book));
    problems.extend(second_gate(book));
    problems
}

fn repeated_id(book: &Runbook, index: usize, step: &Step) -> Option<Diagnostic> {
    let again = book.steps[..index].iter().any(|other| other.id.value == step.id.value);
    let finding = Diagnostic::error(format!("another step is called `{}` already", step.id.value));
    again.then(|| finding.at(&step.id.span).because("ids are unique"))
}

fn torn_group(book: &Runbook, index: usize, step: &Step) -> Option<Diagnostic> {
    let group = step.group.as_ref()?;
    let is_member = |other: &Step| other.group.as_ref().is_some_and(|other| other.value == group.value);
    let follows = index.checked_sub(1).is_some_and(|before| is_member(&book.steps[before]));
    let torn = !follows && book.steps[..index].iter().any(is_member);
    let finding = Diagnostic::error(format!("the group `{}` is torn apart", group.value)).at(&group.span);
    torn.then(|| {
        finding.because("other steps stand between").help("move its steps together, or give this part another name")
    })
}

fn crossing_in_company(book: &Runbook, index: usize, step: &Step) -> Option<Diagnostic> {
    let (group, crossing) = (step.group.as_ref()?, step.crossing.as_ref()?);
    let company = book.steps.iter().enumerate().any(|(other, neighbour)| {
        other != index && neighbour.group.as_ref().is_some_and(|name| name.value == group.value)
    });
    let message = format!("`{}` crosses the point of no return beside other steps", step.id.value);
    let finding = Diagnostic::error(message).at(&crossing.name.span);
    company.then(|| {
        finding.because("what runs beside it would be neither before nor after").help("take it out of its group")
    })
}

fn skippable_crossing(step: &Step) -> Option<Diagnostic> {
    let crossing = step.crossing.as_ref().filter(|_| step.may_skip)?;
    let finding = Diagnostic::error(format!("`{}` makes the change, so it can't be skipped", step.id.value));
    let finding = finding.at(&crossing.name.span).because("everything behind it relies on it");
    Some(finding.help("take `may_skip` away; to leave the step out of a plan, use `when`"))
}

fn undone_by(book: &Runbook, index: usize, step: &Step) -> Option<Diagnostic> {
    let target = step.undone_by.as_ref()?;
    let finding = |message: String| Some(Diagnostic::error(message).at(&target.span).because("no way back"));
    let Some(place) = book.step_index(&target.value) else {
        let known = book.steps[..index].iter().map(|step| step.id.value.as_str());
        let help = did_you_mean(&target.value, known);
        return finding(format!("no step is called `{}`", target.value)).map(|found| found.help_if(help));
    };
    let other = &book.steps[place];
    if place >= index {
        return finding(format!("`{}` does not come before this step", target.value));
    }
    if other.undo.is_none() {
        return finding(format!("`{}` has no undo itself", target.value));
    }
    let list = |step: &Step| step.for_each.as_ref().map(|repeat| repeat.fact.value.clone());
    if list(other).is_some() && list(other) != list(step) {
        return finding(format!("`{}` is made for each of several things, so it is not clear which", target.value));
    }
    None
}

fn no_way_back(book: &Runbook, index: usize, step: &Step, actions: &dyn Actions) -> Option<Diagnostic> {
    let changes = actions.find(&step.call.action.value)?.effect().changes_the_world();
    let returns = step.undo.is_some() || step.undone_by.is_some() || step.crossing.is_some();
    let message = format!("`{}` changes the world before the point of no return and has no way back", step.id.value);
    let finding = Diagnostic::error(message).at(&step.call.action.span).because("`abort` could not restore what was");
    (changes && !returns && index < book.first_crossing())
        .then(|| finding.help("add `undo`, or `undone_by` with an earlier step whose undo takes this back too"))
}

fn endless_downtime(book: &Runbook) -> Option<Diagnostic> {
    let edge = |edge| move |step: &&Step| step.downtime == Some(edge);
    let start = book.steps.iter().find(edge(DowntimeEdge::Starts))?;
    let ends = book.steps.iter().any(|step| step.downtime == Some(DowntimeEdge::Ends));
    let finding = Diagnostic::error(format!("writes go off at `{}` and never come back", start.id.value));
    (!ends).then(|| {
        finding.at(&start.id.span).because("downtime starts").help("mark the step that ends it: `downtime = \"ends\"`")
    })
}

/// The gate settles before writes go off: what runs beside the first step that turns them off comes too late.
fn unasked_downtime(book: &Runbook) -> Option<Diagnostic> {
    let index = book.steps.iter().position(|step| step.downtime == Some(DowntimeEdge::Starts))?;
    let start = &book.steps[index];
    let is_beside = |step: &&Step| step.group.is_some() && group_of(step) == group_of(start);
    let settled = index - book.steps[..index].iter().rev().take_while(is_beside).count();
    let finding =
        Diagnostic::error(format!("writes go off at `{}` before anybody lets the downtime begin", start.id.value));
    (!book.steps[..settled].iter().any(is_gate)).then(|| {
        finding.at(&start.id.span).because("downtime starts").help(
            "put a step before it, outside of its group, that has the operator say when: `use = \"silence/gate\"`",
        )
    })
}

fn second_gate(book: &Runbook) -> Option<Diagnostic> {
    let second = book.steps.iter().filter(|step| is_gate(step)).nth(1)?;
    let finding = Diagnostic::error(format!("`{}` is a second gate", second.id.value)).at(&second.id.span);
    Some(finding.because("the downtime is let begin once").help("keep the first, and take this one away"))
}

fn is_gate(step: &Step) -> bool {
    step.call.action.value == GATE
}

fn group_of(step: &Step) -> Option<&str> {
    step.group.as_ref().map(|group| group.value.as_str())
}

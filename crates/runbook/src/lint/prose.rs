//! Does every step say what a person needs to know, and are its times sensible?

use hcops_model::Actions;

use super::super::book::{Runbook, Step};
use super::super::diagnostic::Diagnostic;
use super::super::source::Spot;

pub(super) fn check(book: &Runbook, actions: &dyn Actions) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = empty(&book.title, "the title").into_iter().collect();
    if book.sources.is_empty() {
        let finding = Diagnostic::warning("the runbook names no sources").at(&book.title.span);
        problems.push(finding.because("nobody can tell where it comes from").help("add `sources = [\"…\"]`"));
    }
    problems.extend(book.steps.iter().flat_map(|step| of_step(step, actions)));
    problems.extend(unused_holds(book));
    problems
}

fn of_step(step: &Step, actions: &dyn Actions) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    problems.extend(empty(&step.title, "the title"));
    problems.extend(empty(&step.why, "`why`"));
    problems.extend(step.way_back.as_ref().and_then(|text| empty(text, "`way_back`")));
    if let Some(crossing) = &step.crossing {
        problems.extend(empty(&crossing.name, "the name that is typed at the crossing"));
        problems.extend(empty(&crossing.lost, "what is lost at the crossing"));
    }
    problems.extend(silent_on_way_back(step, actions));
    problems.extend(senseless_wait(step));
    problems
}

fn empty(text: &Spot<String>, what: &str) -> Option<Diagnostic> {
    let finding = Diagnostic::error(format!("{what} is empty")).at(&text.span);
    text.value.trim().is_empty().then(|| finding.because("a person reads this before agreeing"))
}

fn silent_on_way_back(step: &Step, actions: &dyn Actions) -> Option<Diagnostic> {
    let changes = actions.find(&step.call.action.value)?.effect().changes_the_world();
    let finding = Diagnostic::error(format!("`{}` does not say what the way back is", step.id.value));
    (changes && step.way_back.is_none())
        .then(|| finding.at(&step.id.span).because("it changes the world").help("add `way_back = \"…\"`"))
}

fn senseless_wait(step: &Step) -> Option<Diagnostic> {
    let expect = step.expect.value;
    let message = if expect.limit == 0 {
        "a limit of nothing would ask a person at once"
    } else if expect.usual > expect.limit {
        "what is usual can't be longer than the limit"
    } else {
        return None;
    };
    Some(Diagnostic::error(message).at(&step.expect.span).because("senseless"))
}

fn unused_holds(book: &Runbook) -> Vec<Diagnostic> {
    let used = |name: &str| book.steps.iter().flat_map(|step| &step.holds).any(|hold| hold.value == name);
    let idle = book.holds.iter().filter(|hold| !used(&hold.name.value));
    idle.map(|hold| {
        let message = format!("no step names the hold `{}`", hold.name.value);
        Diagnostic::warning(message).at(&hold.name.span).because("looked at by nobody")
    })
    .collect()
}

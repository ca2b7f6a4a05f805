//! Do the actions exist, do their parameters fit, and does nothing change the world where only a look is allowed?

use serde_json::Value;

use hcops_model::{Actions, Effect};

use super::super::book::{Call, Hold, InputKind, Runbook, Step};
use super::super::diagnostic::Diagnostic;
use super::super::nearest::did_you_mean;
use super::super::template::{self, Root};

pub(super) fn check(book: &Runbook, actions: &dyn Actions) -> Vec<Diagnostic> {
    let calls = book.steps.iter().map(|step| &step.call);
    let undos = book.steps.iter().filter_map(|step| step.undo.as_ref()).map(|undo| &undo.call);
    let holds = book.holds.iter().map(|hold| &hold.call);
    let mut problems: Vec<Diagnostic> =
        calls.chain(undos).chain(holds).filter_map(|call| fits(book, call, actions)).collect();
    for hold in &book.holds {
        let why = "a hold is looked at again and again, so it must only look";
        problems.extend(only_looks(&hold.call, actions, &format!("the hold `{}`", hold.name.value), why));
    }
    problems.extend(book.steps.iter().flat_map(|step| step_effect(step, actions)));
    problems.extend(book.steps.iter().flat_map(|step| answered_holds(book, step)));
    problems.extend(book.holds.iter().filter_map(|hold| final_from_a_step(book, hold)));
    problems
}

fn fits(book: &Runbook, call: &Call, actions: &dyn Actions) -> Option<Diagnostic> {
    let name = &call.action.value;
    let Some(action) = actions.find(name) else {
        let known: Vec<&str> = actions.all().iter().map(|action| action.name()).collect();
        let finding = Diagnostic::error(format!("there is no action called `{name}`")).at(&call.action.span);
        return Some(finding.because("unknown action").help_if(did_you_mean(name, known)));
    };
    let why = action.check(&with_choices(book, &call.with.value)).err()?;
    Some(misfit(book, call, &why))
}

/// What an action says about parameters that do not fit, at the parameter that it names where that can be told.
pub(in super::super) fn misfit(book: &Runbook, call: &Call, why: &str) -> Diagnostic {
    let named = why.split('`').nth(1);
    let key = call.with.keys.iter().find(|key| Some(key.value.as_str()) == named);
    let span = key.map_or(&call.with.span, |key| &key.span);
    let span = if key.is_some() { span.clone() } else { first_line_of(book, span) };
    Diagnostic::error(format!("the parameters of `{}` do not fit: {why}", call.action.value))
        .at(&span)
        .because("does not fit")
        .help(format!("`hcops runbook schema` holds the parameters of `{}`", call.action.value))
}

fn first_line_of(book: &Runbook, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let length = book.source.part(span).and_then(|part| part.find('\n'));
    span.start..length.map_or(span.end, |length| span.start + length)
}

/// The parameters with a real choice in place of each reference to an input of kind `choice`: actions take only known
/// words there, so a reference would not fit.
fn with_choices(book: &Runbook, value: &Value) -> Value {
    match value {
        Value::String(text) => first_choice(book, text).map_or_else(|| value.clone(), Value::String),
        Value::Array(items) => items.iter().map(|item| with_choices(book, item)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), with_choices(book, field))).collect())
        }
        other => other.clone(),
    }
}

fn first_choice(book: &Runbook, text: &str) -> Option<String> {
    let [template::Piece::Reference(reference)] = template::pieces(text).ok()?[..] else {
        return None;
    };
    let Root::Input { name, owner: false } = reference.root() else {
        return None;
    };
    match &book.input(name)?.kind {
        InputKind::Choice(choices) => choices.first().cloned(),
        _ => None,
    }
}

fn only_looks(call: &Call, actions: &dyn Actions, who: &str, why: &str) -> Option<Diagnostic> {
    let action = actions.find(&call.action.value)?;
    let message = format!("{who} names `{}`, which changes the world", call.action.value);
    let finding = Diagnostic::error(message).at(&call.action.span).because(why);
    action.effect().changes_the_world().then(|| finding.help("name an action that only looks"))
}

fn step_effect(step: &Step, actions: &dyn Actions) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if step.preflight {
        let why = "`hcops plan` makes this check, and changes nothing";
        problems.extend(only_looks(&step.call, actions, "the preflight check", why));
    }
    let looks = actions.find(&step.call.action.value).is_some_and(|action| action.effect() == Effect::ReadOnly);
    if let Some(crossing) = step.crossing.as_ref().filter(|_| looks) {
        let message = format!("`{}` only looks, so nothing is crossed here", step.call.action.value);
        problems.push(Diagnostic::error(message).at(&crossing.name.span).because("not a point of no return"));
    }
    if let Some(undo) = step.undo.as_ref().filter(|_| looks) {
        let message = format!("`{}` only looks, so there is nothing to undo", step.call.action.value);
        problems.push(Diagnostic::error(message).at(&undo.call.action.span).because("not needed"));
    }
    problems
}

/// A break is final from an act on, and the hold is looked at right before that act: what it showed then counts.
fn final_from_a_step(book: &Runbook, hold: &Hold) -> Option<Diagnostic> {
    let from = &hold.finality.as_ref()?.from;
    let step = book.step_index(&from.value).map(|index| &book.steps[index]);
    let message = match step {
        None => format!("no step is called `{}`", from.value),
        Some(step) if step.holds.iter().any(|named| named.value == hold.name.value) => return None,
        // Another form of the hold may stand there: a release phase is allowed only later.
        Some(step) if !hold.finality.as_ref()?.proves && !step.holds.is_empty() => return None,
        Some(step) => format!("the step `{}` does not name the hold `{}`", step.id.value, hold.name.value),
    };
    Some(Diagnostic::error(message).at(&from.span).because("a break of the hold is final from its act on"))
}

fn answered_holds(book: &Runbook, step: &Step) -> Vec<Diagnostic> {
    let unknown = step.holds.iter().filter(|name| book.hold(&name.value).is_none());
    let known = || book.holds.iter().map(|hold| hold.name.value.as_str());
    unknown
        .map(|name| {
            let finding = Diagnostic::error(format!("no hold is called `{}`", name.value)).at(&name.span);
            let help = did_you_mean(&name.value, known());
            finding
                .because("no action answers it")
                .help(help.unwrap_or_else(|| format!("add `[holds.{}]`", name.value)))
        })
        .collect()
}

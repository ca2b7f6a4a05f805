//! Can every condition be met, and can the things of every `for_each` be told apart?

use std::ops::Range;

use serde_json::Value;

use super::super::book::{Condition, ForEach, InputKind, Runbook, Subject, Test};
use super::super::diagnostic::Diagnostic;
use super::super::facts::{FACTS, Shape, WrongTurn, item_shape, shape_at};
use super::super::label::LABELS;
use super::super::nearest::{did_you_mean, listed};
use super::super::source::Spot;

pub(super) fn check(book: &Runbook) -> Vec<Diagnostic> {
    let holds = book.holds.iter().flat_map(|hold| &hold.when);
    let mut problems: Vec<Diagnostic> = holds.filter_map(|condition| when(book, 0, condition)).collect();
    for (index, step) in book.steps.iter().enumerate() {
        problems.extend(step.when.iter().filter_map(|condition| when(book, index, condition)));
        problems.extend(step.for_each.as_ref().map(for_each).unwrap_or_default());
        problems.extend(step.for_each.iter().flat_map(|repeat| lists(book, repeat)));
    }
    problems
}

/// `index` is the place of the step that hangs on the condition; a hold stands before all of them.
fn when(book: &Runbook, index: usize, condition: &Condition) -> Option<Diagnostic> {
    match &condition.subject {
        Subject::Answer(step) => answer(book, index, step, condition),
        Subject::Fact(path) => shape_at(&FACTS, path).err().map(|wrong| nowhere(wrong, &condition.span)),
        Subject::Input(name) => input(book, name, condition),
        // The parser lets an item stand only inside a `for_each`.
        Subject::Item(_) => None,
    }
}

fn input(book: &Runbook, name: &str, condition: &Condition) -> Option<Diagnostic> {
    let Some(input) = book.input(name) else {
        let known = book.inputs.iter().map(|input| input.name.value.as_str());
        let finding = Diagnostic::error(format!("no input is called `{name}`")).at(&condition.span);
        return Some(finding.because("leads nowhere").help_if(did_you_mean(name, known)));
    };
    let InputKind::Choice(choices) = &input.kind else {
        return None;
    };
    let stranger = compared(&condition.test)
        .into_iter()
        .find(|value| value.as_str().is_none_or(|word| !choices.iter().any(|choice| choice == word)))?;
    let finding = Diagnostic::error(format!("{stranger} is not a choice of `{name}`")).at(&condition.span);
    let help = format!("the choices are {}", listed(choices.iter().map(String::as_str)));
    Some(finding.because("can never be so").help(help))
}

/// Only an earlier step can have been answered, and only with one of the answers that it offers.
fn answer(book: &Runbook, index: usize, id: &str, condition: &Condition) -> Option<Diagnostic> {
    let finding = |message: String| Some(Diagnostic::error(message).at(&condition.span).because("can never be so"));
    let Some(step) = book.steps[..index].iter().find(|step| step.id.value == id) else {
        let known = book.steps[..index].iter().map(|step| step.id.value.as_str());
        let help = did_you_mean(id, known);
        return finding(format!("no earlier step is called `{id}`")).map(|found| found.help_if(help));
    };
    let choices = step.call.with.value["choices"].as_array().into_iter().flatten();
    let answers: Vec<&str> = choices.filter_map(|choice| choice["answer"].as_str()).collect();
    match &condition.test {
        Test::Is(Value::String(word)) if answers.contains(&word.as_str()) => None,
        Test::Is(value) => finding(format!("{value} is no answer to `{id}`"))
            .map(|found| found.help(format!("its answers are {}", listed(answers.iter().copied())))),
        _ => finding("a condition on an answer takes `is` and one of the answers".to_owned()),
    }
}

fn compared(test: &Test) -> Vec<&Value> {
    match test {
        Test::Is(value) | Test::IsNot(value) => vec![value],
        Test::OneOf(values) => values.iter().collect(),
        Test::Exists(_) => Vec::new(),
    }
}

fn for_each(repeat: &ForEach) -> Vec<Diagnostic> {
    let shape = match item_shape(&repeat.fact.value) {
        Ok(shape) => shape,
        Err(wrong) => return vec![nowhere(wrong, &repeat.fact.span)],
    };
    let mut problems: Vec<Diagnostic> = repeat.only.iter().filter_map(|condition| item(shape, condition)).collect();
    if ["inputs", "steps"].contains(&repeat.name.value.as_str()) {
        let finding = Diagnostic::error(format!("`{}` already means something else", repeat.name.value));
        problems.push(finding.at(&repeat.name.span).because("taken").help("choose another word behind `as`"));
    }
    if let Shape::Fields(fields) = shape
        && !fields.iter().any(|(name, _)| LABELS.contains(name))
    {
        let finding = Diagnostic::error(format!("the things of `{}` have no name", repeat.fact.value));
        problems.push(finding.at(&repeat.fact.span).because("the steps could not be told apart"));
    }
    problems
}

/// What comes first, or alone, has to be the list of an input.
fn lists(book: &Runbook, repeat: &ForEach) -> Vec<Diagnostic> {
    let wrong = |list: &Spot<String>| {
        let finding = |message: String| Some(Diagnostic::error(message).at(&list.span).because("no list of names"));
        match book.input(&list.value) {
            None => finding(format!("no input is called `{}`", list.value)),
            Some(input) if input.kind != InputKind::List => finding(format!("the input `{}` is no list", list.value)),
            Some(_) => None,
        }
    };
    repeat.first.iter().chain(&repeat.named).filter_map(wrong).collect()
}

fn item(shape: &'static Shape, condition: &Condition) -> Option<Diagnostic> {
    let Subject::Item(path) = &condition.subject else {
        return None;
    };
    shape_at(shape, path).err().map(|wrong| nowhere(wrong, &condition.span))
}

fn nowhere(wrong: WrongTurn, span: &Range<usize>) -> Diagnostic {
    Diagnostic::error(wrong.message).at(span).because("leads nowhere").help_if(wrong.help)
}

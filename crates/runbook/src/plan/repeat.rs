use std::collections::BTreeSet;

use serde_json::Value;

use hcops_model::StepId;

use super::super::book::{ForEach, Step};
use super::super::diagnostic::Diagnostic;
use super::super::label::label;
use super::super::source::Spot;
use super::super::template;
use super::conditions;
use super::scope::Scope;

/// One thing of a list that steps are made for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    /// The list's path among the facts.
    pub(super) list: &'a str,
    /// What references call the thing.
    pub(super) name: &'a str,
    /// The thing.
    pub(super) value: &'a Value,
}

impl Item<'_> {
    pub(super) fn label(&self) -> String {
        label(self.value)
    }
}

/// One making of a step.
pub(super) struct Turn<'a> {
    pub(super) id: StepId,
    pub(super) item: Option<Item<'a>>,
    pub(super) omitted: Option<String>,
}

/// The name of a step that is made for the thing called `label`.
pub(super) fn name_of(id: &str, label: &str) -> String {
    format!("{id}@{label}")
}

/// How often a step is made, and for what: once, or for each thing of its list. Things that its `where` leaves out
/// make a step that says so.
///
/// # Errors
/// When the list is not there, or two of its things have the same name.
pub(super) fn turns<'a>(step: &'a Step, scope: &Scope<'a>) -> Result<Vec<Turn<'a>>, Diagnostic> {
    let Some(repeat) = &step.for_each else {
        return Ok(vec![Turn { id: StepId(step.id.value.clone()), item: None, omitted: None }]);
    };
    let finding = |message: String| Diagnostic::error(message).at(&repeat.fact.span);
    let Some(Value::Array(things)) = template::follow(scope.facts(), &repeat.fact.value) else {
        let message = format!("the survey found no list `{}`", repeat.fact.value);
        return Err(finding(message).because("no steps can be made"));
    };
    let mut seen = BTreeSet::new();
    if let Some(double) = things.iter().map(label).find(|label| !seen.insert(label.clone())) {
        let message = format!("two things of `{}` are called `{double}`", repeat.fact.value);
        return Err(finding(message).because("their steps could not be told apart"));
    }
    let order = order(repeat, things, scope).map_err(finding)?;
    Ok(order.into_iter().map(|thing| turn(step, repeat, thing, scope)).collect())
}

/// The things in their order: those that an input names first, the others behind them as they were surveyed; or only those
/// that an input names.
fn order<'a>(repeat: &ForEach, things: &'a [Value], scope: &Scope<'a>) -> Result<Vec<&'a Value>, String> {
    let names = |input: Option<&'_ Spot<String>>| -> Option<Vec<&'a str>> {
        let named = scope.input(&input?.value)?.as_array()?;
        Some(named.iter().filter_map(Value::as_str).collect())
    };
    let (first, only) = (names(repeat.first.as_ref()), names(repeat.named.as_ref()));
    let known: Vec<String> = things.iter().map(label).collect();
    let is_strange = |name: &&&str| !known.iter().any(|known| known == *name);
    if let Some(stranger) = first.iter().chain(&only).flatten().find(is_strange) {
        return Err(format!("`{}` has nothing called `{stranger}`; it has {}", repeat.fact.value, known.join(", ")));
    }
    if only.as_ref().is_some_and(Vec::is_empty) {
        return Err(format!("none of `{}` was named; it has {}", repeat.fact.value, known.join(", ")));
    }
    let wanted = |thing: &&Value| only.as_ref().is_none_or(|only| only.contains(&label(thing).as_str()));
    let mut ordered: Vec<&Value> = things.iter().filter(wanted).collect();
    let order = only.or(first).unwrap_or_default();
    ordered.sort_by_key(|thing| {
        let label = label(thing);
        order.iter().position(|name| *name == label).unwrap_or(order.len())
    });
    Ok(ordered)
}

fn turn<'a>(step: &'a Step, repeat: &'a ForEach, thing: &'a Value, scope: &Scope<'a>) -> Turn<'a> {
    let item = Item { list: &repeat.fact.value, name: &repeat.name.value, value: thing };
    let omitted = conditions::first_unmet(&repeat.only, &scope.for_item(Some(item)));
    Turn { id: StepId(name_of(&step.id.value, &item.label())), item: Some(item), omitted }
}

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::book::{Input, InputKind, Runbook, postgres_plan};
use super::super::diagnostic::Diagnostic;
use super::super::nearest::did_you_mean;
use super::super::template;

/// Every input with its value, typed: what was given on the command line, else the default. Optional inputs that were
/// not given are absent.
///
/// # Errors
/// One problem for each input that is unknown, missing or of the wrong kind, by its flag.
pub(super) fn typed(
    book: &Runbook,
    given: &BTreeMap<String, String>,
    facts: &Value,
) -> Result<BTreeMap<String, Value>, Vec<Diagnostic>> {
    let mut problems: Vec<Diagnostic> = given.keys().filter_map(|name| unknown(book, name)).collect();
    let mut inputs = BTreeMap::new();
    for input in &book.inputs {
        match value(input, given.get(&input.name.value), facts) {
            Ok(Some(value)) => drop(inputs.insert(input.name.value.clone(), value)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(inputs) } else { Err(problems) }
}

/// The app that owns each database that was named as `APP::ADD-ON`, by its input; the others belong to the owner of the
/// connection's database.
pub(super) fn owners(book: &Runbook, given: &BTreeMap<String, String>, facts: &Value) -> BTreeMap<String, Value> {
    let of_the_connection = template::follow(facts, "database.owner_app");
    let databases = book.inputs.iter().filter(|input| matches!(input.kind, InputKind::Database { .. }));
    let owner = |input: &Input| {
        let told = given.get(&input.name.value).and_then(|text| text.rsplit_once("::"));
        let owner = told.map(|(app, _)| Value::from(app)).or_else(|| of_the_connection.cloned())?;
        Some((input.name.value.clone(), owner))
    };
    databases.filter_map(owner).collect()
}

fn unknown(book: &Runbook, name: &str) -> Option<Diagnostic> {
    if book.input(name).is_some() {
        return None;
    }
    let known: Vec<String> = book.inputs.iter().map(Input::flag).collect();
    let flag = format!("--{}", name.replace('_', "-"));
    let finding = Diagnostic::error(format!("`{}` has no input {flag}", book.procedure.value));
    Some(finding.help_if(did_you_mean(&flag, known.iter().map(String::as_str))))
}

fn value(input: &Input, given: Option<&String>, facts: &Value) -> Result<Option<Value>, Diagnostic> {
    if let Some(text) = given {
        let beginning: String = text.chars().take(80).collect();
        return read(&input.kind, text).map(Some).ok_or_else(|| unfit(input, &format!("`{beginning}`")));
    }
    match &input.default {
        Some(default) => from_default(input, &default.value, facts).map(Some),
        None if input.optional => Ok(None),
        None => Err(Diagnostic::error(format!("{} is needed", input.flag())).help(input.help.clone())),
    }
}

/// The value that a text on the command line means, where it is of this kind.
fn read(kind: &InputKind, text: &str) -> Option<Value> {
    let value = match kind {
        InputKind::Integer => Value::from(text.parse::<i64>().ok()?),
        InputKind::Text | InputKind::Name | InputKind::Choice(_) => Value::from(text),
        InputKind::Database { .. } => Value::from(text.rsplit_once("::").map_or(text, |(_, name)| name)),
        InputKind::Plan => Value::from(postgres_plan(text)?),
        InputKind::List => text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect(),
        InputKind::Json => serde_json::from_str(text).ok()?,
    };
    kind.takes(&value).then_some(value)
}

fn from_default(input: &Input, default: &Value, facts: &Value) -> Result<Value, Diagnostic> {
    let reference = default.as_str().and_then(|text| template::references(text).first().copied());
    let Some(reference) = reference else {
        return Ok(default.clone());
    };
    let found = template::follow(facts, reference.path()).filter(|value| !value.is_null());
    let Some(found) = found else {
        let message = format!("{} is needed: the survey found no `{}` to take instead", input.flag(), reference.path());
        return Err(Diagnostic::error(message).help(input.help.clone()));
    };
    input
        .kind
        .takes(found)
        .then(|| found.clone())
        .ok_or_else(|| unfit(input, &format!("the surveyed `{}`", reference.path())))
}

fn unfit(input: &Input, what: &str) -> Diagnostic {
    let message = format!("{} must be {}, not {what}", input.flag(), input.kind.wanted());
    Diagnostic::error(message).help(input.help.clone())
}

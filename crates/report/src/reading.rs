//! What the run read of the databases themselves, by what its looks wrote down.

use super::account::{Account, ReadBySql, StepEnd};
use hcops_model::{Plan, RequestMark, StepId};

/// The operator's word on comparing databases, the steps that do it, and what came of it.
pub(super) struct Compares {
    word: Option<String>,
    steps: Vec<StepId>,
    found: Option<String>,
}

impl Compares {
    pub(super) fn of(plan: &Plan) -> Self {
        let word = plan.inputs.get("compare").and_then(|word| word.as_str()).map(str::to_owned);
        let does = plan.steps.iter().filter(|step| step.action == "postgres.compare" && step.omitted.is_none());
        Self { word, steps: does.map(|step| step.id.clone()).collect(), found: None }
    }

    /// Takes what was seen when a step was settled.
    pub(super) fn settle(&mut self, step: &StepId, seen: Option<&String>) {
        if self.steps.contains(step) {
            self.found = seen.cloned().or_else(|| self.found.take());
        }
    }

    /// How the databases were compared and what came of it; nothing where the procedure has no input `compare`.
    pub(super) fn told(&self, account: &Account) -> Option<String> {
        let word = self.word.as_deref()?;
        let what = match &self.found {
            Some(found) => found.clone(),
            None if self.steps.is_empty() => without_comparison(word, &account.read_by_sql),
            None => unfinished(
                self.steps
                    .iter()
                    .filter_map(|id| account.steps.iter().find(|step| step.id == *id))
                    .map(|step| &step.end),
            ),
        };
        Some(format!("{word}: {what}"))
    }
}

/// That nothing was read is said where nothing was, and where it was not to be: journals of older versions don't keep it.
fn without_comparison(word: &str, read: &[ReadBySql]) -> String {
    if read.is_empty() {
        let none = if word == "none" { "hcops made no connection to the databases" } else { "nothing was compared" };
        return none.to_owned();
    }
    let told = read.iter().map(|read| {
        let steps: Vec<&str> = read.steps.iter().map(StepId::as_str).collect();
        format!("{} ({})", read.database, steps.join(", "))
    });
    format!("no two databases were compared; read by SQL: {}", told.collect::<Vec<_>>().join("; "))
}

fn unfinished<'a>(mut ends: impl Iterator<Item = &'a StepEnd>) -> String {
    match ends.next() {
        Some(StepEnd::Skipped { by, reason, .. }) => format!("skipped by {by}: {reason}"),
        Some(StepEnd::NotBegun) => "not begun".to_owned(),
        _ => "not ended".to_owned(),
    }
}

/// Takes the databases that were read out of what a step's look exchanged.
pub(super) fn note(read: &mut Vec<ReadBySql>, step: &StepId, requests: &[RequestMark]) {
    for database in requests.iter().filter_map(RequestMark::database) {
        let known = read.iter().position(|read| read.database == database).unwrap_or_else(|| {
            read.push(ReadBySql { database: database.to_owned(), steps: Vec::new() });
            read.len() - 1
        });
        let steps = &mut read[known].steps;
        if !steps.contains(step) {
            steps.push(step.clone());
        }
    }
}

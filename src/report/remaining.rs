//! What is left to do when nobody does anything more.

use std::collections::BTreeMap;

use serde_json::Value;

use super::account::{Account, Left, StepAccount, StepEnd};
use crate::model::{StepId, Verdict};

/// What is left, most pressing first. `removals` are the commands that remove what a step says is left.
pub(super) fn left(account: &Account, removals: &BTreeMap<StepId, String>) -> Vec<Left> {
    let groups = [waited_for(account), failed(account), unfinished(account), skipped(account), not_taken_back(account)];
    groups.into_iter().flatten().chain(closing(account, removals)).collect()
}

fn plain(text: String) -> Left {
    Left { text, commands: Vec::new() }
}

fn waited_for(account: &Account) -> Vec<Left> {
    let answer = |needs: &crate::model::Needs| Left {
        text: format!("It waits for an answer: {}", needs.question.text),
        commands: needs.commands.clone(),
    };
    account.parked.iter().map(answer).collect()
}

/// What failed last and has not been got over; a parked run says so in its question.
fn failed(account: &Account) -> Vec<Left> {
    let open = |id: &StepId| account.steps.iter().any(|step| &step.id == id && step.end == StepEnd::Open);
    let last = account.failures.last().filter(|_| account.verdict.is_none() && account.parked.is_none());
    let told = last.filter(|failure| open(&failure.step)).map(|failure| Left {
        text: format!("{} failed: {}. {}", failure.step, failure.saw.trim_end_matches('.'), failure.remedy),
        commands: failure.command.iter().cloned().collect(),
    });
    told.into_iter().collect()
}

/// Once the run has turned, what is left of the way back; before, what is left of the plan.
fn unfinished(account: &Account) -> Vec<Left> {
    let turned = account.turned_back.is_some();
    let open = |step: &&StepAccount| {
        matches!(step.end, StepEnd::NotBegun | StepEnd::Open) && step.way_back == turned && account.verdict.is_none()
    };
    let word = if turned { "To be taken back" } else { "To be done" };
    account.steps.iter().filter(open).map(|step| plain(format!("{word}: {}", step.title))).collect()
}

/// What a person skipped is not done, whatever the verdict.
fn skipped(account: &Account) -> Vec<Left> {
    let told = |step: &StepAccount| match &step.end {
        StepEnd::Skipped { reason, .. } if step.is_skipped() => {
            Some(plain(format!("Skipped, so not done by this run: {} ({reason})", step.title)))
        }
        _ => None,
    };
    account.steps.iter().filter_map(told).collect()
}

/// Of what a way back does not reverse by a step of its own, only what it leaves changed is something to do.
fn not_taken_back(account: &Account) -> Vec<Left> {
    let notices = account.turned_back.iter().flat_map(|turn| &turn.notices);
    notices.filter(|notice| notice.starts_with(NOT_TAKEN_BACK)).cloned().map(plain).collect()
}

/// How the plan of a way back begins to tell of an act that it leaves as it is.
const NOT_TAKEN_BACK: &str = "Not taken back";

/// What a step's output leaves to be done by hand: indexes to be built again, what belongs to the old database and is to be
/// carried over.
pub(super) fn by_hand(output: &Value) -> Vec<Left> {
    let texts = |name: &str| -> Vec<String> {
        output[name].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let rebuild = texts("rebuild");
    let wrong = (!rebuild.is_empty()).then(|| Left {
        text: "Build these indexes again before anything relies on them: the collation library is of another version."
            .to_owned(),
        commands: rebuild,
    });
    wrong.into_iter().chain(texts("carried_over_by").into_iter().map(plain)).collect()
}

/// A runbook closes with a look at what is left.
fn closing(account: &Account, removals: &BTreeMap<StepId, String>) -> Option<Left> {
    let last = account.steps.iter().rfind(|step| !matches!(step.end, StepEnd::LeftOut { .. }))?;
    let seen = last.seen.as_ref().filter(|_| last.only_looks && account.verdict == Some(Verdict::Done))?;
    Some(Left { text: seen.clone(), commands: removals.get(&last.id).cloned().into_iter().collect() })
}

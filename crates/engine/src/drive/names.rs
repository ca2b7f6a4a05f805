//! What was renamed in the middle of a run.
//!
//! A plan names apps and add-ons, and knows the ids of those that it was made for; ids stay when somebody renames one
//! (Platform API reference, App and Add-on: `id` beside `name`). What is not found under its name is asked for by its id
//! once, so that nothing is taken for gone, or made again, that only has another name.

use serde::Serialize;
use serde_json::{Value, json};

use crate::decide::RENAMED;
use hcops_journal::run_state::RunState;
use hcops_model::{Actions, Fault, FaultKind, Happened, Look, Prior, RequestMark, Seen};

/// The action that says what the app or add-on of an id is called.
const NAME_OF: &str = "heroku.name-of";

/// Something of Heroku's that a run names and whose id it knows. Whoever renames it changes the name alone.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Known {
    sort: KnownSort,
    /// Its name when the plan or the thing was made.
    name: String,
    id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum KnownSort {
    App,
    Addon,
}

/// What the run names and knows the id of: what it was planned for, and what its own steps have made.
pub(super) fn known(state: &RunState) -> Vec<Known> {
    let facts = &state.plan.facts;
    let one = |sort, of: &Value, id: &str| {
        let text = |key: &str| of[key].as_str().map(str::to_owned);
        Some(Known { sort, name: text("name")?, id: text(id)? })
    };
    let planned = [
        one(KnownSort::App, &facts["app"], "id"),
        one(KnownSort::Addon, &facts["database"], "id"),
        one(KnownSort::Addon, &facts["connection"], "addon_id"),
    ];
    let made = state.steps.values().filter_map(|step| {
        let settled = step.output().and_then(|output| one(KnownSort::Addon, output, "id"));
        settled.or_else(|| one(KnownSort::Addon, &step.receipt.as_ref()?.marks, "id"))
    });
    let others = facts["apps"].as_array().into_iter().flatten().filter_map(|app| one(KnownSort::App, app, "id"));
    let mut known: Vec<Known> = planned.into_iter().flatten().collect();
    for one in others.chain(made) {
        if !known.contains(&one) {
            known.push(one);
        }
    }
    known
}

/// What a look at a step showed, unless something goes by another name now: then it showed nothing.
pub(super) async fn by_its_name(
    actions: &dyn Actions,
    known: &[Known],
    looked: Result<Look, Fault>,
) -> Result<Look, Fault> {
    unless_renamed(actions, known, |seen| matches!(seen, Seen::Blocked { .. }), looked).await
}

/// The same of a look at a standing condition: one that only seems broken must not count as broken.
pub(super) async fn of_a_hold(
    actions: &dyn Actions,
    known: &[Known],
    looked: Result<Look, Fault>,
) -> Result<Look, Fault> {
    unless_renamed(actions, known, |seen| !seen.is_satisfied(), looked).await
}

/// What an act failed with, or that what it was about goes by another name now.
pub(super) async fn of_an_act(actions: &dyn Actions, known: &[Known], fault: Fault) -> Fault {
    let puzzling = is_about_what_was_named(&fault);
    match renamed(actions, known, |one| puzzling || is_missed(one, &fault.requests)).await {
        Some(renamed) => Fault { requests: fault.requests, happened: fault.happened, ..renamed },
        None => fault,
    }
}

async fn unless_renamed(
    actions: &dyn Actions,
    known: &[Known],
    is_puzzling: impl Fn(&Seen<Value>) -> bool,
    looked: Result<Look, Fault>,
) -> Result<Look, Fault> {
    let (puzzling, requests) = match &looked {
        Ok(look) => (is_puzzling(&look.seen), &look.requests),
        Err(fault) => (is_about_what_was_named(fault), &fault.requests),
    };
    match renamed(actions, known, |one| puzzling || is_missed(one, requests)).await {
        Some(fault) => Err(Fault { requests: requests.clone(), ..fault }),
        None => looked,
    }
}

/// Whether a failure may come from what was named, and not from the network, the token or a defect.
const fn is_about_what_was_named(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::NotFound | FaultKind::Refused | FaultKind::Usage | FaultKind::Unsupported)
}

/// Whether something was asked for under this name and not found.
fn is_missed(known: &Known, requests: &[RequestMark]) -> bool {
    let names_it = |mark: &&RequestMark| mark.target.split('/').any(|part| part == known.name);
    requests.iter().filter(|mark| mark.status == Some(404)).any(|mark| names_it(&mark))
}

async fn renamed(actions: &dyn Actions, known: &[Known], asks: impl Fn(&Known) -> bool) -> Option<Fault> {
    for one in known.iter().filter(|one| asks(one)) {
        if let Some(now) = name_now(actions, one).await.filter(|now| *now != one.name) {
            return Some(told(one, &now));
        }
    }
    None
}

/// Nothing where that can't be told, or there is none of this id any more.
async fn name_now(actions: &dyn Actions, known: &Known) -> Option<String> {
    let with = json!({ "sort": known.sort, "id": known.id });
    match actions.find(NAME_OF)?.observe(&with, &Prior::default()).await.ok()?.seen {
        Seen::Satisfied { output } => output["name"].as_str().map(str::to_owned),
        _ => None,
    }
}

/// `heroku addons:rename ADDON NEW` and `heroku apps:rename NEW --app APP` (heroku/cli).
fn told(known: &Known, now: &str) -> Fault {
    let was = &known.name;
    let (what, command) = match known.sort {
        KnownSort::App => ("app", format!("heroku apps:rename {was} --app {now}")),
        KnownSort::Addon => ("add-on", format!("heroku addons:rename {now} {was}")),
    };
    Fault::new(
        FaultKind::NotFound,
        format!("the {what} {was} is called {now} now: somebody has renamed it since this run began or was planned"),
        format!("The steps of this run go by the name {was}; under another one nothing of it can be seen or changed."),
        format!("Give the {what} its name {was} back, then take the run up again; rename it when the run is over."),
    )
    .with_command(command)
    .with_code(RENAMED)
    .with_happened(Happened::No)
}

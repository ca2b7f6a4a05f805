//! Runs, the unfinished ones first, by the short names that every screen has for them.

use super::candidates::Candidate;
use super::typed::Typed;
use hcops_journal::{RunStore, RunSummary, Standing};
use hcops_model::{RunId, Verdict};
use hcops_terminal::{RunNames, clean};

/// Of so many runs the journals are read: what is older is still there under its id.
const NEWEST: usize = 40;

/// Commands that go on with a run: a finished one is of no use to them.
const GO_ON: [&str; 4] = ["resume", "abort", "answer", "stop"];

/// The runs that the command can be about.
pub(super) fn candidates(typed: &Typed) -> Vec<Candidate> {
    let Some(store) = typed.desk().map(|desk| desk.quiet_store()) else { return Vec::new() };
    let only_unfinished = GO_ON.iter().any(|verb| typed.has(verb));
    let ids = store.ids().unwrap_or_default();
    let names = RunNames::of(ids.clone());
    let mut listed: Vec<(RunId, Option<RunSummary>)> =
        ids.iter().take(NEWEST).map(|run| (*run, store.listing(*run).summary.ok())).collect();
    listed.sort_by_key(|(_, summary)| !is_unfinished(summary.as_ref()));
    let wanted = listed.iter().filter(|(_, summary)| !only_unfinished || is_unfinished(summary.as_ref()));
    wanted
        .map(|(run, summary)| {
            let name = names.short(*run);
            let about = summary.as_ref().map_or_else(|| "unreadable".to_owned(), about);
            Candidate::new(name).about(about)
        })
        .collect()
}

fn is_unfinished(summary: Option<&RunSummary>) -> bool {
    summary.is_some_and(|summary| summary.standing.is_unfinished())
}

/// The parked, interrupted or running run that a word of the command line names.
pub(super) fn named<'a>(words: &'a [String], store: &RunStore) -> Option<&'a str> {
    let ids = store.ids().ok()?;
    let names_one = |word: &&String| {
        let word = word.to_lowercase();
        word.len() >= FEWEST && ids.iter().filter(|run| run.to_string().starts_with(&word)).count() == 1
    };
    words.iter().find(names_one).map(String::as_str)
}

/// Fewer characters of an id name no run here: a word of the command line could begin like one.
const FEWEST: usize = 8;

fn about(summary: &RunSummary) -> String {
    let standing = match &summary.standing {
        Standing::Running(_) => "running".to_owned(),
        Standing::Parked { question } => format!("parked: {}", clean(question)),
        Standing::Interrupted => "interrupted".to_owned(),
        Standing::Closed(Verdict::Done) => "done".to_owned(),
        Standing::Closed(Verdict::Aborted) => "aborted".to_owned(),
        Standing::Closed(Verdict::Failed) => "failed".to_owned(),
    };
    format!("{} {}, {standing}", clean(&summary.app), summary.procedure)
}

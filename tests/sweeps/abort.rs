//! Turned back anywhere before the point of no return: the world is what it was before. Behind it: refused.

use hcops_journal::RunState;
use hcops_model::{Exit, Journal};

use crate::cases;
use crate::record::Snapshot;
use crate::trial::{Trial, block_on, prepare};
use crate::truth;
use crate::workers::sweep;

/// A process dies anywhere, and instead of going on somebody turns the run back.
#[test]
fn a_run_that_is_turned_back_anywhere_restores_what_was_before() {
    for case in cases::chosen() {
        let prepared = prepare(case);
        let before = prepared.before.essence();
        let what = format!("abort sweep of {}", case.name());
        sweep(
            &what,
            &prepared.deaths(),
            |snapshot| snapshot.place.clone(),
            |snapshot| block_on(turned_back(snapshot, &before)),
        );
    }
}

async fn turned_back(snapshot: &Snapshot, before: &serde_json::Value) {
    let mut trial = Trial::after(snapshot).unwrap();
    let state = RunState::fold(trial.journal.lines()).unwrap();
    match trial.turn_back().await.unwrap() {
        Ok(ended) => {
            assert!(state.crossed.is_empty(), "it turns back behind the point of no return");
            assert_eq!(ended.exit, Exit::Aborted, "{ended:#?}");
            let differences = truth::differences(&trial.simulator.world().essence(), before);
            assert!(differences.is_empty(), "it says restored, but {}", differences.join("; "));
        }
        Err(refusal) => {
            let over = state.closed.is_some();
            assert!(over || !state.crossed.is_empty(), "it refuses although a way leads back: {refusal:#?}");
        }
    }
}

//! What a parked run asks, by the id under which it is answered.

use super::candidates::Candidate;
use super::runs;
use super::typed::Typed;
use hcops_journal::RunState;
use hcops_terminal::clean;

/// The id of the question that the run in the words so far is parked at.
pub(super) fn ids(typed: &Typed) -> Vec<Candidate> {
    asked(typed).into_iter().collect()
}

fn asked(typed: &Typed) -> Option<Candidate> {
    let store = typed.desk()?.quiet_store();
    let run = runs::named(typed.before(), &store)?;
    let needs = RunState::fold(&store.open_read(run).ok()?.lines).ok()?.parked?;
    Some(Candidate::new(needs.question.id.clone()).about(clean(&needs.question.text)))
}

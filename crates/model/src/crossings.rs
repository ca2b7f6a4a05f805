use std::collections::BTreeMap;

use super::{Entry, Happened, StepId};

/// Which points of no return are behind a run, as its entries tell: those whose act may have taken place.
///
/// A crossing is written down before its act. Where that act is known not to have taken place (it was refused), and none
/// before it may have, the point is not behind the run, and the way back is open again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crossings(BTreeMap<StepId, Since>);

/// Which act a point of no return was crossed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    /// The newest one.
    NewestAct,
    /// An earlier one, or somebody else's.
    Before,
}

impl Crossings {
    /// Takes the next entry of the journal.
    pub fn take(&mut self, entry: &Entry) {
        match entry {
            Entry::Intended { intent } => {
                if let Some(since) = self.0.get_mut(&intent.step) {
                    *since = Since::Before;
                }
            }
            Entry::Crossed { step, .. } => {
                self.0.entry(step.clone()).or_insert(Since::NewestAct);
            }
            Entry::Faulted { step, acting: true, fault }
                if fault.happened == Happened::No && self.0.get(step) == Some(&Since::NewestAct) =>
            {
                self.0.remove(step);
            }
            _ => {}
        }
    }

    /// Takes a step that led past its point of no return without this run's act.
    pub fn pass(&mut self, step: &StepId) {
        self.0.entry(step.clone()).or_insert(Since::Before);
    }

    /// Whether this step's point of no return is behind the run.
    #[must_use]
    pub fn has(&self, step: &StepId) -> bool {
        self.0.contains_key(step)
    }

    /// Whether any is.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }
}

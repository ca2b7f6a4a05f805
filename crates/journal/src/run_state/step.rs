use jiff::Timestamp;
use serde_json::Value;

use hcops_model::{EvidenceMark, Fault, Intent, Receipt, Seen, Settlement};

/// What the journal says about one step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepState {
    /// When the first line about it was written.
    pub began_at: Option<Timestamp>,
    /// When it settled or was waived.
    pub ended_at: Option<Timestamp>,
    /// Where the newest act stands.
    pub act: Act,
    /// The newest intent.
    pub intent: Option<Intent>,
    /// When it was written.
    pub intended_at: Option<Timestamp>,
    /// What the newest act returned.
    pub receipt: Option<Receipt>,
    /// How what it changes was before this run changed it, where the action notes that.
    pub before: Option<Value>,
    /// Whether an act of this run may have changed something here.
    pub touched: bool,
    /// The same, before the newest intent.
    pub touched_before: bool,
    /// Acts begun since a person last said to go on.
    pub tries: u32,
    /// Acts in a row that were put off: not sent, or asked to come later. They don't count as tries.
    pub put_off: u32,
    /// When the first of those was begun.
    pub put_off_since: Option<Timestamp>,
    /// When a person last said to go on (by an answer, or by taking a parked run up again).
    pub patience_from: Option<Timestamp>,
    /// What a person answered to its statements.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Who; nobody yet where the run was parked, since that is meant for whoever takes it up.
    pub answered_by: Option<String>,
    /// The statements that were answered so.
    pub asked: Option<Vec<String>>,
    /// When a person said that they did it by hand.
    pub by_hand_at: Option<Timestamp>,
    /// Whether one of its standing conditions was ever seen broken.
    pub condition_broken: bool,
    /// Whether the step's own point of no return is behind us.
    pub crossed: bool,
    /// What was seen of the effect of the newest act and no later look can show.
    pub proof: Option<Value>,
    /// What was seen last, and when that was written.
    pub sight: Option<(Timestamp, Seen<Value>)>,
    /// The newest failure, until something was seen again.
    pub fault: Option<Fault>,
    /// How it ended.
    pub outcome: Outcome,
}

/// Where the newest act of a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Act {
    /// There was none.
    #[default]
    None,
    /// It was begun; its outcome is not known.
    Intended,
    /// It was accepted.
    Received,
    /// It is known not to have taken place, or a person allowed a repeatable one to be made again.
    Cleared,
    /// A person says that it took place.
    SaidHappened,
    /// A person says that it did not take place.
    SaidDidNotHappen,
}

/// How a step ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Outcome {
    /// It has not.
    #[default]
    Pending,
    /// Done, and the world showed it.
    Settled {
        /// How it came to be so.
        how: Settlement,
        /// What later steps may refer to.
        output: Value,
        /// The kept observation.
        evidence: Option<EvidenceMark>,
    },
    /// A person skipped it.
    Waived {
        /// The person.
        by: String,
        /// Their reason.
        reason: String,
    },
}

impl StepState {
    /// Whether it has settled or was waived.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        !matches!(self.outcome, Outcome::Pending)
    }

    /// What later steps may refer to, once it has settled.
    #[must_use]
    pub const fn output(&self) -> Option<&Value> {
        match &self.outcome {
            Outcome::Settled { output, .. } => Some(output),
            Outcome::Pending | Outcome::Waived { .. } => None,
        }
    }

    /// Whole seconds from the first line about it until it was over.
    #[must_use]
    pub fn took(&self) -> Option<u64> {
        let took = self.ended_at?.duration_since(self.began_at?);
        Some(u64::try_from(took.as_secs()).unwrap_or(0))
    }

    /// It is to be gone through again; what was answered stays.
    pub(super) fn reopen(&mut self) {
        self.outcome = Outcome::Pending;
        self.ended_at = None;
    }

    /// How many acts were begun.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.intent.as_ref().map_or(0, |intent| intent.attempt)
    }

    /// Whether this run may have changed the world through it: an act that is not known to have failed, or a person's
    /// hand.
    #[must_use]
    pub const fn may_have_acted(&self) -> bool {
        let shown = matches!(self.outcome, Outcome::Settled { how: Settlement::Adopted | Settlement::Acted, .. });
        self.touched || shown || self.by_hand_at.is_some()
    }

    /// Since when it is waited for: the newest of its beginning, its newest intent and a person's word to go on.
    #[must_use]
    pub fn waits_since(&self) -> Option<Timestamp> {
        self.began_at.max(self.intended_at).max(self.patience_from)
    }
}

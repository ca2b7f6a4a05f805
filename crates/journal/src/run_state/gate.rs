//! The gate: what was said before it, and when it is shut again.

use std::time::Duration;

use jiff::Timestamp;

use super::{Confirmation, Outcome, RunState, StepState};
use crate::gate::{Opening, STANDS};
use crate::planned::PlannedDowntime as _;
use hcops_model::PlannedStep;

impl RunState {
    /// Whether the run has still to go through its gate: writes are on, and go off only when somebody lets them.
    #[must_use]
    pub fn is_before_gate(&self) -> bool {
        self.approved && self.plan.gate().is_some_and(|gate| !self.is_over(gate))
    }

    /// When the operator lets the downtime begin, and when that was said; nothing where nobody has said it.
    #[must_use]
    pub fn opening(&self) -> Option<(Opening, Timestamp)> {
        let known = self.steps.get(&self.plan.gate()?.id)?;
        Some((Opening::written(known.answer.as_deref()?).ok()?, known.answered_at?))
    }

    /// The points of no return in the downtime about which nothing was said at the gate that `counts`, each with the name it goes by.
    /// One whose name only the downtime finds out can't be asked about before. That it shall be asked about when it is reached counts
    /// only where somebody `is_there_later`.
    pub fn unsaid_points(
        &self,
        is_there_later: bool,
        counts: impl Fn(&Confirmation, &str) -> bool,
    ) -> Vec<(&PlannedStep, String)> {
        let unsaid = self.plan.points_in_downtime().filter_map(|step| {
            let name = self.crossing_name(step).ok().flatten()?;
            let given = self.confirmed.get(&step.id).filter(|given| given.at_gate);
            let is_put_off = is_there_later && self.asked_there.contains(&step.id);
            let is_said = given.is_some_and(|given| counts(given, &name)) || is_put_off;
            (!is_said).then_some((step, name))
        });
        unsaid.collect()
    }

    /// Whether the gate was gone through and nothing behind it was begun yet.
    #[must_use]
    pub fn is_just_through_gate(&self) -> bool {
        let Some(gate) = self.plan.gate().filter(|gate| self.is_over(gate)) else { return false };
        let mut behind = self.plan.steps.iter().skip_while(|step| step.id != gate.id).skip(1);
        behind.all(|step| self.steps.get(&step.id).is_none_or(|known| !known.may_have_acted()))
    }

    /// Whoever takes the run up stands before the gate again, as long as nothing behind it was begun: writes don't go off because
    /// somebody looks after a run that was left. A person's word that the gate is left out stands as long as a word to begin now.
    pub(super) fn shut_gate(&mut self, at: Timestamp) {
        if !self.is_just_through_gate() {
            return;
        }
        if let Some(known) = self.at_gate() {
            let since = known.ended_at.map(|ended| Duration::try_from(at.duration_since(ended)).unwrap_or_default());
            let was_left_out_just_now =
                matches!(known.outcome, Outcome::Waived { .. }) && since.is_some_and(|since| since <= STANDS);
            if !was_left_out_just_now {
                known.reopen();
            }
        }
    }

    /// What one operator let begin is not what the next one lets begin.
    pub(super) fn forget_opening_of_others(&mut self, by: &str) {
        if let Some(known) = self.at_gate()
            && known.answered_by.as_deref().is_some_and(|answered_by| answered_by != by)
        {
            known.answer = None;
        }
    }

    /// An answer to a parked question becomes the word of whoever takes the run up with it.
    pub(super) fn hand_over_opening(&mut self, by: &str) {
        if let Some(known) = self.at_gate().filter(|known| known.answer.is_some()) {
            known.answered_by.get_or_insert_with(|| by.to_owned());
        }
    }

    fn at_gate(&mut self) -> Option<&mut StepState> {
        let gate = self.plan.gate()?.id.clone();
        self.steps.get_mut(&gate)
    }
}

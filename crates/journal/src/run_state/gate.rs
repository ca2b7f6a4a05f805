//! The gate: what was said before it, and when it is shut again.

use jiff::Timestamp;

use super::{RunState, StepState};
use crate::gate::Opening;
use crate::planned::PlannedDowntime as _;
use hcops_model::PlannedStep;

impl RunState {
    /// Whether the run has still to go through its gate: writes are on, and go off only when somebody lets them.
    #[must_use]
    pub fn is_before_gate(&self) -> bool {
        self.approved && self.plan.gate().is_some_and(|gate| !self.is_over(gate))
    }

    /// Whether the active plan turns writes off.
    #[must_use]
    pub fn has_downtime(&self) -> bool {
        self.plan.usual_downtime().is_some()
    }

    /// When the operator lets the downtime begin, and when that was said; nothing where nobody has said it.
    #[must_use]
    pub fn opening(&self) -> Option<(Opening, Timestamp)> {
        let known = self.steps.get(&self.plan.gate()?.id)?;
        Some((Opening::written(known.answer.as_deref()?).ok()?, known.answered_at?))
    }

    /// The points of no return in the downtime about which nothing was said at the gate, each with the name it goes by. One whose
    /// name only the downtime finds out can't be asked about before.
    #[must_use]
    pub fn unsaid_points(&self) -> Vec<(&PlannedStep, String)> {
        let unsaid = self.plan.points_in_downtime().filter_map(|step| {
            let name = self.crossing_name(step).ok().flatten()?;
            let given = self.confirmed.get(&step.id);
            let counts = given.is_some_and(|given| given.at_gate && given.ended.is_none() && given.name == name);
            (!counts && !self.asked_there.contains(&step.id)).then_some((step, name))
        });
        unsaid.collect()
    }

    /// Whether the gate was gone through and nothing behind it was begun yet.
    #[must_use]
    pub fn is_just_through_gate(&self) -> bool {
        let Some(gate) = self.plan.gate().filter(|gate| self.is_over(gate)) else { return false };
        let behind = self.plan.steps.iter().skip_while(|step| step.id != gate.id).skip(1);
        behind.into_iter().all(|step| self.steps.get(&step.id).is_none_or(|known| !known.may_have_acted()))
    }

    /// Whoever takes the run up stands before the gate again, as long as nothing behind it was begun: writes don't go off because
    /// somebody looks after a run that was left.
    pub(super) fn shut_gate(&mut self) {
        if self.is_just_through_gate()
            && let Some(gate) = self.plan.gate()
        {
            self.steps.get_mut(&gate.id).map(StepState::reopen);
        }
    }
}

//! How far a run is: what every reader of a journal asks, answered in one place.

use super::{Outcome, RunState, StepState};
use hcops_model::{BY_THE_PLAN, FaultKind, PlannedStep, PlannedUndo, Question, Seen, Settlement, StepId};

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its turn has not come.
    Next,
    /// It is being looked at, acted on, asked about or waited for.
    Underway,
    /// It is done.
    Done(Settlement),
    /// A person skipped or attested it, or an answer left it out.
    Waived,
}

impl Phase {
    /// Whether nothing is left to do about it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done(_) | Self::Waived)
    }
}

impl RunState {
    /// How far a step is.
    #[must_use]
    pub fn phase(&self, step: &StepId) -> Phase {
        self.steps.get(step).map_or(Phase::Next, |known| match &known.outcome {
            Outcome::Settled { how, .. } => Phase::Done(*how),
            Outcome::Waived { .. } => Phase::Waived,
            Outcome::Pending if known.began_at.is_some() => Phase::Underway,
            Outcome::Pending => Phase::Next,
        })
    }

    /// The steps of the active plan that are not left out of it, in order, with how far each is.
    pub fn carried_out(&self) -> impl Iterator<Item = (&PlannedStep, Phase)> {
        let steps = self.plan.steps.iter().filter(|step| step.omitted.is_none());
        steps.map(move |step| (step, self.phase(&step.id)))
    }

    /// How many of those are over, and how many there are.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let over = self.carried_out().filter(|(_, phase)| phase.is_over()).count();
        (over, self.carried_out().count())
    }

    /// The question about a step that waits for an answer.
    #[must_use]
    pub fn asked_about(&self, step: &StepId) -> Option<&Question> {
        self.questions.values().find(|question| question.step.as_ref() == Some(step))
    }

    /// Whether `abort` turns it back: it goes on, has not turned back, and no point of no return is behind it.
    #[must_use]
    pub const fn leads_back(&self) -> bool {
        self.closed.is_none() && !self.turned_back() && self.crossed.is_empty()
    }

    /// The steps that `abort` reverses, newest first, with how: those that have changed the world or may have. None where no way
    /// leads back.
    #[must_use]
    pub fn undoable(&self) -> Vec<(&PlannedStep, &PlannedUndo)> {
        let steps = self.plan.steps.iter().rev().filter(|step| self.leads_back() && self.is_undoable(step));
        steps.filter_map(|step| Some((step, step.undo.as_ref()?))).collect()
    }

    /// Whether a reversal of this step would have something to reverse, and can.
    #[must_use]
    pub fn is_undoable(&self, step: &PlannedStep) -> bool {
        let known = self.steps.get(&step.id);
        step.undo.is_some() && known.is_some_and(StepState::may_have_acted) && !self.is_only_by_hand(step)
    }

    /// Whether a person did it by hand, so that no look of ours noted how it was before, and the reversal needs that.
    #[must_use]
    pub fn is_only_by_hand(&self, step: &PlannedStep) -> bool {
        let Some((known, undo)) = self.steps.get(&step.id).zip(step.undo.as_ref()) else { return false };
        let needed = format!("${{steps.{}", step.id);
        known.output().is_none()
            && known.before.is_none()
            && known.intent.is_none()
            && undo.with.to_string().contains(&needed)
    }

    /// Whether this run may have changed anything.
    #[must_use]
    pub fn has_acted(&self) -> bool {
        self.steps.values().any(StepState::may_have_acted)
    }

    /// Whether a person skipped a step of the active plan.
    #[must_use]
    pub fn has_skipped(&self) -> bool {
        self.plan.steps.iter().any(|step| matches!(self.step(&step.id).outcome, Outcome::Waived { .. }))
    }

    /// How many steps people have left out or attested, of both plans.
    #[must_use]
    pub fn left_out_by_persons(&self) -> usize {
        let by_person = |known: &&StepState| matches!(&known.outcome, Outcome::Waived { by, .. } if by != BY_THE_PLAN);
        self.steps.values().filter(by_person).count()
    }

    /// Whether a person attested this step although the newest look, or a standing condition, showed otherwise.
    #[must_use]
    pub fn is_attested_against_sight(&self, step: &StepId) -> bool {
        let Some(known) = self.steps.get(step) else { return false };
        let planned = self.plan.step(step).or_else(|| self.main_plan().step(step));
        let may_be_left_out = planned.is_some_and(|step| step.may_skip || self.left_out(step).is_some());
        let seen = known.sight.as_ref().is_some_and(|(_, sight)| matches!(sight, Seen::Blocked { .. }));
        let differed = known.fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Verification);
        matches!(known.outcome, Outcome::Waived { .. })
            && !may_be_left_out
            && (seen || differed || known.condition_broken)
    }

    /// The steps that a person attested although something else was seen.
    #[must_use]
    pub fn attested_against_sight(&self) -> Vec<&PlannedStep> {
        self.plan.steps.iter().filter(|step| self.is_attested_against_sight(&step.id)).collect()
    }
}

use super::{Act, RunState};
use crate::claims::only_looks;
use crate::gate::Opening;
use crate::planned::PlannedDowntime as _;
use hcops_model::{
    ASK_THERE, Digest, Effect, Entry, Intent, Line, PlannedStep, Question, QuestionKind, StepId, Verdict,
};

/// The minor format since which a confirmation is about one step.
const CONFIRMED_BY_STEP_SINCE: u32 = 2;

impl RunState {
    /// Why `line` cannot come next; nothing when it can.
    pub(super) fn objection_to(&self, line: &Line) -> Option<String> {
        if !self.is_next(line.seq) {
            return Some(format!("line {} was expected", self.seq + 1));
        }
        self.objection_to_entry(&line.entry)
    }

    /// Why `entry` cannot come next; nothing when it can. Every legal transition is in this one match. Ask before
    /// writing: a line that cannot follow would make the journal unreadable.
    #[must_use]
    pub fn objection_to_entry(&self, entry: &Entry) -> Option<String> {
        if self.closed.is_some() {
            return Some("the run is closed".to_owned());
        }
        match entry {
            Entry::Opened { .. } => Some("the run is already open".to_owned()),
            Entry::Leased { fence, .. } => self.objection_to_fence(*fence),
            Entry::Asked { .. } | Entry::Parked { .. } | Entry::Resumed { .. } | Entry::Stopped { .. } => None,
            Entry::Confirmed { step: None, given, .. } => self.objection_to_approval(given),
            Entry::Confirmed { step: Some(step), given, .. } => {
                self.may_confirm(step).and_then(|step| self.fits_crossing(step, given)).err()
            }
            Entry::Answered { question, answer, .. } => self.objection_to_answer(question, answer),
            Entry::Intended { intent } => {
                self.at_front(&intent.step).and_then(|step| self.may_intend(step, intent)).err()
            }
            Entry::Received { step, .. } => self.at_front(step).and_then(|_| self.is_intended(step)).err(),
            Entry::Faulted { step, acting: true, .. } => self.at_front(step).and_then(|_| self.is_intended(step)).err(),
            Entry::Faulted { step, .. } | Entry::Observed { step, .. } | Entry::Settled { step, .. } => {
                self.at_front(step).err()
            }
            Entry::Waived { step, .. } => self.whose_turn(step).and_then(|step| self.may_skip(step)).err(),
            Entry::Crossed { step, name, .. } => self
                .at_front(step)
                .and_then(|planned| self.fits_crossing(planned, name))
                .and_then(|()| self.is_intended(step))
                .err(),
            Entry::Aborted { plan, digest, .. } => self.objection_to_abort(&plan.digest(), digest),
            Entry::Closed { verdict } => self.objection_to_end(*verdict),
        }
    }

    /// A reader of a newer format leaves out lines that it does not know, so gaps are in order there.
    const fn is_next(&self, seq: u64) -> bool {
        let newer = self.format.minor > hcops_model::FORMAT.minor;
        seq == self.seq + 1 || (newer && seq > self.seq)
    }

    fn objection_to_fence(&self, fence: u64) -> Option<String> {
        let newest = self.lease.as_ref().map_or(0, |lease| lease.fence);
        (fence <= newest).then(|| format!("its fence is {fence}, and {newest} was given out before"))
    }

    fn objection_to_approval(&self, given: &str) -> Option<String> {
        if self.approved {
            return Some("the plan is already approved".to_owned());
        }
        (!self.digest.is_named_by(given)).then(|| format!("{given} is not the digest of the plan"))
    }

    fn objection_to_answer(&self, id: &str, answer: &str) -> Option<String> {
        let Some(question) = self.questions.get(id) else {
            return Some(format!("nothing was asked under the name {id}"));
        };
        (!is_answer_to(question, answer)).then(|| format!("`{answer}` does not answer the question {id}"))
    }

    /// `made` and `written` may differ only if somebody edited the plan.
    fn objection_to_abort(&self, made: &Digest, written: &Digest) -> Option<String> {
        if self.turned_back() {
            return Some("the run has already turned back".to_owned());
        }
        if let Some(crossed) = self.crossed.first() {
            return Some(format!("the point of no return {} is behind us", crossed.name));
        }
        (made != written).then(|| format!("the plan's digest is {made}, not {written}"))
    }

    fn objection_to_end(&self, verdict: Verdict) -> Option<String> {
        if verdict == Verdict::Failed {
            let may = only_looks(&self.plan) && !self.turned_back();
            return (!may).then(|| "the run changes something, so it can be gone on with".to_owned());
        }
        if let Some(step) = self.plan.steps.iter().find(|step| !self.is_over(step)) {
            return Some(format!("step {} is not finished", step.id));
        }
        let fits = self.turned_back() == (verdict == Verdict::Aborted);
        (!fits).then(|| "the verdict does not fit the active plan".to_owned())
    }

    fn at_front(&self, id: &StepId) -> Result<&PlannedStep, String> {
        if self.parked.is_some() {
            return Err("the run is parked".to_owned());
        }
        self.whose_turn(id)
    }

    /// A person may answer while the run is parked.
    fn whose_turn(&self, id: &StepId) -> Result<&PlannedStep, String> {
        if !self.approved {
            return Err("the plan has not been approved".to_owned());
        }
        self.front().into_iter().find(|step| &step.id == id).ok_or_else(|| format!("it is not the turn of step {id}"))
    }

    /// A point of no return is confirmed where it is, or at the gate before it.
    fn may_confirm(&self, id: &StepId) -> Result<&PlannedStep, String> {
        let ahead = self.plan.points_in_downtime().find(|step| &step.id == id && self.is_before_gate());
        ahead.map_or_else(|| self.whose_turn(id), Ok)
    }

    fn fits_crossing(&self, step: &PlannedStep, given: &str) -> Result<(), String> {
        match self.crossing_name(step)? {
            Some(name) if name == given => Ok(()),
            Some(name) => Err(format!("`{given}` is not the name to confirm, {name}")),
            None => Err(format!("step {} is no point of no return", step.id)),
        }
    }

    fn may_intend(&self, step: &PlannedStep, intent: &Intent) -> Result<(), String> {
        let known = self.step(&step.id);
        if intent.attempt != known.attempts() + 1 {
            return Err(format!("attempt {} of step {} follows attempt {}", intent.attempt, step.id, known.attempts()));
        }
        if let Some(name) = self.crossing_name(step)?.filter(|name| !self.was_confirmed(&step.id, name)) {
            return Err(format!("the point of no return {name} has not been confirmed"));
        }
        let repeatable = matches!(step.effect, Effect::Idempotent | Effect::Findable);
        // A crossing is written between the intent and the act: without it the act was not begun.
        let never_begun = step.crossing.is_some() && !known.crossed;
        match known.act {
            Act::None | Act::Cleared | Act::SaidDidNotHappen => Ok(()),
            Act::Intended if repeatable || never_begun => Ok(()),
            Act::Intended | Act::Received | Act::SaidHappened => {
                Err(format!("the act of step {} may already have taken place", step.id))
            }
        }
    }

    /// Whether it was ever confirmed. Whether that still counts is for the driver, which knows the time. Before format
    /// 1.2 a name counted for every step that goes by it.
    fn was_confirmed(&self, step: &StepId, name: &str) -> bool {
        let by_name = self.format.minor < CONFIRMED_BY_STEP_SINCE;
        self.confirmed.iter().any(|(of, given)| given.name == name && (by_name || of == step))
    }

    fn may_skip(&self, step: &PlannedStep) -> Result<(), String> {
        if step.may_skip || self.left_out(step).is_some() || self.may_be_attested(step) {
            return Ok(());
        }
        Err(format!("step {} may not be skipped", step.id))
    }

    fn is_intended(&self, id: &StepId) -> Result<(), String> {
        match self.step(id).act {
            Act::Intended => Ok(()),
            _ => Err(format!("step {id} has no open intent")),
        }
    }
}

fn is_answer_to(question: &Question, answer: &str) -> bool {
    match &question.sort {
        QuestionKind::Approve { .. } => false,
        QuestionKind::Cross { ahead, .. } => *ahead && answer == ASK_THERE,
        QuestionKind::Gate { .. } => Opening::written(answer).is_ok(),
        QuestionKind::Attest { .. } => !answer.trim().is_empty(),
        QuestionKind::Decide { choices } => choices.iter().any(|choice| choice.answer == answer),
        QuestionKind::WhatHappened => matches!(answer, "happened" | "did-not-happen"),
        QuestionKind::Trouble { .. } => matches!(answer, "retry" | "wait" | "done-by-hand"),
    }
}

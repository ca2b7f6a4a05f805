use jiff::Timestamp;
use serde_json::Value;

use super::{Act, Confirmation, Crossed, Downtime, Lease, OUT_OF_TIME, Outcome, RunState, Silence, StepState, Stopped};
use hcops_model::{
    Digest, DowntimeEdge, Effect, Entry, Fault, FaultKind, Happened, Intent, Line, Plan, QuestionKind, Seen,
    Settlement, StepId,
};

impl RunState {
    /// Takes a line that is known to be legal: from whoever reads a journal that was checked when it was written or read.
    pub fn take(&mut self, line: &Line) {
        self.seq = line.seq;
        self.at = line.at;
        self.crossings.take(&line.entry);
        match &line.entry {
            Entry::Opened { .. } => {}
            Entry::Leased { by, holder, fence, .. } => {
                self.unresumed = *fence > 1;
                self.stopped = None;
                self.shut_gate(line.at);
                self.forget_opening_of_others(by);
                self.end_confirmations_of_others(by);
                self.lease = Some(Lease { by: by.clone(), holder: holder.clone(), fence: *fence, at: line.at });
            }
            Entry::Asked { question } => {
                self.questions.insert(question.id.clone(), question.clone());
            }
            Entry::Confirmed { step: None, .. } => {
                self.approved = true;
                self.questions.remove("approve");
            }
            Entry::Confirmed { step: Some(step), by, given, picture, .. } => {
                let (ahead, picture) = (self.parked.is_some(), picture.clone());
                let (name, by, at, at_gate) = (given.clone(), by.clone(), line.at, self.is_before_gate());
                self.confirm(
                    step,
                    Confirmation { name, by, at, picture, at_gate, taken_up_at: None, ahead, ended: None },
                );
            }
            Entry::Answered { question, answer, by, .. } => self.take_answer(question, answer, by, line.at),
            Entry::Intended { intent } => self.take_intent(intent, line.at),
            Entry::Received { step, receipt } => {
                let known = self.known(step, line.at);
                known.act = Act::Received;
                known.forget_put_off();
                known.receipt = Some(receipt.clone());
            }
            Entry::Faulted { step, acting, fault } => self.take_fault(step, *acting, fault, line.at),
            Entry::Observed { step, hold: Some(hold), sight, .. } => {
                self.see_hold(step, hold, sight, line.at);
            }
            Entry::Observed { step, hold: None, sight, proof, .. } => {
                let known = self.known(step, line.at);
                known.proof = proof.clone().or_else(|| known.proof.take());
                known.sight = Some((line.at, sight.clone()));
                known.fault = None;
            }
            Entry::Settled { step, how, output, evidence, .. } => {
                let outcome = Outcome::Settled { how: *how, output: output.clone(), evidence: evidence.clone() };
                self.cross_unasked(step, line.at);
                self.finish(step, outcome, line.at);
            }
            Entry::Waived { step, by, reason } => {
                self.finish(step, Outcome::Waived { by: by.clone(), reason: reason.clone() }, line.at);
            }
            Entry::Crossed { step, name, lost } => {
                self.known(step, line.at).crossed = true;
                let crossed = Crossed { step: step.clone(), name: name.clone(), lost: lost.clone(), at: line.at };
                self.crossed.push(crossed);
            }
            Entry::Parked { needs } => {
                self.questions.insert(needs.question.id.clone(), needs.question.clone());
                self.parked = Some(needs.clone());
                self.asked_there.clear();
                self.end_confirmations("the run was parked since");
            }
            Entry::Stopped { wish } => {
                self.stopped = Some(Stopped { at: line.at, wish: wish.clone() });
                self.asked_there.clear();
                self.end_confirmations("the run was stopped since");
            }
            Entry::Resumed { by, .. } => {
                self.end_confirmations_of_others(by);
                self.hand_over_confirmations(by, line.at);
                self.hand_over_opening(by);
                self.shut_gate(line.at);
                self.resume(line.at);
            }
            Entry::Aborted { plan, digest, .. } => self.turn_back(plan, digest, line.at),
            Entry::Closed { verdict } => self.closed = Some(*verdict),
        }
    }

    fn see_hold(&mut self, step: &StepId, hold: &str, sight: &Seen<Value>, at: Timestamp) {
        self.known(step, at);
        self.take_hold(step, hold, sight, at);
        if !sight.is_satisfied() {
            self.known(step, at).condition_broken |= !matches!(sight, Seen::Unclear { .. });
            self.end_confirmation(step, &format!("{hold} was seen broken"));
        }
    }

    fn confirm(&mut self, step: &StepId, confirmation: Confirmation) {
        self.confirmed.insert(step.clone(), confirmation);
        self.questions.remove(step.as_str());
    }

    fn turn_back(&mut self, plan: &Plan, digest: &Digest, at: Timestamp) {
        self.left_behind = Some(Box::new(std::mem::replace(&mut self.plan, plan.clone())));
        self.digest = digest.clone();
        self.approved = false;
        self.parked = None;
        self.silence = Silence::default();
        self.questions.clear();
        self.confirmed.clear();
        self.asked_there.clear();
        self.end_downtime(at);
    }

    fn known(&mut self, step: &StepId, at: Timestamp) -> &mut StepState {
        let known = self.steps.entry(step.clone()).or_default();
        known.began_at.get_or_insert(at);
        known
    }

    fn take_intent(&mut self, intent: &Intent, at: Timestamp) {
        if self.edge_of(&intent.step) == Some(DowntimeEdge::Starts) {
            self.downtime.from.get_or_insert(at);
        }
        let known = self.known(&intent.step, at);
        known.act = Act::Intended;
        known.intent = Some(intent.clone());
        known.before = intent.before.clone().or_else(|| known.before.take());
        known.intended_at = Some(at);
        known.receipt = None;
        known.proof = None;
        known.touched_before = known.touched;
        known.touched = true;
        known.tries += 1;
    }

    fn take_fault(&mut self, step: &StepId, acting: bool, fault: &Fault, at: Timestamp) {
        let known = self.known(step, at);
        if acting && fault.happened == Happened::No {
            known.act = Act::Cleared;
            known.did_not_happen();
        }
        match (acting, fault.kind, fault.happened) {
            (true, FaultKind::Transient, Happened::No) => known.put_off(at),
            (true, _, _) => known.forget_put_off(),
            (false, _, _) => {}
        }
        known.fault = Some(fault.clone());
        self.forget_refused_crossing(step);
    }

    /// A way that was refused is not behind us.
    fn forget_refused_crossing(&mut self, step: &StepId) {
        if !self.crossings.has(step) {
            self.crossed.retain(|crossed| crossed.step != *step);
            self.steps.entry(step.clone()).or_default().crossed = false;
        }
    }

    fn end_confirmation(&mut self, step: &StepId, why: &str) {
        if let Some(confirmation) = self.confirmed.get_mut(step) {
            confirmation.ended.get_or_insert_with(|| why.to_owned());
        }
    }

    fn end_confirmations(&mut self, why: &str) {
        for confirmation in self.confirmed.values_mut() {
            confirmation.ended.get_or_insert_with(|| why.to_owned());
        }
    }

    /// What somebody confirmed while driving the run is not the word of whoever drives it next; what was confirmed at the gate,
    /// which lasts however long, not even that of the same person in another process. An answer to a parked question is meant for
    /// whoever takes the run up with it.
    fn end_confirmations_of_others(&mut self, by: &str) {
        let others = |given: &&mut Confirmation| !given.ahead && (given.by != by || given.at_gate);
        for confirmation in self.confirmed.values_mut().filter(others) {
            confirmation.ended.get_or_insert_with(|| format!("{by} took the run since"));
        }
    }

    fn hand_over_confirmations(&mut self, by: &str, at: Timestamp) {
        for confirmation in self.confirmed.values_mut().filter(|given| given.ahead) {
            confirmation.ahead = false;
            confirmation.taken_up_at = Some(at);
            by.clone_into(&mut confirmation.by);
        }
    }

    /// What an answer means depends on what was asked.
    fn take_answer(&mut self, id: &str, answer: &str, by: &str, at: Timestamp) {
        let Some(question) = self.questions.remove(id) else { return };
        let Some(step) = question.step else {
            self.budget_lifted |= id == OUT_OF_TIME;
            return;
        };
        if matches!(question.sort, QuestionKind::Cross { .. }) {
            self.asked_there.insert(step);
            return;
        }
        let effect = self.plan.step(&step).map(|planned| planned.effect);
        let by = self.parked.is_none().then(|| by.to_owned());
        let known = self.known(&step, at);
        match (&question.sort, answer) {
            (QuestionKind::Attest { .. } | QuestionKind::Decide { .. } | QuestionKind::Gate { .. }, text) => {
                known.answer = Some(text.to_owned());
                (known.answered_at, known.answered_by) = (Some(at), by);
                if let QuestionKind::Attest { statements } = &question.sort {
                    known.asked = Some(statements.clone());
                }
            }
            (QuestionKind::WhatHappened, "happened") => known.act = Act::SaidHappened,
            (QuestionKind::WhatHappened, _) => {
                known.act = Act::SaidDidNotHappen;
                known.did_not_happen();
            }
            (QuestionKind::Trouble { .. }, "done-by-hand") => known.by_hand_at = Some(at),
            (QuestionKind::Trouble { .. }, "retry") => known.retry(effect),
            (QuestionKind::Trouble { .. } | QuestionKind::Approve { .. } | QuestionKind::Cross { .. }, _) => {}
        }
        known.be_patient_from(at);
    }

    /// To take a parked run up again is to say: go on. Statements that were denied are asked anew.
    fn resume(&mut self, at: Timestamp) {
        self.unresumed = false;
        if self.parked.take().is_none() {
            return;
        }
        let front: Vec<StepId> = self.front().into_iter().map(|step| step.id.clone()).collect();
        for id in front {
            if let Some(known) = self.steps.get_mut(&id) {
                known.be_patient_from(at);
                known.forget_denial();
            }
        }
    }

    fn finish(&mut self, step: &StepId, outcome: Outcome, at: Timestamp) {
        let acted = !matches!(outcome, Outcome::Settled { how: Settlement::AlreadyTrue, .. });
        let known = self.known(step, at);
        known.outcome = outcome;
        known.ended_at = Some(at);
        self.questions.remove(step.as_str());
        match self.edge_of(step) {
            Some(DowntimeEdge::Starts) if acted => {
                self.downtime.from.get_or_insert(at);
            }
            Some(DowntimeEdge::Ends) => self.end_downtime(at),
            Some(DowntimeEdge::Starts) | None => {}
        }
    }

    /// A point of no return that somebody else went past is behind us all the same.
    fn cross_unasked(&mut self, step: &StepId, at: Timestamp) {
        let Some(planned) = self.plan.step(step).filter(|_| !self.step(step).crossed) else { return };
        let Some(crossing) = planned.crossing.clone() else { return };
        let name = self.crossing_name(planned).ok().flatten().unwrap_or(crossing.name);
        self.known(step, at).crossed = true;
        self.crossings.pass(step);
        self.crossed.push(Crossed { step: step.clone(), name, lost: crossing.lost, at });
    }

    fn edge_of(&self, step: &StepId) -> Option<DowntimeEdge> {
        self.plan.step(step).and_then(|planned| planned.downtime)
    }

    /// Writes are back when no step that brings them back is left to do.
    fn end_downtime(&mut self, at: Timestamp) {
        let mut ends = self.plan.steps.iter().filter(|step| step.downtime == Some(DowntimeEdge::Ends)).peekable();
        let any = ends.peek().is_some();
        if any && self.downtime.from.is_some() && ends.all(|step| self.is_over(step)) {
            self.downtime = Downtime { until: Some(at), ..self.downtime };
        }
    }
}

impl StepState {
    /// The newest act changed nothing. Where none before it did either, what was before is what the next look shows.
    fn did_not_happen(&mut self) {
        self.touched = self.touched_before;
        if !self.touched {
            self.before = None;
        }
    }

    const fn be_patient_from(&mut self, at: Timestamp) {
        self.patience_from = Some(at);
        self.tries = 0;
        self.forget_put_off();
    }

    fn put_off(&mut self, at: Timestamp) {
        self.tries = self.tries.saturating_sub(1);
        self.put_off += 1;
        self.put_off_since = self.put_off_since.or(self.intended_at).or(Some(at));
    }

    const fn forget_put_off(&mut self) {
        self.put_off = 0;
        self.put_off_since = None;
    }

    /// Only an act that may be repeated is cleared to be repeated; of any other, a retry is another look.
    fn retry(&mut self, effect: Option<Effect>) {
        let repeatable = matches!(effect, Some(Effect::Idempotent | Effect::Findable));
        if repeatable && matches!(self.act, Act::Received | Act::SaidHappened) {
            self.act = Act::Cleared;
        }
        self.by_hand_at = None;
        self.answer = None;
    }

    fn forget_denial(&mut self) {
        if self.answer.as_deref().is_some_and(crate::run_state::is_denial) {
            self.answer = None;
        }
    }
}

//! One visit to a step: look, decide, and do what was decided.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::age::{Since, slow_looks};
use super::asking::Need;
use super::driver::{Driver, Visit, between};
use super::ended::Halt;
use super::{names, questions};
use crate::abort::reversed_by;
use crate::decide::{self, AnswerState, Cause, CrossingState, HoldsState, Next, Sight, Situation, Standing, Trouble};
use hcops_journal::claims::only_looks;
use hcops_journal::references;
use hcops_journal::run_state::{Act, StepState};
use hcops_model::{
    Actions, AnyAction, BY_THE_PLAN, Entry, Expectation, Fault, FaultKind, Look, Part, PlannedStep, Prior, Progress,
    Seen, Settlement, kept_document,
};

/// Numbers of a wait that changes all the time are written down at most this often.
const NUMBERS_EVERY: Duration = Duration::from_secs(60);

/// A hold, and what was seen instead of it.
pub(super) struct BrokenHold {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) sight: Seen<Value>,
    /// What going on would lose, where it cannot be mended any more.
    pub(super) lost: Option<String>,
}

enum Holds {
    Kept,
    Broken(Vec<BrokenHold>),
    Failed(Fault),
}

impl<'a> Driver<'a> {
    pub(super) async fn visit(&mut self, step: &PlannedStep) -> Result<Visit, Halt> {
        if let Some(reason) = self.state.left_out(step) {
            self.record(Entry::Waived { step: step.id.clone(), by: BY_THE_PLAN.to_owned(), reason })?;
            return Ok(Visit::Finished);
        }
        self.tell_started(step);
        let since = self.since_now();
        let look = match self.look(step).await? {
            Ok(look) => look,
            Err(fault) => return self.after_failed_look(step, fault),
        };
        let first = self.decide(step, Sight::Saw(&look.seen), HoldsState::Unchecked);
        if !matches!(first, Next::Settle(_)) {
            self.note_sight(step, &look)?;
        }
        match first {
            _ if self.is_old_news(&since) => Ok(Visit::Again(Duration::ZERO)),
            Next::CheckHolds => self.with_holds(step, &look, &since).await,
            next => self.carry_out(step, &look, next, &since).await,
        }
    }

    async fn with_holds(&mut self, step: &PlannedStep, look: &Look, since: &Since) -> Result<Visit, Halt> {
        match self.check_holds(step).await? {
            _ if self.is_old_news(since) => Ok(Visit::Again(Duration::ZERO)),
            Holds::Kept if self.is_stale(since) => {
                self.memory(step).failed_hold_looks += 1;
                self.after_failed_holds(step, slow_looks())
            }
            Holds::Kept => {
                self.memory(step).failed_hold_looks = 0;
                self.memory(step).holds_failing_since = None;
                self.memory(step).holds_awaited_since = None;
                let next = self.decide(step, Sight::Saw(&look.seen), HoldsState::Kept);
                self.carry_out(step, look, next, since).await
            }
            Holds::Broken(broken) => match self.decide(step, Sight::Saw(&look.seen), HoldsState::Broken) {
                Next::HoldBroken => Ok(match self.wait_for_holds(step, &broken) {
                    Some(waiting) => waiting,
                    None => Visit::needs(self.need_for_holds(step, &broken)),
                }),
                next => self.carry_out(step, look, next, since).await,
            },
            Holds::Failed(fault) if self.is_gone_by_hand(step, look, &fault) => {
                let next = self.decide(step, Sight::Saw(&look.seen), HoldsState::Kept);
                self.carry_out(step, look, next, since).await
            }
            Holds::Failed(fault) => self.after_failed_holds(step, fault),
        }
    }

    fn after_failed_holds(&mut self, step: &PlannedStep, fault: Fault) -> Result<Visit, Halt> {
        let now = self.parts.clock.now();
        let memory = self.memory(step);
        let failing = (memory.failed_hold_looks, Some(*memory.holds_failing_since.get_or_insert(now)));
        let next = self.decide_failed(step, &fault, failing);
        self.after_fault(step, fault, next)
    }

    /// Whether the step was done by hand, and what its conditions are about is not there any more (a connection that was
    /// destroyed): nothing but the word of whoever did it is left. A condition that is seen broken stays broken.
    fn is_gone_by_hand(&self, step: &PlannedStep, look: &Look, fault: &Fault) -> bool {
        let said = self.state.step(&step.id).by_hand_at.is_some();
        said && look.seen.is_satisfied() && fault.kind == FaultKind::NotFound
    }

    async fn carry_out(&mut self, step: &PlannedStep, look: &Look, next: Next, since: &Since) -> Result<Visit, Halt> {
        match next {
            Next::Settle(how) => self.settle(step, how, look),
            Next::LookAgain(after) => {
                self.tell_waiting(step, &look.seen);
                Ok(Visit::Again(after))
            }
            Next::Act => self.act(step, look, since).await,
            Next::AskGate => Ok(Visit::needs(self.need_at_gate(step))),
            Next::WaitAtGate(after) => Ok(self.wait_at_gate(step, after)),
            Next::AskCrossing => self.need_for_crossing(step, &look.seen).map(Visit::needs),
            Next::AskWhatHappened => Ok(Visit::needs(self.need_what_happened(step, &look.seen))),
            Next::Ask => Ok(Visit::needs(self.need_statements(step, &look.seen))),
            Next::Park(trouble) => Ok(Visit::needs(self.need_for_trouble(step, trouble, &look.seen))),
            Next::Stop(trouble) => Err(self.stop_for(step, trouble, questions::defect(step))?),
            Next::HoldBroken | Next::CheckHolds => {
                let trouble = Trouble { cause: Cause::Defect, exit: hcops_model::Exit::Failed };
                Err(self.stop_for(step, trouble, questions::defect(step))?)
            }
        }
    }

    /// One look at the step. A look changes nothing, so a request to stop may cut it off.
    async fn look(&mut self, step: &PlannedStep) -> Result<Result<Look, Fault>, Halt> {
        let (prior, known, actions) = (self.prior(step), names::known(&self.state), self.parts.actions);
        let looked = match self.prepared(step) {
            Ok((action, with)) => {
                let looking = async { names::by_its_name(actions, &known, action.observe(&with, &prior).await).await };
                self.answered(step, looking).await?
            }
            Err(fault) => Err(fault),
        };
        let now = self.parts.clock.now();
        let memory = self.memory(step);
        match &looked {
            Ok(look) => {
                memory.failed_looks = 0;
                memory.failing_since = None;
                memory.satisfied_looks = if look.seen.is_satisfied() { memory.satisfied_looks + 1 } else { 0 };
                memory.noted.clone_from(&look.memo);
            }
            Err(_) => {
                memory.failed_looks += 1;
                memory.failing_since.get_or_insert(now);
                memory.satisfied_looks = 0;
            }
        }
        Ok(looked)
    }

    fn after_failed_look(&mut self, step: &PlannedStep, fault: Fault) -> Result<Visit, Halt> {
        let memory = self.memory(step);
        let failing = (memory.failed_looks, memory.failing_since);
        let next = self.decide_failed(step, &fault, failing);
        self.after_fault(step, fault, next)
    }

    fn after_fault(&mut self, step: &PlannedStep, fault: Fault, next: Next) -> Result<Visit, Halt> {
        let known = self.state.step(&step.id).fault;
        if known.as_ref().is_none_or(|known| known.saw != fault.saw) {
            self.record(Entry::Faulted { step: step.id.clone(), acting: false, fault: fault.clone() })?;
        }
        self.follow_fault(step, fault, next)
    }

    /// What is done after a failure that is in the journal.
    pub(super) fn follow_fault(&mut self, step: &PlannedStep, fault: Fault, next: Next) -> Result<Visit, Halt> {
        match next {
            Next::LookAgain(after) => {
                let (step, fault, seconds) = (step.id.clone(), Box::new(fault), after.as_secs());
                self.progress(Progress::Retrying { step, fault, after: seconds });
                Ok(Visit::Again(after))
            }
            Next::Park(trouble) => Ok(Visit::needs(self.need_for_fault(step, trouble, fault))),
            Next::Stop(trouble) => Err(self.stop_for(step, trouble, fault)?),
            _ => Err(self.stop_for(step, Trouble { cause: Cause::Defect, exit: hcops_model::Exit::Failed }, fault)?),
        }
    }

    /// Looks at each standing condition once. They were proved steadily by the steps that established them; this look
    /// asks only whether they are still so, right now. It is always written down: it is the proof for the act.
    async fn check_holds(&mut self, step: &PlannedStep) -> Result<Holds, Halt> {
        let mut broken = Vec::new();
        for name in &step.holds {
            let look = match self.look_at_hold(step, name).await? {
                Ok(look) => look,
                Err(fault) => {
                    self.memory(step).failed_hold_looks += 1;
                    return Ok(Holds::Failed(fault));
                }
            };
            self.record(Entry::Observed {
                step: step.id.clone(),
                hold: Some(name.clone()),
                sight: look.seen.clone(),
                requests: look.requests,
                proof: None,
            })?;
            if !look.seen.is_satisfied() {
                broken.push(self.broken_hold(name, look.seen));
            }
        }
        broken.extend(self.broken_for_good(step, &broken));
        if !broken.is_empty() {
            self.memory(step).failed_hold_looks = 0;
            self.memory(step).holds_failing_since = None;
        }
        Ok(if broken.is_empty() { Holds::Kept } else { Holds::Broken(broken) })
    }

    fn broken_hold(&self, name: &str, sight: Seen<Value>) -> BrokenHold {
        let why = self.state.plan.holds.get(name).map(|hold| hold.why.clone()).unwrap_or_default();
        let lost = self.state.final_from(name).map(|finality| finality.lost.clone());
        BrokenHold { name: name.to_owned(), why, sight, lost }
    }

    /// The holds that were seen broken when that was final already. That they are kept again brings nothing back.
    fn broken_for_good(&self, step: &PlannedStep, now: &[BrokenHold]) -> Vec<BrokenHold> {
        if step.holds.is_empty() || !self.state.crossed.is_empty() {
            return Vec::new();
        }
        let earlier = self.state.silence.broken.iter().filter(|(name, _)| now.iter().all(|hold| hold.name != **name));
        earlier
            .map(|(name, earlier)| {
                let why = format!("at {} it was broken: {}", questions::to_the_second(earlier.at), earlier.saw);
                let remedy = "That it is kept again brings back nothing of what was written meanwhile.".to_owned();
                self.broken_hold(name, Seen::Blocked { why, remedy })
            })
            .collect()
    }

    async fn look_at_hold(&mut self, step: &PlannedStep, name: &str) -> Result<Result<Look, Fault>, Halt> {
        let memo = self.memory(step).hold_noted.get(name).cloned();
        let baseline = self.state.silence.baselines.get(name).cloned();
        let prior = Prior { memo, baseline, ..Prior::default() };
        let (known, actions) = (names::known(&self.state), self.parts.actions);
        let looked = match self.prepared_hold(name) {
            Ok((action, with)) => {
                let looking = async { names::of_a_hold(actions, &known, action.observe(&with, &prior).await).await };
                self.answered(step, looking).await?
            }
            Err(fault) => Err(fault),
        };
        if let Ok(Look { memo: Some(memo), .. }) = &looked {
            self.memory(step).hold_noted.insert(name.to_owned(), memo.clone());
        }
        Ok(looked)
    }

    fn prepared_hold(&self, name: &str) -> Result<(&'a dyn AnyAction, Value), Fault> {
        let hold = self
            .state
            .plan
            .holds
            .get(name)
            .ok_or_else(|| questions::unusable_plan(&format!("there is no hold `{name}`")))?;
        self.prepare(&hold.action, &hold.with)
    }

    /// The step's action and its parameters with late references filled in.
    pub(super) fn prepared(&self, step: &PlannedStep) -> Result<(&'a dyn AnyAction, Value), Fault> {
        let prepared = self.prepare(&step.action, &step.with);
        let (action, with) = prepared.map_err(|fault| match self.state.rests_on_attested(step) {
            Some(attested) => questions::rests_on_attested(step, attested),
            None => fault,
        })?;
        if action.effect() != step.effect {
            let why = format!("`{}` has another effect in this version than in the plan", step.action);
            return Err(questions::unusable_plan(&why));
        }
        Ok((action, with))
    }

    fn prepare(&self, action: &str, with: &Value) -> Result<(&'a dyn AnyAction, Value), Fault> {
        let actions: &'a dyn Actions = self.parts.actions;
        let found =
            actions.find(action).ok_or_else(|| questions::unusable_plan(&format!("there is no action `{action}`")))?;
        let with = references::fill(with, &self.state.outputs()).map_err(|why| questions::unusable_plan(&why))?;
        Ok((found, with))
    }

    fn prior(&mut self, step: &PlannedStep) -> Prior {
        let memo = self.memory(step).noted.clone();
        let known = self.state.step(&step.id);
        Prior {
            step: Some(step.id.clone()),
            intended_at: known.intended_at,
            receipt: known.receipt,
            answer: known.answer,
            asked: known.asked,
            baseline: None,
            memo,
            before: known.before,
            proof: known.proof,
        }
    }

    fn decide(&mut self, step: &PlannedStep, seen: Sight<'_>, holds: HoldsState) -> Next {
        let memory = self.memory(step);
        let failing = (memory.failed_looks, memory.failing_since);
        decide::next(&self.situation(step, seen, holds, failing))
    }

    fn decide_failed(&mut self, step: &PlannedStep, fault: &Fault, failing: (u32, Option<Timestamp>)) -> Next {
        decide::next(&self.situation(step, Sight::Failed(fault), HoldsState::Unchecked, failing))
    }

    fn situation<'s>(
        &mut self,
        step: &PlannedStep,
        seen: Sight<'s>,
        holds: HoldsState,
        (failed, failing): (u32, Option<Timestamp>),
    ) -> Situation<'s> {
        let known = self.state.step(&step.id);
        let steadiness =
            self.parts.actions.find(&step.action).map_or(hcops_model::Steadiness::ONCE, AnyAction::steadiness);
        Situation {
            effect: step.effect,
            standing: self.standing(step, &known),
            seen,
            satisfied_looks: self.memory(step).satisfied_looks,
            steadiness,
            crossing: self.crossing(step, seen),
            gate: self.gate_state(step),
            holds,
            answer: self.answer_state(&known, seen),
            waited: known.waits_since().map_or(Duration::ZERO, |since| self.elapsed(since)),
            limit: Duration::from_secs(step.expect.limit),
            attempts: known.attempts(),
            tries: known.tries,
            failed_looks: failed,
            failing: failing.map_or(Duration::ZERO, |since| self.elapsed(since)),
            patience: if only_looks(&self.state.plan) { Duration::ZERO } else { decide::AWAY },
            grace: decide::GRACE,
            echo: self.echo(step),
        }
    }

    /// Where a step stands. A crossing is written down between the intent and the act: an intent without it was followed
    /// by no act.
    fn standing(&self, step: &PlannedStep, known: &StepState) -> Standing {
        let age = known.intended_at.map_or(Duration::ZERO, |at| self.elapsed(at));
        match known.act {
            Act::Intended if step.crossing.is_some() && !known.crossed => Standing::Fresh,
            Act::None | Act::Cleared => Standing::Fresh,
            Act::Intended => Standing::OpenIntent { age },
            Act::Received => Standing::Received { age },
            Act::SaidHappened => Standing::AnsweredHappened,
            Act::SaidDidNotHappen => Standing::AnsweredDidNotHappen,
        }
    }

    /// An answer to other statements than the look would ask now is no answer: it is asked anew.
    fn answer_state(&self, known: &StepState, seen: Sight<'_>) -> AnswerState {
        let is_other = |asked: &Vec<String>| matches!(seen, Sight::Saw(Seen::Unclear { ask, .. }) if ask != asked);
        if known.by_hand_at.is_none() && known.asked.as_ref().is_some_and(is_other) {
            return AnswerState::Unasked;
        }
        match (known.by_hand_at, &known.answer) {
            (Some(at), _) => AnswerState::DoneByHand { age: self.elapsed(at) },
            (None, Some(_)) => AnswerState::Given,
            (None, None) => AnswerState::Unasked,
        }
    }

    /// An act that was cut off right before turning back may show only now.
    fn echo(&self, step: &PlannedStep) -> Duration {
        let reversed = reversed_by(&step.id).map(|reversed| self.state.step(&reversed));
        let unsettled = reversed.filter(|known| !known.is_finished()).and_then(|known| known.intended_at);
        unsettled.map_or(Duration::ZERO, |at| decide::GRACE.saturating_sub(self.elapsed(at)))
    }

    fn crossing(&self, step: &PlannedStep, seen: Sight<'_>) -> CrossingState {
        let Some(crossing) = &step.crossing else { return CrossingState::Absent };
        let outputs = self.state.outputs();
        let lost = references::fill_string(&crossing.lost, &outputs);
        let counts = match (self.state.crossing_name(step), lost, self.state.confirmed.get(&step.id), seen) {
            (Ok(Some(name)), Ok(lost), Some(given), Sight::Saw(seen)) => {
                self.objection_to_confirmation(given, &name, &lost, seen).is_none()
            }
            _ => false,
        };
        if counts { CrossingState::Confirmed } else { CrossingState::Unconfirmed }
    }

    fn settle(&mut self, step: &PlannedStep, how: Settlement, look: &Look) -> Result<Visit, Halt> {
        let Seen::Satisfied { output } = &look.seen else {
            let trouble = Trouble { cause: Cause::Defect, exit: hcops_model::Exit::Failed };
            return Err(self.stop_for(step, trouble, questions::defect(step))?);
        };
        let evidence = self.evidence(step, how, look);
        let position = self.state.plan.steps.iter().position(|planned| planned.id == step.id).unwrap_or_default() + 1;
        self.keep_document(output)?;
        let mark = self.parts.journal.keep(&format!("{position:04}-{}.json", step.id), evidence.as_bytes())?;
        self.record(Entry::Settled {
            step: step.id.clone(),
            how,
            output: output.clone(),
            evidence: Some(mark),
            requests: look.requests.clone(),
        })?;
        Ok(Visit::Finished)
    }

    /// What the step brought along as a document of its own, as a file that other programs read.
    fn keep_document(&mut self, output: &Value) -> Result<(), Halt> {
        if let Some((name, document)) = kept_document(output) {
            self.parts.journal.keep(name, format!("{document:#}\n").as_bytes())?;
        }
        Ok(())
    }

    fn evidence(&self, step: &PlannedStep, how: Settlement, look: &Look) -> String {
        let known = self.state.step(&step.id);
        let value = serde_json::json!({
            "run": self.state.run,
            "step": step.id,
            "title": step.title,
            "action": step.action,
            "how": how,
            "at": self.parts.clock.now(),
            "intended_at": known.intended_at,
            "receipt": known.receipt,
            "seen": look.seen,
            "requests": look.requests,
        });
        format!("{value:#}\n")
    }

    /// Writes a sight if it says something new.
    fn note_sight(&mut self, step: &PlannedStep, look: &Look) -> Result<(), Halt> {
        let known = self.state.step(&step.id);
        let news = match (&known.sight, &known.fault) {
            (_, Some(_)) | (None, _) => true,
            (Some((at, before)), None) => {
                let aged = between(*at, self.parts.clock.now()) >= NUMBERS_EVERY;
                *before != look.seen && (aged || without_numbers(before) != without_numbers(&look.seen))
            }
        };
        let proves = look.proof.is_some() && look.proof != known.proof;
        if news || proves { self.observed(step, look) } else { Ok(()) }
    }

    fn observed(&mut self, step: &PlannedStep, look: &Look) -> Result<(), Halt> {
        let Look { seen: sight, requests, proof, .. } = look.clone();
        self.record(Entry::Observed { step: step.id.clone(), hold: None, sight, requests, proof })
    }

    fn tell_started(&mut self, step: &PlannedStep) {
        if !std::mem::replace(&mut self.memory(step).started, true) {
            self.progress(Progress::StepStarted { step: step.id.clone() });
        }
    }

    fn tell_waiting(&mut self, step: &PlannedStep, seen: &Seen<Value>) {
        let (note, part) = questions::waiting_for(seen);
        self.tell_wait(step, note, part, Duration::ZERO);
    }

    /// Tells of a wait; `least` is how long it has been felt, where the journal does not tell. At a gate nothing is late, and nobody
    /// is asked after a while.
    pub(super) fn tell_wait(&mut self, step: &PlannedStep, note: String, part: Option<Part>, least: Duration) {
        let known = self.state.step(&step.id);
        let since = known.intended_at.or(known.began_at);
        let waited = since.map_or(Duration::ZERO, |since| self.elapsed(since)).max(least).as_secs();
        let Expectation { usual, limit } =
            if step.is_gate() { Expectation { usual: 0, limit: 0 } } else { step.expect };
        let overdue = !step.is_gate() && waited > usual;
        self.progress(Progress::Waiting { step: step.id.clone(), note, part, waited, usual, limit, overdue });
    }
}

impl Visit {
    pub(super) fn needs(need: Need) -> Self {
        Self::Needs(Box::new(need))
    }
}

/// A wait with its numbers taken out; any other sight as it is, because there every number matters.
fn without_numbers(seen: &Seen<Value>) -> Seen<Value> {
    let Seen::Underway { note, .. } = seen else { return seen.clone() };
    let words: Vec<&str> =
        note.split(|character: char| character.is_ascii_digit()).filter(|word| !word.is_empty()).collect();
    Seen::Underway { note: words.join("#"), part: None, look_again: Duration::ZERO }
}

//! The gate: what is asked before writes go off, how its time is waited for, and what happens when the time is up.

use std::time::Duration;

use super::asking::Need;
use super::driver::{Driver, Visit};
use super::ended::Halt;
use super::looking::BrokenHold;
use super::{gate_questions, questions};
use crate::decide::GateState;
use hcops_journal::gate::{Door, STANDS, When};
use hcops_journal::planned::{PlannedDowntime as _, seconds};
use hcops_model::{Entry, PlannedStep, Question, QuestionKind, Reply, Seen};

/// How often a wait at the gate is told.
const TOLD_EVERY: Duration = Duration::from_secs(60);

impl Driver<'_> {
    /// Whether this step is a gate, and how far it is open.
    pub(super) fn gate_state(&self, step: &PlannedStep) -> GateState {
        if !step.is_gate() {
            return GateState::Absent;
        }
        match self.door() {
            None | Some(Door::Over(_)) => GateState::Shut,
            Some(_) if !self.unsaid_points().is_empty() => GateState::Shut,
            Some(Door::Open) => GateState::Open,
            Some(Door::OpensAt(at)) => GateState::Opens(super::between(self.parts.clock.now(), at)),
        }
    }

    /// What was said about when the downtime may begin means at this moment; nothing where nobody has said it.
    fn door(&self) -> Option<Door> {
        let (opening, given_at) = self.state.opening()?;
        let takes = Duration::from_secs(self.state.plan.usual_downtime().unwrap_or(0));
        let clock = self.parts.clock;
        Some(opening.door(clock.now(), given_at, takes, STANDS.mul_f64(clock.pace().max(1.0))))
    }

    /// The points of no return in the downtime about which nothing was said that counts now.
    fn unsaid_points(&self) -> Vec<(&PlannedStep, String)> {
        let clock = self.parts.clock;
        let is_there_later = self.parts.person.is_there_later();
        self.state
            .unsaid_points(is_there_later, |given, name| given.objection(name, clock.now(), clock.pace()).is_none())
    }

    /// When the downtime may begin; then each point of no return in it.
    pub(super) fn need_at_gate(&self, step: &PlannedStep) -> Need {
        let over = match self.door() {
            Some(Door::Over(why)) => Some(why),
            Some(Door::Open | Door::OpensAt(_)) => {
                if let Some((point, name)) = self.unsaid_points().into_iter().next() {
                    return Need::of_person(gate_questions::cross_ahead(point, &name, &self.state));
                }
                None
            }
            None => None,
        };
        Need::of_person(gate_questions::gate(step, &self.state, over))
    }

    /// What else will be asked until writes are back, where they are on: in one go for whoever parks there.
    pub(super) fn asked_later(&self, question: &Question) -> Vec<Question> {
        let in_trouble = matches!(question.sort, QuestionKind::Trouble { .. } | QuestionKind::Approve { .. });
        if in_trouble || !self.state.is_before_gate() {
            return Vec::new();
        }
        let later = gate_questions::all_before_downtime(&self.state, self.door(), self.unsaid_points());
        later.into_iter().filter(|later| later.id != question.id).collect()
    }

    /// Looks again in a while; until then it is told what is waited for.
    pub(super) fn wait_at_gate(&mut self, step: &PlannedStep, after: Duration) -> Visit {
        let opens = questions::to_the_second(super::later(self.parts.clock.now(), after));
        let note = match self.state.opening().map(|(opening, _)| opening.when) {
            // Its hours are those of a place, and the moment is in UTC.
            Some(When::Window(window)) => {
                format!("writes stay on until {opens}, when {window} begins: the downtime begins then")
            }
            _ => format!("writes stay on until {opens}: the downtime begins then"),
        };
        self.tell_wait(step, note, None, Duration::ZERO);
        Visit::Again(after.min(TOLD_EVERY))
    }

    /// What is on its way is waited for at the gate, since nothing is off meanwhile: a follower that fell behind catches up again.
    /// Nothing where something else is broken as well, or where it takes longer than the step may: then a person is asked.
    pub(super) fn wait_for_holds(&mut self, step: &PlannedStep, broken: &[BrokenHold]) -> Option<Visit> {
        let pauses = broken.iter().map(|hold| match &hold.sight {
            Seen::Underway { look_again, .. } if step.is_gate() => Some(*look_again),
            _ => None,
        });
        let pause = pauses.collect::<Option<Vec<_>>>()?.into_iter().min()?;
        let now = self.parts.clock.now();
        let since = *self.memory(step).holds_awaited_since.get_or_insert(now);
        if self.elapsed(since) > Duration::from_secs(step.expect.limit) {
            return None;
        }
        let notes: Vec<String> = broken.iter().map(|hold| questions::waiting_for(&hold.sight).0).collect();
        self.tell_wait(step, notes.join("; "), None, Duration::ZERO);
        Some(Visit::Again(pause))
    }

    /// Asks, where the point of no return can't be reached any more within the time that the operator gave, whether to go on all
    /// the same. Without an answer the run turns back: writes come back.
    pub(super) async fn keep_to_budget(&mut self) -> Result<(), Halt> {
        let Some(question) = self.out_of_time() else { return Ok(()) };
        self.record_asked(&question)?;
        let by = self.parts.person.name();
        match self.ask(&question).await? {
            Reply::Said { answer, how } if answer.trim() == gate_questions::GO_ON => {
                let (question, picture) = (question.id, question.picture);
                self.record(Entry::Answered { question, answer: answer.trim().to_owned(), by, how, picture })
            }
            Reply::Interrupted => Err(self.interrupted()),
            Reply::Said { .. } | Reply::Chose { .. } | Reply::NobodyThere => self.turn_back_unasked("--budget"),
        }
    }

    fn out_of_time(&self) -> Option<Question> {
        let from = self.state.downtime.from.filter(|_| self.state.downtime.lasts())?;
        if !self.state.leads_back() || self.state.budget_lifted {
            return None;
        }
        let budget = self.state.opening()?.0.budget?;
        let (off, left) = (self.elapsed(from), self.usually_left());
        (off + left > budget).then(|| gate_questions::out_of_time(&self.state, budget, off, left))
    }

    /// The time that is usually left until the point of no return.
    fn usually_left(&self) -> Duration {
        let mut rounds = self.state.plan.downtime();
        let point = rounds.iter().position(|round| round.iter().any(|step| step.crossing.is_some()));
        rounds.truncate(point.unwrap_or(rounds.len()));
        Duration::from_secs(seconds(&rounds, |step| self.usually_left_of(step)))
    }

    fn usually_left_of(&self, step: &PlannedStep) -> u64 {
        if self.state.is_over(step) {
            return 0;
        }
        let began_at = self.state.steps.get(&step.id).and_then(|known| known.began_at);
        let gone = began_at.map_or(Duration::ZERO, |began_at| self.elapsed(began_at));
        step.expect.usual.saturating_sub(gone.as_secs())
    }
}

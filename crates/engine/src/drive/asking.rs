//! Asking: a person who is there answers; nobody there means park.

use serde_json::Value;

use super::driver::{Driver, FAILED_SINCE};
use super::ended::{Ended, Halt};
use super::looking::BrokenHold;
use super::{gate_questions, questions};
use crate::answer::{self, Given, Misfit, choice_named};
use crate::decide::Trouble;
use hcops_journal::claims::only_looks;
use hcops_journal::references;
use hcops_journal::run_state::Confirmation;
use hcops_model::{
    Alternative, Choice, Entry, Exit, Fault, Needs, PlannedStep, Progress, Question, QuestionKind, Reply, Seen, Verdict,
};

/// Answers at a terminal that do not fit before the run parks.
const MAX_MISFITS: u32 = 5;

/// What a step, or the plan, needs from a person.
pub(super) struct Need {
    pub(super) question: Question,
    pub(super) exit: Exit,
    pub(super) fault: Option<Fault>,
    pub(super) evidence: Vec<String>,
}

impl Need {
    pub(super) const fn of_person(question: Question) -> Self {
        Self { question, exit: Exit::NeedsPerson, fault: None, evidence: Vec::new() }
    }
}

/// Who would approve a plan that changes nothing has nothing to weigh.
pub(super) fn approved_unasked(digest: String) -> Entry {
    Entry::Confirmed {
        step: None,
        by: "hcops".to_owned(),
        how: "it changes nothing".to_owned(),
        given: digest,
        shown: Vec::new(),
        picture: None,
    }
}

impl Driver<'_> {
    pub(super) async fn approve(&mut self) -> Result<(), Halt> {
        let (plan, digest) = (self.state.plan.clone(), self.state.digest.to_string());
        let question = questions::approve(&plan, &digest);
        let only_looks = plan.steps.iter().all(|step| self.only_looks(step));
        self.progress(Progress::PlanShown { plan: Box::new(plan), digest: digest.clone() });
        if only_looks {
            return self.record(approved_unasked(digest));
        }
        self.resolve(Need::of_person(question)).await
    }

    fn only_looks(&self, step: &PlannedStep) -> bool {
        let action = self.parts.actions.find(&step.action);
        step.omitted.is_some() || action.is_some_and(|action| !action.effect().changes_the_world())
    }

    pub(super) fn need_for_crossing(&mut self, step: &PlannedStep, seen: &Seen<Value>) -> Result<Need, Halt> {
        let outputs = self.state.outputs();
        let filled = step.crossing.as_ref().map(|crossing| {
            let name = references::fill_string(&crossing.name, &outputs)?;
            Ok::<_, String>((name, references::fill_string(&crossing.lost, &outputs)?))
        });
        match filled {
            Some(Ok((name, lost))) => {
                let before = self.confirmed_before(step, &name, &lost, seen);
                let question = questions::cross(step, (&name, &lost), seen, &self.state, before);
                let mut need = Need::of_person(question);
                need.evidence = questions::evidence(&self.state.step(&step.id));
                Ok(need)
            }
            Some(Err(why)) => Err(self.stop_with(step, Exit::Failed, questions::unusable_plan(&why))?),
            None => Err(self.stop_with(step, Exit::Failed, questions::defect(step))?),
        }
    }

    /// Why an earlier confirmation of this step does not count any more, where there was one.
    fn confirmed_before(&self, step: &PlannedStep, name: &str, lost: &str, seen: &Seen<Value>) -> Option<String> {
        let given = self.state.confirmed.get(&step.id)?;
        let why = self.objection_to_confirmation(given, name, lost, seen)?;
        Some(format!("The confirmation that {} gave does not count any more: {why}.", given.by))
    }

    /// Why a confirmation does not count for an act at this moment; nothing while it does.
    pub(super) fn objection_to_confirmation(
        &self,
        given: &Confirmation,
        name: &str,
        lost: &str,
        seen: &Seen<Value>,
    ) -> Option<String> {
        let clock = self.parts.clock;
        let slept = given.at_gate && self.slept_since_writes_went_off();
        let slept = slept.then(|| "this machine slept, or its clock was set, since writes went off".to_owned());
        let other = given.picture.as_ref().is_some_and(|picture| *picture != questions::crossing_picture(lost, seen));
        let changed = other.then(|| "what would be done is not what was shown then".to_owned());
        given.objection(name, clock.now(), clock.pace()).or(slept).or(changed)
    }

    pub(super) fn need_what_happened(&self, step: &PlannedStep, seen: &Seen<Value>) -> Need {
        let question = questions::what_happened(step, &self.state.step(&step.id), seen);
        Need { exit: Exit::Unclear, ..Need::of_person(question) }
    }

    pub(super) fn need_statements(&self, step: &PlannedStep, seen: &Seen<Value>) -> Need {
        let (why, statements) = match seen {
            Seen::Unclear { why, ask } => (why.as_str(), ask.as_slice()),
            _ => ("", [].as_slice()),
        };
        match self.alternatives(step) {
            choices if choices.is_empty() => {
                let before = self.state.step(&step.id);
                let mut question = questions::attest(step, why, statements, &before);
                question.in_words = self.asks_for_words(step);
                Need::of_person(question)
            }
            choices => Need::of_person(questions::decide(step, why, statements, choices)),
        }
    }

    fn asks_for_words(&self, step: &PlannedStep) -> bool {
        self.parts.actions.find(&step.action).is_some_and(hcops_model::AnyAction::asks_for_words)
    }

    /// What may be answered to a step whose parameters list `choices`.
    fn alternatives(&self, step: &PlannedStep) -> Vec<Alternative> {
        let with = self.prepared(step).map(|(_, with)| with).unwrap_or_default();
        with.get("choices").and_then(|list| serde_json::from_value(list.clone()).ok()).unwrap_or_default()
    }

    pub(super) fn need_for_trouble(&self, step: &PlannedStep, trouble: Trouble, seen: &Seen<Value>) -> Need {
        let choices = questions::choices(trouble.cause, step, &self.state);
        let text = questions::trouble_text(step, trouble);
        let mut shown = questions::describe(seen);
        shown.extend(questions::attesting(trouble.cause, step, &self.state));
        let question = questions::trouble(step, text, shown, choices);
        let evidence = questions::evidence(&self.state.step(&step.id));
        let fault = questions::trouble_fault(step, trouble, seen);
        Need { question, exit: trouble.exit, fault: Some(fault), evidence }
    }

    pub(super) fn need_for_fault(&self, step: &PlannedStep, trouble: Trouble, fault: Fault) -> Need {
        let choices = questions::choices(trouble.cause, step, &self.state);
        let text = questions::trouble_text_of(step, trouble, &fault);
        let mut shown = questions::describe_fault(&fault, &self.state);
        shown.extend(questions::attesting(trouble.cause, step, &self.state));
        let question = questions::trouble(step, text, shown, choices);
        let evidence = questions::evidence(&self.state.step(&step.id));
        Need { question, exit: trouble.exit, fault: Some(fault), evidence }
    }

    pub(super) fn need_for_holds(&self, step: &PlannedStep, broken: &[BrokenHold]) -> Need {
        let (text, shown, fault) = questions::broken_holds(step, broken, &self.state);
        let question = questions::trouble(step, text, shown, questions::choices_for_holds(step, broken, &self.state));
        let evidence = questions::evidence(&self.state.step(&step.id));
        Need { question, exit: Exit::HoldBroken, fault: Some(fault), evidence }
    }

    /// Asks until there is an answer that fits, and records it. Leaves the loop when nobody answers.
    pub(super) async fn resolve(&mut self, mut need: Need) -> Result<(), Halt> {
        self.as_rehearsed(&mut need);
        for _ in 0..MAX_MISFITS {
            self.record_asked(&need.question)?;
            let name = self.parts.person.name();
            let given = match self.ask(&need.question).await? {
                Reply::Said { answer, how } => Given { answer, reason: None, by: name, how },
                Reply::Chose { choice, reason } if is_trouble(&need.question) => {
                    Given { answer: answer::name_of(choice).to_owned(), reason, by: name, how: "typed".to_owned() }
                }
                // A choice of a menu answers no other question.
                Reply::Chose { .. } | Reply::NobodyThere => return Err(self.park(need)?),
                Reply::Interrupted => return Err(self.interrupted()),
            };
            if self.take_answer(&mut need, &given).await? {
                self.look_at_once(&need.question);
                return Ok(());
            }
            if given.how != "typed" {
                return Err(self.park(need)?);
            }
        }
        Err(self.park(need)?)
    }

    /// In a rehearsal nobody shall take a command of `heroku` for one to type now.
    fn as_rehearsed(&self, need: &mut Need) {
        if self.state.is_rehearsal() {
            questions::rehearsed(&mut need.question);
        }
    }

    /// Whether the answer settled the matter. If not, the need says why when it is asked again.
    async fn take_answer(&mut self, need: &mut Need, given: &Given) -> Result<bool, Halt> {
        match self.chosen(&need.question, given) {
            Some(Choice::Leave) => return Err(self.park_as_is(need)?),
            Some(Choice::ShowEvidence) => {
                self.show_evidence(need);
                return Ok(false);
            }
            Some(Choice::Abort) => return self.turn_back_from(need).await,
            _ => {}
        }
        if gate_questions::puts_off(&need.question, &given.answer) && !self.parts.person.is_there_later() {
            need.question.shown.push(gate_questions::nobody_there());
            return Err(self.park_as_is(need)?);
        }
        match answer::entry_for(&need.question, given) {
            Ok(entry) => {
                self.record(entry)?;
                Ok(true)
            }
            Err(Misfit::Declined) => Err(self.park_as_is(need)?),
            Err(misfit) => {
                let fault = misfit.fault(self.state.run, &need.question, given);
                need.question.shown.push(format!("Not taken: {fault}."));
                Ok(false)
            }
        }
    }

    fn chosen(&self, question: &Question, given: &Given) -> Option<Choice> {
        match &question.sort {
            QuestionKind::Trouble { choices } => choice_named(&given.answer).filter(|choice| choices.contains(choice)),
            _ => None,
        }
    }

    fn show_evidence(&self, need: &mut Need) {
        let evidence = std::mem::take(&mut need.evidence);
        need.question.shown.extend(evidence);
        if let QuestionKind::Trouble { choices } = &mut need.question.sort {
            choices.retain(|choice| *choice != Choice::ShowEvidence);
        }
    }

    async fn turn_back_from(&mut self, need: &mut Need) -> Result<bool, Halt> {
        match self.try_turning_back().await? {
            Ok(()) => Ok(true),
            Err(refusal) => {
                need.question.shown.extend(questions::describe_fault(&refusal, &self.state));
                Ok(false)
            }
        }
    }

    /// After an answer nothing is waited for any longer.
    fn look_at_once(&mut self, question: &Question) {
        if let Some(memory) = question.step.as_ref().and_then(|step| self.memory.get_mut(step)) {
            memory.due = None;
            memory.failed_looks = 0;
            memory.failed_hold_looks = 0;
            memory.failing_since = None;
            memory.holds_failing_since = None;
            memory.holds_awaited_since = None;
        }
    }

    pub(super) fn record_asked(&mut self, question: &Question) -> Result<(), Halt> {
        if self.state.questions.get(&question.id) == Some(question) {
            return Ok(());
        }
        self.record(Entry::Asked { question: question.clone() })
    }

    pub(super) async fn ask(&mut self, question: &Question) -> Result<Reply, Halt> {
        self.check_stop()?;
        let reply = tokio::select! {
            biased;
            reply = self.parts.person.ask(question) => reply,
            () = self.parts.stop.requested() => Reply::Interrupted,
        };
        Ok(reply)
    }

    fn park_as_is(&mut self, need: &Need) -> Result<Halt, Halt> {
        self.park(Need {
            question: need.question.clone(),
            exit: need.exit,
            fault: need.fault.clone(),
            evidence: Vec::new(),
        })
    }

    /// Writes what the run needs, and ends this process's work on it.
    pub(super) fn park(&mut self, mut need: Need) -> Result<Halt, Halt> {
        self.as_rehearsed(&mut need);
        let ways = questions::ways(&self.state, &need.question, need.fault.as_ref());
        if self.state.is_rehearsal() {
            need.fault = need.fault.map(questions::rehearsed_fault);
        }
        if self.is_a_failed_look(&need) {
            self.record(Entry::Closed { verdict: Verdict::Failed })?;
            return Ok(Ended { exit: need.exit, needs: None, fault: need.fault, verdict: Some(Verdict::Failed) }.into());
        }
        let mut commands = questions::answers(self.state.run, &need.question);
        let later = self.asked_later(&need.question);
        if !later.is_empty() {
            let all: Vec<&Question> = std::iter::once(&need.question).chain(&later).collect();
            commands.insert(0, gate_questions::all_at_once(self.state.run, &all));
        }
        for question in &later {
            self.record_asked(question)?;
        }
        let (writes_off, exit) = (self.writes_off(), need.exit.code());
        let needs = Needs { question: need.question, commands, ways, later, writes_off, exit };
        self.record(Entry::Parked { needs: needs.clone() })?;
        self.progress(Progress::Needs { needs: Box::new(needs.clone()) });
        Ok(Ended { exit: need.exit, needs: Some(needs), fault: need.fault, verdict: None }.into())
    }

    /// Whether nothing is left to go on with: the run only looks, nobody has answered anything, and looking again is as good
    /// as going on.
    fn is_a_failed_look(&self, need: &Need) -> bool {
        let may_say_so = self.state.format.minor >= FAILED_SINCE && !self.state.turned_back();
        let answered = self.state.steps.values().any(|step| step.answer.is_some());
        may_say_so && !answered && need.fault.is_some() && only_looks(&self.state.plan)
    }

    /// Stops for something that no answer helps against: nobody is asked.
    pub(super) fn stop_for(&mut self, step: &PlannedStep, trouble: Trouble, fault: Fault) -> Result<Halt, Halt> {
        self.stop_with(step, trouble.exit, fault)
    }

    fn stop_with(&mut self, step: &PlannedStep, exit: Exit, fault: Fault) -> Result<Halt, Halt> {
        let text = format!("{}: stopped.", step.title);
        // Somebody who has only this version must get the apps back up.
        let attestable = fault.kind == hcops_model::FaultKind::Bug && self.state.may_be_attested(step);
        let may = [
            (Choice::Retry, true),
            (Choice::Skip, attestable),
            (Choice::Abort, self.state.leads_back()),
            (Choice::Leave, true),
        ];
        let choices = may.into_iter().filter_map(|(choice, allowed)| allowed.then_some(choice)).collect();
        let question = questions::trouble(step, text, questions::describe_fault(&fault, &self.state), choices);
        self.park(Need { question, exit, fault: Some(fault), evidence: Vec::new() })
    }
}

const fn is_trouble(question: &Question) -> bool {
    matches!(question.sort, QuestionKind::Trouble { .. })
}

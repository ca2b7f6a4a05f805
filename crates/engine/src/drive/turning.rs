//! Turning back while a run is driven.

use super::asking::approved_unasked;
use super::driver::{Drive, Driver};
use super::ended::{Ended, Halt};
use super::questions;
use crate::abort::{Refusal, way_back};
use crate::answer::{self, Given, Misfit};
use hcops_model::{Entry, Exit, JournalFault, Needs, Plan, Progress, Question, Reply, Way, WayKind};

const MAX_MISFITS: u32 = 5;

/// Turns a run back and drives it to its restored end: the way back is planned, shown, approved by its digest,
/// journalled and carried out. Without an approval nothing is changed and the run stays as it was.
///
/// # Errors
/// The outer error when the journal cannot be read or written; the inner one when no way leads back, with what is lost.
pub async fn turn_back(drive: Drive<'_>) -> Result<Result<Ended, Refusal>, JournalFault> {
    let mut driver = Driver::new(drive)?;
    match driver.turn_back_and_go_on().await {
        Ok(outcome) => Ok(outcome),
        Err(halt) => halt.into_result().map(Ok),
    }
}

enum Approval {
    Given(Box<Entry>),
    NotGiven(Box<Question>),
}

impl Driver<'_> {
    async fn turn_back_and_go_on(&mut self) -> Result<Result<Ended, Refusal>, Halt> {
        self.tell_what_this_process_wrote();
        if self.state.turned_back() {
            return self.go_on().await.map(Ok);
        }
        match self.try_turning_back().await? {
            Ok(()) => self.go_on().await.map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Plans the way back and, if it is approved, turns.
    pub(super) async fn try_turning_back(&mut self) -> Result<Result<(), Refusal>, Halt> {
        let plan = match way_back(&self.state, self.parts.actions, self.parts.clock.now()) {
            Ok(plan) => plan,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Who would approve a way back along which nothing was done has nothing to weigh.
        let approval = if self.state.has_acted() {
            self.approval_of(&plan).await?
        } else {
            Approval::Given(Box::new(approved_unasked(plan.digest().to_string())))
        };
        match approval {
            Approval::Given(confirmation) => {
                let by = self.parts.person.name();
                self.record(Entry::Aborted { by, digest: plan.digest(), plan: Box::new(plan) })?;
                self.record(*confirmation)?;
                Ok(Ok(()))
            }
            Approval::NotGiven(question) => Err(self.not_turned(*question)),
        }
    }

    /// Turns back because the operator said so beforehand; `how` names by what. Where no way leads back the run goes on.
    pub(super) fn turn_back_unasked(&mut self, how: &str) -> Result<(), Halt> {
        let Ok(plan) = way_back(&self.state, self.parts.actions, self.parts.clock.now()) else { return Ok(()) };
        let by = self.parts.person.name();
        let confirmation = Entry::Confirmed {
            step: None,
            by: by.clone(),
            how: how.to_owned(),
            given: plan.digest().to_string(),
            shown: Vec::new(),
            picture: None,
        };
        self.progress(Progress::PlanShown { plan: Box::new(plan.clone()), digest: plan.digest().to_string() });
        self.record(Entry::Aborted { by, digest: plan.digest(), plan: Box::new(plan) })?;
        self.record(confirmation)
    }

    async fn approval_of(&mut self, plan: &Plan) -> Result<Approval, Halt> {
        let digest = plan.digest().to_string();
        let mut question = questions::turn_back(plan, &digest);
        self.progress(Progress::PlanShown { plan: Box::new(plan.clone()), digest });
        for _ in 0..MAX_MISFITS {
            let by = self.parts.person.name();
            let given = match self.ask(&question).await? {
                Reply::Said { answer, how } => Given { answer, reason: None, by, how },
                Reply::Chose { .. } | Reply::NobodyThere => return Ok(Approval::NotGiven(Box::new(question))),
                Reply::Interrupted => return Err(self.interrupted()),
            };
            match answer::entry_for(&question, &given) {
                Ok(entry) => return Ok(Approval::Given(Box::new(entry))),
                Err(Misfit::Declined) => break,
                Err(_) if given.how != "typed" => break,
                Err(misfit) => {
                    question.shown.push(format!("Not taken: {}.", misfit.fault(self.state.run, &question, &given)));
                }
            }
        }
        Ok(Approval::NotGiven(Box::new(question)))
    }

    /// The run is left as it was: a way back that nobody approved is not begun.
    fn not_turned(&mut self, question: Question) -> Halt {
        let digest = match &question.sort {
            hcops_model::QuestionKind::Approve { digest } => digest.clone(),
            _ => String::new(),
        };
        let run = self.state.run;
        let commands = vec![format!("{} --approve {digest}", questions::abort(run))];
        let ways = vec![Way { kind: WayKind::Resume, command: questions::resume(run) }];
        let (writes_off, exit) = (self.writes_off(), Exit::NeedsPerson.code());
        let needs = Needs { question, commands, ways, later: Vec::new(), writes_off, exit };
        self.progress(Progress::Needs { needs: Box::new(needs.clone()) });
        Ended { exit: Exit::NeedsPerson, needs: Some(needs), fault: None, verdict: None }.into()
    }
}

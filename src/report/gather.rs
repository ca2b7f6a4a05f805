//! From lines to an account, one entry at a time.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::account::{
    Account, Confirmation, Crossing, Downtime, Exchange, Failure, StepAccount, StepEnd, Trouble, Turn,
};
use crate::model::{
    DowntimeEdge, Entry, Intent, JournalFault, Line, Plan, PlannedStep, Question, QuestionKind, RequestMark,
    Settlement, StepId, output_in_words,
};

/// The account of a run.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn account(lines: &[Line]) -> Result<Account, JournalFault> {
    let (first, rest) = lines.split_first().ok_or_else(no_opening)?;
    let mut gathering = Gathering::new(first)?;
    for line in rest {
        gathering.take(line);
    }
    Ok(gathering.finish())
}

fn no_opening() -> JournalFault {
    JournalFault::new(
        "the journal does not begin with the opening of a run",
        "Nothing was done by this run. Start it again with `hcops run`.",
    )
}

struct Gathering {
    account: Account,
    asked: BTreeMap<String, Question>,
    edges: BTreeMap<StepId, DowntimeEdge>,
    compares: Compares,
}

/// How the plan compares databases: the operator's word for it, and the steps that do it.
#[derive(Default)]
struct Compares {
    word: Option<String>,
    steps: Vec<StepId>,
}

impl Compares {
    fn of(plan: &Plan) -> Self {
        let word = plan.inputs.get("compare").and_then(|word| word.as_str()).map(str::to_owned);
        let does = plan.steps.iter().filter(|step| step.action == "postgres.compare" && step.omitted.is_none());
        Self { word, steps: does.map(|step| step.id.clone()).collect() }
    }

    /// What is known before a comparison has ended.
    fn beforehand(&self) -> Option<String> {
        let word = self.word.as_deref()?;
        let what = if self.steps.is_empty() { "hcops made no connection to the databases" } else { "not ended" };
        Some(format!("{word}: {what}"))
    }
}

impl Gathering {
    fn new(first: &Line) -> Result<Self, JournalFault> {
        let Entry::Opened { run, tool, by, plan, digest, origin, .. } = &first.entry else { return Err(no_opening()) };
        let compares = Compares::of(plan);
        let account = Account {
            run: *run,
            procedure: plan.procedure.clone(),
            method: plan.method.clone(),
            title: plan.title.clone(),
            app: plan.app.clone(),
            digest: digest.to_string(),
            origin: origin.clone(),
            tool: tool.clone(),
            opened_at: first.at,
            opened_by: by.clone(),
            newest_at: first.at,
            verdict: None,
            parked: None,
            turned_back: None,
            steps: Vec::new(),
            confirmations: Vec::new(),
            compared: compares.beforehand(),
            crossings: Vec::new(),
            downtime: None,
            troubles: Vec::new(),
            failures: Vec::new(),
            exchanges: Vec::new(),
            notices: plan.notices.clone(),
        };
        let mut gathering = Self { account, asked: BTreeMap::new(), edges: BTreeMap::new(), compares };
        gathering.add_steps(plan);
        Ok(gathering)
    }

    fn add_steps(&mut self, plan: &Plan) {
        self.account.steps.extend(plan.steps.iter().map(not_begun));
        self.edges = plan.steps.iter().filter_map(|step| Some((step.id.clone(), step.downtime?))).collect();
    }

    fn take(&mut self, line: &Line) {
        let at = line.at;
        self.account.newest_at = at;
        match &line.entry {
            Entry::Opened { .. } | Entry::Leased { .. } => {}
            Entry::Resumed { .. } => self.account.parked = None,
            Entry::Asked { question } => self.ask(question, at),
            Entry::Parked { needs } => {
                self.ask(&needs.question, at);
                self.account.parked = Some(needs.clone());
            }
            Entry::Confirmed { step, by, how, given, shown } => {
                let id = step.as_ref().map_or("approve", StepId::as_str);
                self.answer(id, given, (by, how), Some(shown), at);
            }
            Entry::Answered { question, answer, by, how } => self.answer(question, answer, (by, how), None, at),
            Entry::Intended { intent } => self.intend(intent, at),
            Entry::Received { step, receipt } => {
                self.exchange(step, &receipt.requests, at);
                self.step(step, at).receipt = Some(receipt.said.clone());
            }
            Entry::Faulted { step, acting, fault } => {
                self.exchange(step, &fault.requests, at);
                self.step(step, at);
                let (saw, remedy) = (fault.saw.clone(), fault.remedy.clone());
                self.account.failures.push(Failure { at, step: step.clone(), acting: *acting, saw, remedy });
            }
            Entry::Observed { step, requests, .. } => {
                self.exchange(step, requests, at);
                self.step(step, at);
            }
            Entry::Settled { step, how, output, evidence, requests } => {
                self.exchange(step, requests, at);
                let account = self.step(step, at);
                account.evidence = evidence.as_ref().map(|mark| mark.name.clone());
                account.seen = output_in_words(output);
                let seen = account.seen.clone();
                self.compared(step, seen);
                self.end(step, StepEnd::Settled { how: *how }, at);
            }
            Entry::Waived { step, by, reason } => {
                self.end(step, StepEnd::Skipped { by: by.clone(), reason: reason.clone() }, at);
            }
            Entry::Crossed { name, lost, .. } => {
                self.account.crossings.push(Crossing { at, name: name.clone(), lost: lost.clone() });
            }
            Entry::Aborted { by, plan, .. } => {
                self.account.parked = None;
                self.account.turned_back = Some(Turn { at, by: by.clone(), notices: plan.notices.clone() });
                self.add_steps(plan);
                self.end_downtime(at);
            }
            Entry::Closed { verdict } => self.account.verdict = Some(*verdict),
        }
    }

    fn compared(&mut self, step: &StepId, seen: Option<String>) {
        if let (Some(word), Some(seen), true) = (&self.compares.word, seen, self.compares.steps.contains(step)) {
            self.account.compared = Some(format!("{word}: {seen}"));
        }
    }

    fn step(&mut self, id: &StepId, at: Timestamp) -> &mut StepAccount {
        let known = self.account.steps.iter().rposition(|step| &step.id == id);
        let position = known.unwrap_or_else(|| {
            self.account.steps.push(unplanned(id));
            self.account.steps.len() - 1
        });
        let step = &mut self.account.steps[position];
        step.began_at.get_or_insert(at);
        if step.end == StepEnd::NotBegun {
            step.end = StepEnd::Open;
        }
        step
    }

    fn ask(&mut self, question: &Question, at: Timestamp) {
        let again = self.asked.insert(question.id.clone(), question.clone()).is_some_and(|known| known == *question);
        if matches!(question.sort, QuestionKind::Trouble { .. }) && !again {
            let (text, shown) = (question.text.clone(), question.shown.clone());
            self.account.troubles.push(Trouble { at, text, shown });
        }
    }

    fn answer(&mut self, id: &str, answer: &str, who: (&str, &str), shown: Option<&[String]>, at: Timestamp) {
        let asked = self.asked.remove(id);
        let shown = shown.map(<[String]>::to_vec).or_else(|| asked.as_ref().map(all_that_was_shown));
        self.account.confirmations.push(Confirmation {
            at,
            id: id.to_owned(),
            asked: asked.map_or_else(|| self.unasked(id), |question| question.text),
            shown: shown.unwrap_or_default(),
            answer: answer.to_owned(),
            by: who.0.to_owned(),
            how: who.1.to_owned(),
        });
    }

    /// A way back is approved before its question could be written.
    fn unasked(&self, id: &str) -> String {
        match &self.account.turned_back {
            Some(_) if id == "approve" => "Turn back, and restore what was before?".to_owned(),
            _ => id.to_owned(),
        }
    }

    fn intend(&mut self, intent: &Intent, at: Timestamp) {
        if self.edges.get(&intent.step) == Some(&DowntimeEdge::Starts) {
            self.begin_downtime(at);
        }
        let step = self.step(&intent.step, at);
        step.acts = intent.attempt;
        step.did.clone_from(&intent.will);
    }

    fn end(&mut self, id: &StepId, end: StepEnd, at: Timestamp) {
        let changed = !matches!(end, StepEnd::Settled { how: Settlement::AlreadyTrue });
        let step = self.step(id, at);
        step.end = end;
        step.ended_at = Some(at);
        step.seconds = step.began_at.map(|began| seconds_between(began, at));
        match self.edges.get(id) {
            Some(DowntimeEdge::Starts) if changed => self.begin_downtime(at),
            Some(DowntimeEdge::Ends) => self.end_downtime(at),
            Some(DowntimeEdge::Starts) | None => {}
        }
    }

    fn begin_downtime(&mut self, at: Timestamp) {
        self.account.downtime.get_or_insert(Downtime { from: at, until: None, seconds: 0 });
    }

    /// Writes are back when no step that brings them back is left to do.
    fn end_downtime(&mut self, at: Timestamp) {
        let over = |step: &StepAccount| !matches!(step.end, StepEnd::NotBegun | StepEnd::Open);
        let is_end = |step: &&StepAccount| self.edges.get(&step.id) == Some(&DowntimeEdge::Ends);
        let mut ends = self.account.steps.iter().filter(is_end).peekable();
        let all_over = ends.peek().is_some() && ends.all(over);
        if let Some(downtime) = self.account.downtime.as_mut().filter(|_| all_over) {
            downtime.until = Some(at);
        }
    }

    fn exchange(&mut self, step: &StepId, requests: &[RequestMark], at: Timestamp) {
        let exchanges = requests.iter().map(|request| Exchange { at, step: step.clone(), request: request.clone() });
        self.account.exchanges.extend(exchanges);
    }

    fn finish(mut self) -> Account {
        let newest = self.account.newest_at;
        if let Some(downtime) = &mut self.account.downtime {
            downtime.seconds = seconds_between(downtime.from, downtime.until.unwrap_or(newest));
        }
        self.account
    }
}

/// The facts that were shown; for an attestation also what was attested.
fn all_that_was_shown(question: &Question) -> Vec<String> {
    let statements = match &question.sort {
        QuestionKind::Attest { statements } => statements.as_slice(),
        _ => &[],
    };
    statements.iter().chain(&question.shown).cloned().collect()
}

fn not_begun(step: &PlannedStep) -> StepAccount {
    let end = step.omitted.as_ref().map(|because| StepEnd::LeftOut { because: because.clone() });
    StepAccount {
        title: step.title.clone(),
        only_looks: !step.effect.changes_the_world(),
        end: end.unwrap_or(StepEnd::NotBegun),
        ..unplanned(&step.id)
    }
}

fn unplanned(id: &StepId) -> StepAccount {
    StepAccount {
        id: id.clone(),
        title: id.to_string(),
        only_looks: false,
        end: StepEnd::NotBegun,
        began_at: None,
        ended_at: None,
        seconds: None,
        acts: 0,
        did: Vec::new(),
        receipt: None,
        seen: None,
        evidence: None,
    }
}

fn seconds_between(from: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(from).as_secs()).unwrap_or(0)
}

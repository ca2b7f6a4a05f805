//! From lines to an account, one entry at a time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::account::{
    Account, Confirmation, Crossing, Downtime, Exchange, Failure, HoldLook, JournalMark, Left, Pause, Process, Span,
    SpanKind, Spent, StepAccount, StepEnd, Trouble, Turn,
};
use super::evidence::{Evidence, Kept};
use super::measures::{self, Measures};
use super::presentable::presentable;
use super::reading::{self, Compares};
use super::remaining;
use super::timing::{self, seconds_between};
use hcops_journal::RunState;
use hcops_journal::run_state::{Crossed, Outcome, Phase};
use hcops_model::{
    Entry, Intent, JournalFault, Line, Plan, PlannedStep, Question, QuestionKind, RequestMark, Seen, StepId,
    output_in_words,
};
use hcops_text::plain::with_texts;

/// The account of a run, with what became of its evidence where the files are at hand.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn account(lines: &[Line], kept: &Kept) -> Result<Account, JournalFault> {
    let mut lines: Vec<Line> = lines.iter().map(shown).collect();
    let set_back = timing::go_on(&mut lines);
    let (first, rest) = lines.split_first().ok_or_else(no_opening)?;
    let mut gathering = Gathering::new(first, kept)?;
    gathering.account.set_back = set_back;
    for line in rest {
        gathering.take(line);
    }
    Ok(gathering.finish())
}

/// A line as it may be shown to whoever is handed the report.
fn shown(line: &Line) -> Line {
    let value = serde_json::to_value(line).map(|value| with_texts(value, &presentable));
    value.and_then(serde_json::from_value).unwrap_or_else(|_| line.clone())
}

fn no_opening() -> JournalFault {
    JournalFault::new(
        "the journal does not begin with the opening of a run",
        "Nothing was done by this run. Start it again with `hcops run`.",
    )
}

/// How the origin of a rehearsal's requests begins.
const REHEARSAL: &str = "rehearsal";

struct Gathering<'a> {
    account: Account,
    kept: &'a Kept,
    /// What the lines so far say of the run.
    state: RunState,
    compares: Compares,
    measures: Measures,
    /// What each step spends its time with, and since when.
    busy: BTreeMap<StepId, (SpanKind, Timestamp)>,
    /// What a person was asked last, until something goes on.
    awaited: Option<String>,
    /// What the outputs of steps say is left.
    left_by_steps: Vec<Left>,
}

impl<'a> Gathering<'a> {
    fn new(first: &Line, kept: &'a Kept) -> Result<Self, JournalFault> {
        let Entry::Opened { plan, .. } = &first.entry else { return Err(no_opening()) };
        let compares = Compares::of(plan);
        let account = opened(first).ok_or_else(no_opening)?;
        let mut gathering = Self {
            account,
            kept,
            state: RunState::opened(first)?,
            compares,
            measures: Measures::default(),
            busy: BTreeMap::new(),
            awaited: None,
            left_by_steps: Vec::new(),
        };
        gathering.add_steps(plan, false);
        Ok(gathering)
    }

    fn add_steps(&mut self, plan: &Plan, way_back: bool) {
        self.account.steps.extend(plan.steps.iter().map(|step| not_begun(step, way_back)));
    }

    fn take(&mut self, line: &Line) {
        self.pause(line);
        let at = line.at;
        self.account.newest_at = at;
        self.account.journal = mark(line);
        match &line.entry {
            Entry::Opened { .. }
            | Entry::Stopped { .. }
            | Entry::Resumed { .. }
            | Entry::Crossed { .. }
            | Entry::Closed { .. } => {}
            Entry::Leased { by, holder, .. } => {
                self.account.processes.push(Process { at, by: by.clone(), holder: holder.clone() });
            }
            Entry::Asked { question } => self.ask(question, at),
            Entry::Parked { needs } => self.ask(&needs.question, at),
            Entry::Confirmed { step, by, how, given, shown, .. } => {
                let id = step.as_ref().map_or("approve", StepId::as_str);
                self.answer(id, given, (by, how), Some(shown), at);
            }
            Entry::Answered { question, answer, by, how, .. } => self.answer(question, answer, (by, how), None, at),
            Entry::Aborted { by, plan, .. } => self.turn_back(by, plan, at),
            Entry::Intended { .. }
            | Entry::Received { .. }
            | Entry::Faulted { .. }
            | Entry::Observed { .. }
            | Entry::Settled { .. }
            | Entry::Waived { .. } => self.take_of_step(&line.entry, at),
        }
        self.state.take(line);
    }

    /// What a step did, saw, or came to.
    fn take_of_step(&mut self, entry: &Entry, at: Timestamp) {
        match entry {
            Entry::Intended { intent } => self.intend(intent, at),
            Entry::Received { step, receipt } => {
                self.exchange(step, &receipt.requests, at);
                self.step(step, at).receipt = Some(receipt.said.clone());
                self.turn_to(step, Some(SpanKind::Waiting), at);
            }
            Entry::Faulted { step, acting, fault } => {
                self.exchange(step, &fault.requests, at);
                self.step(step, at);
                self.turn_to(step, Some(SpanKind::Waiting), at);
                let (saw, mut remedy, mut command) = (fault.saw.clone(), fault.remedy.clone(), fault.command.clone());
                if self.account.rehearsal
                    && let Some(real) = command.take_if(|command| command.starts_with("heroku "))
                {
                    remedy = format!("{remedy} For the real app, not after a rehearsal: `{real}`.");
                }
                self.account.failures.push(Failure { at, step: step.clone(), acting: *acting, saw, remedy, command });
            }
            Entry::Observed { step, hold, sight, requests, .. } => {
                self.exchange(step, requests, at);
                self.step(step, at);
                self.see(step, hold.as_deref(), sight, at);
            }
            Entry::Settled { step, output, evidence, requests, .. } => {
                self.exchange(step, requests, at);
                let evidence = evidence.as_ref().map(|mark| Evidence::of(mark, self.kept));
                let seen = output_in_words(output);
                let account = self.step(step, at);
                account.evidence = evidence;
                account.seen.clone_from(&seen);
                self.compares.settle(step, seen.as_ref());
                self.measures.settle(step, &measures::subject(&self.state.plan, step, None), output, at);
                self.left_by_steps.extend(remaining::left_by(output));
                self.end(step, at);
            }
            Entry::Waived { step, .. } => self.end(step, at),
            _ => {}
        }
    }

    /// Time that passed before this line and in which nothing was written, while a person was awaited or no process drove the
    /// run: that begins with a lease or, in the same process, with a resumption.
    fn pause(&mut self, line: &Line) {
        let (from, until) = (self.account.newest_at, line.at);
        let taken_up = matches!(line.entry, Entry::Leased { .. } | Entry::Resumed { .. });
        let with = if taken_up { SpanKind::Undriven } else { SpanKind::Person };
        if (taken_up || self.awaited.is_some()) && seconds_between(from, until) > 0 {
            let asked = self.awaited.clone().unwrap_or_default();
            let goes_on = |last: &&mut Pause| last.until == from && (last.with, &last.asked) == (with, &asked);
            match self.account.pauses.last_mut().filter(goes_on) {
                Some(last) => last.until = until,
                None => self.account.pauses.push(Pause { with, from, until, asked }),
            }
            if taken_up {
                self.leave_alone(from, until);
            }
        }
        if !matches!(line.entry, Entry::Asked { .. } | Entry::Parked { .. } | Entry::Leased { .. }) {
            self.awaited = None;
        }
    }

    /// What steps were busy with stood still from the one moment to the other.
    fn leave_alone(&mut self, from: Timestamp, until: Timestamp) {
        for (id, (kind, _)) in self.busy.clone() {
            self.turn_to(&id, Some(SpanKind::Undriven), from);
            self.turn_to(&id, Some(kind), until);
        }
    }

    fn see(&mut self, step: &StepId, hold: Option<&str>, sight: &Seen<Value>, at: Timestamp) {
        self.measures.see(step, &measures::subject(&self.state.plan, step, hold), sight, at);
        match (hold, sight) {
            (Some(name), sight) => {
                let (step, name) = (step.clone(), name.to_owned());
                self.account.holds.push(HoldLook { at, step, name, kept: sight.is_satisfied(), saw: in_words(sight) });
            }
            (None, Seen::Underway { .. } | Seen::Satisfied { .. }) => self.turn_to(step, Some(SpanKind::Waiting), at),
            (None, Seen::Ready { .. } | Seen::Blocked { .. } | Seen::Unclear { .. }) => self.turn_to(step, None, at),
        }
    }

    fn turn_back(&mut self, by: &str, plan: &Plan, at: Timestamp) {
        self.account.turned_back = Some(Turn { at, by: by.to_owned(), notices: plan.notices.clone() });
        for step in self.busy.keys().cloned().collect::<Vec<_>>() {
            self.turn_to(&step, None, at);
        }
        self.add_steps(plan, true);
    }

    /// From now on the step spends its time with something else, or with nothing.
    fn turn_to(&mut self, id: &StepId, with: Option<SpanKind>, at: Timestamp) {
        if with.is_some() && self.busy.get(id).map(|(kind, _)| *kind) == with {
            return;
        }
        if let Some((kind, from)) = self.busy.remove(id).filter(|(_, from)| seconds_between(*from, at) > 0) {
            self.step(id, at).spans.push(Span { with: kind, from, until: at });
        }
        if let Some(kind) = with {
            self.busy.insert(id.clone(), (kind, at));
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
        step
    }

    fn is_begun(&self, id: &StepId) -> bool {
        self.account.steps.iter().rfind(|step| &step.id == id).is_some_and(|step| step.began_at.is_some())
    }

    fn ask(&mut self, question: &Question, at: Timestamp) {
        self.awaited = Some(question.text.clone());
        if let Some(step) = question.step.as_ref().filter(|id| self.is_begun(id)) {
            self.turn_to(step, Some(SpanKind::Person), at);
        }
        let again = self.state.questions.get(&question.id) == Some(question);
        if matches!(question.sort, QuestionKind::Trouble { .. }) && !again {
            let (text, shown) = (question.text.clone(), question.shown.clone());
            self.account.troubles.push(Trouble { at, text, shown });
        }
    }

    fn answer(&mut self, id: &str, answer: &str, who: (&str, &str), shown: Option<&[String]>, at: Timestamp) {
        let asked = self.state.questions.get(id).cloned();
        if let Some(step) = asked.as_ref().and_then(|question| question.step.as_ref()).filter(|id| self.is_begun(id)) {
            self.turn_to(step, None, at);
        }
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
        let step = self.step(&intent.step, at);
        step.acts = intent.attempt;
        step.did.clone_from(&intent.will);
        self.turn_to(&intent.step, Some(SpanKind::Acting), at);
    }

    fn end(&mut self, id: &StepId, at: Timestamp) {
        self.turn_to(id, None, at);
        let step = self.step(id, at);
        step.ended_at = Some(at);
        step.seconds = step.began_at.map(|began| seconds_between(began, at));
    }

    fn exchange(&mut self, step: &StepId, requests: &[RequestMark], at: Timestamp) {
        reading::note(&mut self.account.read_by_sql, step, requests);
        let by_http = requests.iter().filter(|request| request.database().is_none());
        let exchanges = by_http.map(|request| Exchange { at, step: step.clone(), request: request.clone() });
        self.account.exchanges.extend(exchanges);
    }

    fn finish(mut self) -> Account {
        let newest = self.account.newest_at;
        for step in self.busy.keys().cloned().collect::<Vec<_>>() {
            self.turn_to(&step, None, newest);
        }
        let Self { mut account, state, .. } = self;
        account.seconds = seconds_between(account.opened_at, newest);
        account.spent = timing::spent(&account);
        account.verdict = state.closed;
        account.parked.clone_from(&state.parked);
        account.downtime = downtime(&state);
        account.crossings = state.crossed.iter().map(crossing).collect();
        account.steps.iter_mut().for_each(|step| step.end = end_of(step, &state));
        account.compared = self.compares.told(&account);
        account.curves = self.measures.finish();
        account.left = remaining::left(&account, self.left_by_steps);
        account
    }
}

fn downtime(state: &RunState) -> Option<Downtime> {
    let (from, until) = (state.downtime.from?, state.downtime.until);
    Some(Downtime { from, until, seconds: state.downtime.seconds(state.at)? })
}

fn crossing(crossed: &Crossed) -> Crossing {
    let Crossed { step, name, lost, at } = crossed.clone();
    Crossing { at, step, name, lost }
}

/// How a step ended; what its plan left out stays so.
fn end_of(told: &StepAccount, state: &RunState) -> StepEnd {
    if matches!(told.end, StepEnd::LeftOut { .. }) {
        return told.end.clone();
    }
    match (state.phase(&told.id), state.step(&told.id).outcome) {
        (_, Outcome::Settled { how, .. }) => StepEnd::Settled { how },
        (_, Outcome::Waived { by, reason }) => {
            StepEnd::Skipped { by, reason, seen_otherwise: state.is_attested_against_sight(&told.id) }
        }
        (Phase::Next, Outcome::Pending) => StepEnd::NotBegun,
        (_, Outcome::Pending) => StepEnd::Open,
    }
}

/// A run of which only the first line was written.
fn opened(first: &Line) -> Option<Account> {
    let Entry::Opened { run, tool, by, plan, digest, origin, .. } = &first.entry else { return None };
    Some(Account {
        run: *run,
        procedure: plan.procedure.clone(),
        method: plan.method.clone(),
        title: plan.title.clone(),
        app: plan.app.clone(),
        resource: plan.resource.clone(),
        inputs: plan.inputs.clone(),
        sources: plan.sources.clone(),
        digest: digest.to_string(),
        origin: origin.clone(),
        rehearsal: origin.starts_with(REHEARSAL),
        tool: tool.clone(),
        opened_at: first.at,
        opened_by: by.clone(),
        newest_at: first.at,
        seconds: 0,
        spent: Spent { driven: 0, person: 0, undriven: 0 },
        set_back: Vec::new(),
        journal: mark(first),
        verdict: None,
        parked: None,
        turned_back: None,
        processes: Vec::new(),
        steps: Vec::new(),
        pauses: Vec::new(),
        holds: Vec::new(),
        confirmations: Vec::new(),
        compared: None,
        read_by_sql: Vec::new(),
        points_of_no_return: plan.points_of_no_return().count(),
        crossings: Vec::new(),
        downtime: None,
        curves: Vec::new(),
        troubles: Vec::new(),
        failures: Vec::new(),
        exchanges: Vec::new(),
        left: Vec::new(),
        notices: plan.notices.clone(),
    })
}

fn mark(line: &Line) -> JournalMark {
    JournalMark { lines: line.seq, chain: line.chain.to_string() }
}

/// What was seen, in a sentence.
fn in_words(sight: &Seen<Value>) -> String {
    match sight {
        Seen::Satisfied { output } => output_in_words(output).unwrap_or_else(|| output.to_string()),
        Seen::Ready { will } => format!("not so; an act would {}", will.join("; ")),
        Seen::Underway { note, .. } => note.clone(),
        Seen::Blocked { why, .. } | Seen::Unclear { why, .. } => why.clone(),
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

fn not_begun(step: &PlannedStep, way_back: bool) -> StepAccount {
    let end = step.omitted.as_ref().map(|because| StepEnd::LeftOut { because: because.clone() });
    StepAccount {
        action: step.action.clone(),
        title: step.title.clone(),
        why: step.why.clone(),
        way_back,
        usual_seconds: step.expect.usual,
        only_looks: !step.effect.changes_the_world(),
        end: end.unwrap_or(StepEnd::NotBegun),
        ..unplanned(&step.id)
    }
}

fn unplanned(id: &StepId) -> StepAccount {
    StepAccount {
        id: id.clone(),
        action: String::new(),
        title: id.to_string(),
        why: String::new(),
        way_back: false,
        usual_seconds: 0,
        spans: Vec::new(),
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

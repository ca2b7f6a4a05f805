use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::age::Unsettled;
use super::asking::Need;
use super::ended::{Ended, Halt};
use super::questions;
use crate::stop::Stop;
use hcops_journal::run_state::{Outcome, RunState};
use hcops_model::{
    Actions, Clock, EVENT_VERSION, Entry, Event, Exit, Fault, FaultKind, Happening, Journal, JournalFault, Line,
    Listener, Moment, Person, PlannedStep, Progress, RunId, StepId, StopCause, StopWish, Verdict, WritesOff,
};

/// Everything that a run is driven with.
pub struct Drive<'a> {
    /// The run's record; its first line is already there.
    pub journal: &'a mut dyn Journal,
    /// The actions that the plan names.
    pub actions: &'a dyn Actions,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Whoever answers.
    pub person: &'a mut dyn Person,
    /// Whoever wants to know.
    pub listener: &'a mut dyn Listener,
    /// The wish to stop.
    pub stop: &'a Stop,
    /// The run.
    pub run: RunId,
}

/// Drives a run until it is over, needs a person, is blocked, fails or is stopped. Call it again to go on.
///
/// # Errors
/// When the journal cannot be read or written: nothing was done that is not in it.
pub async fn drive(drive: Drive<'_>) -> Result<Ended, JournalFault> {
    let mut driver = Driver::new(drive)?;
    match driver.go_on().await {
        Ok(ended) => Ok(ended),
        Err(halt) => halt.into_result(),
    }
}

/// What this process knows about a step beyond the journal: it is lost in a crash and needed by nobody then.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) started: bool,
    pub(super) satisfied_looks: u32,
    pub(super) failed_looks: u32,
    pub(super) failed_hold_looks: u32,
    /// Since when the looks that are counted above have failed, one after the other.
    pub(super) failing_since: Option<Timestamp>,
    pub(super) holds_failing_since: Option<Timestamp>,
    /// Since when conditions at the gate have been on their way.
    pub(super) holds_awaited_since: Option<Timestamp>,
    pub(super) noted: Option<Value>,
    pub(super) hold_noted: BTreeMap<String, Value>,
    pub(super) due: Option<Timestamp>,
}

/// The minor format since which a journal may say why a process left.
const STOPPED_SINCE: u32 = 1;

/// The minor format since which a run that only looks may be over without having seen what it looked for.
pub(super) const FAILED_SINCE: u32 = 2;

/// What came of one visit to a step.
pub(super) enum Visit {
    Finished,
    Again(Duration),
    Needs(Box<Need>),
}

pub(super) struct Driver<'a> {
    pub(super) parts: Drive<'a>,
    pub(super) state: RunState,
    pub(super) memory: BTreeMap<StepId, Memory>,
    /// When time was last seen to go on as it should.
    pub(super) noticed: Moment,
    pub(super) unsettled: Option<Unsettled>,
    stopping_told: bool,
    written_told: bool,
}

impl<'a> Driver<'a> {
    pub(super) fn new(parts: Drive<'a>) -> Result<Self, JournalFault> {
        let state = RunState::fold(parts.journal.lines())?;
        let noticed = parts.clock.moment();
        let memory = BTreeMap::new();
        Ok(Self { parts, state, memory, noticed, unsettled: None, stopping_told: false, written_told: false })
    }

    pub(super) async fn go_on(&mut self) -> Result<Ended, Halt> {
        self.tell_what_this_process_wrote();
        if let Some(verdict) = self.state.closed {
            return Ok(Ended::with_verdict(self.exit_of(verdict), verdict));
        }
        if self.state.parked.is_some() || self.state.unresumed {
            let entry = Entry::Resumed { by: self.parts.person.name(), tool: env!("CARGO_PKG_VERSION").to_owned() };
            self.record(entry)?;
        }
        loop {
            self.check_stop()?;
            if !self.state.approved {
                self.approve().await?;
                continue;
            }
            self.keep_to_budget().await?;
            let members: Vec<PlannedStep> = self.state.front().into_iter().cloned().collect();
            if members.is_empty() {
                return self.close();
            }
            self.round(&members).await?;
        }
    }

    /// Visits each member whose time has come, then asks one question if a member needs an answer, else sleeps until
    /// the earliest next look. One task, always in the plan's order: two runs over the same world do the same.
    async fn round(&mut self, members: &[PlannedStep]) -> Result<(), Halt> {
        let mut need = None;
        let mut finished = false;
        if let Some(first) = members.first() {
            self.notice_time(first)?;
        }
        for step in members {
            self.check_stop()?;
            // A machine that slept behind the gate is in front of it again, in the middle of a round as well.
            if self.state.front().iter().all(|at_front| at_front.id != step.id) {
                return Ok(());
            }
            if self.memory(step).due.is_some_and(|due| due > self.parts.clock.now()) {
                continue;
            }
            match self.visit(step).await? {
                Visit::Finished => finished = true,
                Visit::Again(after) => self.memory(step).due = Some(later(self.parts.clock.now(), after)),
                Visit::Needs(first) => need = need.or(Some(first)),
            }
        }
        if let Some(need) = need {
            return self.resolve(*need).await;
        }
        if finished { Ok(()) } else { self.sleep_until_due(members).await }
    }

    async fn sleep_until_due(&mut self, members: &[PlannedStep]) -> Result<(), Halt> {
        let now = self.parts.clock.now();
        let soonest = members.iter().filter_map(|step| self.memory(step).due).min();
        let pause =
            soonest.map_or(Duration::ZERO, |due| Duration::try_from(due.duration_since(now)).unwrap_or_default());
        if pause.is_zero() {
            return Ok(());
        }
        tokio::select! {
            biased;
            () = self.parts.stop.requested() => self.check_stop(),
            () = self.parts.clock.sleep(pause) => Ok(()),
        }
    }

    fn close(&mut self) -> Result<Ended, Halt> {
        let verdict = if self.state.turned_back() { Verdict::Aborted } else { Verdict::Done };
        self.record(Entry::Closed { verdict })?;
        let mut ended = Ended::with_verdict(self.exit_of(verdict), verdict);
        ended.fault = self.left_unrestored().or_else(|| self.attested_against_sight());
        Ok(ended)
    }

    /// A way back with a skipped step has not restored what was before, and must not look as if it had.
    fn exit_of(&self, verdict: Verdict) -> Exit {
        match (verdict, self.left_unrestored()) {
            (Verdict::Done, _) if !self.state.attested_against_sight().is_empty() => Exit::VerificationFailed,
            (Verdict::Done, _) => Exit::Done,
            (Verdict::Aborted, None) => Exit::Aborted,
            (Verdict::Aborted, Some(_)) | (Verdict::Failed, _) => Exit::Failed,
        }
    }

    /// A verification that found a difference and was attested must not look as if it had succeeded.
    fn attested_against_sight(&self) -> Option<Fault> {
        let steps = self.state.attested_against_sight();
        let titles: Vec<&str> = steps.iter().map(|step| step.title.as_str()).collect();
        (!titles.is_empty() && !self.state.turned_back()).then(|| {
            Fault::new(
                FaultKind::Verification,
                format!("finished, but seen otherwise and attested by a person: {}", titles.join("; ")),
                "The run went on by that person's word alone; the report has their reason and what was seen.",
                "See to what was found, then look at the app.",
            )
            .with_command(format!("hcops report {}", self.state.run))
        })
    }

    fn left_unrestored(&self) -> Option<Fault> {
        if !self.state.turned_back() {
            return None;
        }
        let skipped = |step: &&PlannedStep| matches!(self.state.step(&step.id).outcome, Outcome::Waived { .. });
        let titles: Vec<&str> = self.state.plan.steps.iter().filter(skipped).map(|step| step.title.as_str()).collect();
        (!titles.is_empty()).then(|| {
            Fault::new(
                FaultKind::Refused,
                format!("turned back, but skipped: {}", titles.join("; ")),
                "What was before is therefore not restored in full.",
                "Do what was skipped by hand, then check the app.",
            )
            .with_command(format!("hcops status -a {}", self.state.plan.app))
        })
    }

    pub(super) fn memory(&mut self, step: &PlannedStep) -> &mut Memory {
        self.memory.entry(step.id.clone()).or_default()
    }

    /// Writes an entry, takes it into the state, and tells it.
    pub(super) fn record(&mut self, entry: Entry) -> Result<(), Halt> {
        self.check_legal(&entry)?;
        let line = self.parts.journal.append(self.parts.clock.now(), entry)?;
        self.take(line)
    }

    /// A defect of this program must not make the journal unreadable for the next one.
    pub(super) fn check_legal(&self, entry: &Entry) -> Result<(), Halt> {
        let Some(objection) = self.state.objection_to_entry(entry) else { return Ok(()) };
        Err(Halt::Journal(JournalFault::new(
            format!("hcops was about to write a line that cannot follow the others: {objection}"),
            "Nothing was written or done. Please report this as a defect of hcops, with the run's report.",
        )))
    }

    /// Takes a written line into the state and tells it.
    pub(super) fn take(&mut self, line: Line) -> Result<(), Halt> {
        self.state.apply(&line)?;
        self.tell(Happening::Fact(Box::new(line)));
        Ok(())
    }

    pub(super) fn progress(&mut self, progress: Progress) {
        let at = self.parts.clock.now();
        self.tell(Happening::Progress { at, progress });
    }

    fn tell(&mut self, happening: Happening) {
        self.parts.listener.hear(&Event { v: EVENT_VERSION, run: self.parts.run, happening });
    }

    /// The lines since this process took the run were written before anybody listened. Told once: what comes after them
    /// is told as it is written.
    pub(super) fn tell_what_this_process_wrote(&mut self) {
        if std::mem::replace(&mut self.written_told, true) {
            return;
        }
        let lines = self.parts.journal.lines();
        let newest_lease = lines.iter().rposition(|line| matches!(line.entry, Entry::Leased { .. }));
        let first = match newest_lease.map(|at| (at, &lines[at].entry)) {
            Some((at, Entry::Leased { fence, .. })) if *fence > 1 => at,
            _ if newest_lease.is_none_or(|at| lines.len() == at + 1) => 0,
            _ => lines.len(),
        };
        let written: Vec<Line> = lines[first..].to_vec();
        for line in written {
            self.tell(Happening::Fact(Box::new(line)));
        }
    }

    /// Leaves the loop if somebody asked to stop: every call of this is a safe point.
    pub(super) fn check_stop(&mut self) -> Result<(), Halt> {
        if self.parts.stop.is_requested() { Err(self.interrupted()) } else { Ok(()) }
    }

    /// The stop takes effect: the journal says whose wish it was, and the listeners how to go on.
    pub(super) fn interrupted(&mut self) -> Halt {
        let wish = self.parts.stop.wish().unwrap_or(StopWish::of(StopCause::Interrupt));
        if self.may_write_stopped()
            && let Err(halt) = self.record(Entry::Stopped { wish })
        {
            return halt;
        }
        self.progress(Progress::Left {
            note: "Stopped. Everything that was done is in the journal.".to_owned(),
            command: questions::resume(self.parts.run),
            writes_off: self.writes_off(),
            exit: Exit::Interrupted.code(),
        });
        Ended::interrupted().into()
    }

    /// For how long writes have been off, where they are, and what brings them back.
    pub(super) fn writes_off(&self) -> Option<WritesOff> {
        let from = self.state.downtime.from.filter(|_| self.state.downtime.lasts())?;
        let run = self.state.run;
        let command = if self.state.leads_back() { questions::abort(run) } else { questions::resume(run) };
        Some(WritesOff { seconds: self.elapsed(from).as_secs(), command })
    }

    /// A journal that was begun in an older format gets no kinds of entries that its readers do not know.
    const fn may_write_stopped(&self) -> bool {
        self.state.format.minor >= STOPPED_SINCE && self.state.closed.is_none()
    }

    /// Tells once that a stop was heard while an act is being finished.
    pub(super) fn tell_stopping(&mut self, step: &PlannedStep) {
        if std::mem::replace(&mut self.stopping_told, true) {
            return;
        }
        let title = &step.title;
        let note = match self.parts.stop.wish() {
            Some(StopWish { cause: StopCause::Requested, by: Some(by), machine: Some(machine), .. }) => {
                format!("{by} on {machine} asks for it; finishing first: {title} (Ctrl-C stops at once)")
            }
            _ => format!("at the next safe point; finishing first: {title} (Ctrl-C again stops at once)"),
        };
        self.progress(Progress::Stopping { note });
    }
}

/// A moment after another; the end of time if there is none.
pub(super) fn later(now: Timestamp, after: Duration) -> Timestamp {
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}

/// The time between two moments; none if they are the other way round.
pub(crate) fn between(from: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(from)).unwrap_or_default()
}

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use super::{Notice, NoticeKind, Subject};
use hcops_journal::RunState;
use hcops_journal::planned::PlannedDowntime as _;
use hcops_model::{Entry, Event, Happening, Line, Listener, Progress, QuestionKind, StepId};

/// Hears everything of a run, and passes on the little that cannot wait until the process ends: that it begins, the gate, writes
/// that go off and come back, the point of no return, and a wait that takes longer than usual.
pub struct Ear {
    subject: Subject,
    /// What its journal says.
    state: Option<RunState>,
    overdue: BTreeSet<StepId>,
    /// Whether it was told that the run stands at its gate.
    at_gate: bool,
    to: Sender<Notice>,
}

impl Ear {
    pub(super) fn new(subject: Subject, before: &[Line], to: Sender<Notice>) -> Self {
        let mut state = None;
        before.iter().for_each(|line| RunState::follow(&mut state, line));
        Self { subject, state, overdue: BTreeSet::new(), at_gate: false, to }
    }

    fn tell(&self, notice: Notice) {
        // A queue that is full of what nobody takes must not hold up the run.
        let _ = self.to.try_send(notice);
    }

    fn title(&self, step: &StepId) -> String {
        let planned = self.state.as_ref().and_then(|state| state.plan.step(step));
        planned.map_or_else(|| step.to_string(), |planned| planned.title.clone())
    }

    /// Whether this step's point of no return is behind the run.
    fn is_behind(&self, step: &StepId) -> bool {
        self.state.as_ref().is_some_and(|state| state.step(step).crossed)
    }

    fn hear_fact(&mut self, line: &Line) {
        let at = line.at;
        let was_behind = if let Entry::Faulted { step, .. } = &line.entry { self.is_behind(step) } else { false };
        let off_before = self.state.as_ref().is_some_and(|state| state.downtime.lasts());
        RunState::follow(&mut self.state, line);
        self.hear_downtime(off_before, at);
        match &line.entry {
            Entry::Confirmed { step: None, .. } => {
                let begun =
                    self.state.as_ref().filter(|state| !state.turned_back() && state.plan.usual_downtime().is_some());
                if let Some(text) = begun.map(|state| format!("Begun: {}. Writes are on.", state.plan.title)) {
                    self.tell(self.subject.notice(NoticeKind::Begun, at, text));
                }
            }
            Entry::Asked { question }
                if matches!(question.sort, QuestionKind::Gate { .. })
                    && !std::mem::replace(&mut self.at_gate, true) =>
            {
                let notice = self.subject.notice(NoticeKind::AtGate, at, format!("At the gate. {}", question.text));
                self.tell(Notice { step: Some(question.id.clone()), ..notice });
            }
            Entry::Crossed { step, name, lost } => {
                let nth = self.state.as_ref().map_or_else(String::new, |state| state.plan.nth_of_several(step));
                let text = format!("Past the point of no return{nth}, {name}: {} {lost}", self.title(step));
                let notice = self.subject.notice(NoticeKind::Crossed, at, text);
                self.tell(Notice { step: Some(step.to_string()), ..notice });
            }
            Entry::Faulted { step, fault, .. } if was_behind && !self.is_behind(step) => {
                let text = format!(
                    "Not past the point of no return after all: {} was refused, and did not take place. {}",
                    self.title(step),
                    fault.saw
                );
                let notice = self.subject.notice(NoticeKind::Crossed, at, text);
                self.tell(Notice { step: Some(step.to_string()), ..notice });
            }
            _ => {}
        }
    }

    /// Tells when writes went off, until when that usually lasts, and when they are back.
    fn hear_downtime(&self, off_before: bool, at: Timestamp) {
        let Some(state) = &self.state else { return };
        let (kind, text) = match (off_before, state.downtime.lasts()) {
            (false, true) => {
                let usual = state.plan.usual_downtime().unwrap_or(0);
                let until = at.checked_add(Duration::from_secs(usual)).unwrap_or(at);
                let until = until.strftime("%Y-%m-%d %H:%M UTC");
                let usual = minutes(usual);
                (NoticeKind::WritesOff, format!("Writes are off: usually for {usual}, until {until}."))
            }
            (true, false) => {
                let seconds = state.downtime.seconds(at).unwrap_or(0);
                (NoticeKind::WritesOn, format!("Writes are back, after {}.", minutes(seconds)))
            }
            _ => return,
        };
        self.tell(self.subject.notice(kind, at, text));
    }

    fn hear_progress(&mut self, at: Timestamp, progress: &Progress) {
        let Progress::Waiting { step, note, waited, usual, limit, overdue: true, .. } = progress else { return };
        if self.overdue.insert(step.clone()) {
            let text = format!(
                "Takes longer than usual: {}. {note}. {} so far, usually {}; after {} a person is asked.",
                self.title(step),
                minutes(*waited),
                minutes(*usual),
                minutes(*limit),
            );
            let notice = self.subject.notice(NoticeKind::Overdue, at, text);
            let commands =
                vec![self.subject.state_dir.within(&format!("hcops watch {}", self.subject.run)).into_owned()];
            self.tell(Notice { step: Some(step.to_string()), commands, ..notice });
        }
    }
}

impl Listener for Ear {
    fn hear(&mut self, event: &Event) {
        match &event.happening {
            Happening::Fact(line) => self.hear_fact(line),
            Happening::Progress { at, progress } => self.hear_progress(*at, progress),
        }
    }
}

fn minutes(seconds: u64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) }
}

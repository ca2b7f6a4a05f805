use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use super::{Notice, NoticeKind, Subject};
use hcops_model::{Entry, Event, Happened, Happening, Listener, Plan, Progress, StepId};

/// Hears everything of a run, and passes on the little that cannot wait until the process ends: the point of no return,
/// and a wait that takes longer than usual.
pub struct Ear {
    subject: Subject,
    titles: BTreeMap<StepId, String>,
    /// Which of several points of no return a step is.
    nth: BTreeMap<StepId, String>,
    overdue: BTreeSet<StepId>,
    /// The step whose point of no return was told, until its next act.
    crossed: Option<StepId>,
    to: Sender<Notice>,
}

impl Ear {
    pub(super) fn new(subject: Subject, plan: &Plan, to: Sender<Notice>) -> Self {
        Self { subject, titles: titles(plan), nth: nth(plan), overdue: BTreeSet::new(), crossed: None, to }
    }

    fn tell(&self, notice: Notice) {
        // A queue that is full of what nobody takes must not hold up the run.
        let _ = self.to.try_send(notice);
    }

    fn title(&self, step: &StepId) -> String {
        self.titles.get(step).cloned().unwrap_or_else(|| step.to_string())
    }

    fn hear_fact(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::Opened { plan, .. } | Entry::Aborted { plan, .. } => {
                (self.titles, self.nth) = (titles(plan), nth(plan));
            }
            Entry::Crossed { step, name, lost } => {
                let nth = self.nth.get(step).map(String::as_str).unwrap_or_default();
                let text = format!("Past the point of no return{nth}, {name}: {} {lost}", self.title(step));
                let notice = self.subject.notice(NoticeKind::Crossed, at, text);
                self.tell(Notice { step: Some(step.to_string()), ..notice });
                self.crossed = Some(step.clone());
            }
            Entry::Intended { .. } => self.crossed = None,
            Entry::Faulted { step, acting: true, fault }
                if fault.happened == Happened::No && self.crossed.take().as_ref() == Some(step) =>
            {
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
            Happening::Fact(line) => self.hear_fact(line.at, &line.entry),
            Happening::Progress { at, progress } => self.hear_progress(*at, progress),
        }
    }
}

fn nth(plan: &Plan) -> BTreeMap<StepId, String> {
    plan.points_of_no_return().map(|step| (step.id.clone(), plan.nth_of_several(&step.id))).collect()
}

fn titles(plan: &Plan) -> BTreeMap<StepId, String> {
    plan.steps.iter().map(|step| (step.id.clone(), step.title.clone())).collect()
}

fn minutes(seconds: u64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) }
}

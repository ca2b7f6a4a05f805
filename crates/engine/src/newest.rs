//! The newest progress of a run, kept beside its journal for whoever watches: waits with their measures, which the journal
//! does not hold.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::drive::between;
use hcops_journal::files::replace_file;
use hcops_model::{Clock, Entry, Event, Happening, Listener, Progress, StepId};

const NEWEST: &str = "progress.json";

/// At most so often the file is written.
const APART: Duration = Duration::from_millis(250);

/// What the process that drives a run last said and did not write into the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Counts what is told, so that a reader tells each once.
    pub number: u64,
    /// Number of the journal's line after which it was told.
    pub after: u64,
    /// What was told.
    pub event: Event,
}

/// Keeps the newest progress in a file, and takes it away at the end. It never fails a run: a file that cannot be written
/// is missing for a watcher, and for nobody else.
#[derive(Clone)]
pub struct NewestProgress {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    told: Vec<Told>,
    count: u64,
    newest_line: u64,
    unwritten: bool,
    written_at: Option<Timestamp>,
}

impl NewestProgress {
    /// Beside the journal in this directory. `clock` is the machine's: it only spares the disk.
    #[must_use]
    pub fn beside(directory: &Path, clock: Arc<dyn Clock>) -> Self {
        let newest = Self { path: directory.join(NEWEST), clock, kept: Arc::default() };
        newest.remove();
        newest
    }

    /// A listener that passes everything on to another.
    #[must_use]
    pub fn ear(&self, then: Box<dyn Listener>) -> Box<dyn Listener> {
        Box::new(Ear { newest: self.clone(), then })
    }

    /// Takes one event into account.
    pub fn hear(&self, event: &Event) {
        self.with_kept(|kept| kept.hear(event));
        self.write_if_due();
    }

    /// Writes what has not been written yet.
    pub fn flush(&self) {
        self.with_kept(|kept| {
            if std::mem::take(&mut kept.unwritten) {
                kept.written_at = Some(self.clock.now());
                let _ = replace_file(&self.path, &serde_json::to_vec(&kept.told).unwrap_or_default());
            }
        });
    }

    /// Takes the file away: the process has nothing more to say.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }

    fn write_if_due(&self) {
        let now = self.clock.now();
        if self.with_kept(|kept| kept.written_at.is_none_or(|at| between(at, now) >= APART)) {
            self.flush();
        }
    }

    fn with_kept<T>(&self, use_it: impl FnOnce(&mut Kept) -> T) -> T {
        use_it(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The newest progress beside the journal in this directory; nothing where nobody drives the run.
#[must_use]
pub fn newest_progress(directory: &Path) -> Vec<Told> {
    let read = || serde_json::from_slice(&std::fs::read(directory.join(NEWEST)).ok()?).ok();
    read().unwrap_or_default()
}

/// The process that drives the run in this directory, if it said that it is suspended.
#[must_use]
pub fn suspended_process(directory: &Path) -> Option<u32> {
    newest_progress(directory).iter().find_map(|told| match &told.event.happening {
        Happening::Progress { progress: Progress::Suspended { suspended: true, process }, .. } => Some(*process),
        _ => None,
    })
}

impl Kept {
    fn hear(&mut self, event: &Event) {
        match &event.happening {
            Happening::Fact(line) => {
                self.newest_line = line.seq;
                if let Entry::Settled { step, .. } | Entry::Waived { step, .. } = &line.entry {
                    self.forget(|subject| subject == Subject::Step(step));
                }
            }
            Happening::Progress { progress, .. } => {
                let Some(subject) = Subject::of(progress) else { return };
                self.forget(|known| known == subject);
                self.count += 1;
                self.told.push(Told { number: self.count, after: self.newest_line, event: event.clone() });
                self.unwritten = true;
            }
        }
    }

    fn forget(&mut self, is_meant: impl Fn(Subject<'_>) -> bool) {
        let before = self.told.len();
        self.told.retain(|told| match &told.event.happening {
            Happening::Progress { progress, .. } => Subject::of(progress).is_some_and(|subject| !is_meant(subject)),
            Happening::Fact(_) => false,
        });
        self.unwritten |= self.told.len() != before;
    }
}

/// What progress is about: only the newest about each is kept.
#[derive(Clone, Copy, PartialEq)]
enum Subject<'a> {
    Step(&'a StepId),
    Stopping,
    Suspension,
}

impl<'a> Subject<'a> {
    /// Nothing for what the journal tells as well: the plan, what is needed, and why the process left.
    const fn of(progress: &'a Progress) -> Option<Self> {
        match progress {
            Progress::StepStarted { step } | Progress::Waiting { step, .. } | Progress::Retrying { step, .. } => {
                Some(Self::Step(step))
            }
            Progress::Stopping { .. } => Some(Self::Stopping),
            Progress::Suspended { .. } => Some(Self::Suspension),
            Progress::PlanShown { .. } | Progress::Needs { .. } | Progress::Left { .. } => None,
        }
    }
}

/// The step that progress is about.
pub(super) const fn step_of(progress: &Progress) -> Option<&StepId> {
    match Subject::of(progress) {
        Some(Subject::Step(step)) => Some(step),
        _ => None,
    }
}

struct Ear {
    newest: NewestProgress,
    then: Box<dyn Listener>,
}

impl Listener for Ear {
    fn hear(&mut self, event: &Event) {
        self.then.hear(event);
        self.newest.hear(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::VirtualClock;
    use hcops_model::{EVENT_VERSION, RunId};

    fn told(progress: Progress) -> Event {
        let at = Timestamp::UNIX_EPOCH;
        Event { v: EVENT_VERSION, run: RunId(uuid::Uuid::nil()), happening: Happening::Progress { at, progress } }
    }

    fn waiting(step: &str, note: &str) -> Event {
        let (step, note) = (StepId::from(step), note.to_owned());
        told(Progress::Waiting { step, note, part: None, waited: 1, usual: 2, limit: 3, overdue: false })
    }

    fn kept(directory: &Path) -> Vec<(u64, Event)> {
        newest_progress(directory).into_iter().map(|told| (told.number, told.event)).collect()
    }

    #[tokio::test]
    async fn the_newest_of_each_step_is_kept_a_few_times_a_second_and_goes_at_the_end() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(VirtualClock::new());
        let newest = NewestProgress::beside(directory.path(), clock.clone());
        newest.hear(&waiting("a", "1"));
        assert_eq!(kept(directory.path()), [(1, waiting("a", "1"))]);
        newest.hear(&waiting("a", "2"));
        newest.hear(&waiting("b", "1"));
        assert_eq!(kept(directory.path()).len(), 1, "too soon after the last");
        clock.sleep(APART).await;
        newest.hear(&waiting("b", "2"));
        assert_eq!(kept(directory.path()), [(2, waiting("a", "2")), (4, waiting("b", "2"))]);
        newest.hear(&waiting("b", "3"));
        newest.flush();
        assert_eq!(kept(directory.path())[1], (5, waiting("b", "3")), "what came last is never left out");
        newest.remove();
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_suspension_is_told_until_the_process_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let newest = NewestProgress::beside(directory.path(), Arc::new(VirtualClock::new()));
        newest.hear(&told(Progress::Suspended { suspended: true, process: 7 }));
        assert_eq!(suspended_process(directory.path()), Some(7));
        newest.hear(&told(Progress::Suspended { suspended: false, process: 7 }));
        newest.flush();
        assert_eq!(suspended_process(directory.path()), None);
    }

    #[test]
    fn a_directory_that_is_gone_breaks_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let newest = NewestProgress::beside(&directory.path().join("gone"), Arc::new(VirtualClock::new()));
        newest.hear(&waiting("a", "1"));
        newest.flush();
        assert_eq!(newest_progress(directory.path()), []);
    }
}

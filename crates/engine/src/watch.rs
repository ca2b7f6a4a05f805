//! Follows a run as it goes on, without taking it: the lines of its journal, and between them its newest progress.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use crate::Stop;
use crate::newest::{newest_progress, step_of};
use hcops_journal::files::io_fault;
use hcops_journal::lease::is_held;
use hcops_journal::{JOURNAL, RunState, read};
use hcops_model::{Clock, Entry, Happening, JournalFault, Line, Progress};

/// How often the files are looked at.
pub const POLL: Duration = Duration::from_millis(250);

/// A reader of a run that another process may be driving.
#[derive(Debug)]
pub struct Watch {
    directory: PathBuf,
    given: usize,
    waiting: VecDeque<Line>,
    seen_length: Option<u64>,
    newest_line: u64,
    newest_progress: u64,
    state: Option<RunState>,
    over: bool,
}

/// What a watcher sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Watched {
    /// The next line of the journal.
    Fact(Box<Line>),
    /// What the process that drives it says besides.
    Progress(Timestamp, Box<Progress>),
    /// No process drives it: nothing more comes until somebody takes it up.
    StandsStill,
}

impl Watch {
    /// Follows the run in this directory from its first line.
    #[must_use]
    pub fn new(directory: impl AsRef<Path>) -> Self {
        Self {
            directory: directory.as_ref().to_owned(),
            given: 0,
            waiting: VecDeque::new(),
            seen_length: None,
            newest_line: 0,
            newest_progress: 0,
            state: None,
            over: false,
        }
    }

    /// What comes next, waited for by polling. Nothing after the run's last line, after it was found standing still, or
    /// once `stop` is requested. A line that is still being written is waited for.
    ///
    /// # Errors
    /// When the journal cannot be read or is broken in the middle.
    pub async fn next(&mut self, clock: &dyn Clock, stop: &Stop) -> Result<Option<Watched>, JournalFault> {
        loop {
            if self.over || stop.is_requested() {
                return Ok(None);
            }
            // Asked before the look, so that what the holder wrote last is seen before it counts as gone.
            let held = is_held(&self.directory);
            if let Some(seen) = self.look()? {
                return Ok(Some(seen));
            }
            if !held {
                self.over = true;
                return Ok(Some(Watched::StandsStill));
            }
            tokio::select! {
                () = clock.sleep(POLL) => {}
                () = stop.requested() => {}
            }
        }
    }

    /// What the lines say that were seen so far; nothing before the first one.
    #[must_use]
    pub const fn state(&self) -> Option<&RunState> {
        self.state.as_ref()
    }

    fn look(&mut self) -> Result<Option<Watched>, JournalFault> {
        if self.waiting.is_empty() {
            self.read_journal()?;
        }
        if let Some(line) = self.waiting.pop_front() {
            self.take_note_of(&line);
            return Ok(Some(Watched::Fact(Box::new(line))));
        }
        Ok(self.progress().map(|(at, progress)| Watched::Progress(at, Box::new(progress))))
    }

    fn take_note_of(&mut self, line: &Line) {
        self.newest_line = line.seq;
        RunState::follow(&mut self.state, line);
        match &line.entry {
            Entry::Closed { .. } => self.over = true,
            // Another process counts from one again.
            Entry::Leased { .. } => self.newest_progress = 0,
            _ => {}
        }
    }

    /// Progress that was told after lines which are not read yet waits for them; about a step that is over it is late.
    fn progress(&mut self) -> Option<(Timestamp, Progress)> {
        let told = newest_progress(&self.directory);
        let next =
            told.into_iter().find(|told| told.number > self.newest_progress && told.after <= self.newest_line)?;
        self.newest_progress = next.number;
        let Happening::Progress { at, progress } = next.event.happening else { return None };
        let is_over = |step| self.state.as_ref().is_some_and(|state| state.phase(step).is_over());
        let is_late = step_of(&progress).is_some_and(is_over);
        (!is_late).then_some((at, progress))
    }

    fn read_journal(&mut self) -> Result<(), JournalFault> {
        let path = self.directory.join(JOURNAL);
        let fault = |error: &std::io::Error| io_fault("read", &path, error);
        let length = std::fs::metadata(&path).map_err(|error| fault(&error))?.len();
        if self.seen_length == Some(length) {
            return Ok(());
        }
        let text = std::fs::read(&path).map_err(|error| fault(&error))?;
        let lines = read(&text)?.lines;
        self.waiting.extend(lines.into_iter().skip(self.given));
        self.given += self.waiting.len();
        self.seen_length = Some(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::sync::Arc;

    use super::*;
    use crate::newest::NewestProgress;
    use crate::scripted::{VirtualClock, sample_text};
    use hcops_journal::lease::{Holder, Lease};
    use hcops_model::{EVENT_VERSION, Event, RunId};

    fn held(directory: &Path) -> Lease {
        Lease::take(directory, Holder::this_process("ann", "night-shift", Timestamp::UNIX_EPOCH)).unwrap()
    }

    async fn seen(watch: &mut Watch) -> Option<Watched> {
        watch.next(&VirtualClock::new(), &Stop::new()).await.unwrap()
    }

    #[tokio::test]
    async fn lines_come_as_they_are_written_and_end_with_the_run() {
        let directory = tempfile::tempdir().unwrap();
        let _lease = held(directory.path());
        let path = directory.path().join(JOURNAL);
        let text = sample_text().await;
        let (half, rest) = text.split_at(text.len() / 2);
        std::fs::write(&path, half).unwrap();
        let mut watch = Watch::new(directory.path());
        let mut count = 0;
        for _ in half.lines().skip(1) {
            count += 1;
            let Some(Watched::Fact(line)) = seen(&mut watch).await else { panic!("no line {count}") };
            assert_eq!(line.seq, count);
        }
        OpenOptions::new().append(true).open(&path).unwrap().write_all(rest.as_bytes()).unwrap();
        while let Some(Watched::Fact(line)) = seen(&mut watch).await {
            count += 1;
            assert_eq!(line.seq, count);
        }
        assert_eq!(usize::try_from(count).unwrap(), text.lines().count());
    }

    #[tokio::test]
    async fn a_stop_ends_the_waiting() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(JOURNAL), "").unwrap();
        let stop = Stop::new();
        stop.request();
        assert_eq!(Watch::new(directory.path()).next(&VirtualClock::new(), &stop).await.unwrap(), None);
    }

    #[tokio::test]
    async fn progress_is_told_once_in_its_place_and_a_run_that_nobody_drives_stands_still() {
        let directory = tempfile::tempdir().unwrap();
        let text = sample_text().await;
        let first = text.lines().next().unwrap();
        std::fs::write(directory.path().join(JOURNAL), format!("{first}\n")).unwrap();
        let lease = held(directory.path());
        let newest = NewestProgress::beside(directory.path(), Arc::new(VirtualClock::new()));
        let (at, progress) = (Timestamp::UNIX_EPOCH, Progress::StepStarted { step: "a".into() });
        let happening = Happening::Progress { at, progress: progress.clone() };
        let event = Event { v: EVENT_VERSION, run: RunId(uuid::Uuid::nil()), happening };
        newest.hear(&event);
        let mut watch = Watch::new(directory.path());
        assert!(matches!(seen(&mut watch).await, Some(Watched::Fact(_))));
        assert_eq!(seen(&mut watch).await, Some(Watched::Progress(at, Box::new(progress))));
        drop(lease);
        assert_eq!(seen(&mut watch).await, Some(Watched::StandsStill));
        assert_eq!(seen(&mut watch).await, None);
    }
}

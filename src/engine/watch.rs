//! Follows a journal as it grows, without taking the run.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::engine::Stop;
use crate::engine::journal::files::io_fault;
use crate::engine::journal::read;
use crate::model::{Clock, Entry, JournalFault, Line};

/// How often the file is looked at.
pub const POLL: Duration = Duration::from_millis(500);

/// A reader of a journal that another process may be writing.
#[derive(Debug)]
pub struct Watch {
    path: PathBuf,
    given: usize,
    waiting: VecDeque<Line>,
    seen_length: Option<u64>,
    over: bool,
}

impl Watch {
    /// Follows this file from its first line.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_owned(), given: 0, waiting: VecDeque::new(), seen_length: None, over: false }
    }

    /// The next line, waited for by polling. Nothing after the run's last line, or once `stop` is requested. A line
    /// that is still being written is waited for.
    ///
    /// # Errors
    /// When the file cannot be read or is broken in the middle.
    pub async fn next(&mut self, clock: &dyn Clock, stop: &Stop) -> Result<Option<Line>, JournalFault> {
        loop {
            if let Some(line) = self.waiting.pop_front() {
                self.over = matches!(line.entry, Entry::Closed { .. });
                return Ok(Some(line));
            }
            if self.over || stop.is_requested() {
                return Ok(None);
            }
            self.look()?;
            if self.waiting.is_empty() {
                tokio::select! {
                    () = clock.sleep(POLL) => {}
                    () = stop.requested() => {}
                }
            }
        }
    }

    fn look(&mut self) -> Result<(), JournalFault> {
        let fault = |error: &std::io::Error| io_fault("read", &self.path, error);
        let length = std::fs::metadata(&self.path).map_err(|error| fault(&error))?.len();
        if self.seen_length == Some(length) {
            return Ok(());
        }
        let text = std::fs::read(&self.path).map_err(|error| fault(&error))?;
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

    use super::*;
    use crate::engine::scripted::{VirtualClock, sample_text};

    #[tokio::test]
    async fn lines_come_as_they_are_written_and_end_with_the_run() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.jsonl");
        let text = sample_text().await;
        let (half, rest) = text.split_at(text.len() / 2);
        std::fs::write(&path, half).unwrap();
        let (clock, stop) = (VirtualClock::new(), Stop::new());
        let mut watch = Watch::new(&path);
        let mut seen = 0;
        for _ in half.lines().skip(1) {
            assert_eq!(watch.next(&clock, &stop).await.unwrap().unwrap().seq, seen + 1);
            seen += 1;
        }
        OpenOptions::new().append(true).open(&path).unwrap().write_all(rest.as_bytes()).unwrap();
        while let Some(line) = watch.next(&clock, &stop).await.unwrap() {
            assert_eq!(line.seq, seen + 1);
            seen += 1;
        }
        assert_eq!(usize::try_from(seen).unwrap(), text.lines().count());
    }

    #[tokio::test]
    async fn a_stop_ends_the_waiting() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.jsonl");
        std::fs::write(&path, "").unwrap();
        let stop = Stop::new();
        stop.request();
        assert_eq!(Watch::new(&path).next(&VirtualClock::new(), &stop).await.unwrap(), None);
    }
}

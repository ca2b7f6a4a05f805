use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use hcops_model::Clock;

/// How far a comparison is. Both databases are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Bytes read so far, by the sizes that the catalogs gave.
    pub bytes: u64,
    /// Bytes to be read in all.
    pub bytes_in_all: u64,
    /// Rows read so far.
    pub rows: u64,
    /// Connections that were lost and made again.
    pub retries: u64,
    /// Seconds since the beginning.
    pub seconds: u64,
    /// Seconds that remain at the rate so far; absent before there is one.
    pub seconds_left: Option<u64>,
}

/// The parts of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Both catalogs are read.
    Structure,
    /// All tables are read.
    Contents,
    /// Tables that differ are read again to find the rows.
    Locating,
    /// Sequences, large objects and what Connect keeps in its schema.
    Remainder,
}

/// Whoever wants to know how far it is. Called often; must return at once.
pub trait Watch: Send + Sync {
    /// Takes the present state.
    fn see(&self, progress: &Progress);
}

impl<F: Fn(&Progress) + Send + Sync> Watch for F {
    fn see(&self, progress: &Progress) {
        self(progress);
    }
}

/// Counts, and tells.
pub(super) struct Meter {
    watch: Arc<dyn Watch>,
    clock: Arc<dyn Clock>,
    began: Timestamp,
    state: Mutex<(Progress, Timestamp)>,
}

impl Meter {
    pub(super) fn new(watch: Arc<dyn Watch>, clock: Arc<dyn Clock>) -> Self {
        let began = clock.now();
        let progress = Progress {
            phase: Phase::Structure,
            bytes: 0,
            bytes_in_all: 0,
            rows: 0,
            retries: 0,
            seconds: 0,
            seconds_left: None,
        };
        Self { watch, clock, began, state: Mutex::new((progress, began)) }
    }

    /// A new phase, in which `bytes` are to be read.
    pub(super) fn enter(&self, phase: Phase, bytes: u64) {
        let now = self.clock.now();
        self.change(|(progress, phase_began)| {
            *progress =
                Progress { phase, bytes: 0, bytes_in_all: bytes, rows: 0, seconds_left: None, ..progress.clone() };
            *phase_began = now;
        });
    }

    pub(super) fn advance(&self, bytes: u64, rows: u64) {
        let now = self.clock.now();
        self.change(|(progress, phase_began)| {
            progress.bytes = (progress.bytes + bytes).min(progress.bytes_in_all);
            progress.rows += rows;
            progress.seconds_left = left(progress, now.duration_since(*phase_began).as_secs_f64());
        });
    }

    pub(super) fn note_retry(&self) {
        self.change(|(progress, _)| progress.retries += 1);
    }

    /// Seconds since the beginning.
    pub(super) fn seconds(&self) -> f64 {
        self.clock.now().duration_since(self.began).as_secs_f64()
    }

    /// Connections that were lost and made again.
    pub(super) fn retries(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0.retries
    }

    fn change(&self, change: impl FnOnce(&mut (Progress, Timestamp))) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        state.0.seconds = self.seconds() as u64;
        self.watch.see(&state.0);
    }
}

fn left(progress: &Progress, seconds: f64) -> Option<u64> {
    if progress.bytes == 0 || seconds <= 0.0 {
        return None;
    }
    let missing = progress.bytes_in_all.saturating_sub(progress.bytes) as f64;
    Some((seconds * missing / progress.bytes as f64).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::{Meter, Phase, Progress};
    use crate::testing::VirtualClock;
    use hcops_model::Clock;

    #[tokio::test]
    async fn the_estimate_follows_the_rate_of_the_phase() {
        let clock = Arc::new(VirtualClock::default());
        let seen = Arc::new(Mutex::new(Vec::<Progress>::new()));
        let keep = Arc::clone(&seen);
        let meter = Meter::new(
            Arc::new(move |progress: &Progress| keep.lock().unwrap().push(progress.clone())),
            Arc::clone(&clock) as Arc<dyn Clock>,
        );
        clock.sleep(Duration::from_secs(100)).await;
        meter.enter(Phase::Contents, 1_000);
        clock.sleep(Duration::from_secs(10)).await;
        meter.advance(250, 7);
        let last = seen.lock().unwrap().last().cloned().unwrap();
        assert_eq!((last.seconds, last.seconds_left, last.rows), (110, Some(30), 7));
    }
}

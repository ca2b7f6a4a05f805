use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use hcops_model::Clock;

/// Keeps the bytes that are read from one database under a rate, all its connections together.
pub(super) struct Pace {
    rate: Option<u64>,
    clock: Arc<dyn Clock>,
    due: Mutex<Option<Timestamp>>,
}

impl Pace {
    /// `rate` in bytes a second; none means as fast as it goes.
    pub(super) fn new(rate: Option<u64>, clock: Arc<dyn Clock>) -> Self {
        Self { rate, clock, due: Mutex::new(None) }
    }

    /// Waits until `bytes` more may be read.
    pub(super) async fn admit(&self, bytes: u64) {
        let wait = self.book(bytes);
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
    }

    /// Books the bytes behind what was booked before, and tells how long to wait for one's turn.
    fn book(&self, bytes: u64) -> Duration {
        let Some(rate) = self.rate else { return Duration::ZERO };
        let cost = Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
        let now = self.clock.now();
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = due.map_or(now, |due| due.max(now));
        *due = Some(turn.checked_add(cost).unwrap_or(Timestamp::MAX));
        Duration::try_from(turn.duration_since(now)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Pace;
    use crate::testing::VirtualClock;
    use hcops_model::Clock;

    #[tokio::test]
    async fn reading_waits_for_its_turn_and_idle_time_is_not_saved_up() {
        let clock = Arc::new(VirtualClock::default());
        let pace = Pace::new(Some(1_000), Arc::clone(&clock) as Arc<dyn Clock>);
        for _ in 0..3 {
            pace.admit(2_000).await;
        }
        assert_eq!(clock.waited().as_secs(), 4, "the first goes at once, each of the others waits two seconds");
        clock.sleep(std::time::Duration::from_secs(3_600)).await;
        let before = clock.waited();
        pace.admit(2_000).await;
        pace.admit(2_000).await;
        assert_eq!((clock.waited() - before).as_secs(), 2);
    }

    #[tokio::test]
    async fn without_a_rate_nothing_waits() {
        let clock = Arc::new(VirtualClock::default());
        Pace::new(None, Arc::clone(&clock) as Arc<dyn Clock>).admit(u64::MAX).await;
        assert!(clock.waited().is_zero());
    }
}

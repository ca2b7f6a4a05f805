//! What may be repeated, and after how long.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;

use super::{WireFault, WireResponse};

/// Repetitions after a broken exchange; with the delays below that is about half a minute.
const REPETITIONS: usize = 5;
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(16);

/// Wait after a 429 that names no time. The bucket refills by 75 calls a minute
/// (`reference/platform-and-data-api.md` section 1, Rate limit).
const WITHOUT_HINT: Duration = Duration::from_secs(30);

/// How long 429 is waited for in all, by the run's clock.
const RATE_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// How much is done for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Persistence {
    /// Repetitions after a broken exchange.
    repetitions: usize,
    /// How long 429 is waited for in all.
    rate_patience: Duration,
    /// Bound on one exchange; none but the call's own where absent.
    pub(super) exchange: Option<Duration>,
}

impl Persistence {
    /// For the steps of a procedure, which can't do without the answer.
    pub(super) const FULL: Self = Self { repetitions: REPETITIONS, rate_patience: RATE_PATIENCE, exchange: None };
    /// For a look at much, of which one part may stay unseen: whoever looks waits at most some half a minute for a part
    /// that does not answer.
    pub(super) const BRIEF: Self =
        Self { repetitions: 1, rate_patience: Duration::from_secs(60), exchange: Some(Duration::from_secs(15)) };
}

/// What to do after an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The answer, good or bad, is the answer.
    Settle,
    /// The same call once more after this time.
    Again(Duration),
}

/// Counts one call's repetitions.
pub(super) struct Patience {
    delays: ExponentialBackoff,
    rate_patience: Duration,
    began: Timestamp,
}

impl Patience {
    /// Patience for a call that begins at `began`. `seed` spreads the delays of callers that were cut at the same time.
    pub(super) fn new(persistence: Persistence, began: Timestamp, seed: u64) -> Self {
        let delays = ExponentialBuilder::default()
            .with_min_delay(SHORTEST)
            .with_max_delay(LONGEST)
            .with_max_times(persistence.repetitions)
            .with_jitter()
            .with_jitter_seed(seed)
            .build();
        Self { delays, rate_patience: persistence.rate_patience, began }
    }

    /// Decides. A call that writes is repeated only when it is known not to have been carried out: it was never sent, or
    /// it was refused for its rate.
    pub(super) fn next(&mut self, writes: bool, outcome: &Result<WireResponse, WireFault>, now: Timestamp) -> Next {
        match outcome {
            Ok(response) if response.status == 429 => self.rate_limited(response, now),
            Ok(response) if response.status >= 500 && !writes => self.later(),
            Err(WireFault::NotSent(_)) => self.later(),
            Err(WireFault::Cut(_) | WireFault::TimedOut(_)) if !writes => self.later(),
            Ok(_) | Err(_) => Next::Settle,
        }
    }

    fn later(&mut self) -> Next {
        self.delays.next().map_or(Next::Settle, Next::Again)
    }

    fn rate_limited(&self, response: &WireResponse, now: Timestamp) -> Next {
        let wait = retry_after(response).unwrap_or(WITHOUT_HINT);
        let waited = Duration::try_from(now.duration_since(self.began)).unwrap_or_default();
        if waited + wait > self.rate_patience { Next::Settle } else { Next::Again(wait) }
    }
}

/// `Retry-After` in seconds; at least one, so that a zero does not become a storm.
fn retry_after(response: &WireResponse) -> Option<Duration> {
    let seconds: u64 = response.header("retry-after")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Result<WireResponse, WireFault> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Ok(WireResponse { status, headers, body: Vec::new() })
    }

    fn first(writes: bool, outcome: &Result<WireResponse, WireFault>) -> Next {
        Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 1).next(writes, outcome, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_write_is_repeated_only_when_it_was_not_carried_out() {
        let cut = Err(WireFault::Cut(String::new()));
        let timed_out = Err(WireFault::TimedOut(Duration::ZERO));
        let not_sent = Err(WireFault::NotSent(String::new()));
        for doubtful in [&cut, &timed_out, &answer(500, &[]), &answer(503, &[])] {
            assert_eq!(first(true, doubtful), Next::Settle, "{doubtful:?}");
            assert_ne!(first(false, doubtful), Next::Settle, "{doubtful:?}");
        }
        assert_ne!(first(true, &not_sent), Next::Settle);
        assert_eq!(first(true, &answer(429, &[])), Next::Again(WITHOUT_HINT));
    }

    #[test]
    fn refusals_and_oversized_answers_are_final() {
        let too_large = Err(WireFault::TooLarge(1));
        for last in [&answer(200, &[]), &answer(404, &[]), &answer(422, &[]), &too_large] {
            assert_eq!(first(false, last), Next::Settle, "{last:?}");
        }
    }

    #[test]
    fn delays_grow_are_bounded_and_end() {
        let mut patience = Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 7);
        let outcome = answer(502, &[]);
        let delays: Vec<Duration> =
            std::iter::from_fn(|| match patience.next(false, &outcome, Timestamp::UNIX_EPOCH) {
                Next::Again(delay) => Some(delay),
                Next::Settle => None,
            })
            .collect();
        assert_eq!(delays.len(), REPETITIONS);
        assert!(delays.iter().all(|delay| *delay >= SHORTEST && *delay <= LONGEST * 2), "{delays:?}");
    }

    #[test]
    fn the_servers_hint_is_taken_but_never_zero() {
        assert_eq!(first(false, &answer(429, &[("retry-after", "7")])), Next::Again(Duration::from_secs(7)));
        assert_eq!(first(false, &answer(429, &[("retry-after", "0")])), Next::Again(Duration::from_secs(1)));
        assert_eq!(first(false, &answer(429, &[("retry-after", "soon")])), Next::Again(WITHOUT_HINT));
        assert_eq!(first(false, &answer(429, &[("retry-after", "86400")])), Next::Settle);
    }

    #[test]
    fn patience_with_the_rate_limit_ends() {
        let mut patience = Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 1);
        let late = Timestamp::UNIX_EPOCH + RATE_PATIENCE;
        assert_eq!(patience.next(false, &answer(429, &[]), late), Next::Settle);
    }

    #[test]
    fn a_brief_look_gives_up_soon() {
        let brief = || Patience::new(Persistence::BRIEF, Timestamp::UNIX_EPOCH, 1);
        let mut patience = brief();
        assert_ne!(patience.next(false, &answer(503, &[]), Timestamp::UNIX_EPOCH), Next::Settle);
        assert_eq!(patience.next(false, &answer(503, &[]), Timestamp::UNIX_EPOCH), Next::Settle);
        assert_ne!(brief().next(false, &answer(429, &[("retry-after", "20")]), Timestamp::UNIX_EPOCH), Next::Settle);
        assert_eq!(brief().next(false, &answer(429, &[("retry-after", "90")]), Timestamp::UNIX_EPOCH), Next::Settle);
    }
}

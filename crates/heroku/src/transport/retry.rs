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
/// (docs/heroku/platform.md, "Rate limit").
const WITHOUT_HINT: Duration = Duration::from_secs(30);

/// How long one call waits for 429 in all, by the run's clock. Whoever can wait longer does so where it is told: the engine
/// waits as long as the server asks, at most for the limit of the step.
const RATE_PATIENCE: Duration = Duration::from_secs(60);

/// After this long no broken exchange is repeated from here: where nothing answers, whoever asked has to hear of it.
const PATIENCE: Duration = Duration::from_secs(45);

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
    /// For what comes before a run, where nobody loses anything by a refusal.
    pub(super) const BEFOREHAND: Self = Self { exchange: Some(Duration::from_secs(15)), ..Self::FULL };
    /// For a look at much, of which one part may stay unseen: whoever looks waits at most some half a minute for a part
    /// that does not answer.
    pub(super) const BRIEF: Self =
        Self { repetitions: 1, rate_patience: RATE_PATIENCE, exchange: Some(BRIEF_EXCHANGE) };
}

/// Bound on one exchange of a brief look.
const BRIEF_EXCHANGE: Duration = Duration::from_secs(10);

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

    /// Decides, for a look: what changes something is never repeated here.
    pub(super) fn next(&mut self, outcome: &Result<WireResponse, WireFault>, now: Timestamp) -> Next {
        match outcome {
            Ok(response) if response.status == 429 => self.rate_limited(response, now),
            Ok(response) if response.status >= 500 => self.later(now),
            Err(WireFault::NotSent(_) | WireFault::Cut(_) | WireFault::TimedOut(_)) => self.later(now),
            Ok(_) | Err(WireFault::TooLarge(_)) => Next::Settle,
        }
    }

    fn later(&mut self, now: Timestamp) -> Next {
        if self.waited(now) > PATIENCE {
            return Next::Settle;
        }
        self.delays.next().map_or(Next::Settle, Next::Again)
    }

    fn rate_limited(&self, response: &WireResponse, now: Timestamp) -> Next {
        let wait = retry_after(response).unwrap_or(WITHOUT_HINT);
        if self.waited(now).saturating_add(wait) > self.rate_patience { Next::Settle } else { Next::Again(wait) }
    }

    fn waited(&self, now: Timestamp) -> Duration {
        Duration::try_from(now.duration_since(self.began)).unwrap_or_default()
    }
}

/// The pause that a 429 asks for: what it names, else the one that refills the bucket a little.
pub(super) fn asked_pause(response: &WireResponse) -> Option<Duration> {
    (response.status == 429).then(|| retry_after(response).unwrap_or(WITHOUT_HINT))
}

/// `Retry-After` in seconds; at least one, so that a zero does not become a storm. What is no number of seconds counts as
/// absent.
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

    fn first(outcome: &Result<WireResponse, WireFault>) -> Next {
        Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 1).next(outcome, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_look_is_repeated_after_what_passes() {
        let cut = Err(WireFault::Cut(String::new()));
        let timed_out = Err(WireFault::TimedOut(Duration::ZERO));
        let not_sent = Err(WireFault::NotSent(String::new()));
        for passing in [&cut, &timed_out, &not_sent, &answer(500, &[]), &answer(503, &[])] {
            assert_ne!(first(passing), Next::Settle, "{passing:?}");
        }
        assert_eq!(first(&answer(429, &[])), Next::Again(WITHOUT_HINT));
    }

    #[test]
    fn what_no_pause_can_be_is_no_hint() {
        let pause = |hint: &str| asked_pause(&answer(429, &[("retry-after", hint)]).unwrap());
        for hint in ["-5", "soon", "", "1.5", "99999999999999999999999"] {
            assert_eq!(pause(hint), Some(WITHOUT_HINT), "{hint}");
        }
        assert_eq!(pause(&u64::MAX.to_string()), Some(Duration::from_secs(u64::MAX)));
        assert_eq!(first(&answer(429, &[("retry-after", &u64::MAX.to_string())])), Next::Settle);
        assert_eq!(asked_pause(&answer(503, &[("retry-after", "5")]).unwrap()), None);
    }

    #[test]
    fn refusals_and_oversized_answers_are_final() {
        let too_large = Err(WireFault::TooLarge(1));
        for last in [&answer(200, &[]), &answer(404, &[]), &answer(422, &[]), &too_large] {
            assert_eq!(first(last), Next::Settle, "{last:?}");
        }
    }

    #[test]
    fn delays_grow_are_bounded_and_end() {
        let mut patience = Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 7);
        let outcome = answer(502, &[]);
        let delays: Vec<Duration> = std::iter::from_fn(|| match patience.next(&outcome, Timestamp::UNIX_EPOCH) {
            Next::Again(delay) => Some(delay),
            Next::Settle => None,
        })
        .collect();
        assert_eq!(delays.len(), REPETITIONS);
        assert!(delays.iter().all(|delay| *delay >= SHORTEST && *delay <= LONGEST * 2), "{delays:?}");
    }

    #[test]
    fn the_servers_hint_is_taken_but_never_zero() {
        assert_eq!(first(&answer(429, &[("retry-after", "7")])), Next::Again(Duration::from_secs(7)));
        assert_eq!(first(&answer(429, &[("retry-after", "0")])), Next::Again(Duration::from_secs(1)));
        assert_eq!(first(&answer(429, &[("retry-after", "soon")])), Next::Again(WITHOUT_HINT));
        assert_eq!(first(&answer(429, &[("retry-after", "86400")])), Next::Settle);
    }

    #[test]
    fn patience_with_the_rate_limit_ends() {
        let mut patience = Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 1);
        let late = Timestamp::UNIX_EPOCH + RATE_PATIENCE;
        assert_eq!(patience.next(&answer(429, &[]), late), Next::Settle);
    }

    #[test]
    fn a_look_that_nobody_answers_is_given_back_soon() {
        let timed_out = Err(WireFault::TimedOut(Duration::from_secs(60)));
        let mut patience = Patience::new(Persistence::FULL, Timestamp::UNIX_EPOCH, 1);
        assert_ne!(patience.next(&timed_out, Timestamp::UNIX_EPOCH + PATIENCE), Next::Settle);
        assert_eq!(patience.next(&timed_out, Timestamp::UNIX_EPOCH + Duration::from_secs(60)), Next::Settle);
    }

    #[test]
    fn a_brief_look_gives_up_soon() {
        let brief = || Patience::new(Persistence::BRIEF, Timestamp::UNIX_EPOCH, 1);
        let mut patience = brief();
        assert_ne!(patience.next(&answer(503, &[]), Timestamp::UNIX_EPOCH), Next::Settle);
        assert_eq!(patience.next(&answer(503, &[]), Timestamp::UNIX_EPOCH), Next::Settle);
        assert_ne!(brief().next(&answer(429, &[("retry-after", "20")]), Timestamp::UNIX_EPOCH), Next::Settle);
        assert_eq!(brief().next(&answer(429, &[("retry-after", "90")]), Timestamp::UNIX_EPOCH), Next::Settle);
    }
}

//! How long a command that only looks waits for servers in all.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Origin;

use hcops_model::Clock;

/// An answer that comes within this time costs nothing: however much is looked at, a server that answers is not given up.
const PROMPT: Duration = Duration::from_secs(2);

/// What a server is given that has not answered once in time.
const SILENT: Duration = Duration::from_secs(2);

/// What a server that answers is given when the time is spent by others: so much more is seen.
const LAST: Duration = Duration::from_secs(1);

/// The time that one command may spend on answers that come late or never. Calls that go on side by side spend it once.
pub(super) struct Budget {
    allowed: Duration,
    spent: Mutex<Spent>,
    silent: Mutex<HashSet<Origin>>,
}

#[derive(Default)]
struct Spent {
    time: Duration,
    calls: usize,
    /// Up to where the time is counted, on the clock that is awake.
    until: Duration,
}

impl Spent {
    fn count(&mut self, now: Duration) {
        if self.calls > 0 {
            self.time += now.saturating_sub(self.until);
        }
        self.until = now;
    }
}

impl Budget {
    pub(super) fn new(allowed: Duration) -> Self {
        Self { allowed, spent: Mutex::default(), silent: Mutex::default() }
    }

    /// What is left of it now.
    pub(super) fn left(&self, clock: &dyn Clock) -> Duration {
        self.with(clock, |spent| self.allowed.saturating_sub(spent.time))
    }

    /// Bound on the next exchange with this origin; nothing where it is not asked any more.
    pub(super) fn limit(&self, origin: &Origin, clock: &dyn Clock) -> Duration {
        let left = self.left(clock);
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner).contains(origin);
        if silent { left.min(SILENT) } else { left.max(LAST.min(self.allowed)) }
    }

    /// Notes whether this origin answered in time.
    pub(super) fn note(&self, origin: Origin, in_time: bool) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if in_time {
            silent.remove(&origin)
        } else {
            silent.insert(origin)
        };
    }

    /// A call begins; it is over when what is returned is dropped.
    pub(super) fn enter<'a>(&'a self, clock: &'a dyn Clock) -> Spending<'a> {
        self.with(clock, |spent| spent.calls += 1);
        Spending { budget: self, clock, began: clock.moment().awake, answered: false }
    }

    fn with<T>(&self, clock: &dyn Clock, change: impl FnOnce(&mut Spent) -> T) -> T {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.count(clock.moment().awake);
        change(&mut spent)
    }
}

/// A call that goes on.
pub(super) struct Spending<'a> {
    budget: &'a Budget,
    clock: &'a dyn Clock,
    began: Duration,
    answered: bool,
}

impl Spending<'_> {
    /// The call was answered.
    pub(super) const fn answered(&mut self) {
        self.answered = true;
    }
}

impl Drop for Spending<'_> {
    fn drop(&mut self) {
        let took = self.clock.moment().awake.saturating_sub(self.began);
        let given_back = if self.answered && took <= PROMPT { took } else { Duration::ZERO };
        self.budget.with(self.clock, |spent| {
            spent.calls -= 1;
            spent.time = spent.time.saturating_sub(given_back);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::JumpingClock;

    const ALLOWED: Duration = Duration::from_secs(20);

    async fn pass(clock: &JumpingClock, seconds: u64) {
        clock.sleep(Duration::from_secs(seconds)).await;
    }

    #[tokio::test]
    async fn late_answers_spend_it_and_prompt_ones_do_not() {
        let (clock, budget) = (JumpingClock::new(), Budget::new(ALLOWED));
        for _ in 0..100 {
            let mut call = budget.enter(&*clock);
            pass(&clock, 2).await;
            call.answered();
        }
        assert_eq!(budget.left(&*clock), ALLOWED);
        pass(&clock, 3600).await;
        assert_eq!(budget.left(&*clock), ALLOWED, "time between calls is nobody's");
        let mut late = budget.enter(&*clock);
        pass(&clock, 3).await;
        late.answered();
        drop(late);
        assert_eq!(budget.left(&*clock), Duration::from_secs(17));
        let never = budget.enter(&*clock);
        pass(&clock, 2).await;
        drop(never);
        assert_eq!(budget.left(&*clock), Duration::from_secs(15), "what is not answered is spent however short it was");
    }

    #[tokio::test]
    async fn one_server_that_is_silent_does_not_hide_what_another_shows() {
        let origin = |text: &str| url::Url::parse(text).unwrap().origin();
        let (silent, good) = (origin("https://hc-central.heroku.com"), origin("https://api.heroku.com"));
        let (clock, budget) = (JumpingClock::new(), Budget::new(ALLOWED));
        let limits = |budget: &Budget| [&silent, &good].map(|origin| budget.limit(origin, &*clock).as_secs());
        assert_eq!(limits(&budget), [20, 20]);
        let call = budget.enter(&*clock);
        pass(&clock, 10).await;
        budget.note(silent.clone(), false);
        drop(call);
        assert_eq!(limits(&budget), [2, 10]);
        let _call = budget.enter(&*clock);
        pass(&clock, 10).await;
        assert_eq!(limits(&budget), [0, 1]);
        budget.note(good.clone(), false);
        assert_eq!(limits(&budget), [0, 0], "and then there is an end");
    }

    #[tokio::test]
    async fn calls_side_by_side_spend_it_once() {
        let (clock, budget) = (JumpingClock::new(), Budget::new(ALLOWED));
        let calls = [(); 4].map(|()| budget.enter(&*clock));
        pass(&clock, 5).await;
        assert_eq!(budget.left(&*clock), Duration::from_secs(15));
        drop(calls);
        assert_eq!(budget.left(&*clock), Duration::from_secs(15));
        let _hanging = budget.enter(&*clock);
        pass(&clock, 60).await;
        assert_eq!(budget.left(&*clock), Duration::ZERO);
    }
}

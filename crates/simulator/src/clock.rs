//! The simulator's own time: stands still until someone waits or advances it, or runs faster than the machine's.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use hcops_model::{Clock, Moment};

/// How many times a sleeper lets others go first before it moves a paused clock by itself.
const PATIENCE: u32 = 64;

/// How the simulated time moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClockMode {
    /// It stands still; a sleep moves it to the sleeper's end at once, so a whole procedure takes milliseconds.
    Paused,
    /// It runs this many times as fast as the machine's clock (greater than 0).
    Scaled(f64),
}

/// A [`Clock`] whose time is simulated.
pub struct SimulatedClock {
    mode: ClockMode,
    state: Mutex<State>,
    listener: Mutex<Option<Listener>>,
}

/// Told that the time has moved.
type Listener = Arc<dyn Fn() + Send + Sync>;

struct State {
    /// The virtual time at `anchor` (scaled), or simply the virtual time (paused).
    virtual_time: Timestamp,
    anchor: Instant,
    /// How much of the virtual time a machine slept.
    slept: Duration,
    /// How far the clock on the wall was set away from the virtual time.
    set_by: SignedDuration,
    /// Ends of the sleeps under way on a paused clock, by ticket.
    sleepers: BTreeMap<u64, Timestamp>,
    next_ticket: u64,
}

impl SimulatedClock {
    /// A clock that shows `start` now. A speed that is no positive number cannot be kept: such a clock stands still.
    #[must_use]
    pub fn new(start: Timestamp, mode: ClockMode) -> Self {
        let mode = match mode {
            ClockMode::Scaled(speed) if !(speed.is_finite() && speed > 0.0) => ClockMode::Paused,
            other => other,
        };
        let state = State {
            virtual_time: start,
            anchor: machine_instant(),
            slept: Duration::ZERO,
            set_by: SignedDuration::ZERO,
            sleepers: BTreeMap::new(),
            next_ticket: 0,
        };
        Self { mode, state: Mutex::new(state), listener: Mutex::new(None) }
    }

    /// A clock that stands still at `start`.
    #[must_use]
    pub fn paused(start: Timestamp) -> Self {
        Self::new(start, ClockMode::Paused)
    }

    /// How the time moves.
    #[must_use]
    pub const fn mode(&self) -> ClockMode {
        self.mode
    }

    /// Virtual seconds for each real one; 0 for a paused clock.
    #[must_use]
    pub const fn speed(&self) -> f64 {
        match self.mode {
            ClockMode::Paused => 0.0,
            ClockMode::Scaled(speed) => speed,
        }
    }

    /// Moves the time forward by `duration`.
    pub fn advance(&self, duration: Duration) {
        {
            let mut state = self.lock();
            state.virtual_time = later(state.virtual_time, duration);
        }
        self.tell();
    }

    /// Moves the time forward as for a machine that slept meanwhile (a laptop whose lid was closed).
    pub fn suspend(&self, duration: Duration) {
        self.lock().slept += duration;
        self.advance(duration);
    }

    /// Sets the clock on the machine's wall away from the time, as somebody who sets it does. The world's own time, by
    /// [`Clock::now`], is not touched by it.
    pub fn set_wall(&self, by: SignedDuration) {
        let mut state = self.lock();
        state.set_by = state.set_by.saturating_add(by);
    }

    /// Calls `listener` whenever a sleep on a paused clock, or [`Self::advance`], has moved the time, before the sleeper
    /// goes on.
    pub fn on_move(&self, listener: impl Fn() + Send + Sync + 'static) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(listener));
    }

    /// Nothing of the clock is held meanwhile: the listener may ask for the time.
    fn tell(&self) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// On a paused clock the earliest of all sleepers moves the time; the others find it moved when they look again. So
    /// waits that run side by side take as long as the longest of them, not their sum.
    async fn sleep_paused(&self, duration: Duration) {
        let sleeper = Sleeper::register(self, duration);
        for _ in 0..PATIENCE {
            tokio::task::yield_now().await;
            if sleeper.try_wake() {
                return self.tell();
            }
        }
        sleeper.wake();
        self.tell();
    }
}

struct Sleeper<'clock> {
    clock: &'clock SimulatedClock,
    ticket: u64,
    end: Timestamp,
}

impl<'clock> Sleeper<'clock> {
    fn register(clock: &'clock SimulatedClock, duration: Duration) -> Self {
        let mut state = clock.lock();
        let end = later(state.virtual_time, duration);
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.sleepers.insert(ticket, end);
        Self { clock, ticket, end }
    }

    fn try_wake(&self) -> bool {
        let mut state = self.clock.lock();
        let earliest = state.sleepers.values().min().copied();
        if state.virtual_time < self.end && earliest == Some(self.end) {
            state.virtual_time = self.end;
        }
        state.virtual_time >= self.end
    }

    fn wake(&self) {
        let mut state = self.clock.lock();
        state.virtual_time = state.virtual_time.max(self.end);
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.lock().sleepers.remove(&self.ticket);
    }
}

#[async_trait]
impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let state = self.lock();
        match self.mode {
            ClockMode::Paused => state.virtual_time,
            ClockMode::Scaled(speed) => later(state.virtual_time, state.anchor.elapsed().mul_f64(speed)),
        }
    }

    /// Where the time runs faster than the machine's, a look would be old as soon as it was made: there it ages by the
    /// machine's.
    fn moment(&self) -> Moment {
        let state = self.lock();
        let base = match self.mode {
            ClockMode::Paused => state.virtual_time,
            ClockMode::Scaled(_) => later(Timestamp::UNIX_EPOCH, state.anchor.elapsed() + state.slept),
        };
        let all = Moment::of(base);
        let wall = base.checked_add(state.set_by).unwrap_or(base);
        Moment { wall, awake: all.awake.saturating_sub(state.slept), ..all }
    }

    fn pace(&self) -> f64 {
        self.speed().max(1.0)
    }

    async fn sleep(&self, duration: Duration) {
        match self.mode {
            ClockMode::Paused => self.sleep_paused(duration).await,
            ClockMode::Scaled(speed) => machine_sleep(duration.div_f64(speed)).await,
        }
    }
}

impl fmt::Debug for SimulatedClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SimulatedClock({}, {:?})", self.now(), self.mode)
    }
}

fn later(time: Timestamp, duration: Duration) -> Timestamp {
    let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the door of the simulator's scaled time to the machine's clock")]
fn machine_instant() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the door of the simulator's scaled time to the machine's clock")]
async fn machine_sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Does something again and again in a thread of its own, until it is dropped.
pub(super) struct Ticker {
    _ends_it: Sender<()>,
}

impl Ticker {
    /// Does it each time that so much real time has passed.
    pub(super) fn every(span: Duration, act: impl Fn() + Send + 'static) -> Self {
        let (ends_it, ended) = channel::<()>();
        std::thread::spawn(move || {
            while ended.recv_timeout(span) == Err(RecvTimeoutError::Timeout) {
                act();
            }
        });
        Self { _ends_it: ends_it }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2026-11-22T01:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn sleeping_moves_a_paused_clock_at_once() {
        let clock = SimulatedClock::paused(start());
        clock.sleep(Duration::from_secs(3600)).await;
        assert_eq!(clock.now().to_string(), "2026-11-22T02:00:00Z");
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.now().to_string(), "2026-11-22T02:01:00Z");
    }

    #[tokio::test]
    async fn waits_side_by_side_take_as_long_as_the_longest() {
        let clock = SimulatedClock::paused(start());
        let wait = Duration::from_secs;
        tokio::join!(clock.sleep(wait(5)), clock.sleep(wait(9)), async {
            clock.sleep(wait(2)).await;
            clock.sleep(wait(2)).await;
        });
        assert_eq!(clock.now().to_string(), "2026-11-22T01:00:09Z");
    }

    #[tokio::test]
    async fn a_listener_hears_of_the_time_before_the_sleeper_goes_on() {
        let clock = Arc::new(SimulatedClock::paused(start()));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (inner, ear) = (Arc::downgrade(&clock), Arc::clone(&heard));
        clock.on_move(move || ear.lock().unwrap().push(inner.upgrade().unwrap().now().to_string()));
        clock.sleep(Duration::from_secs(60)).await;
        assert_eq!(*heard.lock().unwrap(), ["2026-11-22T01:01:00Z"]);
        clock.advance(Duration::from_secs(60));
        assert_eq!(*heard.lock().unwrap(), ["2026-11-22T01:01:00Z", "2026-11-22T01:02:00Z"]);
    }

    #[tokio::test]
    async fn a_sleep_that_was_dropped_holds_nobody_up() {
        let clock = SimulatedClock::paused(start());
        let mut early = Box::pin(clock.sleep(Duration::from_secs(1)));
        tokio::select! { biased; () = &mut early => (), () = std::future::ready(()) => () }
        drop(early);
        clock.sleep(Duration::from_secs(10)).await;
        assert_eq!(clock.now().to_string(), "2026-11-22T01:00:10Z");
    }

    #[tokio::test]
    async fn an_impossible_speed_stands_still() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let clock = SimulatedClock::new(start(), ClockMode::Scaled(speed));
            clock.sleep(Duration::from_secs(5)).await;
            assert_eq!(clock.now().to_string(), "2026-11-22T01:00:05Z");
        }
    }

    #[tokio::test]
    async fn a_scaled_clock_runs_faster_than_the_machine() {
        let clock = SimulatedClock::new(start(), ClockMode::Scaled(36_000.0));
        clock.sleep(Duration::from_secs(360)).await;
        assert!(clock.now() >= later(start(), Duration::from_secs(360)));
    }
}

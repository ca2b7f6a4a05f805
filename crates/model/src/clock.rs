//! Time, handed in from outside so that a whole procedure can be rehearsed in milliseconds.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// A source of the present moment and of waiting.
///
/// The engine, the clients' retries and the simulator all use the clock they were given; nothing else may read the
/// machine's clock or sleep.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment on this clock (UTC).
    fn now(&self) -> Timestamp;

    /// The present moment on all clocks of the machine, read together.
    fn moment(&self) -> Moment;

    /// Waits until `duration` has passed on this clock.
    async fn sleep(&self, duration: Duration);

    /// Returns when the people who wait have waited for `duration`, whatever this clock says meanwhile; never where nobody
    /// does, because time is only simulated. It moves no clock on.
    async fn felt(&self, duration: Duration) {
        let _nobody_waits = duration;
        std::future::pending().await
    }

    /// How many seconds pass on this clock while one passes for the people who use it: more than 1 where a simulator
    /// runs fast.
    fn pace(&self) -> f64 {
        1.0
    }
}

/// How far two clocks may come apart before that means something: adjustments by a time service stay far below it.
const TOLERANCE: Duration = Duration::from_secs(5);

/// One moment on the three clocks of a machine. Each of them fails in its own way, and together they tell how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The clock on the wall, which somebody may set.
    pub wall: Timestamp,
    /// Since the machine started, its sleep included.
    pub boot: Duration,
    /// The same without its sleep.
    pub awake: Duration,
}

/// What made the time between two moments another than it seems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFault {
    /// The machine slept for so long.
    Slept(Duration),
    /// The clock on the wall was set forward by so much.
    SetForward(Duration),
    /// The clock on the wall was set back by so much.
    SetBack(Duration),
}

impl Moment {
    /// The moment on a machine whose clocks agree and which never sleeps.
    #[must_use]
    pub fn of(wall: Timestamp) -> Self {
        let since_epoch = Duration::try_from(wall.duration_since(Timestamp::UNIX_EPOCH)).unwrap_or_default();
        Self { wall, boot: since_epoch, awake: since_epoch }
    }

    /// How old what was seen then is now; sleep counts, and a clock that was set does not.
    #[must_use]
    pub const fn age_at(&self, now: &Self) -> Duration {
        now.boot.saturating_sub(self.boot)
    }

    /// What happened to the machine or its clock between then and `now`, where anything did.
    #[must_use]
    pub fn fault_until(&self, now: &Self) -> Option<TimeFault> {
        let passed = self.age_at(now);
        let slept = passed.saturating_sub(now.awake.saturating_sub(self.awake));
        if slept > TOLERANCE {
            return Some(TimeFault::Slept(slept));
        }
        let on_the_wall = now.wall.duration_since(self.wall);
        let passed = jiff::SignedDuration::try_from(passed).unwrap_or(jiff::SignedDuration::MAX);
        let set = on_the_wall.saturating_sub(passed);
        match set.unsigned_abs() {
            by if by <= TOLERANCE => None,
            by if set.is_negative() => Some(TimeFault::SetBack(by)),
            by => Some(TimeFault::SetForward(by)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall: i64, boot: u64, awake: u64) -> Moment {
        Moment {
            wall: Timestamp::from_second(wall).unwrap(),
            boot: Duration::from_secs(boot),
            awake: Duration::from_secs(awake),
        }
    }

    #[test]
    fn sleep_and_a_clock_that_was_set_are_told_apart_from_time_that_passed() {
        let then = moment(1_000, 100, 50);
        let hours = Duration::from_secs(14_400);
        for (now, fault, age) in [
            (moment(1_030, 130, 80), None, 30),
            (moment(1_034, 130, 80), None, 30),
            (moment(15_430, 14_530, 80), Some(TimeFault::Slept(hours)), 14_430),
            (moment(15_430, 130, 80), Some(TimeFault::SetForward(hours)), 30),
            (moment(-13_370, 130, 80), Some(TimeFault::SetBack(hours)), 30),
            (moment(15_430, 14_530, 14_480), None, 14_430),
        ] {
            assert_eq!((then.fault_until(&now), then.age_at(&now)), (fault, Duration::from_secs(age)), "{now:?}");
        }
    }
}

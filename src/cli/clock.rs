//! The door to the machine's clock, and the clock that follows a simulator's.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::Url;

use hcops_heroku::transport::{Body, Wire, WireRequest};
use hcops_model::{Clock, Moment};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        machine_time()
    }

    fn moment(&self) -> Moment {
        machine_moment(machine_time())
    }

    async fn sleep(&self, duration: Duration) {
        machine_sleep(duration).await;
    }

    async fn felt(&self, duration: Duration) {
        machine_sleep(duration).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the machine's clock")]
fn machine_time() -> Timestamp {
    Timestamp::now()
}

fn machine_moment(wall: Timestamp) -> Moment {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let awake = machine_instant().duration_since(*FIRST.get_or_init(machine_instant));
    Moment { wall, boot: since_boot().unwrap_or(awake), awake }
}

/// The clock that counts the machine's sleep (clock_gettime(2)).
#[cfg(any(target_os = "linux", target_os = "android"))]
fn since_boot() -> Option<Duration> {
    Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::Boottime)).ok()
}

/// There `CLOCK_MONOTONIC` counts the machine's sleep, which `Instant` does not (clock_gettime(3)).
#[cfg(target_vendor = "apple")]
fn since_boot() -> Option<Duration> {
    Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic)).ok()
}

/// Elsewhere sleep shows only by the clock on the wall.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
const fn since_boot() -> Option<Duration> {
    None
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the machine's clock")]
fn machine_instant() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the machine's clock")]
async fn machine_sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// A clock that goes with a simulator's: as fast as that one, and where that one stands still, waiting moves it on.
pub(super) struct FollowingClock {
    wire: Arc<dyn Wire>,
    origin: Url,
    last: Mutex<Reading>,
}

/// What the simulator's clock said, and when.
struct Reading {
    theirs: Timestamp,
    ours: Instant,
    speed: f64,
    paused: bool,
}

/// The simulator's answer to `GET /simulator/clock`.
#[derive(Deserialize)]
struct Told {
    now: Timestamp,
    #[serde(default = "one")]
    speed: f64,
    #[serde(default)]
    paused: bool,
}

const fn one() -> f64 {
    1.0
}

impl From<Told> for Reading {
    fn from(told: Told) -> Self {
        Self { theirs: told.now, ours: machine_instant(), speed: told.speed.max(0.001), paused: told.paused }
    }
}

impl FollowingClock {
    /// The clock of the simulator at `origin`; `None` when nothing there tells its time.
    pub(super) async fn of(wire: Arc<dyn Wire>, origin: &Url) -> Option<Self> {
        let told = ask(&*wire, origin, "GET", "/simulator/clock", Body::None).await?;
        Some(Self { wire, origin: origin.clone(), last: Mutex::new(told.into()) })
    }

    fn with_last<T>(&self, use_it: impl FnOnce(&mut Reading) -> T) -> T {
        use_it(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn ask(wire: &dyn Wire, origin: &Url, method: &str, path: &str, body: Body) -> Option<Told> {
    let request = WireRequest {
        method: method.to_owned(),
        url: origin.join(path).ok()?,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
        timeout: Duration::from_secs(5),
    };
    let response = wire.send(request).await.ok().filter(|response| response.status == 200)?;
    serde_json::from_slice(&response.body).ok()
}

#[async_trait]
impl Clock for FollowingClock {
    fn now(&self) -> Timestamp {
        self.with_last(|last| {
            if last.paused {
                return last.theirs;
            }
            let passed = machine_instant().duration_since(last.ours).mul_f64(last.speed);
            SignedDuration::try_from(passed)
                .ok()
                .and_then(|passed| last.theirs.checked_add(passed).ok())
                .unwrap_or(last.theirs)
        })
    }

    /// Where the simulator's time runs faster than the machine's, a look would be old as soon as it was made: there it ages
    /// by the machine's.
    fn moment(&self) -> Moment {
        let (paused, theirs) = self.with_last(|last| (last.paused, last.theirs));
        if paused { Moment::of(theirs) } else { machine_moment(machine_time()) }
    }

    async fn felt(&self, duration: Duration) {
        machine_sleep(duration).await;
    }

    fn pace(&self) -> f64 {
        self.with_last(|last| if last.paused { 1.0 } else { last.speed.max(1.0) })
    }

    async fn sleep(&self, duration: Duration) {
        let (paused, speed) = self.with_last(|last| (last.paused, last.speed));
        if !paused {
            return machine_sleep(duration.div_f64(speed)).await;
        }
        let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
        let body = serde_json::json!({ "seconds": seconds }).to_string();
        let advanced =
            ask(&*self.wire, &self.origin, "POST", "/simulator/advance", Body::Json(body.into_bytes())).await;
        let told = match advanced {
            Some(told) => Some(told),
            None => ask(&*self.wire, &self.origin, "GET", "/simulator/clock", Body::None).await,
        };
        match told {
            Some(told) => self.with_last(|last| *last = told.into()),
            // The simulator is gone. Its time goes on here, so that a wait for something that is gone with it has an end;
            // a moment of the machine's, so that whoever retries does not spin.
            None => {
                machine_sleep(Duration::from_millis(200)).await;
                self.with_last(|last| {
                    last.theirs = last
                        .theirs
                        .checked_add(SignedDuration::from_secs(seconds.cast_signed()))
                        .unwrap_or(last.theirs);
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hcops_heroku::transport::{WireFault, WireResponse};

    /// A simulator of which only the clock is there.
    struct Simulator {
        now: Mutex<Timestamp>,
        paused: bool,
    }

    #[async_trait]
    impl Wire for Simulator {
        async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
            let mut now = self.now.lock().unwrap();
            if let ("/simulator/advance", Body::Json(body)) = (request.url.path(), &request.body) {
                let seconds = serde_json::from_slice::<serde_json::Value>(body).unwrap()["seconds"].as_u64().unwrap();
                *now += SignedDuration::from_secs(seconds.try_into().unwrap());
            }
            let body =
                serde_json::json!({ "now": *now, "speed": if self.paused { 0.0 } else { 1e6 }, "paused": self.paused });
            Ok(WireResponse { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() })
        }
    }

    async fn following(paused: bool) -> FollowingClock {
        let wire = Arc::new(Simulator { now: Mutex::new(Timestamp::UNIX_EPOCH), paused });
        FollowingClock::of(wire, &"http://127.0.0.1:1/".parse().unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn waiting_moves_a_clock_that_stands_still() {
        let clock = following(true).await;
        clock.sleep(Duration::from_millis(89_500)).await;
        assert_eq!(clock.now().as_second(), 90);
    }

    /// A simulator that has ended.
    struct Gone;

    #[async_trait]
    impl Wire for Gone {
        async fn send(&self, _: WireRequest) -> Result<WireResponse, WireFault> {
            Err(WireFault::NotSent("connection refused".into()))
        }
    }

    #[tokio::test]
    async fn a_wait_for_a_simulator_that_is_gone_has_an_end() {
        let last = Mutex::new(Told { now: Timestamp::UNIX_EPOCH, speed: 0.0, paused: true }.into());
        let clock = FollowingClock { wire: Arc::new(Gone), origin: "http://127.0.0.1:1/".parse().unwrap(), last };
        clock.sleep(Duration::from_secs(3600)).await;
        assert_eq!(clock.now().as_second(), 3600);
    }

    #[tokio::test]
    async fn a_fast_simulator_is_followed() {
        let clock = following(false).await;
        clock.sleep(Duration::from_secs(3600)).await;
        assert!(clock.now().as_second() >= 3600);
    }
}

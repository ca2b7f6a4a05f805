//! Keeps within the rate limit: 4,500 calls an hour and account, refilled by 75 a minute
//! (docs/heroku/platform.md, "Rate limit").

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use url::Origin;

use super::WireResponse;

/// Below this many calls left, calls are spread.
const LOW: u32 = 200;
/// Wait before a call when few are left: slower than the bucket refills.
const SPREAD: Duration = Duration::from_secs(1);
/// Wait before a call when none is left.
const EMPTY: Duration = Duration::from_secs(10);

/// What each origin last said about the calls that are left, and when its next call may go.
#[derive(Default)]
pub(super) struct Pace {
    origins: Mutex<HashMap<Origin, Budget>>,
}

struct Budget {
    remaining: u32,
    /// The moment that was given to the newest call; the next one goes later.
    taken: Option<Timestamp>,
}

impl Pace {
    /// Notes the answer's `RateLimit-Remaining`, where it has one.
    pub(super) fn note(&self, origin: Origin, response: &WireResponse) {
        let remaining = response.header("ratelimit-remaining").and_then(|text| text.trim().parse().ok());
        if let Some(remaining) = remaining {
            let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
            origins.entry(origin).or_insert(Budget { remaining, taken: None }).remaining = remaining;
        }
    }

    /// Time to wait before the next call to this origin. Calls that ask at the same time get one after the other.
    pub(super) fn wait_before(&self, origin: &Origin, now: Timestamp) -> Option<Duration> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = origins.get_mut(origin)?;
        let apart = match budget.remaining {
            0 => EMPTY,
            few if few < LOW => SPREAD,
            _ => return None,
        };
        let moment = budget.taken.map_or(now, |taken| taken.max(now)) + apart;
        budget.taken = Some(moment);
        Duration::try_from(moment.duration_since(now)).ok()
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn calls_are_spread_when_few_are_left_and_only_at_that_origin() {
        let pace = Pace::default();
        let platform = Url::parse("https://api.heroku.com").unwrap().origin();
        let data = Url::parse("https://api.data.heroku.com").unwrap().origin();
        let mut now = Timestamp::UNIX_EPOCH;
        for (left, wait) in [("4000", None), ("199", Some(SPREAD)), ("0", Some(EMPTY)), ("nonsense", Some(EMPTY))] {
            now += Duration::from_secs(60);
            let headers = vec![("ratelimit-remaining".to_owned(), left.to_owned())];
            pace.note(platform.clone(), &WireResponse { status: 200, headers, body: Vec::new() });
            assert_eq!(pace.wait_before(&platform, now), wait, "{left}");
            assert_eq!(pace.wait_before(&data, now), None);
        }
    }

    #[test]
    fn calls_that_come_together_go_one_after_the_other() {
        let pace = Pace::default();
        let origin = Url::parse("https://api.heroku.com").unwrap().origin();
        let headers = vec![("ratelimit-remaining".to_owned(), "5".to_owned())];
        pace.note(origin.clone(), &WireResponse { status: 200, headers, body: Vec::new() });
        let waits = [(); 3].map(|()| pace.wait_before(&origin, Timestamp::UNIX_EPOCH));
        assert_eq!(waits, [1, 2, 3].map(|times| Some(SPREAD * times)));
    }
}

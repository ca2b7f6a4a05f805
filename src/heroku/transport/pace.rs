//! Keeps within the rate limit: 4,500 calls an hour and account, refilled by 75 a minute
//! (`reference/platform-and-data-api.md` section 1, Rate limit).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Origin;

use super::WireResponse;

/// Below this many calls left, calls are spread.
const LOW: u32 = 200;
/// Wait before a call when few are left: slower than the bucket refills.
const SPREAD: Duration = Duration::from_secs(1);
/// Wait before a call when none is left.
const EMPTY: Duration = Duration::from_secs(10);

/// What each origin last said about the calls that are left.
#[derive(Default)]
pub(super) struct Pace {
    remaining: Mutex<HashMap<Origin, u32>>,
}

impl Pace {
    /// Notes the answer's `RateLimit-Remaining`, where it has one.
    pub(super) fn note(&self, origin: Origin, response: &WireResponse) {
        let remaining = response.header("ratelimit-remaining").and_then(|text| text.trim().parse().ok());
        if let Some(remaining) = remaining {
            self.remaining.lock().unwrap_or_else(PoisonError::into_inner).insert(origin, remaining);
        }
    }

    /// Time to wait before the next call to this origin.
    pub(super) fn wait_before(&self, origin: &Origin) -> Option<Duration> {
        match self.remaining.lock().unwrap_or_else(PoisonError::into_inner).get(origin) {
            Some(0) => Some(EMPTY),
            Some(few) if *few < LOW => Some(SPREAD),
            _ => None,
        }
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
        for (left, wait) in [("4000", None), ("199", Some(SPREAD)), ("0", Some(EMPTY)), ("nonsense", Some(EMPTY))] {
            let headers = vec![("ratelimit-remaining".to_owned(), left.to_owned())];
            pace.note(platform.clone(), &WireResponse { status: 200, headers, body: Vec::new() });
            assert_eq!(pace.wait_before(&platform), wait, "{left}");
            assert_eq!(pace.wait_before(&data), None);
        }
    }
}

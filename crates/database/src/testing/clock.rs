use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use hcops_model::{Clock, Moment};

/// A clock on which waiting takes no time and is remembered.
#[derive(Debug, Default)]
pub(crate) struct VirtualClock {
    waited: Mutex<Duration>,
}

impl VirtualClock {
    pub(crate) fn waited(&self) -> Duration {
        *self.waited.lock().unwrap()
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH.checked_add(self.waited()).unwrap()
    }

    fn moment(&self) -> Moment {
        Moment::of(self.now())
    }

    async fn sleep(&self, duration: Duration) {
        *self.waited.lock().unwrap() += duration;
        tokio::task::yield_now().await;
    }
}

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

    /// Waits until `duration` has passed on this clock.
    async fn sleep(&self, duration: Duration);
}

use tokio::sync::watch;

/// The wish to stop: once for the next safe point, twice for now.
///
/// Clones share one wish, so a signal handler keeps one and the engine another.
#[derive(Debug, Clone)]
pub struct Stop {
    requests: watch::Sender<u8>,
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stop {
    /// A stop that nobody has asked for yet.
    #[must_use]
    pub fn new() -> Self {
        Self { requests: watch::Sender::new(0) }
    }

    /// Asks to stop: the first time at the next safe point (an act in flight is finished and its receipt written,
    /// waits end at once), the second time now.
    pub fn request(&self) {
        self.requests.send_modify(|count| *count = count.saturating_add(1));
    }

    /// Whether anybody asked.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.requests.borrow() >= 1
    }

    /// Returns as soon as a stop has been asked for.
    pub async fn requested(&self) {
        self.at_least(1).await;
    }

    /// Returns as soon as a stop has been asked for twice.
    pub async fn requested_twice(&self) {
        self.at_least(2).await;
    }

    async fn at_least(&self, wanted: u8) {
        // The sender lives in `self`, so waiting cannot fail; if it did, returning means stopping, which is safe.
        let _ = self.requests.subscribe().wait_for(|count| *count >= wanted).await;
    }
}

#[cfg(test)]
mod tests {
    use super::Stop;

    #[tokio::test]
    async fn a_request_wakes_whoever_waits_for_it() {
        let stop = Stop::new();
        let waiting = stop.clone();
        let waiter = tokio::spawn(async move { waiting.requested().await });
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        stop.request();
        waiter.await.unwrap();
        assert!(stop.is_requested());
    }

    #[tokio::test]
    async fn once_is_not_twice() {
        let stop = Stop::new();
        stop.request();
        let waiting = stop.clone();
        let waiter = tokio::spawn(async move { waiting.requested_twice().await });
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        stop.request();
        waiter.await.unwrap();
    }
}

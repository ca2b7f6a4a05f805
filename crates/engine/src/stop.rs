use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use hcops_journal::stop_request::Letterbox;
use hcops_model::{StopCause, StopWish};

/// The wish to stop: once for the next safe point, twice for now.
///
/// Clones share one wish, so a signal handler keeps one and the engine another. Where a letterbox is fitted, each safe
/// point also looks whether another process has put a request into it.
#[derive(Debug, Clone)]
pub struct Stop {
    requests: watch::Sender<u8>,
    acting: watch::Sender<bool>,
    suspensions: Arc<AtomicU64>,
    wish: Arc<Mutex<Option<StopWish>>>,
    letterbox: Arc<Mutex<Option<Letterbox>>>,
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
        Self {
            requests: watch::Sender::new(0),
            acting: watch::Sender::new(false),
            suspensions: Arc::default(),
            wish: Arc::default(),
            letterbox: Arc::default(),
        }
    }

    /// From now on a request in this letterbox counts as well.
    pub fn fit(&self, letterbox: Letterbox) {
        *self.letterbox.lock().unwrap_or_else(PoisonError::into_inner) = Some(letterbox);
    }

    /// Asks to stop: the first time at the next safe point (an act in flight is finished and its receipt written,
    /// waits end at once), the second time now.
    pub fn request(&self) {
        self.request_by(StopWish::of(StopCause::Interrupt));
    }

    /// The same, saying whose wish it is. The first wish is the one that is remembered.
    pub fn request_by(&self, wish: StopWish) {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(wish);
        self.requests.send_modify(|count| *count = count.saturating_add(1));
    }

    /// Whether anybody asked.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.look_into_letterbox();
        *self.requests.borrow() >= 1
    }

    /// Whose wish it is.
    #[must_use]
    pub fn wish(&self) -> Option<StopWish> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a request out of the letterbox, where one is meant for this process. It counts once however often it is
    /// seen: only an impatient Ctrl-C says "now".
    pub fn look_into_letterbox(&self) {
        if *self.requests.borrow() >= 1 {
            return;
        }
        let letter = self.letterbox.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(Letterbox::look);
        if let Some(wish) = letter {
            self.request_by(wish);
        }
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

    /// Says that an act is in flight, until what is returned is dropped.
    pub(super) fn acting(&self) -> Acting<'_> {
        self.acting.send_replace(true);
        Acting(self)
    }

    /// Whether an act is in flight.
    #[must_use]
    pub fn is_acting(&self) -> bool {
        *self.acting.borrow()
    }

    /// Returns as soon as no act is in flight.
    pub async fn between_acts(&self) {
        let _ = self.acting.subscribe().wait_for(|acting| !acting).await;
    }

    /// Says that the process stood still for an unknown time and goes on: what was seen before is old.
    pub fn went_on(&self) {
        self.suspensions.fetch_add(1, Ordering::Relaxed);
    }

    /// How often the process stood still. A look from before the newest time says nothing about now.
    #[must_use]
    pub fn suspensions(&self) -> u64 {
        self.suspensions.load(Ordering::Relaxed)
    }
}

/// An act in flight.
pub(super) struct Acting<'a>(&'a Stop);

impl Drop for Acting<'_> {
    fn drop(&mut self) {
        self.0.acting.send_replace(false);
    }
}

#[cfg(test)]
mod tests {
    use super::{Letterbox, Stop, StopCause, StopWish};
    use hcops_journal::stop_request::StopRequest;

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

    #[test]
    fn the_first_wish_is_remembered() {
        let stop = Stop::new();
        assert_eq!(stop.wish(), None);
        stop.request_by(StopWish::of(StopCause::TerminalClosed));
        stop.request();
        assert_eq!(stop.wish().unwrap().cause, StopCause::TerminalClosed);
    }

    #[test]
    fn a_request_in_the_letterbox_is_heard_at_the_next_safe_point_and_counts_once() {
        let directory = tempfile::tempdir().unwrap();
        let stop = Stop::new();
        stop.fit(Letterbox::open(directory.path(), 2));
        assert!(!stop.is_requested());
        let (by, machine, at) = ("ada".to_owned(), "engine-room".to_owned(), jiff::Timestamp::UNIX_EPOCH);
        StopRequest { by, machine, at, fence: 2 }.put_into(directory.path()).unwrap();
        assert!(stop.is_requested() && stop.is_requested());
        let wish = stop.wish().unwrap();
        assert_eq!((wish.cause, wish.by.as_deref()), (StopCause::Requested, Some("ada")));
    }

    #[tokio::test]
    async fn a_suspension_waits_for_the_act_in_flight() {
        let stop = Stop::new();
        let acting = stop.acting();
        let waiting = stop.clone();
        let waiter = tokio::spawn(async move { waiting.between_acts().await });
        tokio::task::yield_now().await;
        assert!(stop.is_acting() && !waiter.is_finished());
        drop(acting);
        waiter.await.unwrap();
    }
}

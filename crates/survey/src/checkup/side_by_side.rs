use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Looks that go on at the same time. More would be quicker by little, and would take from the rate budget of everybody
/// else who uses the token.
const AT_ONCE: usize = 4;

/// Looks at each of `items`, a few at a time; what was found comes in their order.
pub(super) async fn side_by_side<I, T, F>(items: impl IntoIterator<Item = I>, look: impl Fn(I) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut looks = JoinSet::new();
    for (nth, item) in items.into_iter().enumerate() {
        let (places, looking) = (Arc::clone(&places), look(item));
        looks.spawn(async move {
            // The semaphore is never closed; were it, the look would only not be held back.
            let _place = places.acquire().await;
            (nth, looking.await)
        });
    }
    let mut found = looks.join_all().await;
    found.sort_by_key(|(nth, _)| *nth);
    found.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{AT_ONCE, side_by_side};

    #[tokio::test]
    async fn the_order_is_kept_and_only_a_few_look_at_once() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let look = |number: usize| {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                for _ in 0..20 - number {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
                number
            }
        };
        assert_eq!(side_by_side(0..20, look).await, (0..20).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
    }
}

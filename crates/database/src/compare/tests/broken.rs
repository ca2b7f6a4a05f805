//! Connections that are lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::testing::{Relay, VirtualClock, old_and_copy};
use hcops_model::{Clock, FaultKind};

use super::super::{Options, Phase, Progress, Verdict, compare};
use super::told;

/// Pieces of one block, so that there are many.
fn small_pieces() -> Options {
    Options { chunk_bytes: 8_192, ..Options::default() }
}

/// Does `act` once, in the middle of the contents, and keeps what is told.
fn in_the_middle(act: impl Fn() + Send + Sync) -> (impl Fn(&Progress) + Send + Sync, Arc<Mutex<Vec<Progress>>>) {
    let done = AtomicBool::new(false);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let watch = move |progress: &Progress| {
        let middle = progress.phase == Phase::Contents && progress.bytes > progress.bytes_in_all / 4;
        if middle && !done.swap(true, Ordering::SeqCst) {
            act();
        }
        keep.lock().unwrap().push(progress.clone());
    };
    (watch, seen)
}

#[tokio::test]
async fn it_goes_on_at_the_piece_that_was_being_read() {
    let Some((old, new)) = old_and_copy() else { return };
    let relay = Relay::to(&old).await;
    let (watch, seen) = in_the_middle(relay.cutter());
    let clock = Arc::new(VirtualClock::default());
    let comparison =
        compare(&relay.url(&old, "app"), &new.url("app"), &small_pieces(), clock, Arc::new(watch)).await.unwrap();
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
    assert!(comparison.retries > 0);
    assert_eq!((comparison.old.moments, comparison.remarks.len()), (1, 0), "{}", told(&comparison));
    let seen = seen.lock().unwrap();
    let last = seen.iter().rfind(|it| it.phase == Phase::Contents).unwrap();
    assert_eq!(last.rows, comparison.rows * 2, "no piece was counted twice");
}

#[tokio::test]
async fn a_database_that_moved_on_meanwhile_is_read_at_two_moments_and_that_is_told() {
    let Some((old, new)) = old_and_copy() else { return };
    let relay = Relay::to(&old).await;
    let cut = relay.cutter();
    let old = Arc::new(old);
    let writer = Arc::clone(&old);
    let (watch, _) = in_the_middle(move || {
        writer.run("app", "select txid_current()").unwrap();
        cut();
    });
    let clock = Arc::new(VirtualClock::default());
    let comparison =
        compare(&relay.url(&old, "app"), &new.url("app"), &small_pieces(), clock, Arc::new(watch)).await.unwrap();
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
    assert_eq!(comparison.old.moments, 2);
    assert!(comparison.remarks.iter().any(|it| it.contains("2 moments")), "{:?}", comparison.remarks);
}

#[tokio::test]
async fn a_writer_during_the_comparison_is_remarked_upon_and_does_not_disturb_it() {
    let Some((old, new)) = old_and_copy() else { return };
    let old = Arc::new(old);
    let writer = Arc::clone(&old);
    let (watch, _) = in_the_middle(move || {
        writer.run("app", "update salesforce.account set name = 'late'").unwrap();
    });
    let clock = Arc::new(VirtualClock::default());
    let comparison = compare(&old.url("app"), &new.url("app"), &small_pieces(), clock, Arc::new(watch)).await.unwrap();
    assert_eq!(comparison.differing_tables().count(), 0, "the snapshot is older: {}", told(&comparison));
    assert!(comparison.old.moved && !comparison.new.moved);
    assert!(comparison.remarks.iter().any(|it| it.contains("still be writing")), "{:?}", comparison.remarks);
}

#[tokio::test]
async fn a_database_that_stays_away_is_given_up_after_minutes() {
    let Some((old, new)) = old_and_copy() else { return };
    let relay = Relay::to(&new).await;
    let (watch, _) = in_the_middle(relay.breaker());
    let clock = Arc::new(VirtualClock::default());
    let watched = Arc::clone(&clock) as Arc<dyn Clock>;
    let fault =
        compare(&old.url("app"), &relay.url(&new, "app"), &small_pieces(), watched, Arc::new(watch)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient, "{fault:?}");
    assert!(clock.waited().as_secs() > 120, "{:?}", clock.waited());
}

//! Spreads independent cases over the machine's processors and gathers what failed.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `check` on every case and panics with the first failures, named; prints how many there were.
pub(crate) fn sweep<T: Sync>(what: &str, cases: &[T], name: impl Fn(&T) -> String + Sync, check: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(case))) {
                        failures.lock().unwrap().push(format!("{}: {}", name(case), message(&*panic)));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    // Straight to stderr: the test harness keeps back what the print macros write, and this is meant to be read.
    let _unread = writeln!(std::io::stderr(), "{what}: {} cases, {} failing", cases.len(), failures.len());
    assert!(
        failures.is_empty(),
        "{what}: {} of {} cases fail; the first:\n{}",
        failures.len(),
        cases.len(),
        failures.iter().take(8).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "panicked".to_owned())
}

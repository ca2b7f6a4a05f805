//! Short ways to say what was seen.

use std::time::Duration;

use hcops_model::{Part, Seen};

pub(super) fn satisfied<T>(output: T) -> Seen<T> {
    Seen::Satisfied { output }
}

/// On its way; the next look makes sense in `seconds`.
pub(super) fn underway<T>(note: impl Into<String>, seconds: u64) -> Seen<T> {
    Seen::Underway { note: note.into(), part: None, look_again: Duration::from_secs(seconds) }
}

/// On its way, with a measure; the next look makes sense in `seconds`.
pub(super) fn underway_with_part<T>(note: impl Into<String>, part: Part, seconds: u64) -> Seen<T> {
    Seen::Underway { note: note.into(), part: Some(part), look_again: Duration::from_secs(seconds) }
}

pub(super) fn blocked<T>(why: impl Into<String>, remedy: impl Into<String>) -> Seen<T> {
    Seen::Blocked { why: why.into(), remedy: remedy.into() }
}

pub(super) fn unclear<T>(why: impl Into<String>, ask: impl Into<String>) -> Seen<T> {
    Seen::Unclear { why: why.into(), ask: vec![ask.into()] }
}

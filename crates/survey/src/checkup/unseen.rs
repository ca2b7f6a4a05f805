use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use hcops_model::{Fault, FaultKind};

/// A part that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unseen {
    /// What: `the notifications of herokuconnect-tidal-40217`.
    pub what: String,
    /// Why, in the server's words where it had any.
    pub why: String,
}

/// Collects what could not be read, from looks that go on side by side.
#[derive(Clone, Default)]
pub(super) struct Gaps(Arc<Mutex<Vec<Unseen>>>);

impl Gaps {
    /// What was found; nothing where the look failed, which is noted.
    pub(super) fn seen<T>(&self, what: impl Into<String>, look: Result<T, Fault>) -> Option<T> {
        match look {
            Ok(found) => Some(found),
            Err(fault) => {
                self.note(what, fault.saw);
                None
            }
        }
    }

    /// What was found; nothing, without a note, where the server says that there is none.
    pub(super) fn seen_if_any<T>(&self, what: impl Into<String>, look: Result<T, Fault>) -> Option<T> {
        match look {
            Err(fault) if fault.kind == FaultKind::NotFound => None,
            other => self.seen(what, other),
        }
    }

    pub(super) fn note(&self, what: impl Into<String>, why: impl Into<String>) {
        let unseen = Unseen { what: what.into(), why: why.into() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(unseen);
    }

    /// Everything that was noted, sorted: looks that go on side by side end in no order.
    pub(super) fn all(&self) -> Vec<Unseen> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        all.sort();
        all.dedup();
        all
    }
}

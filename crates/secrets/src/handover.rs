//! What one step of a process hands to the person of another, and is written down nowhere: no journal, no event, no report
//! and no notice holds it. It is gone with the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::Secret;

static HANDED: Mutex<BTreeMap<String, Secret>> = Mutex::new(BTreeMap::new());

/// Keeps `secret` under a name.
pub fn hand(name: &str, secret: Secret) {
    HANDED.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret);
}

/// What was handed over under this name.
#[must_use]
pub fn handed(name: &str) -> Option<Secret> {
    HANDED.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
}

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// One request as the simulator saw it. Written by `hcops simulator` as one JSON line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEntry {
    /// Counts from 1.
    pub seq: u64,
    /// When it came, in simulated time.
    pub at: Timestamp,
    /// Method.
    pub method: String,
    /// Path with the query string.
    pub path: String,
    /// Status of the answer; absent when none was sent.
    pub status: Option<u16>,
    /// What it did.
    pub effect: RequestEffect,
    /// The fault that struck it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<Fault>,
}

/// What a request did to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestEffect {
    /// It asks for a change, and the change was made, whether or not an answer was sent.
    Applied,
    /// It asks for a change, and nothing was done.
    Refused,
    /// It only looks.
    Read,
}

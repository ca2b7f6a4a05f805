use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

/// What only this machine knows: its own journals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Local {
    /// Runs about the app that are not finished.
    pub open_runs: Vec<OpenRun>,
    /// Runs that may be about the app and cannot be read, so that nobody knows what they do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableRun>,
    /// Who paused a connection, by the connection's id, where a run of this machine did.
    pub pauses: BTreeMap<String, KeptPause>,
}

/// A run that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenRun {
    /// Its id.
    pub run: String,
    /// The procedure.
    pub procedure: String,
    /// The method.
    pub method: String,
    /// Who opened it.
    pub by: String,
    /// When.
    pub opened_at: Timestamp,
}

/// A run that cannot be read and is not known to be over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableRun {
    /// Its id.
    pub run: String,
    /// That it cannot be read, why, and what is known of it, in one sentence.
    pub saw: String,
    /// What makes it readable or puts it away.
    pub remedy: String,
    /// The command.
    pub command: String,
}

/// A pause that a run of this machine made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptPause {
    /// The run.
    pub run: String,
    /// Who opened it.
    pub by: String,
    /// When the connection was seen paused.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Whether the run still has to resume it.
    pub unfinished: bool,
}

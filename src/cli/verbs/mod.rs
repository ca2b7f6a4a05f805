//! One file per verb: its arguments, whose doc comments are the help text, and what it does.

pub(super) mod abort;
pub(super) mod answer;
pub(super) mod completions;
pub(super) mod config;
pub(super) mod doctor;
pub(super) mod man;
pub(super) mod operation;
pub(super) mod plan;
pub(super) mod postgres_compare;
pub(super) mod rehearse;
pub(super) mod report;
pub(super) mod resume;
pub(super) mod run;
pub(super) mod runbook;
pub(super) mod runs;
pub(super) mod schema;
pub(super) mod show;
pub(super) mod simulator;
pub(super) mod status;
pub(super) mod stop;
pub(super) mod watch;
pub(super) mod windows;

//! The engine: fold the journal, observe, decide, ask if a person must, write the intent, act, write the receipt,
//! observe until satisfied, settle.
//!
//! [`decide`] is pure, and so is the fold ([`hcops_journal::RunState`]); [`drive()`] is the thin loop around them. The engine
//! knows actions only as trait objects and prints nothing: whoever wants to know listens.

pub mod abort;
pub mod answer;
pub mod decide;
pub mod drive;
pub mod newest;
mod stop;
pub mod watch;

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod sweeps;

pub use drive::{Drive, Ended, drive};
pub use stop::Stop;

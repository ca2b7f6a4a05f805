//! The record of a run: its lines in a file, or in memory for tests and previews; who holds it; and [`RunState`], what the
//! lines say. Everybody who wants to know how far a run is, what is asked, what `abort` would undo or how long writes have been
//! off reads it there.

mod chain;
pub mod claims;
mod evidence;
mod fault;
mod file;
pub mod files;
pub mod gate;
pub mod lease;
mod memory;
pub mod planned;
mod reading;
pub mod references;
mod remains;
pub mod run_state;
pub mod stop_request;
mod store;
#[cfg(test)]
mod tests;

pub use chain::{GENESIS, encode};
pub use fault::StoreFault;
pub use file::{FileJournal, JOURNAL};
pub use memory::{MemoryJournal, Tear};
pub use reading::{Reading, read};
pub use remains::{Opened, Remains};
pub use run_state::RunState;
pub use store::{Beginning, Listing, Opening, ReadJournal, RunStore, RunSummary, Standing, Unreadable, WriteJournal};

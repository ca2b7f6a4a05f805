//! The record of a run: in a file, or in memory for tests and previews. Both read and write the same lines.

mod chain;
mod evidence;
mod fault;
mod file;
pub(crate) mod files;
mod memory;
mod reading;
mod remains;
mod store;
#[cfg(test)]
mod tests;

pub use chain::{GENESIS, encode};
pub use fault::StoreFault;
pub use file::FileJournal;
pub(super) use file::JOURNAL;
pub use memory::{MemoryJournal, Tear};
pub use reading::{Reading, read};
pub use remains::{Opened, Remains};
pub use store::{Beginning, Listing, Opening, ReadJournal, RunStore, RunSummary, Standing, Unreadable, WriteJournal};

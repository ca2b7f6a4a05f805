//! Read-only SQL: lag, sessions, silence, trigger-log backlog, inventory, comparison.
//!
//! Everything here reads. A [`Session`] is read-only from its first moment, limited in time, and says who it is
//! (`application_name = hcops`). A check that wrote to a mapped table would make real Salesforce writes
//! (docs/heroku/connect.md, "Triggers").

pub mod backlog;
pub mod census;
pub mod collations;
pub mod column;
pub mod compare;
pub mod connect;
pub mod extensions;
pub mod inventory;
pub mod lag;
mod lsn;
pub mod mapped;
pub mod past;
pub mod replication;
pub mod rows;
pub mod silence;
pub mod statistics;

pub use connect::{Manner, Session};
pub use lsn::Lsn;

#[cfg(test)]
pub(crate) mod testing;

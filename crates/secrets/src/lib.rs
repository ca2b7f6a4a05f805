//! Secrets that mask themselves, passwords taken out of what others say, and what is handed over within a process and written
//! down nowhere.

pub mod handover;
pub mod passwords;
mod secret;

pub use secret::{DatabaseUrl, Place, Secret};

//! How a database is reached: URL, TLS, poolers, limits, faults.

mod address;
mod encryption;
mod plain;
mod refusal;
mod session;
mod simulated;

#[cfg(test)]
mod tests;

pub(crate) use session::literal;
pub use session::{Manner, Session, Sessions};
pub use simulated::{SIMULATED_WITHOUT_SERVER, is_simulated_without_server};

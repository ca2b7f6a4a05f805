//! How a database is reached: URL, TLS, poolers, limits, faults.

mod address;
mod encryption;
mod refusal;
mod session;

#[cfg(test)]
mod tests;

pub(in crate::database) use session::literal;
pub use session::{Manner, Session, Sessions};

//! Real PostgreSQL servers as the simulator's data plane: found, started, followed, promoted, upgraded, copied, rolled
//! back, ended.
//!
//! Facts about the binaries and the measured times: docs/heroku/postgres.md, "Servers for the simulator". Everything
//! here blocks; call it from a blocking thread.

mod account;
mod binaries;
mod cluster;
mod copy;
mod follower;
mod history;
mod server_fault;
mod upgrade;
mod watchdog;
mod workshop;

#[cfg(test)]
mod tests;

pub use binaries::{Binaries, Installations};
pub(crate) use cluster::free_port;
pub use cluster::{Cluster, Stop};
pub use server_fault::ServerFault;
pub use watchdog::is_guarded;
pub use workshop::{Encryption, Workshop};

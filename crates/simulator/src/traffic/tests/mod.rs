//! Traffic on real servers.

mod audits;
mod bench;
mod drains;
mod schemas;
mod writers;

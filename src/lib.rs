//! hcops: maintenance of Heroku Connect and of the Heroku Postgres database under it, as interactive and resumable
//! procedures.
//!
//! The house, room by room, with who may import whom, is in `docs/architecture.md`; `tests/architecture.rs` keeps it so.

pub mod actions;
pub mod cli;
pub mod counted;
pub mod database;
pub mod engine;
mod handover;
pub mod health;
pub mod herald;
pub mod heroku;
pub mod model;
#[cfg(test)]
#[path = "../tests/parts/mod.rs"]
mod parts;
mod passwords;
pub mod plain;
pub mod programs;
pub mod report;
pub mod runbook;
pub mod screen;
pub mod simulator;
pub mod state_dir;
pub mod survey;
pub mod words;

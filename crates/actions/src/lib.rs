//! The typed steps: one file per action, grouped by the world they touch; and the registry that runbooks draw from.
//!
//! An action knows the clients and the words. It knows neither the engine, nor runbook files, nor the screen.

mod acceptance;
mod app;
mod catalogue;
mod connect;
mod leads;
mod person;
mod postgres;
mod quiet;
mod reach;
mod registry;
mod releases;
mod sight;
#[cfg(test)]
mod tests;
mod typed;

pub use catalogue::catalogue;
pub use registry::{Registry, registry};
pub use typed::{Action, Context, erase};

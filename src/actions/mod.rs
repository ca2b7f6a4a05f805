//! The typed steps: one file per action, grouped by the world they touch; and the registry that runbooks draw from.
//!
//! An action knows the clients and the words. It knows neither the engine, nor runbook files, nor the screen.

mod typed;

pub use typed::{Action, Context, erase};

//! A local Heroku: worlds as state machines over simulated time, served over HTTP or in-process, with faults by rule.

mod api;
mod clock;
mod fault;
mod latency;
mod plane;
pub mod postgres;
mod request_log;
mod saved;
mod scenario;
mod serve;
mod service;
pub mod traffic;
mod wire;
pub mod world;

#[cfg(test)]
mod tests;

pub use clock::{ClockMode, SimulatedClock};
pub use fault::{Drift, Fault, FaultRule, FaultSpec, Sweep, Takes, Target, Unstruck, When};
pub use latency::Latency;
pub use plane::{DatabasesWanted, PlaneFault, clear_orphans};
pub use request_log::{RequestEffect, RequestEntry};
pub use saved::SavedError;
pub use scenario::{Scenario, ScenarioError};
pub use service::Simulator;
pub use world::World;

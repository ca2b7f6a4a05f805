//! From a runbook, inputs and facts to a plan: every value filled in, nothing left to choose.

mod conditions;
mod guard;
mod inputs;
mod late;
mod make;
mod repeat;
mod scope;

pub use make::plan;

#[cfg(test)]
mod tests;

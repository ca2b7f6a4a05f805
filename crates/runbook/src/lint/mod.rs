//! What can be said about a runbook without looking at the world, one file for each sort of check.

mod all;
mod calls;
mod conditions;
mod inputs;
mod order;
mod prose;
mod references;

pub use all::lint;
pub(super) use calls::misfit;

#[cfg(test)]
mod tests;

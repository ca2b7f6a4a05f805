//! The data plane: real PostgreSQL servers that follow the simulated world.
//!
//! The world stays what it is, plain data that moves with virtual time. The plane is told of it after each change, compares
//! it with its servers and makes them agree; each step can be repeated, so that a process that was killed in the middle of
//! one is no matter. What only a server can know goes back into the world as [`Correction`]s: ports, versions, failures.

mod correction;
mod counters;
mod fault;
mod handle;
mod inside;
mod mappings;
mod orphans;
mod reconcile;
mod register;
mod replay;
mod roles;
mod server;
mod sessions;
mod wanted;
mod writers;

#[cfg(test)]
mod tests;

pub(crate) use correction::Correction;
pub use fault::PlaneFault;
pub(crate) use handle::Plane;
pub use orphans::clear_orphans;
pub use wanted::DatabasesWanted;

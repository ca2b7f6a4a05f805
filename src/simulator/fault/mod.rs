//! Faults: named, placed by rule, inflicted on requests or on the world.

mod catalogue;
mod drift;
mod inflict;
mod parse;
mod rule;

pub use catalogue::{FAULTS, FaultKind, NamedFault};
pub use rule::{FaultRule, When};

pub(crate) use inflict::inflict;

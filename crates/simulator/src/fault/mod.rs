//! Faults: named, placed by rule, inflicted on requests or on the world.

mod catalogue;
mod drift;
mod inflict;
mod parse;
mod rule;
mod unstruck;

pub use catalogue::{Change, FAULTS, FaultKind, NamedFault, Takes};
pub use drift::{DRIFTS, Drift, Target};
pub use rule::{FaultRule, When};
pub use unstruck::Unstruck;

pub(crate) use inflict::inflict;

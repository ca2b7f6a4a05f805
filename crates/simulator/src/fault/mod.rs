//! Faults: placed by rule, inflicted on requests or on the world. What there is of them is one enum, what another operator
//! may do is another; everything else follows from the two.

mod catalogue;
mod drift;
mod parse;
mod rule;
mod unstruck;

pub use catalogue::{Fault, FaultSpec, Sweep, Takes};
pub use drift::{Drift, Target};
pub use rule::{FaultRule, When};
pub use unstruck::Unstruck;

pub(crate) use catalogue::Effect;

//! Counting after a run: nothing lost, nothing twice, nothing in the wrong place.

mod elsewhere;
mod findings;
mod holdings;
mod judge;
mod sent;

pub use findings::{Audit, Counted, Elsewhere, Sent, Trouble, TroubleKind};

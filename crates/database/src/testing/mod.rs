//! Stand-ins for a pooler and the network, and a clock, for the tests of this crate.

mod clock;
mod permit;
mod pooler;
mod relay;

pub(super) use clock::VirtualClock;
pub(crate) use hcops_testing::{fill, majors, old_and_copy, server, server_of, server_with, shared_old_and_copy};
pub(super) use permit::permit;
pub(super) use pooler::{Pooler, pooler};
pub(super) use relay::Relay;

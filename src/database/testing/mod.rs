//! Real servers, stand-ins for a pooler and the network, and a clock, for the tests of this room.

mod clock;
mod permit;
mod pooler;
mod relay;
mod servers;
mod world;

pub(super) use clock::VirtualClock;
pub(super) use permit::permit;
pub(super) use pooler::{Pooler, pooler};
pub(super) use relay::Relay;
pub(crate) use servers::server;
pub(super) use servers::{server_of, server_with};
pub(crate) use world::old_and_copy;
pub(super) use world::{fill, majors, shared_old_and_copy};

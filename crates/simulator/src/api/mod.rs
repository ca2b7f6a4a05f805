//! The simulated APIs over HTTP: routes, and the shapes of requests and answers. All of them share one origin.

mod auth;
mod call;
mod connect;
mod control;
mod data;
mod exchange;
mod pages;
mod platform;
mod reply;
mod router;
mod sparse;
mod status;

pub(crate) use call::Call;
pub(crate) use exchange::{Injected, Saved, Shared};
pub(crate) use reply::Reply;
pub(crate) use router::router;

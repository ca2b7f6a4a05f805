//! The only HTTP door: authentication, retry, rate budget, request ids, redaction.

mod budget;
mod call;
mod client;
mod http;
mod log;
mod pace;
mod redactor;
mod redirect;
mod refusal;
mod retry;
mod speech;
mod trust;
mod wire;

pub(crate) use call::{Call, Credentials, Method, address, json_body};
pub use client::{Answer, Transport};
pub use http::HttpWire;
pub use refusal::{INVALID_TOKEN, NOT_ASKED};
pub(crate) use speech::spoken;
pub(crate) use trust::{callable, may_see_token, same_world};
pub use trust::{is_heroku, is_loopback};
pub use wire::{Body, Wire, WireFault, WireRequest, WireResponse};

#[cfg(test)]
mod tests;

//! The only HTTP door: authentication, retry, rate budget, request ids, redaction.

mod wire;

pub use wire::{Body, Wire, WireFault, WireRequest, WireResponse};

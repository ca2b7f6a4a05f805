//! Steps that only a person can take or confirm.

mod attest;
mod decide;

pub(super) use attest::Attest;
pub(super) use decide::Decide;

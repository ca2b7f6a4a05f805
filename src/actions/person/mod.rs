//! Steps that only a person can take or confirm.

mod attest;

pub(super) use attest::Attest;

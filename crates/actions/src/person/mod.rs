//! Steps that only a person can take or confirm.

mod attest;
mod decide;
mod gate;
mod note;

pub(super) use attest::Attest;
pub(super) use decide::Decide;
pub(super) use gate::Gate;
pub(super) use note::Note;

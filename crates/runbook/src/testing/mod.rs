//! What the tests of this crate share: a set of actions that only know their parameters, a rich runbook over them, and a
//! survey that fits it.

mod actions;
mod world;

pub(super) use actions::Scripted;
pub(super) use world::{EXAMPLE, example, facts, given, made, planned};

//! Judges what a checkup saw. It asks nobody and looks at nothing: the same facts give the same findings, so that every
//! judgement is tested without an account.
//!
//! Each rule says what it looks at, why that matters and where that is documented; [`RULES`] is the whole catalogue, and
//! the ids in it are stable. What could not be seen is no finding: it is the checkup's own list, and [`Verdict`] never
//! takes it for well.

mod advice;
mod case;
mod finding;
mod grade;
mod local;
mod rules;
mod verdict;

pub use advice::when;
pub use case::{Case, Horizon};
pub use finding::{Finding, Rule};
pub use grade::{FailOn, Grade};
pub use hcops_heroku::data::{Standing, standing};
pub use local::{KeptPause, Local, OpenRun, UnreadableRun};
pub use rules::{BLIND_SPOTS, ONLY_BY_SQL, RULES, judge, of_procedure};
pub use verdict::Verdict;

#[cfg(test)]
mod tests;

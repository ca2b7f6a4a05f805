//! What Tab offers: words of the command tree, and values that only this machine or the account knows.
//!
//! A shell's script calls hcops with `HCOPS_COMPLETE` and the words so far ([`answer()`]). Nothing here prints an error, asks
//! anything, or makes the person wait longer than a second: what can't be known by then is not offered.

mod account;
mod answer;
mod candidates;
mod names;
mod question;
mod refresh;
mod runs;
mod scripts;
mod typed;

pub(super) use answer::answer;
pub(super) use scripts::script;

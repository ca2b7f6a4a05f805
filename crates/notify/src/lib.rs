//! Tells people who are not at the terminal: the few things of a run that matter, as they happen, by HTTP or to a command.
//!
//! Nothing here can break a run: what could not be delivered is said at the end and nowhere else. What is told comes from
//! the journal's own words, which hold no secret; where it is told may be one (a webhook's address), so that only the
//! address's host is ever shown.

mod command;
mod delivery;
mod ear;
mod notice;
mod post;
mod recipient;
mod slack;

pub use delivery::Herald;
pub use ear::Ear;
pub use notice::{NOTICE_VERSION, Notice, NoticeKind, Subject};
pub use recipient::{BadRecipient, Recipient};

#[cfg(test)]
mod tests;

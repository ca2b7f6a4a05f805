//! A look at everything that `hcops status` and `hcops doctor` speak of: an app, its connections, their databases, the
//! other apps that have those. It only looks, at a few things at a time, and goes on without what does not answer: every
//! part that could not be read is named in [`Checkup::unseen`].
//!
//! The survey for a plan is stricter: a plan is not made from half of the facts.

mod announced;
mod apps;
mod connections;
mod databases;
mod followers;
mod pointer;
mod side_by_side;
mod sql;
mod take;
mod unseen;

pub use announced::Notices;
pub use apps::{AppCheckup, ReleaseCheckup};
pub use connections::ConnectionCheckup;
pub use databases::{AttachedAs, DatabaseCheckup, UpgradeCheckup};
pub use followers::FollowerCheckup;
pub use pointer::Pointer;
pub use take::{Checkup, Depth, checkup};
pub use unseen::Unseen;

#[cfg(test)]
mod tests;

//! Heroku's APIs: one transport, and typed clients for the Platform API, the Data API, Heroku Connect and the status
//! site.
//!
//! Reading is lenient: unknown fields are ignored, unknown words are kept raw, and an object may come where text was
//! expected. Writing is strict, and every call that changes something takes a [`hcops_model::Permit`].

mod clients;
pub mod connect;
pub mod data;
mod lenient;
mod netrc;
mod open_enum;
mod origins;
pub mod platform;
pub mod status;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod token;
pub mod transport;

pub use clients::{Clients, OwnDyno, if_found};
pub use lenient::{Moment, Named};
pub use origins::{HostVariables, Origins};
pub use token::{FoundToken, HerokuCommand, InstalledHeroku, NO_TOKEN, NetrcFile, TokenSource, find_token};
pub use transport::Answer;

#[cfg(test)]
mod tests;

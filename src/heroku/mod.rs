//! Heroku's APIs: one transport, and typed clients for the Platform API, the Data API, Heroku Connect and the status
//! site.

pub mod transport;

use crate::model::RequestMark;

/// The typed clients of all four APIs, over one transport.
#[derive(Debug, Clone, Default)]
pub struct Clients {}

impl Clients {
    /// The exchanges since the last call of this, oldest first: what a look or an act took.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RequestMark> {
        Vec::new()
    }
}

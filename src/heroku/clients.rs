use std::fmt;
use std::sync::Arc;

use super::Origins;
use super::connect::Connect;
use super::data::Data;
use super::platform::Platform;
use super::status::Status;
use super::transport::{Transport, Wire};
use crate::model::{Clock, Fault, FaultKind, RequestMark, Secret};

/// The typed clients of all four APIs, over one transport. Clones share the rate budget and the log of requests.
#[derive(Clone)]
pub struct Clients {
    /// Apps, formation, releases, config vars, add-ons, attachments.
    pub platform: Platform,
    /// Databases.
    pub data: Data,
    /// Connections and mappings.
    pub connect: Connect,
    /// Incidents and announced maintenance.
    pub status: Status,
    transport: Transport,
}

impl Clients {
    /// Clients over this wire, for the owner of this token. All waiting is done by `clock`.
    #[must_use]
    pub fn new(wire: Arc<dyn Wire>, origins: Origins, token: Secret, clock: Arc<dyn Clock>) -> Self {
        Self::over(Transport::new(wire, token, clock, user_agent()), origins)
    }

    fn over(transport: Transport, origins: Origins) -> Self {
        Self {
            platform: Platform { transport: transport.clone(), origin: origins.platform },
            data: Data { transport: transport.clone(), origin: origins.data },
            connect: Connect { transport: transport.clone(), discovery: origins.discovery },
            status: Status { transport: transport.clone(), origin: origins.status, trust: origins.trust },
            transport,
        }
    }

    /// The same clients with a log of requests of their own, so that steps that run side by side are told apart. The rate
    /// budget stays shared.
    #[must_use]
    pub fn with_own_log(&self) -> Self {
        Self::over(self.transport.with_own_log(), self.origins())
    }

    /// The same clients for brief looks at much: what does not answer is given up after about half a minute, so that the
    /// rest can be shown. The rate budget stays shared.
    #[must_use]
    pub fn for_brief_looks(&self) -> Self {
        Self::over(self.transport.for_brief_looks(), self.origins())
    }

    fn origins(&self) -> Origins {
        Origins {
            platform: self.platform.origin.clone(),
            data: self.data.origin.clone(),
            discovery: self.connect.discovery.clone(),
            status: self.status.origin.clone(),
            trust: self.status.trust.clone(),
        }
    }

    /// The exchanges since the last call of this, oldest first: what a look or an act took.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RequestMark> {
        self.transport.take_requests()
    }

    /// Warnings that servers sent since the last call of this; each text is given once.
    #[must_use]
    pub fn take_warnings(&self) -> Vec<String> {
        self.transport.take_warnings()
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Clients").field("platform", &self.platform.origin.as_str()).finish_non_exhaustive()
    }
}

/// `hcops/0.1.0 (linux)`.
fn user_agent() -> String {
    format!("hcops/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS)
}

/// Nothing where the look says that there is none; every other fault stays one.
///
/// # Errors
/// The look's fault, unless it is [`FaultKind::NotFound`].
pub fn if_found<T>(look: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match look {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::connect::Connect;
use super::data::Data;
use super::platform::Platform;
use super::status::Status;
use super::transport::{Transport, Wire};
use super::{Origins, TokenSource};
use hcops_model::{Clock, Fault, FaultKind, RequestMark, Secret};

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
    /// The dyno in which this process runs, where it does.
    pub own_dyno: Option<OwnDyno>,
    transport: Transport,
}

/// The dyno in which this process runs (Dev Center: Dynos, the variable `DYNO`; Dyno Metadata, `HEROKU_APP_NAME`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDyno {
    /// Its name: `run.1234`.
    pub name: String,
    /// Its app, where that is known.
    pub app: Option<String>,
}

impl OwnDyno {
    /// Whether the dyno of this name and app may be it: where its own app is not known, any app's may.
    #[must_use]
    pub fn may_be(&self, app: &str, name: &str) -> bool {
        self.name == name && self.app.as_deref().is_none_or(|own| own == app)
    }
}

impl Clients {
    /// Clients over this wire, for the owner of this token. All waiting is done by `clock`.
    #[must_use]
    pub fn new(wire: Arc<dyn Wire>, origins: Origins, token: Secret, clock: Arc<dyn Clock>) -> Self {
        Self::over(Transport::new(wire, token, clock, user_agent()), origins)
    }

    /// The same clients, which know where their token came from.
    #[must_use]
    pub fn with_token_from(self, source: TokenSource) -> Self {
        self.transport.came_from(source);
        self
    }

    fn over(transport: Transport, origins: Origins) -> Self {
        Self {
            platform: Platform { transport: transport.clone(), origin: origins.platform },
            data: Data { transport: transport.clone(), origin: origins.data },
            connect: Connect { transport: transport.clone(), discovery: origins.discovery },
            status: Status { transport: transport.clone(), origin: origins.status, trust: origins.trust },
            own_dyno: None,
            transport,
        }
    }

    /// The same clients with a log of requests of their own, so that steps that run side by side are told apart. The rate
    /// budget stays shared.
    #[must_use]
    pub fn with_own_log(&self) -> Self {
        Self { own_dyno: self.own_dyno.clone(), ..Self::over(self.transport.with_own_log(), self.origins()) }
    }

    /// The same clients for brief looks at much: what does not answer is given up after about half a minute, so that the
    /// rest can be shown. The rate budget stays shared.
    #[must_use]
    pub fn for_brief_looks(&self) -> Self {
        Self { own_dyno: self.own_dyno.clone(), ..Self::over(self.transport.for_brief_looks(), self.origins()) }
    }

    /// The same clients for a command that changes nothing: together they wait for late answers no longer than `allowed`.
    #[must_use]
    pub fn within(&self, allowed: Duration) -> Self {
        Self { own_dyno: self.own_dyno.clone(), ..Self::over(self.transport.within(allowed), self.origins()) }
    }

    /// The same clients in a process that runs in this dyno.
    #[must_use]
    pub fn in_dyno(self, own_dyno: Option<OwnDyno>) -> Self {
        Self { own_dyno, ..self }
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

    /// Keeps among the exchanges that the database of this app and add-on was read by SQL.
    pub fn note_read(&self, app: &str, database: &str) {
        self.transport.note_read(RequestMark::by_sql(app, database));
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

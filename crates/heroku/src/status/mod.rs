//! The status sites: Heroku's own, and Salesforce Trust, which has structured times of maintenance
//! (docs/heroku/status.md, "Heroku Status" and "Salesforce Trust"). Neither asks who is asking.

mod areas;
mod current;
mod prose;
mod trust;

use url::Url;

pub use areas::{Area, Areas};
pub use current::{CurrentStatus, Incident, IncidentUpdate, SystemStatus};
pub use prose::{Says, Told, says};
pub use trust::{MaintenanceImpact, TrustMaintenance};

use super::transport::{Call, Credentials, Transport};

/// The client of the status sites.
#[derive(Clone)]
pub struct Status {
    pub(super) transport: Transport,
    pub(super) origin: Url,
    pub(super) trust: Url,
}

/// Asked once: a procedure goes on without the status sites, and says so.
fn anonymous(call: Call) -> Call {
    call.once().with_credentials(Credentials::None).header("accept", "application/json")
}

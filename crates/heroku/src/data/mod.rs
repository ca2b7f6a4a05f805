//! The Data API: databases, readiness, version upgrades, copies, credentials, connection pooling, Postgres maintenance
//! (docs/heroku/data.md, "Endpoints"). Databases are named by the add-on's id or name.

mod belongings;
mod credentials;
mod database;
mod maintenance;
mod plan_size;
mod pooling;
mod schedule;
mod transfer;
mod upgrade;
mod versions;
mod wait_status;

use serde::{Deserialize, Serialize};
use url::Url;

pub use belongings::{BackupSchedule, DatabaseLink, Setting};
pub use credentials::{Credential, CredentialRole, CredentialState};
pub use database::{Database, InfoItem, Leader, Role, is_available};
pub use maintenance::{Maintenance, MaintenanceStatus, MaintenanceWindow};
pub use plan_size::{gigabytes, is_advanced};
pub use pooling::Pooling;
pub use transfer::{NewTransfer, Transfer, TransferLog};
pub use versions::{AS_OF, Deadline, NEWEST, OLDEST, Standing, not_offered, standing};
pub use wait_status::{WaitStatus, WaitVerdict};

use super::lenient;
use super::transport::{Call, Transport, address};
use hcops_model::Fault;

/// What the Data API says to an accepted request. The text is free-form: it is shown, never parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The server's sentence.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
}

/// The client of the Data API.
#[derive(Clone)]
pub struct Data {
    pub(super) transport: Transport,
    pub(super) origin: Url,
}

impl Data {
    /// An address of a classic database.
    fn database_url(&self, database: &str, rest: &[&str]) -> Result<Url, Fault> {
        self.url(&[&["client", "v11", "databases", database], rest].concat())
    }

    fn url(&self, segments: &[&str]) -> Result<Url, Fault> {
        address(&self.origin, segments)
    }
}

fn versioned(call: Call) -> Call {
    call.header("accept", "application/vnd.heroku+json; version=3")
}

//! The state of the simulated Heroku: plain data, and the state machines that move it with virtual time.
//!
//! Nothing here knows HTTP beyond the status and body of a refusal, or reads a clock: the time is handed in.

mod account;
mod addon;
mod app;
mod attachment;
mod behaviour;
mod connection;
mod copy;
mod database;
mod essence;
mod flow;
mod follow;
mod ids;
mod maintenance;
mod mapping;
mod person;
mod plan;
mod refusal;
mod release;
mod state;
mod status;
mod sync;
mod timer;
mod upgrade;

#[cfg(test)]
mod tests;

pub use account::{Account, RateLimit};
pub use addon::{Addon, AddonOrder};
pub use app::{App, OneOff, Process};
pub use attachment::{Attachment, AttachmentOrder};
pub use behaviour::{Behaviour, ExistingSchema, MissingObject, ReloadWhilePaused, Window};
pub use connection::{Connection, NEWEST_API, Notification, SalesforceInfo, TriggerLog, Validation, WriteError};
pub use copy::{Copied, Transfer, TransferLog, TransferOrder};
pub use database::{Database, Schedule, Unfollowed, Waiting, Writes};
pub use ids::Ids;
pub(crate) use ids::of as id_of;
pub use maintenance::{MaintenanceTimes, PastMaintenance};
pub use mapping::Mapping;
pub use plan::{PLANS, Plan, PlanName};
pub use refusal::Refusal;
pub use release::Release;
pub use state::World;
pub use status::{Incident, IncidentUpdate, StatusSite};
pub use timer::{Due, Timer};
pub(crate) use timer::{after, before};
pub use upgrade::Upgrade;

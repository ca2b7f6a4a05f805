//! The Platform API: apps, formation, dynos, releases, config vars, add-ons, attachments, plans
//! (docs/heroku/platform.md, "Hosts"). Apps, add-ons and attachments are named by id or name.

mod account;
mod addons;
mod apps;
mod attachments;
mod collaborators;
mod config_vars;
mod database_address;
mod formation;
mod plans;
mod releases;

use url::Url;

pub use account::{Account, RateLimit};
pub use addons::{Addon, AddonConfig, AddonState, NewAddon, Price};
pub use apps::{App, Region, Space};
pub use attachments::{AttachedAddon, Attachment, NewAttachment, credential_of};
pub use collaborators::{Collaborator, Permission, User};
pub use config_vars::ConfigVars;
pub use database_address::NamedDatabase;
pub use formation::{Dyno, DynoRelease, ProcessType, Scale};
pub use plans::Plan;
pub use releases::{Release, ReleaseStatus};

use super::transport::{Call, Transport, address};
use hcops_model::Fault;

/// The default version of the API.
const VERSION_3: &str = "application/vnd.heroku+json; version=3";
/// The variant that the resolvers, attachment lists and add-on lists are asked in
/// (docs/heroku/platform.md, "Headers").
const VERSION_3_SDK: &str = "application/vnd.heroku+json; version=3.sdk";

/// The client of the Platform API.
#[derive(Clone)]
pub struct Platform {
    pub(super) transport: Transport,
    pub(super) origin: Url,
}

impl Platform {
    fn url(&self, segments: &[&str]) -> Result<Url, Fault> {
        address(&self.origin, segments)
    }

    fn get(&self, segments: &[&str]) -> Result<Call, Fault> {
        Ok(plain(Call::get(self.url(segments)?)))
    }

    fn get_sdk(&self, segments: &[&str]) -> Result<Call, Fault> {
        Ok(sdk(Call::get(self.url(segments)?)))
    }
}

fn plain(call: Call) -> Call {
    call.header("accept", VERSION_3)
}

fn sdk(call: Call) -> Call {
    call.header("accept", VERSION_3_SDK)
}

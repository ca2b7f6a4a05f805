use serde::{Deserialize, Serialize};

use super::unseen::Gaps;
use crate::apps::{AppFacts, formation_snapshot};
use hcops_heroku::Clients;

/// An app that has one of the databases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppCheckup {
    /// Maintenance mode and formation.
    #[serde(flatten)]
    pub facts: AppFacts,
    /// Its newest release, where it could be read.
    pub newest_release: Option<ReleaseCheckup>,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseCheckup {
    /// Counts from 1.
    pub version: u64,
    /// `succeeded`, `failed`, `pending`, raw.
    pub status: String,
    /// Why it was made.
    pub description: String,
}

/// Looks at one app; nothing where it cannot be seen.
pub(super) async fn look(clients: Clients, name: String, gaps: Gaps) -> Option<AppCheckup> {
    let (facts, releases) = tokio::join!(formation_snapshot(&clients, &name), clients.platform.releases(&name, 1));
    let facts = gaps.seen(format!("the app {name}"), facts)?;
    let releases = gaps.seen(format!("the releases of {name}"), releases);
    let newest_release = releases.and_then(|releases| releases.into_iter().next()).map(|release| ReleaseCheckup {
        version: release.version,
        status: release.status.to_string(),
        description: release.description,
    });
    Some(AppCheckup { facts, newest_release })
}

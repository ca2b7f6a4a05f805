//! The apps that have the database, as they are now: what has to be silenced, and what has to be restored.

use serde::{Deserialize, Serialize};

use hcops_heroku::Clients;
use hcops_heroku::platform::ProcessType;
use hcops_model::{Fault, FaultKind};

/// An app that has the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppFacts {
    /// Name.
    pub name: String,
    /// Id, which stays when the app is renamed; absent in plans of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it is in maintenance mode.
    pub maintenance: bool,
    /// Every process type that can be scaled, as it has to be restored.
    pub formation: Vec<FormationEntry>,
    /// Whether each release runs a release phase.
    pub has_release_phase: bool,
    /// The process types that maintenance mode does not stop and that have dynos.
    pub nonweb: Vec<NonWeb>,
}

/// One process type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormationEntry {
    /// The process type.
    #[serde(rename = "type")]
    pub process_type: String,
    /// How many dynos.
    pub quantity: u32,
    /// The dynos' size.
    pub size: Option<String>,
}

/// One process type that maintenance mode does not stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonWeb {
    /// The process type.
    #[serde(rename = "type")]
    pub process_type: String,
    /// How many dynos.
    pub quantity: u32,
}

/// The process type that runs at each release; it can't be scaled.
const RELEASE: &str = "release";

/// The state of an app that a procedure changes and has to restore.
///
/// # Errors
/// As every look; when the app may not be seen, the fault says that its writers can't be stopped then.
pub async fn formation_snapshot(clients: &Clients, app: &str) -> Result<AppFacts, Fault> {
    let found = clients.platform.app(app).await.map_err(|fault| unseen(app, fault))?;
    let formation = clients.platform.formation(&found.name).await.map_err(|fault| unseen(app, fault))?;
    Ok(AppFacts { id: Some(found.id), ..facts(found.name, found.maintenance, formation) })
}

fn facts(name: String, maintenance: bool, mut formation: Vec<ProcessType>) -> AppFacts {
    formation.sort_by(|one, other| one.process_type.cmp(&other.process_type));
    let has_release_phase = formation.iter().any(|process| process.process_type == RELEASE);
    formation.retain(|process| process.process_type != RELEASE);
    let nonweb = formation
        .iter()
        .filter(|process| !process.is_web() && process.quantity > 0)
        .map(|process| NonWeb { process_type: process.process_type.clone(), quantity: process.quantity })
        .collect();
    let formation = formation
        .into_iter()
        .map(|process| FormationEntry {
            size: process.size_name().map(str::to_owned),
            quantity: process.quantity,
            process_type: process.process_type,
        })
        .collect();
    AppFacts { name, id: None, maintenance, formation, has_release_phase, nonweb }
}

fn unseen(app: &str, mut fault: Fault) -> Fault {
    if matches!(fault.kind, FaultKind::NotFound | FaultKind::Unauthorized) {
        fault.why =
            format!("{app} has the database; an app that this account may not see can't be kept from writing to it.");
        fault.remedy =
            format!("Have yourself given access to {app} (operate and deploy), or detach the database from it first.");
        fault.command = Some(format!("heroku access -a {app}"));
    }
    fault
}

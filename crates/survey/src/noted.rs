//! Things that change by themselves: shown with a plan, no part of what is approved.

use serde_json::{Value, json};

use super::connection::Chosen;
use super::database::Resolved;
use super::windows::{Announced, announcements};
use hcops_heroku::Clients;
use hcops_heroku::data::{Database, Maintenance, WaitStatus};
use hcops_model::{Clock, Fault, FaultKind};

/// What was noted.
pub(super) struct Noted {
    pub(super) connection_state: String,
    pub(super) announced: Announced,
    pub(super) maintenance: Option<Maintenance>,
    pub(super) upgrade: Option<WaitStatus>,
    pub(super) write_errors: Option<usize>,
    /// What could not be read, in sentences.
    pub(super) missing: Vec<String>,
    mappings: Value,
    database: Value,
    rate_limit_remaining: Option<i64>,
}

impl Noted {
    pub(super) fn to_value(&self) -> Value {
        json!({
            "connection_state": self.connection_state,
            "mappings": self.mappings,
            "database": self.database,
            "windows": self.announced.windows,
            "postgres_maintenance": self.maintenance.as_ref().map(|maintenance| json!({
                "status": maintenance.status,
                "scheduled_for": maintenance.scheduled_for,
                "window": maintenance.window,
            })),
            "upgrade": self.upgrade.as_ref().map(|upgrade| json!({
                "message": upgrade.message,
                "waiting": upgrade.waiting,
                "step": upgrade.step,
            })),
            "write_errors": self.write_errors,
            "rate_limit_remaining": self.rate_limit_remaining,
        })
    }
}

/// Looks at what changes by itself. A part that can't be read is noted as missing; a bad token ends the survey.
pub(super) async fn note(
    clients: &Clients,
    clock: &dyn Clock,
    chosen: &Chosen,
    resolved: &Resolved,
) -> Result<Noted, Fault> {
    let id = &resolved.addon.id;
    let mut missing = Vec::new();
    let maintenance = maintenance(clients, resolved, &mut missing).await?;
    let upgrade = optional(clients.data.upgrade_wait_status(id).await, "The upgrade's status", &mut missing)?;
    let errors = optional(clients.connect.write_errors(&chosen.address).await, "Connect's write errors", &mut missing)?;
    let limit = optional(clients.platform.rate_limit().await, "The rate limit", &mut missing)?;
    Ok(Noted {
        connection_state: chosen.connection.state.to_string(),
        mappings: mappings(chosen),
        database: database(&resolved.database),
        announced: announcements(clients, clock.now()).await,
        maintenance,
        upgrade,
        write_errors: errors.map(|errors| errors.len()),
        rate_limit_remaining: limit.and_then(|limit| limit.remaining),
        missing,
    })
}

/// The database's maintenance. One that is not found is not known, which is not none; Essential has none that is announced,
/// and may be refused.
async fn maintenance(
    clients: &Clients,
    resolved: &Resolved,
    missing: &mut Vec<String>,
) -> Result<Option<Maintenance>, Fault> {
    match clients.data.maintenance(&resolved.addon.id).await {
        Err(fault) if fault.kind == FaultKind::Refused && resolved.tier() == "essential" => Ok(None),
        Err(fault) if fault.kind == FaultKind::NotFound => {
            missing.push(format!("Whether a maintenance of {} is planned is not known.", resolved.addon.name));
            Ok(None)
        }
        look => optional(look, "The Postgres maintenance", missing),
    }
}

/// Not found means that there is nothing to say; any other fault but a bad token is noted.
fn optional<T>(look: Result<T, Fault>, what: &str, missing: &mut Vec<String>) -> Result<Option<T>, Fault> {
    match look {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind == FaultKind::Unauthorized => Err(fault),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => {
            missing.push(format!("{what} could not be read ({fault})."));
            Ok(None)
        }
    }
}

fn mappings(chosen: &Chosen) -> Value {
    let mapping = |mapping: &hcops_heroku::connect::Mapping| json!({"object_name": mapping.object_name, "state": mapping.state.to_string(), "counts": mapping.counts});
    chosen.connection.mappings.iter().map(mapping).collect()
}

fn database(database: &Database) -> Value {
    json!({
        "status": database.status(),
        "fork_follow": database.fork_follow(),
        "bytes": database.num_bytes,
        "size": database.info("Data Size"),
        "behind_by": database.behind_by(),
        "connections": database.num_connections,
    })
}

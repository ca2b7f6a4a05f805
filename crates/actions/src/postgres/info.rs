use schemars::JsonSchema;
use serde::Serialize;

use super::subject::OneDatabase;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_heroku::data::{Database, Maintenance, MaintenanceStatus, WaitStatus};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Shows what Heroku tells about a database: the lines of `pg:info`, its upgrade and its maintenance
/// (docs/heroku/data.md, "Database", "Readiness" and "Maintenances"). Nothing is judged; what is not shown is absent.
pub(crate) struct Info;

/// The database.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The add-on's name.
    database: String,
    /// Its plan: `standard-0`.
    plan: Option<String>,
    /// Its status, raw: `Available`.
    status: Option<String>,
    /// Its Postgres version, raw: `PostgreSQL 16.10`.
    version: Option<String>,
    /// Size in bytes.
    bytes: Option<i64>,
    /// Number of tables.
    tables: Option<i64>,
    /// Host, port and database of what it follows.
    following: Option<String>,
    /// How far it is behind its leader, raw: `0 commits`.
    behind_by: Option<String>,
    /// Its followers, each by host, port and database.
    followers: Vec<String>,
    /// How far back it can be rolled back, raw.
    rollback: Option<String>,
    /// What Heroku says about a version upgrade.
    upgrade: Option<String>,
    /// How its maintenance stands: `none`, `pending` …
    maintenance: Option<String>,
    /// When that is scheduled for.
    maintenance_scheduled_for: Option<String>,
    /// Its weekly maintenance window, in words.
    maintenance_window: Option<String>,
    /// The same for people, one line for each.
    lines: Vec<String>,
    /// The gist, in a sentence.
    seen: String,
}

impl Action for Info {
    const NAME: &'static str = "postgres.info";
    const SUMMARY: &'static str = "Show what Heroku tells about a database.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneDatabase;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneDatabase, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let name = params.subject().database;
        let data = &context.clients.data;
        let database = data.database(name).await?;
        let upgrade = if_found(data.upgrade_wait_status(name).await)?;
        let id = match &database.addon_id {
            Some(id) => Some(id.clone()),
            None => if_found(context.clients.platform.addon(name).await)?.map(|addon| addon.id),
        };
        // Not known, or not told for Essential: then nothing is shown of it. The route takes no name.
        let maintenance = match data.maintenance(id.as_deref().unwrap_or(name)).await {
            Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Refused) => None,
            other => Some(other?),
        };
        Ok(satisfied(output(name, &database, upgrade, maintenance.as_ref())))
    }
}

fn output(name: &str, database: &Database, upgrade: Option<WaitStatus>, maintenance: Option<&Maintenance>) -> Output {
    let info = |line: &str| database.info(line).map(str::to_owned);
    let upgrade = upgrade.map(|status| status.message).filter(|message| !message.is_empty());
    let status = maintenance.and_then(|maintenance| maintenance.status.as_ref()).map(MaintenanceStatus::as_str);
    let scheduled = maintenance.and_then(|maintenance| maintenance.scheduled_for.as_ref()).map(ToString::to_string);
    let mut lines = shown(database);
    lines.extend(upgrade.iter().map(|message| line("Upgrade", message)));
    lines.extend(scheduled.iter().map(|moment| line("Maintenance scheduled for", moment)));
    Output {
        database: name.to_owned(),
        plan: database.plan.as_ref().map(|plan| plan.name.clone()),
        status: info("Status"),
        version: database.version_text().map(str::to_owned),
        bytes: database.num_bytes,
        tables: database.tables(),
        following: database.following().map(hcops_model::DatabaseUrl::place),
        behind_by: info("Behind By"),
        followers: values(database, "Followers"),
        rollback: info("Rollback"),
        upgrade,
        maintenance: status.map(str::to_owned),
        maintenance_scheduled_for: scheduled,
        maintenance_window: maintenance.and_then(|maintenance| maintenance.window.clone()),
        seen: gist(name, database),
        lines,
    }
}

/// What `pg:info` shows, in its order, a line for each that has a value.
fn shown(database: &Database) -> Vec<String> {
    let told = database.info.iter().filter(|item| !item.values.is_empty());
    told.map(|item| line(&item.name, &item.values.join(", "))).collect()
}

fn line(name: &str, value: &str) -> String {
    format!("{:<26}{value}", format!("{name}:"))
}

fn values(database: &Database, name: &str) -> Vec<String> {
    database.info.iter().filter(|item| item.name == name).flat_map(|item| item.values.clone()).collect()
}

fn gist(name: &str, database: &Database) -> String {
    let or_not_shown = |text: Option<&str>| text.unwrap_or("not shown").to_owned();
    let follows = database.following().map_or_else(
        || "follows nothing".to_owned(),
        |leader| format!("follows {}, {} behind", leader.place(), or_not_shown(database.behind_by_text())),
    );
    format!(
        "{name}: {}, {}, status {}, {follows}",
        or_not_shown(database.plan.as_ref().map(|plan| plan.name.as_str())),
        or_not_shown(database.version_text()),
        or_not_shown(database.status())
    )
}

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::by_sql::BySql;
use super::pointer::Pointer;
use crate::reach::Databases;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_database::backlog::{self, Backlog};
use hcops_database::{mapped, silence};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};
use hcops_text::counted;

/// Notes how a paused connection and its databases are, so that it can be told afterwards what came with the resumption:
/// write errors, notifications, the trigger log, the newest change of each mapped table, and what was written to the
/// former database.
pub(crate) struct Baseline(pub(crate) Arc<Databases>);

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Its databases.
    by_sql: BySql,
}

/// How it was. What was not looked at is absent.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Before {
    /// Ids of the write errors of the last 24 hours: their entries in the trigger log.
    pub(super) errors: Vec<String>,
    /// Ids of the notifications that nobody had acknowledged.
    pub(super) notifications: Vec<String>,
    /// The trigger log.
    pub(super) log: Option<LogBefore>,
    /// The newest `systemmodstamp` of each mapped table that has rows.
    pub(super) newest: BTreeMap<String, String>,
    /// The former database at that moment.
    pub(super) old: Option<Value>,
    /// All of that in a sentence.
    pub(super) seen: String,
}

/// A trigger log before the resumption.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct LogBefore {
    /// Rows that waited to be sent.
    pub(super) open: u64,
    /// The newest id that was given out; absent while there was none.
    pub(super) newest_id: Option<i64>,
    /// The newest id that was archived; absent while there was none.
    pub(super) archived_id: Option<i64>,
}

impl LogBefore {
    const fn of(log: &Backlog) -> Self {
        Self { open: log.open, newest_id: log.newest_id, archived_id: log.archived_id }
    }
}

impl Action for Baseline {
    const NAME: &'static str = "connect.baseline";
    const SUMMARY: &'static str = "Note how a connection and its databases are before it resumes.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Before;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Before>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let address = pointer.address(context)?;
        let errors = context.clients.connect.write_errors(&address).await?;
        let notifications = context.clients.connect.notifications(&address).await?;
        let mut before = Before {
            errors: errors.into_iter().map(|error| error.id).collect(),
            notifications: notifications.into_iter().map(|notification| notification.id).collect(),
            ..Before::default()
        };
        self.look_by_sql(context, &params.by_sql, &mut before).await?;
        before.seen = spoken(&before);
        Ok(satisfied(before))
    }
}

impl Baseline {
    async fn look_by_sql(&self, context: &Context, by_sql: &BySql, before: &mut Before) -> Result<(), Fault> {
        let Some(new) = by_sql.new_database() else { return Ok(()) };
        let session = self.0.session(context, new).await?;
        before.log = match backlog::read(&session, &by_sql.schema).await {
            Err(fault) if fault.kind == FaultKind::NotFound => None,
            read => read.map(|log| Some(LogBefore::of(&log)))?,
        };
        let newest = mapped::newest(&session, &by_sql.schema).await?;
        before.newest = newest.into_iter().filter_map(|(table, at)| Some((table, at?))).collect();
        let Some(old) = by_sql.old_database() else { return Ok(()) };
        let former = self.0.session(context, old).await?;
        let look = silence::look(&former, Some(&by_sql.schema)).await?.seal();
        before.old = Some(serde_json::to_value(look).map_err(|error| unwritable(&error))?);
        Ok(())
    }
}

fn spoken(before: &Before) -> String {
    let errors = counted(before.errors.len() as u64, "write error");
    let notifications = counted(before.notifications.len() as u64, "notification");
    match &before.log {
        Some(log) => {
            format!("{errors} and {notifications}, {} in the trigger log", counted(log.open, "open row"))
        }
        None => format!("{errors} and {notifications}, no trigger log looked at"),
    }
}

fn unwritable(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("how the former database is cannot be noted: {error}"),
        "It shows afterwards whether somebody still writes to it.",
        "Report this as a defect of hcops.",
    )
}

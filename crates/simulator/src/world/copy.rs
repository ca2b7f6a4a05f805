use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::timer::after;
use super::{Due, Refusal, World};
use crate::fault::Fault;

/// A copy from one database into another (`pg:copy`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// UUID.
    pub uuid: String,
    /// Counts from 1.
    pub num: u64,
    /// Name of the billing app.
    pub app: String,
    /// What is copied and where to.
    pub order: TransferOrder,
    /// Bytes to copy.
    pub source_bytes: u64,
    /// Commits of the source when it began, in thousandths: later ones are not in the copy.
    #[serde(default)]
    pub source_commits: u64,
    /// When it was ordered and began.
    pub started_at: Timestamp,
    /// When it will end, or ended.
    pub ends_at: Timestamp,
    /// Set when it ended.
    pub finished_at: Option<Timestamp>,
    /// Set when it was cancelled.
    pub canceled_at: Option<Timestamp>,
    /// The verdict, once it ended.
    pub succeeded: Option<bool>,
    /// Warnings of the restore.
    pub warnings: u64,
    /// Its log.
    pub logs: Vec<TransferLog>,
}

/// What a database was copied from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The source's add-on id.
    pub from: String,
    /// When the copy began.
    pub at: Timestamp,
    /// Commits of the source that are in the copy, in thousandths.
    pub commits: u64,
}

/// What a copy is asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferOrder {
    /// Display name of the source.
    pub from_name: String,
    /// Address of the source.
    pub from_url: String,
    /// Display name of the target.
    pub to_name: String,
    /// Address of the target.
    pub to_url: String,
}

/// One line of a copy's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferLog {
    /// When.
    pub created_at: Timestamp,
    /// `info`, `warning`, `error`.
    pub level: String,
    /// Text.
    pub message: String,
}

impl Transfer {
    /// Bytes copied at a moment.
    #[must_use]
    pub fn processed_bytes(&self, now: Timestamp) -> u64 {
        let span = |from: Timestamp, until: Timestamp| {
            u128::try_from(until.as_millisecond() - from.as_millisecond()).unwrap_or(0)
        };
        let until = self.finished_at.or(self.canceled_at).unwrap_or(now);
        let whole = span(self.started_at, self.ends_at).max(1);
        let part = u128::from(self.source_bytes) * span(self.started_at, until) / whole;
        u64::try_from(part).unwrap_or(u64::MAX).min(self.source_bytes)
    }
}

impl Transfer {
    /// Whether it is a backup into Heroku's store rather than a copy into a database.
    #[must_use]
    pub const fn is_backup(&self) -> bool {
        self.order.to_url.is_empty()
    }
}

impl World {
    /// Begins a backup of a database. Returns its UUID.
    ///
    /// # Errors
    /// 404 for an unknown database.
    pub fn begin_backup(&mut self, key: &str) -> Result<String, Refusal> {
        let from_url = self.database(key)?.url(None);
        let order = TransferOrder {
            from_name: "DATABASE".to_owned(),
            from_url,
            to_name: "BACKUP".to_owned(),
            to_url: String::new(),
        };
        self.begin_copy(key, order)
    }

    /// Removes a backup, or what is known of a copy.
    ///
    /// # Errors
    /// 404 when there is none; 422 while it is being made.
    pub fn forget_transfer(&mut self, app: &str, key: &str) -> Result<(), Refusal> {
        let transfer = self.transfer(app, key)?;
        if transfer.finished_at.is_none() {
            return Err(Refusal::unprocessable("The transfer has not ended."));
        }
        let uuid = transfer.uuid.clone();
        self.transfers.retain(|transfer| transfer.uuid != uuid);
        Ok(())
    }

    /// Begins a copy, on behalf of the target's (or else the source's) add-on. Returns its UUID.
    ///
    /// # Errors
    /// 404 for an unknown database; 422 for a target that follows another database.
    pub fn begin_copy(&mut self, key: &str, order: TransferOrder) -> Result<String, Refusal> {
        let app = self.addon(key)?.app.clone();
        let target = self.databases.iter().find(|database| database.is_at(&order.to_url));
        if target.is_some_and(|database| !database.is_writable()) {
            return Err(Refusal::unprocessable("The target database does not accept writes."));
        }
        let source = self.databases.iter().find(|database| database.is_at(&order.from_url));
        let (source_bytes, source_commits) = source.map_or((0, 0), |database| (database.bytes, database.commits));
        let seconds = (self.latency.copy_per_gigabyte * source_bytes / 1_000_000_000).max(1);
        let (uuid, now) = (self.ids.give(), self.settled_at);
        let log = TransferLog { created_at: now, level: "info".to_owned(), message: "starting copy".to_owned() };
        self.transfers.push(Transfer {
            uuid: uuid.clone(),
            num: self.transfers.iter().map(|transfer| transfer.num).max().unwrap_or(0) + 1,
            app,
            order,
            source_bytes,
            source_commits,
            started_at: now,
            ends_at: after(now, seconds),
            finished_at: None,
            canceled_at: None,
            succeeded: None,
            warnings: 0,
            logs: vec![log],
        });
        self.schedule(seconds, Due::CopyEnds { transfer: uuid.clone() });
        Ok(uuid)
    }

    /// The transfer of this UUID or number on an app.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn transfer(&self, app: &str, key: &str) -> Result<&Transfer, Refusal> {
        let app = &self.app(app)?.name;
        self.transfers
            .iter()
            .find(|transfer| &transfer.app == app && (transfer.uuid == key || transfer.num.to_string() == key))
            .ok_or_else(|| Refusal::not_found("transfer"))
    }

    /// Cancels a copy that has not ended.
    ///
    /// # Errors
    /// 404 when there is none; 422 when it has ended.
    pub fn cancel_copy(&mut self, app: &str, key: &str) -> Result<(), Refusal> {
        let (uuid, now) = (self.transfer(app, key)?.uuid.clone(), self.settled_at);
        let Some(transfer) = self.transfers.iter_mut().find(|transfer| transfer.uuid == uuid) else { return Ok(()) };
        if transfer.finished_at.is_some() || transfer.canceled_at.is_some() {
            return Err(Refusal::unprocessable("The transfer has already ended."));
        }
        transfer.canceled_at = Some(now);
        transfer.finished_at = Some(now);
        transfer.succeeded = Some(false);
        self.cancel(&uuid);
        Ok(())
    }

    pub(crate) fn end_copy(&mut self, uuid: &str) {
        let (now, fails, warnings) = (self.settled_at, self.behaviour.copies_fail, self.behaviour.copy_warnings);
        let Some(transfer) = self.transfers.iter_mut().find(|transfer| transfer.uuid == uuid) else { return };
        self.behaviour.meet(Fault::CopyFails, fails);
        self.behaviour.meet(Fault::CopyWithWarnings, !fails && warnings > 0);
        transfer.finished_at = Some(now);
        transfer.succeeded = Some(!fails);
        transfer.warnings = warnings;
        let (level, message) = match (fails, warnings) {
            (true, _) => ("error", "pg_restore: error: could not execute query".to_owned()),
            (false, 0) => ("info", if transfer.is_backup() { "backup complete" } else { "copy complete" }.to_owned()),
            (false, some) => ("warning", format!("pg_restore: warning: errors ignored on restore: {some}")),
        };
        transfer.logs.push(TransferLog { created_at: now, level: level.to_owned(), message });
        let copied = transfer.clone();
        if !fails && !copied.is_backup() {
            self.put_copied_contents(&copied);
        }
    }

    fn put_copied_contents(&mut self, transfer: &Transfer) {
        let source = self.databases.iter().find(|database| database.is_at(&transfer.order.from_url));
        let (from, tables) = source.map_or_else(Default::default, |database| (database.addon.clone(), database.tables));
        if let Some(target) = self.databases.iter_mut().find(|database| database.is_at(&transfer.order.to_url)) {
            (target.commits, target.tables, target.bytes) = (transfer.source_commits, tables, transfer.source_bytes);
            target.copied = Some(Copied { from, at: transfer.started_at, commits: transfer.source_commits });
        }
    }
}

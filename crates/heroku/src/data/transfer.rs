use serde::Deserialize;
use serde_json::json;

use super::{Data, versioned};
use crate::lenient::{self, Moment};
use crate::transport::{Answer, Body, Call, Method, json_body};
use hcops_model::{DatabaseUrl, Fault, Permit};

/// A copy, backup or restore (docs/heroku/data.md, "Transfers").
#[derive(Debug, Clone, Deserialize)]
pub struct Transfer {
    /// Id.
    pub uuid: String,
    /// Counts from 1 for each app; a number or text.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub num: Option<i64>,
    /// Name of what is copied.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub from_name: Option<String>,
    /// Its sort: `pg_dump`, `gof3r`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub from_type: Option<String>,
    /// Its address.
    #[serde(default)]
    pub from_url: Option<DatabaseUrl>,
    /// Name of the target.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub to_name: Option<String>,
    /// Its sort: `pg_restore`, `gof3r`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub to_type: Option<String>,
    /// Its address.
    #[serde(default)]
    pub to_url: Option<DatabaseUrl>,
    /// Size of the source in bytes.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub source_bytes: Option<i64>,
    /// Bytes copied so far.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub processed_bytes: Option<i64>,
    /// Warnings; a copy with warnings is not exact.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub warnings: Option<i64>,
    /// Whether it succeeded; says nothing before it is finished.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub succeeded: Option<bool>,
    /// When it was asked for.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// When it began.
    #[serde(default)]
    pub started_at: Option<Moment>,
    /// When it ended.
    #[serde(default)]
    pub finished_at: Option<Moment>,
    /// When it was cancelled.
    #[serde(default)]
    pub canceled_at: Option<Moment>,
    /// What happened; only when it was asked for.
    #[serde(default, deserialize_with = "lenient::list")]
    pub logs: Vec<TransferLog>,
}

/// One line of a transfer's log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TransferLog {
    /// When.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// Level.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub level: String,
    /// Text.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
}

/// A copy to be made.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    /// Name of what is copied.
    pub from_name: String,
    /// Its address.
    pub from_url: DatabaseUrl,
    /// Name of the target.
    pub to_name: String,
    /// Its address. Everything in it is erased.
    pub to_url: DatabaseUrl,
}

impl Data {
    /// Starts a copy that erases the target. `database` is the target's add-on, or the source's when the target is a mere
    /// address (docs/heroku/data.md, "Transfers").
    ///
    /// # Errors
    /// As every change.
    pub async fn create_transfer(
        &self,
        permit: &Permit,
        database: &str,
        new: &NewTransfer,
    ) -> Result<Answer<Transfer>, Fault> {
        let body = json_body(&json!({
            "from_name": new.from_name,
            "from_url": new.from_url.open(),
            "to_name": new.to_name,
            "to_url": new.to_url.open(),
        }))?;
        let call = Call::change(permit, Method::Post, self.database_url(database, &["transfers"])?, body);
        self.transport.write(versioned(call)).await
    }

    /// The transfers of a database.
    ///
    /// # Errors
    /// As every look.
    pub async fn transfers(&self, database: &str) -> Result<Vec<Transfer>, Fault> {
        self.transport.list(versioned(Call::get(self.database_url(database, &["transfers"])?))).await
    }

    /// The transfers of an app's databases.
    ///
    /// # Errors
    /// As every look.
    pub async fn app_transfers(&self, app: &str) -> Result<Vec<Transfer>, Fault> {
        self.transport.list(versioned(Call::get(self.url(&["client", "v11", "apps", app, "transfers"])?))).await
    }

    /// One transfer of the app that is billed for the database, by id or number; with its log when `verbose`.
    ///
    /// # Errors
    /// As every look.
    pub async fn transfer(&self, app: &str, transfer: &str, verbose: bool) -> Result<Transfer, Fault> {
        let mut url = self.url(&["client", "v11", "apps", app, "transfers", transfer])?;
        if verbose {
            url.set_query(Some("verbose=true"));
        }
        self.transport.read(versioned(Call::get(url))).await
    }

    /// Cancels a transfer that is under way.
    ///
    /// # Errors
    /// As every change.
    pub async fn cancel_transfer(&self, permit: &Permit, app: &str, transfer: &str) -> Result<Answer<()>, Fault> {
        let url = self.url(&["client", "v11", "apps", app, "transfers", transfer, "actions", "cancel"])?;
        self.transport.write_unread(versioned(Call::change(permit, Method::Post, url, Body::None)), None).await
    }
}

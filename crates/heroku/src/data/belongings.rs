use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Data, versioned};
use crate::lenient;
use crate::transport::Call;
use hcops_model::Fault;

/// When a database is backed up (heroku/cli `pg:backups:schedules`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BackupSchedule {
    /// The config var that it was made for: `DATABASE_URL`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub name: Option<String>,
    /// The hour, 0 to 23.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub hour: Option<i64>,
    /// The zone of the hour: `UTC`, `America/Los_Angeles`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub timezone: Option<String>,
}

/// A setting of a database (heroku/cli `pg:settings`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Setting {
    /// What it is.
    #[serde(default)]
    pub value: Value,
    /// What it is on a new database.
    #[serde(default)]
    pub default: Value,
}

/// A link from one database to another one (heroku/cli `pg:links`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DatabaseLink {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

impl Data {
    /// When a database is backed up, by the add-on's id.
    ///
    /// # Errors
    /// As every look.
    pub async fn backup_schedules(&self, database: &str) -> Result<Vec<BackupSchedule>, Fault> {
        self.transport.list(versioned(Call::get(self.database_url(database, &["transfer-schedules"])?))).await
    }

    /// The settings of a database, by the add-on's id.
    ///
    /// # Errors
    /// As every look; Essential databases have none.
    pub async fn settings(&self, database: &str) -> Result<BTreeMap<String, Setting>, Fault> {
        let url = self.url(&["postgres", "v0", "databases", database, "config"])?;
        let told: BTreeMap<String, Option<Setting>> = self.transport.read(versioned(Call::get(url))).await?;
        Ok(told.into_iter().filter_map(|(name, setting)| Some((name, setting?))).collect())
    }

    /// The links of a database, by the add-on's id.
    ///
    /// # Errors
    /// As every look.
    pub async fn links(&self, database: &str) -> Result<Vec<DatabaseLink>, Fault> {
        self.transport.list(versioned(Call::get(self.database_url(database, &["links"])?))).await
    }
}

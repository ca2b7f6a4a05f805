use serde::{Deserialize, Serialize};

use super::{Platform, plain};
use crate::lenient::{self, Moment};
use crate::open_enum::open_enum;
use crate::transport::Call;
use hcops_model::Fault;

open_enum! {
    // docs/heroku/platform.md, "Releases".
    /// How a release stands.
    pub enum ReleaseStatus {
        /// Its release phase is running.
        Pending = "pending",
        /// It is live, or was.
        Succeeded = "succeeded",
        /// Its release phase failed: it never went live.
        Failed = "failed",
        /// Its slug is gone.
        Expired = "expired",
    }
}

/// A release of an app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Id.
    pub id: String,
    /// Counts from 1.
    pub version: u64,
    /// Why it was made: `Attach DATABASE (@ref:postgresql-curved-40312)`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub description: String,
    /// How it stands.
    pub status: ReleaseStatus,
    /// Whether it is the live one.
    #[serde(default)]
    pub current: Option<bool>,
    /// Where the release phase's output can be read.
    #[serde(default)]
    pub output_stream_url: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// When its status changed.
    #[serde(default)]
    pub updated_at: Option<Moment>,
}

impl Platform {
    /// The newest releases of an app, newest first, at most `newest` of them.
    ///
    /// # Errors
    /// As every look.
    pub async fn releases(&self, app: &str, newest: u32) -> Result<Vec<Release>, Fault> {
        let range = format!("version ..; max={newest}, order=desc");
        let call = self.get(&["apps", app, "releases"])?.header("range", range);
        self.first_page(call).await
    }

    async fn first_page(&self, call: Call) -> Result<Vec<Release>, Fault> {
        let good = self.transport.send(&call).await?;
        self.transport.decode(&call, &good)
    }

    /// One release, by id or version number.
    ///
    /// # Errors
    /// As every look.
    pub async fn release(&self, app: &str, release: &str) -> Result<Release, Fault> {
        let url = self.url(&["apps", app, "releases", release])?;
        self.transport.read(plain(Call::get(url))).await
    }
}

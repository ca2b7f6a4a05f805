use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Connect, ConnectionAddress, as_the_plugin_asks, bare};
use crate::lenient;
use crate::transport::{Answer, Call, Method, json_body};
use hcops_model::{Fault, Permit};

/// The newest version of the Salesforce API that Connect is known to use, in June 2026 (docs/heroku/connect.md, "API version").
pub const NEWEST_SALESFORCE_API: &str = "66.0";

/// From here on the Summer '27 release reaches orgs, at the earliest: no day is announced; Summer '26 reached the first
/// ones on 2026-05-15 (docs/heroku/connect.md, "API version").
pub const SUMMER_27: Date = date(2027, 5, 1);

/// The same of the Summer '28 release.
pub const SUMMER_28: Date = date(2028, 5, 1);

/// What Salesforce has announced of a version of its API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SalesforceApi {
    /// Removed: Salesforce refuses calls with it.
    Retired {
        /// The release that removed it.
        with: &'static str,
    },
    /// Deprecated with the release Summer '27 and removed with Summer '28.
    Ending,
    /// No end is announced that this version of hcops knows of.
    NoEndKnown,
}

/// What Salesforce has announced of the version that a connection shows, such as `62.0`; nothing where that is no
/// version, or one that no announcement names (docs/heroku/connect.md, "API version").
#[must_use]
pub fn salesforce_api(version: &str) -> Option<SalesforceApi> {
    let (whole, rest) = version.split_once('.').unwrap_or((version, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(rest) {
        return None;
    }
    match whole.parse::<u32>().ok()? {
        ..7 => None,
        7..=20 => Some(SalesforceApi::Retired { with: "Summer '22" }),
        21..=30 => Some(SalesforceApi::Retired { with: "Summer '25" }),
        31..=40 => Some(SalesforceApi::Ending),
        41.. => Some(SalesforceApi::NoEndKnown),
    }
}

/// What another version of the Salesforce API would change (docs/heroku/connect.md, "API version").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaDiff {
    /// The version in use.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub current_api_version: Option<String>,
    /// The version asked about.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub target_api_version: Option<String>,
    /// Each mapping.
    #[serde(default, deserialize_with = "lenient::list")]
    pub mappings: Vec<MappingDiff>,
}

/// What it would change of one mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingDiff {
    /// The object.
    pub name: String,
    /// Whether fields change.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub fields_have_changed: Option<bool>,
    /// Whether data could be lost.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub has_unsafe_changes: Option<bool>,
    /// Whether it can't be told what would happen.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub action_undetermined: Option<bool>,
    /// The server's sentences, one a line.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub result_message: Option<String>,
}

impl Connect {
    /// What a version of the Salesforce API (such as `61.0`) would change.
    ///
    /// # Errors
    /// As every look.
    pub async fn schema_diff(&self, at: &ConnectionAddress, target_version: &str) -> Result<SchemaDiff, Fault> {
        let mut url = at.connection(&["schema-diff"])?;
        url.query_pairs_mut().append_pair("target_version", target_version);
        self.transport.read(bare(Call::get(url))).await
    }

    /// Changes the version of the Salesforce API. The connection must be paused, and stays paused
    /// (docs/heroku/connect.md, "API version").
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::Refused`] when a mapping would lose data, or is still syncing.
    pub async fn change_api_version(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        target_version: &str,
    ) -> Result<Answer<()>, Fault> {
        let body = json_body(&json!({"target_version": target_version}))?;
        let url = at.connection(&["actions", "change-sf-api-version"])?;
        let call = Call::change(permit, Method::Post, url, body.clone());
        self.transport.write_unread(as_the_plugin_asks(call, body), None).await
    }
}

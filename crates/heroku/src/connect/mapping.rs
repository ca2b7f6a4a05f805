use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Connect, ConnectionAddress, MappingState, as_the_plugin_asks, bare};
use crate::lenient::{self, Moment};
use crate::transport::{Answer, Body, Call, Method, json_body};
use hcops_model::{Fault, Permit};

/// A mapping: one Salesforce object and its table (docs/heroku/connect.md, "Mapping").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// The Salesforce object's API name.
    pub object_name: String,
    /// How it stands.
    pub state: MappingState,
    /// The dashboard's word for the state.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub state_description: Option<String>,
    /// Its configuration.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub config: Option<MappingConfig>,
    /// `read_only` or `read_write`, raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub access: Option<String>,
    /// Rows and open work; estimates above a million rows.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub counts: Option<MappingCounts>,
    /// When it last moved.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub times: Option<MappingTimes>,
    /// Whether it is writing to Salesforce now.
    #[serde(default, deserialize_with = "lenient::maybe_truth")]
    pub actively_writing: Option<bool>,
}

impl Mapping {
    /// `read_only` or `read_write`, from whichever place has it.
    #[must_use]
    pub fn access(&self) -> Option<&str> {
        let configured = self.config.as_ref().and_then(|config| config.access.as_deref());
        self.access.as_deref().or(configured)
    }
}

/// A mapping's configuration. What this version does not know is kept, so that it can be sent back unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MappingConfig {
    /// `read_only` or `read_write`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// Counts changes; sent back when changing, so that nobody else's change is lost.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::maybe_whole")]
    pub revision: Option<i64>,
    /// The mapped fields by API name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Map<String, Value>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Rows and open work of a mapping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingCounts {
    /// Rows in Postgres.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub db: Option<i64>,
    /// Rows in Salesforce.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub sf: Option<i64>,
    /// Writes that wait.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub pending: Option<i64>,
    /// Writes that failed.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub errors: Option<i64>,
}

/// When a mapping last moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingTimes {
    /// Polled Salesforce.
    #[serde(default)]
    pub sf_poll: Option<Moment>,
    /// Wrote to Salesforce.
    #[serde(default)]
    pub sf_write: Option<Moment>,
    /// Polled the database.
    #[serde(default)]
    pub db_poll: Option<Moment>,
    /// Wrote to the database.
    #[serde(default)]
    pub db_write: Option<Moment>,
}

impl Connect {
    /// One mapping.
    ///
    /// # Errors
    /// As every look.
    pub async fn mapping(&self, at: &ConnectionAddress, mapping: &str) -> Result<Mapping, Fault> {
        self.transport.read(bare(Call::get(at.mapping(mapping, &[])?))).await
    }

    /// Makes a mapping.
    ///
    /// # Errors
    /// As every change.
    pub async fn create_mapping(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        object_name: &str,
        config: &MappingConfig,
    ) -> Result<Answer<Mapping>, Fault> {
        let body = json_body(&json!({"object_name": object_name, "config": config}))?;
        let call = Call::change(permit, Method::Post, at.connection(&["mappings"])?, body.clone());
        self.transport.write(as_the_plugin_asks(call, body)).await
    }

    /// Changes a mapping. `config` carries the revision that was read, so that somebody else's change is not lost; where
    /// in the body it belongs is not established (docs/heroku/connect.md, "Mapping"), so it is inside the
    /// configuration as it came.
    ///
    /// # Errors
    /// As every change.
    pub async fn update_mapping(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        mapping: &Mapping,
        config: &MappingConfig,
    ) -> Result<Answer<()>, Fault> {
        let body = json_body(&json!({"object_name": mapping.object_name, "config": config}))?;
        let call = Call::change(permit, Method::Put, at.mapping(&mapping.id, &[])?, body.clone());
        self.transport.write_unread(as_the_plugin_asks(call, body), None).await
    }

    /// Removes a mapping.
    ///
    /// # Errors
    /// As every change; anything but 204 counts as not understood (docs/heroku/connect.md, "Errors").
    pub async fn delete_mapping(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        mapping: &str,
    ) -> Result<Answer<()>, Fault> {
        let call = Call::change(permit, Method::Delete, at.mapping(mapping, &[])?, Body::EmptyJson);
        self.transport.write_unread(bare(call), Some(204)).await
    }

    /// Asks for a reload: the table is cleared and loaded again (docs/heroku/connect.md, "Reload").
    ///
    /// # Errors
    /// As every change; anything but 202 counts as not understood (docs/heroku/connect.md, "Errors").
    pub async fn reload_mapping(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        mapping: &str,
    ) -> Result<Answer<()>, Fault> {
        let url = at.mapping(mapping, &["actions", "reload"])?;
        self.transport.write_unread(bare(Call::change(permit, Method::Post, url, Body::EmptyJson)), Some(202)).await
    }
}

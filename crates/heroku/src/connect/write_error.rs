use serde::{Deserialize, Serialize};

use super::{Connect, ConnectionAddress, bare};
use crate::lenient::{self, Moment};
use crate::transport::Call;
use hcops_model::Fault;

/// A write that Salesforce refused (docs/heroku/connect.md, "Write errors").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteError {
    /// Id of the entry in the trigger log.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// The table.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub table_name: Option<String>,
    /// The row's id in the table.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub record_id: Option<String>,
    /// Why.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
    /// When.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "lenient::list")]
    results: Vec<WriteError>,
}

impl Connect {
    /// The connection's refused writes of the last 24 hours.
    ///
    /// # Errors
    /// As every look.
    pub async fn write_errors(&self, at: &ConnectionAddress) -> Result<Vec<WriteError>, Fault> {
        self.errors(bare(Call::get(at.connection(&["errors"])?))).await
    }

    /// A mapping's refused writes of the last 24 hours.
    ///
    /// # Errors
    /// As every look.
    pub async fn mapping_write_errors(&self, at: &ConnectionAddress, mapping: &str) -> Result<Vec<WriteError>, Fault> {
        self.errors(bare(Call::get(at.mapping(mapping, &["errors"])?))).await
    }

    async fn errors(&self, call: Call) -> Result<Vec<WriteError>, Fault> {
        Ok(self.transport.read::<Found>(call).await?.results)
    }
}

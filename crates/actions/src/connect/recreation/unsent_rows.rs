//! What has not reached Salesforce, as far as the API shows it: writes that wait, and writes that were refused.

use serde_json::{Value, json};

use crate::Context;
use crate::connect::mappings;
use crate::connect::pointer::Pointer;
use hcops_heroku::connect::{Connection, WriteError};
use hcops_model::Fault;
use hcops_text::counted;

/// What has not reached Salesforce.
pub(super) struct UnsentRows {
    pub(super) connection: Connection,
    /// Writes that wait; nothing where no mapping tells.
    pub(super) pending: Option<i64>,
    /// Refused writes of the last 24 hours. They are not tried again by themselves.
    pub(super) refused: Vec<WriteError>,
}

impl UnsentRows {
    pub(super) async fn of(context: &Context, pointer: &Pointer<'_>) -> Result<Self, Fault> {
        let connection = pointer.look(context).await?;
        let refused = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        Ok(Self { pending: mappings::pending(&connection), refused, connection })
    }

    /// Whether any mapping writes to Salesforce, or does not say that it doesn't.
    pub(super) fn may_write(&self) -> bool {
        self.connection.mappings.iter().any(|mapping| mapping.access() != Some("read_only"))
    }

    /// Whether nothing is missing in Salesforce: known, not assumed.
    pub(super) fn is_none(&self) -> bool {
        self.refused.is_empty() && (!self.may_write() || self.pending == Some(0))
    }

    pub(super) fn refused_ids(&self) -> Vec<String> {
        self.refused.iter().map(|error| error.id.clone()).collect()
    }

    /// In a sentence.
    pub(super) fn spoken(&self) -> String {
        let pending = if self.may_write() {
            mappings::pending_spoken(&self.connection)
        } else {
            "no mapping writes to Salesforce".to_owned()
        };
        format!("{pending}; {} in the last 24 hours", counted(self.refused.len() as u64, "refused write"))
    }

    /// As a document.
    pub(super) fn document(&self) -> Value {
        let counts = |mapping: &hcops_heroku::connect::Mapping| json!({ "object_name": mapping.object_name, "state": mapping.state.to_string(), "counts": mapping.counts });
        json!({
            "resource_name": self.connection.resource_name, "pending": self.pending, "refused_writes": self.refused,
            "mappings": self.connection.mappings.iter().map(counts).collect::<Vec<_>>(),
        })
    }
}

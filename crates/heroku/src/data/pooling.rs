use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Data, versioned};
use crate::lenient;
use crate::platform::Attachment;
use crate::transport::{Answer, Call, Method, json_body};
use hcops_model::{Fault, Permit};

/// Whether a database has connection pooling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pooling {
    /// Raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub status: Option<String>,
    /// The server's words.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
}

impl Data {
    /// Whether a database has connection pooling.
    ///
    /// # Errors
    /// As every look.
    pub async fn pooling(&self, database: &str) -> Result<Pooling, Fault> {
        self.transport.read(versioned(Call::get(self.database_url(database, &["connection-pooling"])?))).await
    }

    /// Attaches a database's connection pooler to an app, for the default credential.
    ///
    /// # Errors
    /// As every change.
    pub async fn attach_pooler(
        &self,
        permit: &Permit,
        database: &str,
        app: &str,
        name: Option<&str>,
    ) -> Result<Answer<Attachment>, Fault> {
        let body = match name {
            Some(name) => json!({"app": app, "credential": "default", "name": name}),
            None => json!({"app": app, "credential": "default"}),
        };
        let url = self.database_url(database, &["connection-pooling"])?;
        self.transport.write(versioned(Call::change(permit, Method::Post, url, json_body(&body)?))).await
    }
}

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Context;
use hcops_heroku::platform::Attachment;
use hcops_model::Fault;

/// A spare attachment of a database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneAlias {
    /// The app that has it, or gets it.
    pub(super) app: String,
    /// The add-on that it leads to, by name.
    pub(super) database: String,
    /// The attachment's name.
    pub(super) alias: String,
}

/// The app's attachment of this name, if it has one.
pub(super) async fn find(context: &Context, app: &str, name: &str) -> Result<Option<Attachment>, Fault> {
    let attachments = context.clients.platform.app_attachments(app).await?;
    Ok(attachments.into_iter().find(|attachment| attachment.name == name))
}

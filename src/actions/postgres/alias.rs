use crate::actions::Context;
use crate::heroku::platform::Attachment;
use crate::model::Fault;

/// The app's attachment of this name, if it has one.
pub(super) async fn find(context: &Context, app: &str, name: &str) -> Result<Option<Attachment>, Fault> {
    let attachments = context.clients.platform.app_attachments(app).await?;
    Ok(attachments.into_iter().find(|attachment| attachment.name == name))
}

//! Whether somebody uses a database that is about to be erased.

use crate::Context;
use crate::postgres::leading::Leading;
use hcops_heroku::platform::Attachment;
use hcops_model::Fault;

/// Why a database must not be erased, and what to do; nothing when nobody is seen to use it.
///
/// A database is used where it is an app's `DATABASE`, where it has an attachment beside its own names on the app that owns
/// it, or where a connection of that app reads it. Its only attachment is its own name, whatever it is called: without one
/// there is no database.
///
/// # Errors
/// As every look.
pub(super) async fn by_somebody(
    context: &Context,
    owner: &str,
    database: &str,
) -> Result<Option<(String, String)>, Fault> {
    let leading = Leading::to(context, database, &[owner.to_owned()]).await?;
    let only = match leading.attachments.as_slice() {
        [only] if only.app.name == owner && only.name != "DATABASE" => Some(only.id.clone()),
        _ => None,
    };
    let attached = leading.in_use(owner).filter(|one| Some(&one.id) != only.as_ref());
    let mut users: Vec<String> = attached.map(|one| format!("{} of {}", one.name, one.app.name)).collect();
    users.extend(leading.by_hand.iter().map(|(app, name)| format!("{name} of {app} (set by hand)")));
    users.extend(connections(context, owner, &leading.attachments).await?);
    if users.is_empty() {
        return Ok(None);
    }
    Ok(Some((
        format!("{database} is in use as {}: a copy would erase what works with it.", users.join(", ")),
        format!(
            "Copy into a database that nobody uses (`heroku addons:create heroku-postgresql:PLAN -a {owner}`); where this one \
             is not used any more, detach it there first (`heroku addons:detach NAME -a APP`)."
        ),
    )))
}

/// The connections of the app that read a config var of one of these attachments. Where there are none to be seen, the
/// account has no Heroku Connect, or may not see it: then attachments alone tell.
async fn connections(context: &Context, app: &str, attachments: &[Attachment]) -> Result<Vec<String>, Fault> {
    let connect = &context.clients.connect;
    let Ok(found) = connect.search(app, None).await else { return Ok(Vec::new()) };
    let mut readers = Vec::new();
    for one in found {
        let connection = connect.connection(&connect.address(&one)?).await?;
        let reads = |attachment: &&Attachment| {
            attachment.app.name == app && connection.db_key.as_deref() == Some(attachment.url_var().as_str())
        };
        if let Some(attachment) = attachments.iter().find(reads) {
            let name = connection.resource_name.as_deref().unwrap_or_else(|| connection.display_name());
            readers.push(format!("the database of {name} ({})", attachment.url_var()));
        }
    }
    Ok(readers)
}

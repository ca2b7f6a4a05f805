//! Moving an attachment to another database: what promoting, attaching under a name and moving poolers have in common.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::readiness::{self, Readiness};
use super::subject::Subject;
use crate::Context;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::leads::{self, Leads};
use crate::releases;
use crate::sight::{blocked, satisfied};
use hcops_heroku::platform::{Attachment, NewAttachment};
use hcops_model::{Fault, Permit, Prior, Receipt, Seen};

/// Where an attachment should lead.
pub(super) struct Wanted<'a> {
    pub(super) app: &'a str,
    pub(super) name: &'a str,
    pub(super) namespace: Option<&'a str>,
    /// The add-on that it should lead to, by name.
    pub(super) database: &'a str,
    /// The add-on that it may be taken from, by name. Without one a name that is taken is left alone.
    pub(super) from: Option<&'a str>,
}

/// Where the attachment leads now.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The app.
    app: String,
    /// The attachment's name.
    name: String,
    /// The config var that holds the database's address.
    config_var: String,
    /// The add-on that it leads to, by name.
    database: String,
}

/// Whether the attachment leads where it should, and the value of its config var with it; if not, what attaching would do.
pub(super) async fn observe(context: &Context, wanted: &Wanted<'_>, prior: &Prior) -> Result<Seen<Output>, Fault> {
    let attachments = context.clients.platform.app_attachments(wanted.app).await?;
    let current = attachments.into_iter().find(|attachment| attachment.name == wanted.name);
    match current {
        Some(attachment) if attachment.addon.name == wanted.database => match judge_namespace(wanted, &attachment) {
            Seen::Satisfied { output } => judge_value(context, wanted, &attachment, output).await,
            other => Ok(other),
        },
        Some(attachment) if wanted.from != Some(attachment.addon.name.as_str()) => Ok(taken(wanted, &attachment)),
        current => {
            if let Some(seen) = not_ready(context, wanted).await? {
                return Ok(seen);
            }
            Ok(ready_unless_accepted(context, prior, vec![will(wanted, current.as_ref())]))
        }
    }
}

/// What is put out for an attachment that stays with the old database, because the new one lacks its credential.
pub(super) fn left_on(wanted: &Wanted<'_>, old: &str) -> Output {
    Output {
        app: wanted.app.to_owned(),
        name: wanted.name.to_owned(),
        config_var: format!("{}_URL", wanted.name),
        database: old.to_owned(),
    }
}

/// Attaches the database under the wanted name, taking the name from the old database.
pub(super) async fn act(context: &Context, wanted: &Wanted<'_>, permit: &Permit) -> Result<Receipt, Fault> {
    let new = NewAttachment {
        addon: wanted.database.to_owned(),
        app: wanted.app.to_owned(),
        name: Some(wanted.name.to_owned()),
        confirm: wanted.from.is_some().then(|| wanted.app.to_owned()),
        namespace: wanted.namespace.map(str::to_owned),
    };
    let answer = context.clients.platform.attach(permit, &new).await?;
    let said = format!("{} of {} leads to {}", answer.value.name, wanted.app, answer.value.addon.name);
    Ok(receipt(&answer, said, json!({"attachment": answer.value.id})))
}

async fn judge_value(
    context: &Context,
    wanted: &Wanted<'_>,
    attachment: &Attachment,
    output: Output,
) -> Result<Seen<Output>, Fault> {
    Ok(match leads::of_attachment(context, attachment, wanted.database, wanted.from).await? {
        Leads::There => satisfied(output),
        wrong => {
            let releases = releases::newest(context, wanted.app).await?;
            releases::not_led(context, attachment, &releases, &wrong)
        }
    })
}

fn judge_namespace(wanted: &Wanted<'_>, attachment: &Attachment) -> Seen<Output> {
    let current = attachment.namespace.as_deref();
    let is_default =
        |namespace: Option<&str>| namespace.is_none_or(|name| name.is_empty() || name == "credential:default");
    if current == wanted.namespace || (is_default(current) && is_default(wanted.namespace)) {
        return satisfied(Output {
            app: wanted.app.to_owned(),
            name: wanted.name.to_owned(),
            config_var: attachment.url_var(),
            database: wanted.database.to_owned(),
        });
    }
    blocked(
        format!(
            "{} of {} leads to {} already, but as {} instead of {}.",
            wanted.name,
            wanted.app,
            wanted.database,
            current.unwrap_or("its default credential"),
            wanted.namespace.unwrap_or("its default credential")
        ),
        format!(
            "Somebody attached it differently. Remove it (`heroku addons:detach {} -a {}`) and retry.",
            wanted.name, wanted.app
        ),
    )
}

fn taken(wanted: &Wanted<'_>, attachment: &Attachment) -> Seen<Output> {
    let expected = wanted.from.map_or_else(|| "to nothing".to_owned(), |from| format!("to {from}"));
    blocked(
        format!(
            "{} of {} leads to {}; when the plan was made it led {expected}.",
            wanted.name, wanted.app, attachment.addon.name
        ),
        format!(
            "Somebody has moved it since. Find out why (`heroku releases -a {0}`), then move it by hand (`heroku \
             addons:attach {1} --as {2} -a {0}`) or back, and retry.",
            wanted.app, wanted.database, wanted.name
        ),
    )
}

/// Nothing is switched to a database that is not ready.
async fn not_ready(context: &Context, wanted: &Wanted<'_>) -> Result<Option<Seen<Output>>, Fault> {
    let name = wanted.database;
    Ok(match Readiness::of_database(context, name).await? {
        Readiness::Ready => None,
        Readiness::Waiting { message, part } => Some(readiness::waiting(name, &message, part, 10)),
        Readiness::Missing => Some(readiness::missing(context, Subject { app: wanted.app, database: name }, 10).await?),
        Readiness::Unknown { message } => {
            Some(readiness::unknown(Subject { app: wanted.app, database: name }, &message))
        }
        Readiness::Failed { message } => Some(blocked(
            format!("Heroku reports a failure of {name}: \"{message}\". Nothing is switched to it."),
            format!(
                "Look at it with `heroku pg:info {name} -a {}` and open a ticket with Heroku's support.",
                wanted.app
            ),
        )),
    })
}

fn will(wanted: &Wanted<'_>, current: Option<&Attachment>) -> String {
    let through = match wanted.namespace {
        Some(namespace) => format!(" ({namespace})"),
        None => String::new(),
    };
    match current {
        Some(attachment) => format!(
            "make {} of {}{through} lead to {} instead of {}; the app gets a new release",
            wanted.name, wanted.app, wanted.database, attachment.addon.name
        ),
        None => format!(
            "attach {} to {} as {}{through}; the app gets a new release",
            wanted.database, wanted.app, wanted.name
        ),
    }
}

//! The release that carries an attachment: which one it is, and what became of it.

use jiff::Timestamp;

use super::Context;
use super::leads::Leads;
use super::sight::{blocked, underway};
use hcops_heroku::platform::{Attachment, Release, ReleaseStatus};
use hcops_model::{Fault, Seen};

/// How many of the newest releases are looked through; the official client takes 5.
const NEWEST: u32 = 50;

/// Seconds for which a variable may lag behind its attachment and its release.
const LAG: i64 = 120;

/// The newest releases of the attachment's app.
///
/// # Errors
/// As every look.
pub(super) async fn newest(context: &Context, app: &str) -> Result<Vec<Release>, Fault> {
    context.clients.platform.releases(app, NEWEST).await
}

/// The newest release that attached `attachment`: named so, for this add-on where the description names one, otherwise not
/// older than the attachment.
pub(super) fn attaching<'a>(attachment: &Attachment, releases: &'a [Release]) -> Option<&'a Release> {
    let attached_at = attachment.created_at.as_ref().and_then(|moment| moment.at);
    releases
        .iter()
        .filter(|release| attaches(&release.description, &attachment.name))
        .filter(|release| belongs(release, &attachment.addon.name, attached_at))
        .max_by_key(|release| release.version)
}

/// Whether a release's description says `Attach NAME`, and not `Attach NAME_AND_MORE`.
fn attaches(description: &str, name: &str) -> bool {
    description.split_once("Attach ").is_some_and(|(_, rest)| {
        let end = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        rest.get(..end.unwrap_or(rest.len())) == Some(name)
    })
}

/// The form `@ref:ADD-ON` is inferred from descriptions seen: where it is there it decides, where it isn't the time does,
/// with a minute for rounding.
fn belongs(release: &Release, database: &str, attached_at: Option<Timestamp>) -> bool {
    if let Some((_, reference)) = release.description.split_once("@ref:") {
        return reference.trim_end_matches(')').trim() == database;
    }
    match (made_at(release), attached_at) {
        (Some(released), Some(attached)) => attached.duration_since(released).as_secs() <= 60,
        _ => true,
    }
}

fn made_at(release: &Release) -> Option<Timestamp> {
    release.created_at.as_ref().and_then(|moment| moment.at)
}

/// A deploy after a failed release, which itself succeeded: it carries the variables as they are, so the dynos have them.
/// A release of another attachment is none: it is made without regard to what failed before, and the variable of the failed
/// one may be missing in it. Whoever attaches the same name again makes a newer release of the attachment itself.
pub(super) fn later_deploy<'a>(failed: &Release, releases: &'a [Release]) -> Option<&'a Release> {
    releases.iter().filter(|release| release.version > failed.version).find(|release| {
        release.status == ReleaseStatus::Succeeded
            && ["Deploy", "Promote "].iter().any(|begins| release.description.starts_with(begins))
    })
}

/// What is seen while the variable of an attachment does not lead where the attachment does.
pub(super) fn not_led<T>(context: &Context, attachment: &Attachment, releases: &[Release], leads: &Leads) -> Seen<T> {
    let (app, name) = (&attachment.app.name, &attachment.name);
    let wrong = leads.wrong(&attachment.url_var()).unwrap_or_default();
    let release = attaching(attachment, releases);
    let made = release.and_then(made_at).max(attachment.created_at.as_ref().and_then(|moment| moment.at));
    let is_young = made.is_some_and(|made| context.clock.now().duration_since(made).as_secs() < LAG);
    match release {
        Some(Release { status: ReleaseStatus::Failed | ReleaseStatus::Expired, version, .. }) => blocked(
            format!(
                "{name} of {app} leads to {}, but its release v{version} failed, and {wrong}.",
                attachment.addon.name
            ),
            format!(
                "Read its output (`heroku releases:output v{version} -a {app}`) and mend the cause. {}",
                put_right(attachment)
            ),
        ),
        Some(Release { status: ReleaseStatus::Pending, version, .. }) => {
            underway(format!("release v{version} of {app} is pending; until it has succeeded {wrong}"), 5)
        }
        _ if is_young => underway(format!("{name} of {app} leads to {}, but {wrong}", attachment.addon.name), 5),
        _ => blocked(
            format!("{name} of {app} leads to {}, but {wrong}.", attachment.addon.name),
            format!(
                "Find out why (`heroku releases -a {app}`, `heroku config:get {} -a {app}`, which shows a password). {}",
                attachment.url_var(),
                put_right(attachment)
            ),
        ),
    }
}

/// How an attachment is made anew, with the variable that belongs to it.
pub(super) fn put_right(attachment: &Attachment) -> String {
    let (app, name, database) = (&attachment.app.name, &attachment.name, &attachment.addon.name);
    let attach = match attachment.namespace.as_deref() {
        Some(pool) if attachment.is_pooler() => {
            let credential = pool.strip_prefix("connection-pooling:").unwrap_or("default");
            format!("heroku pg:connection-pooling:attach {database} --credential {credential} --as {name} -a {app}")
        }
        Some(credential) if !attachment.is_default_credential() => {
            let credential = credential.strip_prefix("credential:").unwrap_or(credential);
            format!("heroku addons:attach {database} --credential {credential} --as {name} -a {app} --confirm {app}")
        }
        _ => format!("heroku addons:attach {database} --as {name} -a {app} --confirm {app}"),
    };
    format!("Then attach it anew (`{attach}`), which makes the variable and a release of its own, and retry.")
}

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::sight::{blocked, satisfied, unclear, underway};
use crate::actions::{Action, Context};
use crate::heroku::platform::{Attachment, Release, ReleaseStatus};
use crate::model::{Effect, Fault, Prior, Seen};

/// Follows the release that attaching a database made, until its release phase has succeeded.
///
/// The official client exits 0 when the release phase failed or was not seen in time (`reference/procedures.md`
/// section 3.3); here a failure blocks. Where no such release is listed and the app has no release phase, the attachment
/// itself is the truth.
pub(in crate::actions) struct ReleaseSucceeded;

/// Which attachment of which app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app's name.
    app: String,
    /// The attachment's name, for example `DATABASE`.
    attachment: String,
    /// The name of the add-on that it should lead to.
    database: String,
}

/// Which release carries the attachment.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The app's name.
    app: String,
    /// The release's version; none when no release was listed and the app has no release phase.
    version: Option<u64>,
    /// What was seen, in one sentence.
    seen: String,
}

/// How many of the newest releases are looked through; the official client takes 5.
const NEWEST: u32 = 50;

impl Action for ReleaseSucceeded {
    const NAME: &'static str = "app.release-succeeded";
    const SUMMARY: &'static str = "Wait until the release that attached a database has succeeded.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let attachments = context.clients.platform.app_attachments(&params.app).await?;
        let Some(attachment) = attachments.into_iter().find(|attachment| attachment.name == params.attachment) else {
            return Ok(underway(format!("{} has no attachment {} yet", params.app, params.attachment), 5));
        };
        if attachment.addon.name != params.database {
            return Ok(led_elsewhere(params, &attachment));
        }
        let releases = context.clients.platform.releases(&params.app, NEWEST).await?;
        match newest_attaching(params, &attachment, &releases) {
            Some(release) => judge(context, params, release, &releases).await,
            None => without_release(context, params).await,
        }
    }
}

fn led_elsewhere(params: &Params, attachment: &Attachment) -> Seen<Output> {
    blocked(
        format!(
            "{} of {} leads to {}, not to {}.",
            params.attachment, params.app, attachment.addon.name, params.database
        ),
        format!(
            "Somebody has moved it since this run did. Find out why (`heroku releases -a {0}`), then \
             `heroku addons:attach {1} --as {2} -a {0} --confirm {0}`.",
            params.app, params.database, params.attachment
        ),
    )
}

/// The newest release that attached `params.attachment`: named so, for this add-on where the description names one,
/// otherwise not older than the attachment.
fn newest_attaching<'a>(params: &Params, attachment: &Attachment, releases: &'a [Release]) -> Option<&'a Release> {
    let attached_at = attachment.created_at.as_ref().and_then(|moment| moment.at);
    releases
        .iter()
        .filter(|release| attaches(&release.description, &params.attachment))
        .filter(|release| belongs(release, &params.database, attached_at))
        .max_by_key(|release| release.version)
}

/// Whether a release's description says `Attach NAME`, and not `Attach NAME_AND_MORE`.
fn attaches(description: &str, name: &str) -> bool {
    description.split_once("Attach ").is_some_and(|(_, rest)| {
        let end = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        rest.get(..end.unwrap_or(rest.len())) == Some(name)
    })
}

/// The form `@ref:ADD-ON` is inferred (`reference/platform-and-data-api.md` section 2.1): where it is there it decides,
/// where it isn't the time does, with a minute for rounding.
fn belongs(release: &Release, database: &str, attached_at: Option<Timestamp>) -> bool {
    if let Some((_, reference)) = release.description.split_once("@ref:") {
        return reference.trim_end_matches(')').trim() == database;
    }
    match (release.created_at.as_ref().and_then(|moment| moment.at), attached_at) {
        (Some(released), Some(attached)) => attached.duration_since(released).as_secs() <= 60,
        _ => true,
    }
}

async fn judge(
    context: &Context,
    params: &Params,
    release: &Release,
    releases: &[Release],
) -> Result<Seen<Output>, Fault> {
    let version = release.version;
    Ok(match &release.status {
        ReleaseStatus::Succeeded => satisfied(output(params, Some(version), format!("release v{version} succeeded"))),
        ReleaseStatus::Pending => underway(
            format!(
                "release v{version} of {} is pending; `heroku releases:output v{version} -a {0}` shows it",
                params.app
            ),
            5,
        ),
        ReleaseStatus::Failed | ReleaseStatus::Expired => match later_success(release, releases) {
            Some(later) => satisfied(output(
                params,
                Some(later.version),
                format!("release v{version} {}, the later v{} succeeded", release.status, later.version),
            )),
            None => failed(context, params, release).await?,
        },
        ReleaseStatus::Other(_) => unclear(
            format!(
                "Release v{version} of {} has the status \"{}\", which hcops does not know.",
                params.app, release.status
            ),
            format!("Has release v{version} of {} ended well? (`heroku releases:info v{version} -a {0}`)", params.app),
        ),
    })
}

fn later_success<'a>(failed: &Release, releases: &'a [Release]) -> Option<&'a Release> {
    releases.iter().find(|release| release.version > failed.version && release.status == ReleaseStatus::Succeeded)
}

async fn failed(context: &Context, params: &Params, release: &Release) -> Result<Seen<Output>, Fault> {
    let variable = format!("{}_URL", params.attachment);
    let present = context.clients.platform.config_vars(&params.app).await?.get(&variable).is_some();
    let meaning = if present {
        format!("{variable} is there, but the app's dynos still run the release before, with the old database")
    } else {
        format!("{variable} is missing: the app runs without a database")
    };
    Ok(blocked(
        format!(
            "The release phase of v{} of {} did not succeed (status {}). {meaning}.",
            release.version, params.app, release.status
        ),
        format!(
            "Read its output (`heroku releases:output v{} -a {1}`), mend the cause, and make a new release: deploy, or \
             `heroku addons:attach {2} --as {3} -a {1} --confirm {1}`. A later release that succeeds settles this step.",
            release.version, params.app, params.database, params.attachment
        ),
    ))
}

async fn without_release(context: &Context, params: &Params) -> Result<Seen<Output>, Fault> {
    let formation = context.clients.platform.formation(&params.app).await?;
    if formation.iter().any(|kind| kind.process_type == "release") {
        return Ok(underway(
            format!("no release of {} that attaches {} is listed yet", params.app, params.attachment),
            5,
        ));
    }
    let seen = format!(
        "no release is listed; {} has no release phase and {} leads to {}",
        params.app, params.attachment, params.database
    );
    Ok(satisfied(output(params, None, seen)))
}

fn output(params: &Params, version: Option<u64>, seen: String) -> Output {
    Output { app: params.app.clone(), version, seen }
}

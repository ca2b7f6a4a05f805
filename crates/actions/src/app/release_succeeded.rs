use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::leads::{self, Leads};
use crate::releases;
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::platform::{Attachment, Release, ReleaseStatus};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Follows the release that attaching a database made, until its release phase has succeeded.
///
/// The official client exits 0 when the release phase failed or was not seen in time (docs/heroku/procedures.md,
/// "Accepted is not done"); here a failure blocks. A release that succeeded is not enough: the value of the
/// attachment's config var has to lead to the database. Where no such release is listed and the app has no release
/// phase, that value is the truth.
pub(crate) struct ReleaseSucceeded;

/// Which attachment of which app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
    /// The attachment's name, for example `DATABASE`.
    attachment: String,
    /// The name of the add-on that it should lead to.
    database: String,
    /// The name of the add-on that it led to before.
    #[serde(default)]
    from: Option<String>,
    /// The add-on that it may have been left on, by name: then there is no release to wait for.
    #[serde(default)]
    or_left_on: Option<String>,
}

/// Which release carries the attachment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The app's name.
    app: String,
    /// The release's version; none when no release was listed and the app has no release phase.
    version: Option<u64>,
    /// What was seen, in one sentence.
    seen: String,
}

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
        if params.or_left_on.as_deref() == Some(attachment.addon.name.as_str()) {
            let seen = format!("{} stays with {}", params.attachment, attachment.addon.name);
            return Ok(satisfied(output(params, None, seen)));
        }
        if attachment.addon.name != params.database {
            return Ok(led_elsewhere(params, &attachment));
        }
        let releases = releases::newest(context, &params.app).await?;
        let leads = leads::of_attachment(context, &attachment, &params.database, params.from.as_deref()).await?;
        let seen = match releases::attaching(&attachment, &releases) {
            Some(release) => judge(params, &attachment, release, &releases, &leads),
            None => without_release(context, params).await?,
        };
        Ok(if seen.is_satisfied() && leads != Leads::There {
            releases::not_led(context, &attachment, &releases, &leads)
        } else {
            seen
        })
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

fn judge(
    params: &Params,
    attachment: &Attachment,
    release: &Release,
    releases: &[Release],
    leads: &Leads,
) -> Seen<Output> {
    let version = release.version;
    match &release.status {
        ReleaseStatus::Succeeded => satisfied(output(params, Some(version), format!("release v{version} succeeded"))),
        ReleaseStatus::Pending => underway(
            format!(
                "release v{version} of {} is pending; `heroku releases:output v{version} -a {0}` shows it",
                params.app
            ),
            5,
        ),
        ReleaseStatus::Failed | ReleaseStatus::Expired => match releases::later_deploy(release, releases) {
            Some(later) => satisfied(output(
                params,
                Some(later.version),
                format!("release v{version} {}, the later v{} succeeded", release.status, later.version),
            )),
            None => failed(attachment, release, leads),
        },
        ReleaseStatus::Other(_) => unclear(
            format!(
                "Release v{version} of {} has the status \"{}\", which hcops does not know.",
                params.app, release.status
            ),
            format!("Has release v{version} of {} ended well? (`heroku releases:info v{version} -a {0}`)", params.app),
        ),
    }
}

fn failed(attachment: &Attachment, release: &Release, leads: &Leads) -> Seen<Output> {
    let (app, variable) = (&attachment.app.name, attachment.url_var());
    let meaning = leads.wrong(&variable).map_or_else(
        || format!("{variable} leads to {}, but the app's dynos still run the release before", attachment.addon.name),
        |wrong| format!("{wrong}: the app must not run like that"),
    );
    blocked(
        format!(
            "The release phase of v{} of {app} did not succeed (status {}). {meaning}.",
            release.version, release.status
        ),
        format!(
            "Read its output (`heroku releases:output v{} -a {app}`) and mend the cause. {} Where the variable leads to {} \
             already, a deploy that succeeds settles this step too.",
            release.version,
            releases::put_right(attachment),
            attachment.addon.name
        ),
    )
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

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::sight::{satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::platform::{Dyno, Release, ReleaseStatus};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Waits until no dyno of an app runs an older release than the newest one.
///
/// A release replaces an app's dynos one after another, and a dyno of the release before still has the old database's
/// address. With preboot the old dynos live on beside the new ones for minutes (Dev Center: Preboot), and it is not said
/// whether the list of dynos shows them, so that time is waited out.
pub(crate) struct DynosCurrent;

/// Which app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
}

/// What runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The release that every dyno runs; none where no release is listed.
    version: Option<u64>,
    /// What was seen, in one sentence.
    seen: String,
}

/// How many of the newest releases are looked through.
const NEWEST: u32 = 50;

/// How long dynos of the release before may live on with preboot: about three minutes (Dev Center: Preboot), and time for
/// them to shut down.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

impl Action for DynosCurrent {
    const NAME: &'static str = "app.dynos-current";
    const SUMMARY: &'static str = "Wait until no dyno of an app runs an older release.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let app = &params.app;
        let releases = context.clients.platform.releases(app, NEWEST).await?;
        let succeeded = releases.iter().filter(|release| release.status == ReleaseStatus::Succeeded);
        let Some(newest) = succeeded.max_by_key(|release| release.version) else {
            return Ok(satisfied(Output { version: None, seen: format!("no release of {app} is listed") }));
        };
        let dynos = context.clients.platform.dynos(app).await?;
        let own = context.clients.own_dyno.as_ref();
        let is_own = |dyno: &Dyno| own.is_some_and(|own| own.may_be(app, &dyno.name));
        let running: Vec<&Dyno> = dynos.iter().filter(|dyno| runs(dyno) && !is_own(dyno)).collect();
        if let Some(seen) = unlike(app, newest, &running) {
            return Ok(seen);
        }
        let since = released_at(newest).unwrap_or_else(|| first_look(context, prior));
        if let Some(seen) = overlap(context, app, newest, since).await? {
            return Ok(seen);
        }
        let seen =
            format!("{} of {app} run release v{}", hcops_text::counted(running.len() as u64, "dyno"), newest.version);
        Ok(satisfied(Output { version: Some(newest.version), seen }))
    }
}

/// Whether it runs code of the app's release: a release phase belongs to the next one, and what is down runs nothing.
fn runs(dyno: &Dyno) -> bool {
    dyno.process_type != "release" && !matches!(dyno.state.as_str(), "down" | "crashed")
}

#[derive(PartialEq)]
enum Age {
    Older,
    Current,
    Unknown,
}

/// By the release that it says it runs, else by the time at which it was made.
fn age(dyno: &Dyno, newest: &Release) -> Age {
    let version = dyno.release.as_ref().and_then(|release| release.version);
    if let Some(version) = version.and_then(|version| u64::try_from(version).ok()) {
        return if version < newest.version { Age::Older } else { Age::Current };
    }
    match (dyno.created_at.as_ref().and_then(|moment| moment.at), released_at(newest)) {
        (Some(made), Some(released)) if made >= released => Age::Current,
        (Some(_), Some(_)) => Age::Older,
        _ => Age::Unknown,
    }
}

fn released_at(release: &Release) -> Option<Timestamp> {
    let at = |moment: &Option<hcops_heroku::Moment>| moment.as_ref().and_then(|moment| moment.at);
    at(&release.created_at).max(at(&release.updated_at))
}

fn unlike(app: &str, newest: &Release, running: &[&Dyno]) -> Option<Seen<Output>> {
    let named = |wanted: Age| -> Vec<String> {
        let of_age = running.iter().filter(|dyno| age(dyno, newest) == wanted);
        of_age.map(|dyno| format!("{} ({})", dyno.name, dyno.state)).collect()
    };
    let (older, unknown) = (named(Age::Older), named(Age::Unknown));
    if !older.is_empty() {
        return Some(underway(
            format!(
                "{} of {app} still run an older release than v{}, with the old database; `heroku ps:restart -a {app}` \
                 replaces them at once",
                older.join(", "),
                newest.version
            ),
            5,
        ));
    }
    (!unknown.is_empty()).then(|| {
        unclear(
            format!("Heroku does not show which release {} of {app} run.", unknown.join(", ")),
            format!(
                "Do all dynos of {app} run v{}? (`heroku ps -a {app}`; `heroku ps:restart -a {app}`)",
                newest.version
            ),
        )
    })
}

/// Where the release has no time, it is taken for as old as the first look at it.
fn first_look(context: &Context, prior: &Prior) -> Timestamp {
    let noted = prior.memo.as_ref().and_then(|memo| memo.as_str()).and_then(|text| text.parse().ok());
    let since = noted.unwrap_or_else(|| context.clock.now());
    context.remember(json!(since.to_string()));
    since
}

/// Where preboot is on, or where that can't be read, the time is waited out in which old dynos may live on.
async fn overlap(
    context: &Context,
    app: &str,
    newest: &Release,
    since: Timestamp,
) -> Result<Option<Seen<Output>>, Fault> {
    let left = OVERLAP.saturating_sub(context.clock.now().duration_since(since));
    if left <= SignedDuration::ZERO {
        return Ok(None);
    }
    let why = match context.clients.platform.app_feature(app, "preboot").await {
        Ok(false) => return Ok(None),
        Ok(true) => "preboot is on",
        Err(fault) if fault.kind == FaultKind::NotFound => return Ok(None),
        Err(fault) if matches!(fault.kind, FaultKind::Refused | FaultKind::Unauthorized) => {
            "whether preboot is on could not be read"
        }
        Err(fault) => return Err(fault),
    };
    Ok(Some(underway(
        format!(
            "{why} for {app}: dynos of the release before v{} may live on for {} s more, with the old database",
            newest.version,
            left.as_secs()
        ),
        left.as_secs().clamp(1, 30).unsigned_abs(),
    )))
}

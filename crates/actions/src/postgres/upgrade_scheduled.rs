use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::readiness::{self, Readiness};
use super::schedule::Standing;
use super::subject::Subject;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that an upgrade is prepared and scheduled, and says for when: `prepare` also schedules, and without a word
/// Heroku runs it then, with apps and Connect live (docs/heroku/procedures.md, "Upgrade in place").
///
/// Where no schedule is recognised in Heroku's words, a person says whether there is one.
pub(crate) struct UpgradeScheduled;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// Heroku's words that were taken for a schedule before; while they are the same, they still are.
    #[serde(default)]
    said_before: Option<String>,
    /// Heroku's words when nothing was scheduled: where they are the same again, nothing is.
    #[serde(default)]
    said_when_none: Option<String>,
    /// The Postgres major version that the upgrade leads to: once the database is on it the schedule has served, by
    /// Heroku's own hand or another's. Without it a schedule that is over is no schedule.
    #[serde(default)]
    to: Option<u32>,
}

/// What is scheduled.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// When Heroku runs the upgrade by itself; absent where only its words say so.
    scheduled_for: Option<String>,
    /// Heroku's words.
    said: String,
    /// The same for people.
    shown: String,
}

impl Action for UpgradeScheduled {
    const NAME: &'static str = "postgres.upgrade-scheduled";
    const SUMMARY: &'static str = "Check that a version upgrade is scheduled, and say for when.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        Ok(match Standing::of(context, &params.database).await? {
            Standing::Scheduled { at, said } => satisfied(Output {
                shown: format!(
                    "{}: Heroku runs the upgrade by itself at {at}, unless it is run or cancelled before",
                    params.database
                ),
                scheduled_for: Some(at.to_string()),
                said,
            }),
            Standing::Quiet { said } => match has_run(context, params, &said).await? {
                Some(output) => satisfied(output),
                None => by_words(params, prior, said),
            },
            Standing::Other(Readiness::Waiting { message, part }) => {
                readiness::waiting(&params.database, &message, part, 15)
            }
            Standing::Other(Readiness::Failed { message }) => failed(params, &message),
            Standing::Other(_) => readiness::unknown(subject, ""),
        })
    }
}

async fn has_run(context: &Context, params: &Params, said: &str) -> Result<Option<Output>, Fault> {
    let Some(to) = params.to else { return Ok(None) };
    let database = context.clients.data.database(&params.database).await?;
    Ok((database.major_version() == Some(to)).then(|| Output {
        scheduled_for: None,
        said: said.to_owned(),
        shown: format!("{}: the upgrade has run, it is on Postgres {to}", params.database),
    }))
}

fn by_words(params: &Params, prior: &Prior, said: String) -> Seen<Output> {
    if params.said_when_none.as_ref() == Some(&said) {
        return not_scheduled(params, &said);
    }
    let attested = prior.answer.as_deref().is_some_and(|answer| !answer.trim().eq_ignore_ascii_case("no"));
    if attested || params.said_before.as_ref().is_some_and(|before| *before == said && !said.is_empty()) {
        let shown = format!("{}: Heroku says \"{said}\"", params.database);
        return satisfied(Output { scheduled_for: None, said, shown });
    }
    if prior.answer.is_some() || params.said_before.is_some() {
        return not_scheduled(params, &said);
    }
    Seen::Unclear {
        why: format!("Heroku says \"{said}\", in which hcops recognises no schedule."),
        ask: vec![format!(
            "The upgrade of {0} is prepared and scheduled, and you know for when. (`heroku pg:upgrade:wait {0} -a {1}`)",
            params.database, params.app
        )],
    }
}

fn not_scheduled(params: &Params, said: &str) -> Seen<Output> {
    blocked(
        format!("No upgrade of {} is scheduled any more: Heroku says \"{said}\".", params.database),
        format!(
            "Somebody has cancelled it, or it has run. `heroku pg:upgrade:wait {0} -a {1}` and `heroku pg:info {0} -a {1}` \
             show it; turn back with `hcops abort` and begin anew.",
            params.database, params.app
        ),
    )
}

fn failed(params: &Params, message: &str) -> Seen<Output> {
    blocked(
        format!("Heroku reports that the upgrade of {} failed: \"{message}\".", params.database),
        format!(
            "{} is on its old version. Turn back with `hcops abort`; Heroku's support can see the cause.",
            params.database
        ),
    )
}

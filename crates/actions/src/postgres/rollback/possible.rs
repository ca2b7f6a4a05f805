use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment;
use crate::postgres::subject::Subject;
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database can be brought back as it was at a moment: not before the earliest one that Heroku keeps, and
/// not in the future.
pub(crate) struct RollbackPossible;

/// Which database, and when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The moment: `2026-11-22T01:30:00Z`.
    moment: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The moment, in UTC.
    moment: String,
    /// What Heroku shows of the earliest one.
    earliest: String,
}

impl Action for RollbackPossible {
    const NAME: &'static str = "postgres.rollback-possible";
    const SUMMARY: &'static str = "Check that a database can be brought back as it was at a moment.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let Some(moment) = moment::read(&params.moment) else {
            return Ok(blocked(
                format!("\"{}\" is no moment.", params.moment),
                "Give it in UTC, for example --moment 2026-11-22T01:30:00Z.",
            ));
        };
        let database = context.clients.data.database(subject.database).await?;
        let shown = database.info("Rollback").unwrap_or("not shown").to_owned();
        let Some(earliest) = moment::earliest(&shown) else { return Ok(without_rollback(subject, &shown)) };
        if moment < earliest {
            return Ok(blocked(
                format!(
                    "{} can be brought back as it was at {earliest} at the earliest, not at {moment}.",
                    params.database
                ),
                "Standard plans keep 4 days, Premium, Private and Shield 7. Choose a later moment; what is older is only in \
                 backups: `heroku pg:backups`.",
            ));
        }
        if moment > context.clock.now() {
            return Ok(blocked(format!("{moment} has not come yet."), "Choose a past moment, in UTC."));
        }
        Ok(satisfied(Output { moment: moment.to_string(), earliest: shown }))
    }
}

fn without_rollback(subject: Subject<'_>, shown: &str) -> Seen<Output> {
    if ["Unsupported", "Unavailable on followers"].contains(&shown) {
        return blocked(
            format!("{} can't be rolled back ({shown}).", subject.database),
            "Essential plans have no rollback, and a follower is rolled back through its leader. Restore a backup into a new \
             database instead (`heroku pg:backups:restore`), and move the apps and the connection there by hand.",
        );
    }
    unclear(
        format!("Heroku shows \"{shown}\" as the rollback of {}, which hcops does not understand.", subject.database),
        format!("Can it be rolled back to that moment? (`{}`)", subject.shown_by()),
    )
}

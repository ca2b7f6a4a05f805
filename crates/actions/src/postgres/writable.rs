use schemars::JsonSchema;
use serde::Serialize;

use super::readiness::{self, Readiness};
use super::subject::{OneDatabase, Subject};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::data::{Database, is_available};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database is available and can be written to: it follows nothing, and its server replays no log.
pub(crate) struct Writable;

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The database's status, as Heroku shows it.
    status: String,
    /// Its Postgres major version, where that is shown.
    version: Option<u32>,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 10;

impl Action for Writable {
    const NAME: &'static str = "postgres.writable";
    const SUMMARY: &'static str = "Check that a database is available and follows nothing.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneDatabase;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneDatabase, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = params.subject();
        let name = subject.database;
        Ok(match Readiness::of_database(context, name).await? {
            Readiness::Ready => judge(subject, &context.clients.data.database(name).await?),
            Readiness::Waiting { message, part } => readiness::waiting(name, &message, part, LOOK_AGAIN),
            Readiness::Missing => readiness::missing(context, subject, LOOK_AGAIN).await?,
            Readiness::Unknown { message } => readiness::unknown(subject, &message),
            Readiness::Failed { message } => blocked(
                format!("Heroku reports a failure of {name}: \"{message}\"."),
                format!("Look at it with `{}` and open a ticket with Heroku's support.", subject.shown_by()),
            ),
        })
    }
}

fn judge(subject: Subject<'_>, database: &Database) -> Seen<Output> {
    let name = subject.database;
    if let Some(following) = database.following() {
        return blocked(
            format!("{name} follows {} and can only be read.", following.place()),
            "It has to be upgraded, or to stop following, before anything is switched to it.",
        );
    }
    if database.is_in_recovery == Some(true) || database.waiting == Some(true) {
        return underway(format!("the server of {name} is not ready for writes yet"), LOOK_AGAIN);
    }
    match database.status() {
        // Its own wait status has said that it is ready; the line is one more sign, where it is shown.
        Some(status) if is_available(status) => satisfied(output(database, status)),
        None => satisfied(output(database, "ready, by its wait status")),
        Some(other) => unclear(
            format!("The status of {name} is \"{other}\"; a database that can be written to shows Available."),
            format!("Can {name} be written to? (`{}`)", subject.shown_by()),
        ),
    }
}

fn output(database: &Database, status: &str) -> Output {
    Output { status: status.to_owned(), version: database.major_version() }
}

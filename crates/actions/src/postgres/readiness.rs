use jiff::SignedDuration;

use super::subject::Subject;
use crate::Context;
use crate::sight::{blocked, unclear, underway, underway_with_part};
use hcops_heroku::data::{WaitStatus, WaitVerdict};
use hcops_heroku::if_found;
use hcops_model::{Fault, Part, Seen};

/// Seconds between two looks at an upgrade.
pub(super) const LOOK_AGAIN: u64 = 5;

/// How long after its begin an upgrade may show no work under way and the old version, before that means a failure.
pub(super) const SETTLING: SignedDuration = SignedDuration::from_mins(15);

/// What a wait status says. Its message is free text: it is shown and never interpreted
/// (docs/heroku/data.md, "Readiness").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Readiness {
    /// Nothing is going on.
    Ready,
    /// Work is under way, with the server's words and how far it is.
    Waiting { message: String, part: Option<Part> },
    /// It failed, with the server's words.
    Failed { message: String },
    /// The server does not know the database (yet).
    Missing,
    /// The answer does not say whether anything is waited for.
    Unknown { message: String },
}

impl Readiness {
    /// Whether the database itself is ready: its own clock, apart from the add-on's state.
    pub(super) async fn of_database(context: &Context, database: &str) -> Result<Self, Fault> {
        Ok(if_found(context.clients.data.wait_status(database).await)?.map_or(Self::Missing, Self::from))
    }

    /// How a version upgrade stands. A scheduled one counts as ready: it says `waiting?: false`.
    pub(super) async fn of_upgrade(context: &Context, database: &str) -> Result<Self, Fault> {
        Ok(if_found(context.clients.data.upgrade_wait_status(database).await)?.map_or(Self::Missing, Self::from))
    }
}

impl From<WaitStatus> for Readiness {
    fn from(status: WaitStatus) -> Self {
        let part = status.part().map(|(done, of)| Part { done, of, unit: "steps".to_owned() });
        let message = status.message.clone();
        match status.verdict() {
            WaitVerdict::Quiet => Self::Ready,
            WaitVerdict::Waiting => Self::Waiting { message, part },
            WaitVerdict::Failed => Self::Failed { message },
            WaitVerdict::Unknown => Self::Unknown { message },
        }
    }
}

/// What there is to say while a version upgrade is under way, has failed, or cannot be understood; nothing when none is
/// waited for, and then the version tells.
///
/// # Errors
/// When Heroku cannot be asked.
pub(super) async fn of_upgrade<T>(
    context: &Context,
    subject: Subject<'_>,
    failed: impl FnOnce(&str) -> Seen<T>,
) -> Result<Option<Seen<T>>, Fault> {
    Ok(match Readiness::of_upgrade(context, subject.database).await? {
        Readiness::Waiting { message, part } => Some(waiting(subject.database, &message, part, LOOK_AGAIN)),
        Readiness::Failed { message } => Some(failed(&message)),
        Readiness::Unknown { message } => Some(unknown(subject, &message)),
        Readiness::Ready | Readiness::Missing => None,
    })
}

/// A database that the Data API does not show: not yet where its add-on is there, else never.
///
/// # Errors
/// When Heroku cannot be asked.
pub(super) async fn missing<T>(context: &Context, subject: Subject<'_>, seconds: u64) -> Result<Seen<T>, Fault> {
    let name = subject.database;
    if if_found(context.clients.platform.addon(name).await)?.is_some() {
        return Ok(underway(format!("Heroku does not show the database {name} yet"), seconds));
    }
    Ok(blocked(
        format!("There is no add-on {name}, or this account may not see it."),
        format!("Look at the add-ons with `heroku addons -a {}`: it may have been destroyed, or renamed.", subject.app),
    ))
}

/// On its way, in the server's own words.
pub(super) fn waiting<T>(database: &str, message: &str, part: Option<Part>, seconds: u64) -> Seen<T> {
    let note = format!("{database}: {}", if message.is_empty() { "not ready yet" } else { message });
    match part {
        Some(part) => underway_with_part(note, part, seconds),
        None => underway(note, seconds),
    }
}

/// What to ask when a wait status does not say whether anything is waited for.
pub(super) fn unknown<T>(subject: Subject<'_>, message: &str) -> Seen<T> {
    let Subject { app, database } = subject;
    unclear(
        format!("Heroku does not say in a form that hcops knows whether {database} is ready (\"{message}\")."),
        format!("Is {database} ready? (`heroku pg:wait {database} -a {app}`)"),
    )
}

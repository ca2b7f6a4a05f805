//! What a connection's state means for a step, and what helps where it is broken.

use super::mappings;
use super::pointer::{name, opened_by, options};
use crate::sight::{blocked, unclear, underway};
use hcops_heroku::connect::{Connection, ConnectionState};
use hcops_model::Seen;

/// What a connection's state means for a step (docs/heroku/connect.md, "Connection states").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// Healthy, with nothing in progress: the only state in which it can be paused.
    Idle,
    /// Healthy and at work.
    Working,
    /// Coming back, or applying an import: goes over by itself.
    Changing,
    /// Paused.
    Paused,
    /// Stopped by a fault that somebody must remove.
    Broken,
    /// A state that is not known.
    Unknown,
}

impl Condition {
    pub(super) const fn of(state: &ConnectionState) -> Self {
        match state {
            ConnectionState::Idle => Self::Idle,
            ConnectionState::PollingDbChanges | ConnectionState::Busy => Self::Working,
            ConnectionState::Recovery | ConnectionState::ImportConfiguration => Self::Changing,
            ConnectionState::Paused => Self::Paused,
            ConnectionState::Other(_) => Self::Unknown,
            ConnectionState::New
            | ConnectionState::NeedAuthentication
            | ConnectionState::SystemError
            | ConnectionState::DbUnavailable
            | ConnectionState::TooManyRows
            | ConnectionState::Unauthorized
            | ConnectionState::HerokuUnauth
            | ConnectionState::InactiveOrg
            | ConnectionState::SystemOnIce => Self::Broken,
        }
    }
}

/// Seconds between two looks at a connection.
const LOOK_AGAIN: u64 = 5;

/// Waiting for work to end: what is pending, and where a reason shows when it takes long (docs/heroku/procedures.md,
/// "Pause and resume").
pub(super) fn working<T>(connection: &Connection) -> Seen<T> {
    let app = connection.app_name.as_deref().unwrap_or("APP");
    underway(
        format!(
            "{} is {}, {}; waiting for IDLE. When it stays so, its log says why: `heroku logs -d herokuconnect -a {app}`",
            name(connection),
            connection.state,
            mappings::pending_spoken(connection)
        ),
        LOOK_AGAIN,
    )
}

/// Waiting for a recovery or an import to end.
pub(super) fn changing<T>(connection: &Connection) -> Seen<T> {
    underway(format!("{} is {}, which goes over by itself", name(connection), connection.state), LOOK_AGAIN)
}

/// A fault that somebody must remove, with the remedy for this state.
pub(super) fn broken<T>(connection: &Connection) -> Seen<T> {
    let (meaning, remedy) = ailment(connection);
    blocked(format!("{} is {}: {meaning}.", name(connection), connection.state), remedy)
}

/// A state that is not known: shown raw, never taken for a good one.
pub(super) fn unknown<T>(connection: &Connection) -> Seen<T> {
    unclear(
        format!("{} has the state \"{}\", which hcops does not know.", name(connection), connection.state),
        format!("What is the connection doing? Its page in the dashboard says it: `{}`", opened_by(connection)),
    )
}

/// What a broken state means, and what helps (docs/heroku/connect.md, "Connection states").
fn ailment(connection: &Connection) -> (&'static str, String) {
    let options = options(connection);
    let authorize = format!("Authorize it again (`heroku connect:sf:auth {options}`), wait for IDLE, and retry.");
    let resume = format!("resume it (`heroku connect:resume {options}`), wait for IDLE, and retry");
    match connection.state {
        ConnectionState::New => (
            "it is not configured yet",
            format!("Set its database (`heroku connect:db:set {options}`), authorize it, and let it sync first."),
        ),
        ConnectionState::NeedAuthentication => ("it waits for the Salesforce login", authorize),
        ConnectionState::Unauthorized => ("Salesforce does not accept its login any more", authorize),
        ConnectionState::SystemError => (
            "an unforeseen fault has stopped sync",
            format!("Read its log, {resume}. Where that does not help, ask Heroku's support."),
        ),
        ConnectionState::DbUnavailable => {
            ("it cannot reach its database", format!("Look at the database (`heroku pg:info`), then {resume}."))
        }
        ConnectionState::TooManyRows => (
            "it holds more rows than its plan allows",
            "Take a larger plan, or map fewer objects; then wait for IDLE and retry.".to_owned(),
        ),
        ConnectionState::HerokuUnauth => (
            "it may not reach its database any more on Heroku's side",
            format!("Open it as an owner of the app (`{}`) and authorize it; then retry.", opened_by(connection)),
        ),
        ConnectionState::InactiveOrg => (
            "its Salesforce organisation is inactive",
            "Have the organisation reactivated by Salesforce, then authorize the connection again.".to_owned(),
        ),
        _ => (
            "sync has been stopped",
            "Only Heroku's support can bring it back; it comes back paused, and is resumed then.".to_owned(),
        ),
    }
}

use std::error::Error as _;

use tokio_postgres::error::SqlState;

use hcops_model::{DatabaseUrl, Fault, FaultKind, Happened, NOT_REACHED};

/// Turns the driver's error into a fault that helps. User name and password of `url` never get into it.
pub(super) fn refusal(error: &tokio_postgres::Error, url: &DatabaseUrl, doing: &str) -> Fault {
    let said = masked(&words_of(error), url);
    let kind = kind_of(error);
    let saw = format!("{} at {}: {said}.", doing, url.place());
    let (why, remedy) = advice(kind, error);
    let fault = Fault::new(kind, saw, why, remedy).with_happened(Happened::No);
    if is_away(kind, error) { fault.with_code(NOT_REACHED) } else { fault }
}

/// Whether the server itself is out of reach: no connection, a session that was cut, a server that starts, stops or has
/// crashed (PostgreSQL documentation, appendix A, classes 08 and 57P). One that is busy answers, and is not away.
fn is_away(kind: FaultKind, error: &tokio_postgres::Error) -> bool {
    let by_its_word = |code: &SqlState| code.code().starts_with("08") || code.code().starts_with("57P");
    kind == FaultKind::Transient && error.code().is_none_or(by_its_word)
}

/// Whether the server ended a statement at its limit, or somebody cancelled it.
pub(super) fn is_cancelled(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| *code == SqlState::QUERY_CANCELED)
}

/// Whether a pooler in between turned down what only a PostgreSQL server takes when a session begins.
pub(super) fn is_from_pooler(error: &tokio_postgres::Error) -> bool {
    words_of(error).contains("unsupported startup parameter")
}

/// Whether the server has no TLS to offer.
pub(super) fn has_no_tls(error: &tokio_postgres::Error) -> bool {
    words_of(error).contains("does not support TLS")
}

fn words_of(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        let detail = said.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
        return format!("{}{detail} [{}]", said.message(), said.code().code());
    }
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn kind_of(error: &tokio_postgres::Error) -> FaultKind {
    let Some(code) = error.code() else {
        return if error.is_closed() || error.source().is_some_and(|cause| cause.is::<std::io::Error>()) {
            FaultKind::Transient
        } else {
            FaultKind::Unreadable
        };
    };
    match code.code() {
        "28000" | "28P01" => FaultKind::Unauthorized,
        "3D000" | "42P01" | "3F000" => FaultKind::NotFound,
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => FaultKind::Transient,
        "40001" | "40P01" | "55P03" | "57014" => FaultKind::Transient,
        _ => FaultKind::Refused,
    }
}

fn advice(kind: FaultKind, error: &tokio_postgres::Error) -> (&'static str, &'static str) {
    let code = error.code().map_or("", SqlState::code);
    match kind {
        FaultKind::Unauthorized => (
            "hcops reads the database with the credential of the app's config var.",
            "Check that the config var is current (a rotation changes it) and that the credential still exists.",
        ),
        FaultKind::NotFound => (
            "What is to be read is not there.",
            "Check that the URL names the right database and that the schema is the connection's.",
        ),
        FaultKind::Transient if code == "53300" => (
            "All connections of the database's plan are in use.",
            "End sessions that are not needed, or read with fewer connections at once.",
        ),
        FaultKind::Transient if code == "57014" => (
            "The statement took longer than the limit that hcops sets, so that a check never burdens the database for long.",
            "Look what keeps the database busy, then try again.",
        ),
        FaultKind::Transient if code == "55P03" => (
            "Another session holds a lock on what was to be read, and waiting for it would make others wait behind hcops.",
            "Look who holds it (heroku pg:locks), let it finish or end it, then try again.",
        ),
        FaultKind::Transient if code.starts_with("40") => (
            "The server broke the question off, as a follower does when what it replays removes what is being read.",
            "Try again; on a follower, when the leader is quieter.",
        ),
        FaultKind::Transient => (
            "The connection was lost or could not be made; this says nothing about the data.",
            "Try again. If it persists, look at the database's state and at the network between here and there.",
        ),
        _ => ("The database would not answer the question.", "Correct what it names, then try again."),
    }
}

fn masked(text: &str, url: &DatabaseUrl) -> String {
    let mut text = url.without_password(&hcops_text::plain::plain(text));
    if let Ok(parsed) = url::Url::parse(url.open())
        && !parsed.username().is_empty()
    {
        text = text.replace(&format!("\"{}\"", parsed.username()), "***");
    }
    text
}

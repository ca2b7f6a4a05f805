use std::error::Error;
use std::path::{Path, PathBuf};

/// Why traffic could not flow or could not be noted.
#[derive(Debug, thiserror::Error)]
pub enum TrafficFault {
    /// A ledger could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A ledger has a line in its middle that nobody wrote.
    #[error("{path}, line {line}, is not a line of this ledger ({source}); it cannot be told what was committed")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The database turned a statement down. Nothing of its transaction was committed.
    #[error("{database} turned it down to {doing}: {said}")]
    Refused {
        /// The add-on's name.
        database: String,
        /// What was tried.
        doing: &'static str,
        /// The server's words.
        said: String,
    },
    /// The connection broke. What was on its way may or may not be committed; the ledger holds it as open.
    #[error("the connection to {database} broke, trying to {doing}: {said}")]
    Lost {
        /// The add-on's name.
        database: String,
        /// What was tried.
        doing: &'static str,
        /// What broke.
        said: String,
    },
    /// The database has nothing in it that traffic could flow through: [`super::Traffic::prepare`] did not fill it or the
    /// database that it came from.
    #[error("{database} does not hold what the app and Connect need: it is empty, or it is the copy of an empty one")]
    Unprepared {
        /// The add-on's name.
        database: String,
    },
    /// Nobody prepared a schema for this connection in this database.
    #[error("{database} was not prepared for the connection {connection} with the schema {schema}")]
    NotConnected {
        /// The add-on's name.
        database: String,
        /// The Connect add-on's name.
        connection: String,
        /// The schema.
        schema: String,
    },
}

impl TrafficFault {
    /// Whether the database itself said no, as it says to any app or Connect: a read-only follower, a missing table. The
    /// writer has failed, the simulation goes on.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Unprepared { .. } | Self::NotConnected { .. })
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(super) fn database(database: &str, doing: &'static str, error: &tokio_postgres::Error) -> Self {
        let database = database.to_owned();
        match error.as_db_error() {
            Some(refusal) if !is_a_shutdown(refusal.code().code()) => {
                Self::Refused { database, doing, said: refusal.message().to_owned() }
            }
            _ => Self::Lost { database, doing, said: whole_story(error) },
        }
    }
}

/// Class 57P tells of a server that goes away (PostgreSQL, "Error Codes").
fn is_a_shutdown(code: &str) -> bool {
    code.starts_with("57P")
}

fn whole_story(error: &tokio_postgres::Error) -> String {
    let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    format!("{error}{source}")
}

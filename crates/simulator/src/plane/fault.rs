use std::path::{Path, PathBuf};

use crate::postgres::ServerFault;
use crate::traffic::TrafficFault;

/// Why the servers could not be made to agree with the world.
#[derive(Debug, thiserror::Error)]
pub enum PlaneFault {
    /// A server that the world needs is not installed.
    #[error(transparent)]
    NotThere(ServerFault),
    /// A server or one of PostgreSQL's programs failed.
    #[error("{doing}: {source}")]
    Server {
        /// What was being done.
        doing: String,
        /// What failed.
        source: ServerFault,
    },
    /// A server refused a statement.
    #[error("{doing}: {}", told(source))]
    Sql {
        /// What was being done.
        doing: String,
        /// What the server said.
        source: tokio_postgres::Error,
    },
    /// Those who write could not, or what they did could not be noted.
    #[error(transparent)]
    Traffic(TrafficFault),
    /// A follower did not come to where it should be.
    #[error("{doing}: it did not happen within {seconds} seconds")]
    Late {
        /// What was being waited for.
        doing: String,
        /// How long was waited.
        seconds: u64,
    },
    /// What the plane knows of its servers could not be kept or read.
    #[error("{path}: {why}")]
    Register {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// There are no servers.
    #[error("no servers are under the databases of this simulation")]
    None,
    /// The plane's thread has ended.
    #[error("the thread that drives the servers has ended")]
    Gone,
}

impl PlaneFault {
    pub(super) fn server(doing: impl Into<String>, source: ServerFault) -> Self {
        Self::Server { doing: doing.into(), source }
    }

    pub(super) fn sql(doing: impl Into<String>) -> impl FnOnce(tokio_postgres::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Sql { doing, source }
    }

    pub(super) fn register(path: &Path, why: impl ToString) -> Self {
        Self::Register { path: path.to_owned(), why: why.to_string() }
    }
}

/// The driver's own words leave out what the server said.
fn told(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} [{}]", said.message(), said.code().code()),
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a look or an act failed, in the four parts that every refusal has: what we saw, why it matters, the remedy, the
/// exact command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error, JsonSchema)]
#[error("{saw}")]
pub struct Fault {
    /// What sort of failure, which decides what happens next.
    pub kind: FaultKind,
    /// What was seen, with the server's own words where it had any (control characters removed).
    pub saw: String,
    /// Why it matters.
    pub why: String,
    /// What to do about it.
    pub remedy: String,
    /// The exact command that helps, where there is one.
    pub command: Option<String>,
    /// The server's own name of the error, such as `confirmation_required`, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The pause that the server asked for before the next try, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<u64>,
    /// Whether the act that failed took place.
    pub happened: Happened,
    /// The requests made up to the failure, newest last.
    pub requests: Vec<RequestMark>,
}

impl Fault {
    /// A fault of this kind; the act is taken as not known to have happened.
    #[must_use]
    pub fn new(kind: FaultKind, saw: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            saw: saw.into(),
            why: why.into(),
            remedy: remedy.into(),
            command: None,
            code: None,
            pause: None,
            happened: Happened::Unknown,
            requests: Vec::new(),
        }
    }

    /// The same fault with the exact command that helps.
    #[must_use]
    pub fn with_command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// The same fault with the id that it is known by.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The same fault, saying whether the act took place.
    #[must_use]
    pub const fn with_happened(mut self, happened: Happened) -> Self {
        self.happened = happened;
        self
    }
}

/// The [`Fault::code`] of a request that could not be sent: no address, no connection. The server has seen nothing of it. Of a
/// database: nobody lets in, or a session was cut; a question to it changes nothing.
pub const NOT_REACHED: &str = "not_reached";

/// What sort of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The network, a rate limit or a server error: the same look may succeed later.
    Transient,
    /// The server understood and refused (4xx).
    Refused,
    /// The token is missing, wrong or expired, or may not do this.
    Unauthorized,
    /// What was named does not exist, or is not visible to this token.
    NotFound,
    /// The answer could not be understood: HTML, broken JSON, a field of the wrong kind.
    Unreadable,
    /// It was understood, and is something that hcops does not maintain.
    Unsupported,
    /// A check of the result failed: what should be equal is not.
    Verification,
    /// Arguments or a file are wrong.
    Usage,
    /// A defect in hcops.
    Bug,
}

/// Whether an act took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// It is known not to have taken place: nothing was sent, or the server refused.
    No,
    /// It cannot be told: the world must be looked at before anything is repeated.
    Unknown,
}

/// One exchange, kept for evidence: by HTTP, never a header, a query value or a body; by SQL, which database was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestMark {
    /// The method, in capitals; `SQL` where a database was read.
    pub method: String,
    /// Host and path, without the query string; of a database its app and add-on, `acme-crm/acme-pg`.
    pub target: String,
    /// The HTTP status; absent when no answer came.
    pub status: Option<u16>,
    /// The server's `Request-Id`, for a question to Heroku's support; else the one that was sent.
    pub request_id: Option<String>,
}

impl RequestMark {
    const BY_SQL: &'static str = "SQL";

    /// A session with a database, by the names of its app and its add-on.
    #[must_use]
    pub fn by_sql(app: &str, database: &str) -> Self {
        Self { method: Self::BY_SQL.to_owned(), target: format!("{app}/{database}"), status: None, request_id: None }
    }

    /// The database that was read by SQL, as `APP/ADDON`; nothing for an exchange by HTTP.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        (self.method == Self::BY_SQL).then_some(self.target.as_str())
    }
}

//! One exchange on the wire, without policy: what a real network and the in-process simulator have in common.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use url::Url;

/// Sends one request and returns its answer. No retry, no redirect, no authentication: that is the transport's.
#[async_trait]
pub trait Wire: Send + Sync {
    /// Sends the request.
    ///
    /// # Errors
    /// When no whole answer came; see [`WireFault`] for whether the server may have acted.
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault>;
}

/// A request, complete. Header values may hold the token: this type is never logged.
#[derive(Clone)]
pub struct WireRequest {
    /// Method in capitals.
    pub method: String,
    /// Absolute address.
    pub url: Url,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Body,
    /// Bound on the whole exchange.
    pub timeout: Duration,
}

/// A request's body. It may hold a database's address, so only its size is shown.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// Nothing, and no content type.
    None,
    /// Nothing, but the content type of JSON, as the official Connect client sends it
    /// (docs/heroku/cli.md, "Requests").
    EmptyJson,
    /// JSON text.
    Json(Vec<u8>),
}

impl Body {
    /// Whether nothing is sent.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::None | Self::EmptyJson)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::EmptyJson => formatter.write_str("EmptyJson"),
            Self::Json(text) => write!(formatter, "Json({} bytes)", text.len()),
        }
    }
}

/// An answer, whole, bounded in size. Its body may hold secrets, so only its size is shown.
#[derive(Clone)]
pub struct WireResponse {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl WireResponse {
    /// The first header of this name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for WireResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WireResponse({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why no whole answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// Nothing was sent: no address, no connection, no TLS. The server has not acted.
    #[error("could not connect: {0}")]
    NotSent(String),
    /// The request may have reached the server, then the connection broke.
    #[error("the connection broke before the answer was complete: {0}")]
    Cut(String),
    /// The request may have reached the server; no answer within the bound.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// The answer is larger than we accept (bytes).
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
}

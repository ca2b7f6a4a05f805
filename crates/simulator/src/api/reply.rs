use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::Refusal;

/// An answer before it gets the headers that every answer has.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
}

/// What an answer holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Html(&'static str),
}

const SORRY: &str = "<!DOCTYPE html><html><head><title>Application Error</title></head><body>We're sorry, but \
                     something went wrong.</body></html>";

impl Reply {
    pub(crate) const fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Content::Json(body) }
    }

    pub(crate) const fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    pub(crate) const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Content::Empty }
    }

    pub(crate) const fn html(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Content::Html(SORRY) }
    }

    /// 200 with only a `message`, as the Data API's actions answer.
    pub(crate) fn message(text: &str) -> Self {
        Self::ok(json!({ "message": text }))
    }

    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) const fn succeeded(&self) -> bool {
        self.status < 400
    }

    /// The answer for the wire. `date` is the simulated time.
    pub(crate) fn into_response(self, date: Timestamp) -> Response<Body> {
        let (kind, bytes) = match self.body {
            Content::Empty => (None, Vec::new()),
            Content::Json(value) => (Some("application/json"), value.to_string().into_bytes()),
            Content::Html(page) => (Some("text/html; charset=utf-8"), page.as_bytes().to_vec()),
        };
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let date = ("date".to_owned(), date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        let kind = kind.map(|kind| (header::CONTENT_TYPE.to_string(), kind.to_owned()));
        for (name, value) in kind.into_iter().chain(self.headers).chain([date]) {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let body = if refusal.body.is_null() { Content::Empty } else { Content::Json(refusal.body) };
        Self { status: refusal.status, headers: refusal.headers, body }
    }
}

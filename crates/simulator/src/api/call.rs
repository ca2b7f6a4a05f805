use std::collections::HashMap;

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

/// One request, read leniently: a body that is empty, `null` or not JSON is `Null`. The official clients send a body
/// with GET and DELETE, and a content type without a body (docs/heroku/cli.md, "Requests").
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Parts of the path by name.
    pub(crate) params: HashMap<String, String>,
    pub(crate) query: HashMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) now: Timestamp,
}

impl Call {
    /// A named part of the path; empty when the route has none of that name.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A text field of the body.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.body[field].as_str()
    }

    /// A field that may be a name or an object with an `id` or `name` (docs/heroku/platform.md, "Apps").
    pub(crate) fn named(&self, field: &str) -> Option<&str> {
        let value = &self.body[field];
        value.as_str().or_else(|| value["name"].as_str()).or_else(|| value["id"].as_str())
    }

    /// Whether a header with a comma-separated list has this item.
    pub(crate) fn asks_for(&self, header: &str, item: &str) -> bool {
        self.header(header).is_some_and(|list| list.split(',').any(|found| found.trim() == item))
    }

    /// The origin under which the client reached us, for the absolute addresses in answers.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }
}

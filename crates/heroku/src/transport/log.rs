//! What was exchanged, for evidence; and the servers' warnings, for the operator.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use super::WireResponse;
use super::speech::spoken;
use hcops_model::RequestMark;

/// The exchanges of one handle, oldest first.
#[derive(Clone, Default)]
pub(super) struct RequestLog(Arc<Mutex<Vec<RequestMark>>>);

impl RequestLog {
    pub(super) fn add(&self, mark: RequestMark) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mark);
    }

    /// Keeps a mark once, however often it is made before the next [`Self::take`].
    pub(super) fn add_once(&self, mark: RequestMark) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }

    pub(super) fn take(&self) -> Vec<RequestMark> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Host and path, without user, query and fragment: what may be kept of an address.
pub(super) fn target(url: &Url) -> String {
    let host = url.host_str().unwrap_or("?");
    match url.port() {
        Some(port) => format!("{host}:{port}{}", url.path()),
        None => format!("{host}{}", url.path()),
    }
}

/// Warnings in response headers, each text once (docs/heroku/platform.md, "Headers").
#[derive(Default)]
pub(super) struct Warnings(Mutex<Heard>);

#[derive(Default)]
struct Heard {
    before: HashSet<String>,
    new: Vec<String>,
}

impl Warnings {
    pub(super) fn note(&self, response: &WireResponse) {
        for (name, value) in &response.headers {
            if name == "x-heroku-warning" || name == "warning-message" {
                self.add(spoken(value));
            }
        }
    }

    fn add(&self, text: String) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !text.is_empty() && heard.before.insert(text.clone()) {
            heard.new.push(text);
        }
    }

    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).new)
    }
}

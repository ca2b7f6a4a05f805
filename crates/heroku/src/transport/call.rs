use std::time::Duration;

use serde::Serialize;
use url::Url;

use super::Body;
use hcops_model::{Fault, FaultKind, Happened, Moment, Permit};

/// One call of an API, before authentication, retry and paging. A call that changes something can only be made with a
/// permit.
pub(crate) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
    pub(super) writes: bool,
    pub(super) credentials: Credentials,
    pub(super) timeout: Duration,
    pub(super) repeats: bool,
    /// The oldest look that a change rests on, where that is known.
    pub(super) oldest_look: Option<Moment>,
}

/// The methods that Heroku's APIs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// How a call says who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// `Authorization: Bearer TOKEN`.
    Bearer,
    /// `Authorization: Basic` with an empty user and the token as password
    /// (docs/heroku/platform.md, "Authorization").
    BasicWithEmptyUser,
    /// Nobody: the status sites are public.
    None,
}

/// Bound on one exchange, as in the official client (docs/heroku/cli.md, "Requests").
const WHOLE_CALL: Duration = Duration::from_secs(60);

impl Call {
    /// A look.
    pub(crate) fn get(url: Url) -> Self {
        Self::new(Method::Get, url, Body::None, false)
    }

    /// A POST that changes nothing, such as the resolvers: it may be repeated like a look.
    pub(crate) fn ask(url: Url, body: Body) -> Self {
        Self::new(Method::Post, url, body, false)
    }

    /// A change. It is sent at once or not at all, and never repeated from here: whoever wants it repeated looks again at
    /// what it rests on.
    pub(crate) fn change(permit: &Permit, method: Method, url: Url, body: Body) -> Self {
        Self { oldest_look: permit.oldest_look(), repeats: false, ..Self::new(method, url, body, true) }
    }

    fn new(method: Method, url: Url, body: Body, writes: bool) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body,
            writes,
            credentials: Credentials::Bearer,
            timeout: WHOLE_CALL,
            repeats: true,
            oldest_look: None,
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(crate) const fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The same call, made once: for what can be done without.
    pub(crate) const fn once(mut self) -> Self {
        self.repeats = false;
        self
    }

    /// Whether the act took place when no understandable answer came.
    pub(super) const fn doubt(&self) -> Happened {
        if self.writes { Happened::Unknown } else { Happened::No }
    }
}

/// JSON text of `value`.
pub(crate) fn json_body<T: Serialize>(value: &T) -> Result<Body, Fault> {
    serde_json::to_vec(value).map(Body::Json).map_err(|error| {
        Fault::new(
            FaultKind::Bug,
            format!("a request could not be written as JSON: {error}"),
            "Nothing was sent.",
            "Please report this as a defect of hcops.",
        )
        .with_happened(Happened::No)
    })
}

/// The address below `base` with these path segments, each of them escaped. The path of `base` is kept as a prefix.
///
/// A segment that is empty or `.` or `..` would name something else than what was meant, so it is refused.
pub(crate) fn address(base: &Url, segments: &[&str]) -> Result<Url, Fault> {
    if let Some(bad) = segments.iter().find(|segment| matches!(segment.trim(), "" | "." | "..")) {
        return Err(bad_segment(bad));
    }
    let mut url = base.clone();
    match url.path_segments_mut() {
        Ok(mut path) => path.pop_if_empty().extend(segments),
        Err(()) => return Err(bad_segment(base.as_str())),
    };
    Ok(url)
}

fn bad_segment(segment: &str) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("“{segment}” can't be part of an address"),
        "A name or id is empty, so the request would have gone to something else.",
        "Check the names that were given on the command line and in the runbook.",
    )
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_escaped_and_the_prefix_is_kept() {
        let base = Url::parse("https://central.heroku.com/prefix/").unwrap();
        let url = address(&base, &["apps", "a b/../c", "x?y#z"]).unwrap();
        assert_eq!(url.as_str(), "https://central.heroku.com/prefix/apps/a%20b%2F..%2Fc/x%3Fy%23z");
    }

    #[test]
    fn an_empty_name_is_refused_instead_of_naming_the_collection() {
        let base = Url::parse("https://api.heroku.com").unwrap();
        for bad in ["", " ", ".", ".."] {
            let fault = address(&base, &["apps", bad]).unwrap_err();
            assert_eq!((fault.kind, fault.happened), (FaultKind::Usage, Happened::No), "{bad:?}");
        }
    }
}

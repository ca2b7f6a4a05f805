//! Where redirects lead, and what it means when they lead nowhere.

use url::Url;

use super::call::Call;
use super::log::target;
use super::{WireFault, WireResponse};
use hcops_model::{Fault, FaultKind, Happened};

/// Where a redirect leads, or why it can't be followed; nothing when it is no redirect.
pub(super) fn redirect(from: &Url, response: &WireResponse) -> Option<Result<Url, String>> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let place = response.header("location").unwrap_or_default();
    if place.is_empty() {
        return Some(Err("it was redirected to nowhere".to_owned()));
    }
    Some(from.join(place).map_err(|error| format!("it was redirected to an unreadable address: {error}")))
}

/// The fault of a change that was redirected. 307 and 308 say that the request was not carried out; after 301, 302 and 303 it may have been.
pub(super) fn redirected_write(call: &Call, outcome: &Result<WireResponse, WireFault>) -> Fault {
    let status = outcome.as_ref().map_or(0, |response| response.status);
    let happened = if matches!(status, 307 | 308) { Happened::No } else { call.doubt() };
    Fault::new(
        FaultKind::Refused,
        format!("{} {} was redirected ({status})", call.method.as_str(), target(&call.url)),
        "A change is sent only to the address it was meant for.",
        "Check for a proxy between this machine and Heroku, and that HEROKU_HOST means Heroku.",
    )
    .with_happened(happened)
}

/// The fault of a look that redirects led nowhere.
pub(super) fn misdirected(call: &Call, reason: &str) -> Fault {
    Fault::new(
        FaultKind::Unreadable,
        format!("{} {} got no answer: {reason}", call.method.as_str(), target(&call.url)),
        "Nothing can be told from it.",
        "Check for a proxy between this machine and Heroku, and that HEROKU_HOST means Heroku.",
    )
    .with_happened(Happened::No)
}

use std::time::Duration;

use serde_json::Value;
use url::Url;

use hcops_heroku::transport::{Body, Wire, WireFault, WireRequest};

/// Bound on one POST, in seconds.
const BOUND: Duration = Duration::from_secs(10);

/// Posts the document, a second time when the first surely did not arrive or the server could not take it.
///
/// # Errors
/// Why it was not taken, without the address.
pub(super) async fn post(wire: &dyn Wire, address: &str, document: &Value) -> Result<(), String> {
    match once(wire, address, document).await {
        Err(Refusal { again: true, .. }) => once(wire, address, document).await.map_err(|refusal| refusal.why),
        other => other.map_err(|refusal| refusal.why),
    }
}

struct Refusal {
    why: String,
    again: bool,
}

async fn once(wire: &dyn Wire, address: &str, document: &Value) -> Result<(), Refusal> {
    let url = Url::parse(address).map_err(|_| Refusal { why: "it is no address".to_owned(), again: false })?;
    let request = WireRequest {
        method: "POST".to_owned(),
        url,
        headers: vec![("user-agent".to_owned(), concat!("hcops/", env!("CARGO_PKG_VERSION")).to_owned())],
        body: Body::Json(document.to_string().into_bytes()),
        timeout: BOUND,
    };
    match wire.send(request).await {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
        Ok(answer) => Err(Refusal { why: format!("it answered with {}", answer.status), again: answer.status >= 500 }),
        Err(fault) => Err(Refusal { again: matches!(fault, WireFault::NotSent(_)), why: fault.to_string() }),
    }
}

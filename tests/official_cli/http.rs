//! A client that sends exactly what it is told: no retry, no redirect, no proxy, no header of its own choice.

use std::sync::OnceLock;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};

/// An answer, whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON; nothing when it is empty or something else.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Sends one request. A body may go with every method; `Some` of nothing sends `Content-Length: 0`.
///
/// # Errors
/// When no whole answer came within 30 seconds.
pub(crate) async fn send(
    method: &Method,
    url: &str,
    headers: HeaderMap,
    body: Option<Bytes>,
) -> Result<Answer, String> {
    let request = client().request(method.clone(), url).headers(headers);
    let request = if let Some(body) = body { request.body(body) } else { request };
    let response = request.send().await.map_err(|error| format!("{method} {url}: {error:?}"))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.map_err(|error| format!("{method} {url}: {error:?}"))?;
    Ok(Answer { status, headers, body })
}

#[expect(clippy::disallowed_methods, reason = "the official clients' requests must not go through our own transport")]
fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        // Loopback needs no TLS, but the library asks for a provider when it is built. A second installation is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        builder.timeout(Duration::from_secs(30)).build().unwrap()
    })
}

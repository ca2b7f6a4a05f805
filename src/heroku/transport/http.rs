//! The wire over a real network.

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};

use super::speech::spoken;
use super::trust::is_loopback;
use super::{Body, Wire, WireFault, WireRequest, WireResponse};
use crate::model::{Fault, FaultKind, Happened};

/// Bound on the time until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);

/// Largest body that is read, in bytes.
const LARGEST_BODY: u64 = 16 * 1024 * 1024;

/// Real HTTP: TLS by rustls, no cookies, no redirects, bounded bodies. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are
/// honoured, but never for an address on this machine.
pub struct HttpWire {
    outward: Client,
    loopback: Client,
    largest_body: u64,
}

impl HttpWire {
    /// A wire with its own connection pool.
    ///
    /// # Errors
    /// When the machine's certificates or proxy settings can't be used.
    pub fn new() -> Result<Self, Fault> {
        // Another part of the program may have installed the same provider already; either will do.
        let _already_there = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            outward: client(|builder| builder)?,
            loopback: client(ClientBuilder::no_proxy)?,
            largest_body: LARGEST_BODY,
        })
    }

    #[cfg(test)]
    fn with_largest_body(mut self, bytes: u64) -> Self {
        self.largest_body = bytes;
        self
    }

    fn request(&self, request: WireRequest) -> Result<RequestBuilder, WireFault> {
        let method = request.method.parse().map_err(|_| not_sent("the method is no HTTP method"))?;
        let client = if is_loopback(&request.url) { &self.loopback } else { &self.outward };
        let mut builder = client.request(method, request.url).timeout(request.timeout);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        Ok(match request.body {
            Body::None => builder,
            Body::EmptyJson => builder.header("content-type", "application/json"),
            Body::Json(text) => builder.header("content-type", "application/json").body(text),
        })
    }

    async fn read(&self, mut response: Response, timeout: Duration) -> Result<WireResponse, WireFault> {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| fault_of(&error, timeout))? {
            if (body.len() + chunk.len()) as u64 > self.largest_body {
                return Err(WireFault::TooLarge(self.largest_body));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WireResponse { status, headers, body })
    }
}

#[async_trait]
impl Wire for HttpWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let timeout = request.timeout;
        let response = self.request(request)?.send().await.map_err(|error| fault_of(&error, timeout))?;
        self.read(response, timeout).await
    }
}

#[expect(clippy::disallowed_methods, reason = "this file is the HTTP door")]
fn client(adjust: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client, Fault> {
    adjust(Client::builder()).redirect(Policy::none()).referer(false).connect_timeout(CONNECT).build().map_err(|error| {
        Fault::new(
            FaultKind::Usage,
            format!("HTTPS could not be set up: {}", causes(&error)),
            "Without it Heroku can't be reached.",
            "Check the machine's certificates (SSL_CERT_FILE, SSL_CERT_DIR) and proxy settings (HTTPS_PROXY, NO_PROXY).",
        )
        .with_happened(Happened::No)
    })
}

fn not_sent(what: &str) -> WireFault {
    WireFault::NotSent(what.to_owned())
}

/// A failure while connecting means that nothing was sent, even when it was a timeout.
fn fault_of(error: &reqwest::Error, timeout: Duration) -> WireFault {
    if error.is_connect() || error.is_builder() {
        WireFault::NotSent(causes(error))
    } else if error.is_timeout() {
        WireFault::TimedOut(timeout)
    } else {
        WireFault::Cut(causes(error))
    }
}

/// The innermost cause, which says most; reqwest's own sentence would repeat the address with its query.
fn causes(error: &reqwest::Error) -> String {
    let mut innermost: Option<&dyn Error> = error.source();
    while let Some(deeper) = innermost.and_then(Error::source) {
        innermost = Some(deeper);
    }
    innermost.map_or_else(|| "no cause was given".to_owned(), |cause| spoken(&cause.to_string()))
}

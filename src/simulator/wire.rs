use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::http::{Request, Response};
use tower::ServiceExt as _;

use super::api::Injected;
use super::clock::SimulatedClock;
use crate::heroku::transport::{Body, Wire, WireFault, WireRequest, WireResponse};
use crate::model::Clock;

/// Larger answers count as too large, in bytes.
const LIMIT: usize = 16 << 20;

/// A wire that ends in the simulator's routes, without a network.
pub(super) struct SimulatedWire {
    router: Router,
    clock: Arc<SimulatedClock>,
}

impl SimulatedWire {
    pub(super) const fn new(router: Router, clock: Arc<SimulatedClock>) -> Self {
        Self { router, clock }
    }
}

#[async_trait]
impl Wire for SimulatedWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let timeout = request.timeout;
        let request = to_http(request).map_err(|error| WireFault::NotSent(error.to_string()))?;
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        match response.extensions().get::<Injected>() {
            Some(Injected::Cut) => Err(WireFault::Cut("the simulator broke the connection".to_owned())),
            Some(Injected::Timeout) => {
                self.clock.sleep(timeout).await;
                Err(WireFault::TimedOut(timeout))
            }
            None => from_http(response).await,
        }
    }
}

fn to_http(request: WireRequest) -> Result<Request<HttpBody>, axum::http::Error> {
    let path = request
        .url
        .query()
        .map_or_else(|| request.url.path().to_owned(), |query| format!("{}?{query}", request.url.path()));
    let host = request.url.host_str().unwrap_or("localhost");
    let host = request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut builder = Request::builder().method(request.method.as_str()).uri(path).header("host", host);
    for (name, value) in request.headers.iter().filter(|(name, _)| name != "host") {
        builder = builder.header(name, value);
    }
    match request.body {
        Body::None => builder.body(HttpBody::empty()),
        Body::EmptyJson => builder.header("content-type", "application/json").body(HttpBody::empty()),
        Body::Json(bytes) => builder.header("content-type", "application/json").body(HttpBody::from(bytes)),
    }
}

async fn from_http(response: Response<HttpBody>) -> Result<WireResponse, WireFault> {
    let status = response.status().as_u16();
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX);
    let body = to_bytes(response.into_body(), LIMIT).await.map_err(|_| WireFault::TooLarge(limit))?;
    Ok(WireResponse { status, headers, body: body.to_vec() })
}

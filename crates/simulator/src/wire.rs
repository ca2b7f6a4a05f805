use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::http::{Request, Response};
use tower::ServiceExt as _;

use super::api::Injected;
use super::clock::{ClockMode, SimulatedClock};
use hcops_heroku::transport::{Body, Wire, WireFault, WireRequest, WireResponse};
use hcops_model::Clock;

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

impl SimulatedWire {
    /// The answer of the routes. Servers under the world can keep them busy for many seconds (a major upgrade does), and
    /// whoever watches a simulated time that runs must be able to stop meanwhile: so there the routes have a thread of
    /// their own. Where the time stands still everything stays on one thread, in one order.
    async fn answer(&self, request: Request<HttpBody>) -> Result<Response<HttpBody>, WireFault> {
        let answer = self.router.clone().oneshot(request);
        let answered = match self.clock.mode() {
            ClockMode::Paused => answer.await,
            ClockMode::Scaled(_) => {
                let runtime = tokio::runtime::Handle::current();
                let thread = tokio::task::spawn_blocking(move || runtime.block_on(answer));
                thread.await.map_err(|error| WireFault::Cut(format!("the simulator ended: {error}")))?
            }
        };
        match answered {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        }
    }
}

#[async_trait]
impl Wire for SimulatedWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let timeout = request.timeout;
        let request = to_http(request).map_err(|error| WireFault::NotSent(error.to_string()))?;
        let response = self.answer(request).await?;
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use crate::{ClockMode, Simulator};
    use hcops_heroku::transport::{Body, WireRequest};

    /// The world is busy until it is told to go on, which only somebody else on the same thread does.
    #[tokio::test]
    async fn a_busy_world_does_not_keep_others_from_going_on() {
        let simulator = Simulator::from_scenario("standard", ClockMode::Scaled(60.0), 1).unwrap();
        let (busy, is_busy) = channel();
        let (release, released) = channel();
        let world = simulator.clone();
        let work = std::thread::spawn(move || {
            world.change(|_| {
                busy.send(()).unwrap();
                released.recv_timeout(Duration::from_secs(60)).is_ok()
            })
        });
        is_busy.recv().unwrap();
        let request = WireRequest {
            method: "GET".into(),
            url: "http://127.0.0.1/schema".parse().unwrap(),
            headers: Vec::new(),
            body: Body::None,
            timeout: Duration::from_secs(30),
        };
        let wire = simulator.wire();
        let (answered, ()) = tokio::join!(wire.send(request), async {
            release.send(()).unwrap();
        });
        assert!(work.join().unwrap(), "the thread was blocked, and nobody else could go on");
        assert!(answered.is_ok());
    }
}

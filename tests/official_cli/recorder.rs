//! Stands between an official client and the simulator, passes everything on unchanged and keeps a record of it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::http;

/// A request as it arrived, and the status of its answer.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    /// Path and query. A look-up of delinquency, which goes to the same path as the Platform API's `/account` but to
    /// the host `localhost`, stands here under `/particleboard` (docs/heroku/cli.md, "Variables").
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) status: u16,
}

/// The recorder. Stops listening when it is dropped.
pub(crate) struct Recorder {
    address: SocketAddr,
    log: Log,
    server: JoinHandle<()>,
}

type Log = Arc<Mutex<Vec<Exchange>>>;

#[derive(Clone)]
struct Relay {
    upstream: SocketAddr,
    log: Log,
}

impl Recorder {
    /// Starts a recorder on a free port of loopback, in front of `upstream`.
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Log::default();
        let routes = Router::new().fallback(relay).with_state(Relay { upstream, log: Arc::clone(&log) });
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { address, log, server }
    }

    /// Where clients are to go.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has come by since the last call of this, in the order of the answers.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn relay(State(relay): State<Relay>, request: Request) -> Response {
    match pass_on(&relay, request).await {
        Ok(response) => response,
        Err(why) => (StatusCode::BAD_GATEWAY, why).into_response(),
    }
}

async fn pass_on(relay: &Relay, request: Request) -> Result<Response, String> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.map_err(|error| error.to_string())?;
    let path = path_of(&parts.headers, &parts.uri.to_string());
    let url = format!("http://{}{path}", relay.upstream);
    // A request has a body when it says how long that is, even when that is nothing.
    let sent = parts.headers.contains_key(header::CONTENT_LENGTH) || !body.is_empty();
    let headers = end_to_end(&parts.headers);
    let answer = http::send(&parts.method, &url, headers, sent.then(|| body.clone())).await?;
    relay.log.lock().unwrap().push(Exchange {
        method: parts.method.to_string(),
        path,
        headers: parts.headers,
        body,
        status: answer.status,
    });
    Ok(respond(&parts.method, answer))
}

fn path_of(headers: &HeaderMap, uri: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host.starts_with("localhost") && uri == "/account" { format!("/particleboard{uri}") } else { uri.to_owned() }
}

fn respond(method: &Method, answer: http::Answer) -> Response {
    let body = if *method == Method::HEAD { Body::empty() } else { Body::from(answer.body) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
    *response.headers_mut() = end_to_end(&answer.headers);
    response
}

/// The headers without those that belong to one connection only; the length is set anew by the sender.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let hop: [HeaderName; 3] = [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH];
    headers.iter().filter(|(name, _)| !hop.contains(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

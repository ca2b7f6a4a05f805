//! The wire over a real network.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::speech::spoken;
use super::trust::is_loopback;
use super::{Body, Wire, WireFault, WireRequest, WireResponse};
use hcops_model::{Fault, FaultKind, Happened};

/// Bound on the time until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);

/// Idle connections are kept no longer than this: a change that is sent on one that the server is just closing can't be
/// told from a change that was carried out.
const IDLE: Duration = Duration::from_secs(15);

/// Largest body that is read, in bytes.
const LARGEST_BODY: u64 = 16 * 1024 * 1024;

/// Real HTTP: TLS by rustls, no cookies, no redirects, bounded bodies. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are
/// honoured, but never for an address on this machine.
///
/// The network has threads of its own: a server that floods the connection (with 1xx answers without an end, RFC 9110
/// section 15.2) keeps those busy, and neither the clock, nor the screen, nor Ctrl-C.
pub struct HttpWire {
    network: Network,
    doors: Arc<Doors>,
}

/// The ways out, and how much is taken in.
#[derive(Clone)]
struct Doors {
    outward: Client,
    loopback: Client,
    largest_body: u64,
}

/// The network's threads, which end with it, whatever they do then.
struct Network(Option<Runtime>);

impl Drop for Network {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// So many servers may flood at once before the others are held up.
const THREADS: usize = 2;

/// What an exchange may take beyond its own bound before it is left to itself.
const SLACK: Duration = Duration::from_millis(500);

impl HttpWire {
    /// A wire with its own connection pool.
    ///
    /// # Errors
    /// When the machine's certificates or proxy settings can't be used.
    pub fn new() -> Result<Self, Fault> {
        // Another part of the program may have installed the same provider already; either will do.
        let _already_there = rustls::crypto::ring::default_provider().install_default();
        let doors = Doors {
            outward: client(|builder| builder)?,
            loopback: client(ClientBuilder::no_proxy)?,
            largest_body: LARGEST_BODY,
        };
        Ok(Self { network: Network(Some(threads()?)), doors: Arc::new(doors) })
    }

    #[cfg(test)]
    fn with_largest_body(self, bytes: u64) -> Self {
        let doors = Doors { largest_body: bytes, ..(*self.doors).clone() };
        Self { doors: Arc::new(doors), ..self }
    }
}

impl Doors {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let timeout = request.timeout;
        let response = self.request(request)?.send().await.map_err(|error| fault_of(&error, timeout))?;
        self.read(response, timeout).await
    }

    fn request(&self, request: WireRequest) -> Result<RequestBuilder, WireFault> {
        let method = request.method.parse().map_err(|_| not_sent("the method is no HTTP method"))?;
        let says_empty = request.body.is_empty() && request.method != "GET";
        let client = if is_loopback(&request.url) { &self.loopback } else { &self.outward };
        let mut builder = client.request(method, request.url).timeout(request.timeout);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if says_empty {
            // As the official clients send it; some servers refuse a POST without a length.
            builder = builder.header("content-length", "0");
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
        let Some(network) = &self.network.0 else { return Err(not_sent("the network has ended")) };
        let (doors, timeout) = (Arc::clone(&self.doors), request.timeout);
        // Whoever does not wait for the answer any more ends the exchange.
        let mut exchange = JoinSet::new();
        exchange.spawn_on(async move { doors.exchange(request).await }, network.handle());
        match tokio::time::timeout(timeout.saturating_add(SLACK), exchange.join_next()).await {
            Ok(Some(Ok(outcome))) => outcome,
            Ok(Some(Err(error))) => Err(WireFault::Cut(error.to_string())),
            Ok(None) | Err(_) => Err(WireFault::TimedOut(timeout)),
        }
    }
}

fn threads() -> Result<Runtime, Fault> {
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
    threads.map_err(|error| {
        Fault::new(
            FaultKind::Usage,
            format!("the network could not be set up: {error}"),
            "Without it Heroku can't be reached.",
            "Check the limits on open files and processes (`ulimit -a`).",
        )
        .with_happened(Happened::No)
    })
}

#[expect(clippy::disallowed_methods, reason = "this file is the HTTP door")]
fn client(adjust: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client, Fault> {
    adjust(Client::builder()).redirect(Policy::none()).referer(false).connect_timeout(CONNECT).pool_idle_timeout(IDLE).build().map_err(|error| {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::body::Bytes;
    use axum::http::{HeaderMap, Method};
    use axum::routing::any;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use url::Url;

    use super::*;

    async fn serve(router: Router) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// A server that reads the request, says this much, and hangs up; or says nothing and holds the line.
    async fn says(text: Option<&'static str>) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0_u8; 4096];
            let _read = stream.read(&mut request).await.unwrap();
            match text {
                Some(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                None => std::future::pending().await,
            }
        });
        url
    }

    fn request(method: &str, url: Url, body: Body) -> WireRequest {
        let headers = vec![("x-mark".to_owned(), "here".to_owned())];
        WireRequest { method: method.to_owned(), url, headers, body, timeout: Duration::from_secs(5) }
    }

    async fn get(url: Url) -> Result<WireResponse, WireFault> {
        HttpWire::new().unwrap().send(request("GET", url, Body::None)).await
    }

    /// Says what arrived: method, content type, length of the body, and the mark.
    async fn echo(method: Method, headers: HeaderMap, body: Bytes) -> String {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
        format!("{method} {} {} {} {}", text("content-type"), text("content-length"), body.len(), text("x-mark"))
    }

    #[tokio::test]
    async fn each_sort_of_body_arrives_as_it_should() {
        let url = serve(Router::new().route("/", any(echo))).await;
        let wire = HttpWire::new().unwrap();
        for (method, body, expected) in [
            ("GET", Body::None, "GET - - 0 here"),
            ("GET", Body::EmptyJson, "GET application/json - 0 here"),
            ("POST", Body::EmptyJson, "POST application/json 0 0 here"),
            ("PUT", Body::None, "PUT - 0 0 here"),
            ("DELETE", Body::Json(b"{}".to_vec()), "DELETE application/json 2 2 here"),
        ] {
            let response = wire.send(request(method, url.clone(), body)).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&response.body), expected);
        }
    }

    #[tokio::test]
    async fn a_refused_connection_means_that_nothing_was_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/?secret=1", listener.local_addr().unwrap())).unwrap();
        drop(listener);
        let fault = get(url).await.unwrap_err();
        assert!(matches!(&fault, WireFault::NotSent(why) if !why.contains("secret")), "{fault:?}");
    }

    #[tokio::test]
    async fn a_connection_that_breaks_after_the_request_is_a_cut() {
        for text in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"] {
            let fault = get(says(Some(text)).await).await.unwrap_err();
            assert!(matches!(fault, WireFault::Cut(_)), "{text:?}: {fault:?}");
        }
    }

    #[tokio::test]
    async fn silence_ends_at_the_bound() {
        let mut request = request("GET", says(None).await, Body::None);
        request.timeout = Duration::from_millis(50);
        let fault = HttpWire::new().unwrap().send(request).await.unwrap_err();
        assert_eq!(fault, WireFault::TimedOut(Duration::from_millis(50)));
    }

    #[tokio::test]
    async fn a_body_beyond_the_bound_is_not_read_to_its_end() {
        let url = serve(Router::new().route("/", any(|| async { "x".repeat(4096) }))).await;
        let wire = HttpWire::new().unwrap().with_largest_body(4095);
        let fault = wire.send(request("GET", url.clone(), Body::None)).await.unwrap_err();
        assert_eq!(fault, WireFault::TooLarge(4095));
        let wire = wire.with_largest_body(4096);
        assert_eq!(wire.send(request("GET", url, Body::None)).await.unwrap().body.len(), 4096);
    }

    #[tokio::test]
    async fn redirects_are_left_to_the_transport() {
        let url = says(Some("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")).await;
        let response = get(url).await.unwrap();
        assert_eq!((response.status, response.header("location")), (302, Some("http://127.0.0.1:1/")));
    }
}

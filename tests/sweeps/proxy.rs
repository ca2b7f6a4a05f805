//! A proxy on loopback, in front of a simulator: real HTTP, and answers that are spoiled by a seed.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use hcops_heroku::transport::{Body, HttpWire, Wire, WireFault, WireRequest, WireResponse};
use hcops_model::Clock as _;
use hcops_simulator::Simulator;
use serde_json::{Value, json};

use crate::harm::{Dice, HARMS, Harm, harm_value};
use crate::trial::block_on;

/// More requests than these are a hang.
const MOST_REQUESTS: u32 = 20_000;

/// What is done to one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoil {
    /// One value of it.
    Value(Harm),
    /// JSON that ends in the middle.
    CutJson,
    /// A connection that breaks in the middle of the body.
    CutConnection,
    Twice,
    Html,
    Empty,
    /// Another status, before or after the request had its effect.
    Status(u16, bool),
    /// So many simulated seconds before the answer.
    Slow(u64),
}

const SPOILS: &[Spoil] = &[
    Spoil::CutJson,
    Spoil::CutConnection,
    Spoil::Twice,
    Spoil::Html,
    Spoil::Empty,
    Spoil::Status(500, false),
    Spoil::Status(500, true),
    Spoil::Status(502, false),
    Spoil::Status(502, true),
    Spoil::Status(429, false),
    Spoil::Status(404, false),
    Spoil::Slow(25),
    Spoil::Slow(3700),
];

/// Which answers are spoiled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoiling {
    /// One in so many.
    pub one_in: usize,
    /// Whether what is asked again gets the same again.
    pub lasts: bool,
}

/// The proxy; it ends when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    simulator: Arc<Simulator>,
    seed: u64,
    kind: Spoiling,
    spoils: AtomicBool,
    ended: AtomicBool,
    requests: AtomicU32,
    met: Mutex<BTreeMap<String, u32>>,
    spoiled: Mutex<Vec<String>>,
}

impl Proxy {
    pub(crate) fn before(simulator: &Arc<Simulator>, seed: u64, kind: Spoiling) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            simulator: Arc::clone(simulator),
            seed,
            kind,
            spoils: AtomicBool::new(true),
            ended: AtomicBool::new(false),
            requests: AtomicU32::new(0),
            met: Mutex::default(),
            spoiled: Mutex::default(),
        });
        let serving = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.ended.load(Ordering::Relaxed) {
                    break;
                }
                let state = Arc::clone(&serving);
                std::thread::spawn(move || state.serve(stream));
            }
        });
        Self { address, state }
    }

    /// The real network as far as this proxy.
    pub(crate) fn way(&self) -> Arc<dyn Wire> {
        Arc::new(Way { inner: WIRE.clone(), port: self.address.port() })
    }

    /// Where it listens.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From here on every answer is handed on as it is.
    pub(crate) fn spoil_no_more(&self) {
        self.state.spoils.store(false, Ordering::Relaxed);
    }

    /// What was done, in order.
    pub(crate) fn spoiled(&self) -> Vec<String> {
        self.state.spoiled.lock().unwrap().clone()
    }

    pub(crate) fn is_flooded(&self) -> bool {
        self.state.requests.load(Ordering::Relaxed) >= MOST_REQUESTS
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Relaxed);
        let _woken = TcpStream::connect(self.address);
    }
}

/// One pool of connections for all: a new one reads the machine's certificates.
static WIRE: LazyLock<Arc<HttpWire>> = LazyLock::new(|| Arc::new(HttpWire::new().unwrap()));

/// Whatever address of this machine a plan names, requests go to the proxy.
struct Way {
    inner: Arc<HttpWire>,
    port: u16,
}

#[async_trait]
impl Wire for Way {
    async fn send(&self, mut request: WireRequest) -> Result<WireResponse, WireFault> {
        assert_eq!(request.url.host_str(), Some("127.0.0.1"), "{}", request.url);
        request.url.set_port(Some(self.port)).unwrap();
        self.inner.send(request).await
    }
}

impl State {
    /// Request after request of one connection.
    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        // A client that is gone without a word keeps nobody.
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        let origin = format!("http://{}", stream.local_addr().ok()?);
        loop {
            let request = read(&mut stream, &origin)?;
            if self.requests.fetch_add(1, Ordering::Relaxed) >= MOST_REQUESTS {
                return None;
            }
            self.answer(&mut stream, request)?;
        }
    }

    fn answer(&self, stream: &mut TcpStream, request: WireRequest) -> Option<()> {
        let name = format!("{} {}", request.method, request.url.path());
        let nth = {
            let mut met = self.met.lock().unwrap();
            let nth = met.entry(name.clone()).or_default();
            *nth += 1;
            *nth
        };
        let lasts = self.kind.lasts && request.method == "GET";
        let thing = if lasts { name.clone() } else { format!("{name} {nth}") };
        let mut dice = Dice::for_thing(self.seed, &thing);
        let spoils = self.spoils.load(Ordering::Relaxed) && dice.below(self.kind.one_in) == 0;
        let spoil = spoils.then(|| match dice.below(2) {
            0 => Spoil::Value(*dice.one_of(HARMS)),
            _ => *dice.one_of(SPOILS),
        });
        if let Some(spoil) = spoil {
            self.spoiled.lock().unwrap().push(format!("{name} {nth}: {spoil:?}"));
        }
        match spoil {
            Some(Spoil::Status(status, false)) => return write(stream, &refusal(status, &mut dice), None),
            Some(Spoil::Slow(seconds)) => block_on(self.simulator.clock().sleep(Duration::from_secs(seconds))),
            _ => (),
        }
        // A fault of the simulator's own closes the connection.
        let answer = block_on(self.simulator.wire().send(request)).ok()?;
        match spoil {
            None | Some(Spoil::Slow(_)) => write(stream, &answer, None),
            Some(Spoil::Status(status, _)) => write(stream, &refusal(status, &mut dice), None),
            Some(Spoil::CutConnection) => {
                write(stream, &answer, Some(answer.body.len() / 2))?;
                None
            }
            Some(spoil) => {
                let (spoiled, place) = spoiled(&answer, spoil, &mut dice);
                self.spoiled.lock().unwrap().last_mut().unwrap().push_str(&place);
                write(stream, &spoiled, None)
            }
        }
    }
}

fn read(stream: &mut TcpStream, origin: &str) -> Option<WireRequest> {
    let (mut request, mut some) = (Vec::new(), [0_u8; 65_536]);
    let head = loop {
        if let Some(head) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break head;
        }
        let count = stream.read(&mut some).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&some[..count]);
    };
    let text = String::from_utf8(request[..head].to_vec()).ok()?;
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = request[head + 4..].to_vec();
    while body.len() < length {
        let count = stream.read(&mut some).ok().filter(|count| *count > 0)?;
        body.extend_from_slice(&some[..count]);
    }
    let body = match (body.is_empty(), header("content-type").is_some()) {
        (true, false) => Body::None,
        (true, true) => Body::EmptyJson,
        (false, _) => Body::Json(body),
    };
    let url = format!("{origin}{path}").parse().ok()?;
    let kept = |(name, _): &(String, String)| !["content-length", "content-type", "host"].contains(&name.as_str());
    let headers = headers.into_iter().filter(kept).collect();
    Some(WireRequest { method, url, headers, body, timeout: Duration::from_secs(30) })
}

/// The answer, whole or up to so many bytes of its body.
fn write(stream: &mut TcpStream, answer: &WireResponse, until: Option<usize>) -> Option<()> {
    let mut text = format!("HTTP/1.1 {} Answer\r\n", answer.status);
    for (name, value) in answer.headers.iter().filter(|(name, _)| name != "content-length") {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("content-length: {}\r\n\r\n", answer.body.len());
    let body = &answer.body[..until.unwrap_or(answer.body.len())];
    stream.write_all(&[text.as_bytes(), body].concat()).ok()
}

fn refusal(status: u16, dice: &mut Dice) -> WireResponse {
    let html = dice.below(2) == 0;
    let body = if html { HTML.to_owned() } else { json!({"id": "odd", "message": "Odd."}).to_string() };
    let kind = if html { "text/html" } else { "application/json" };
    let mut headers = vec![("content-type".to_owned(), kind.to_owned())];
    if status == 429 {
        headers.push(("retry-after".to_owned(), "20".to_owned()));
    }
    WireResponse { status, headers, body: body.into_bytes() }
}

const HTML: &str = "<!DOCTYPE html><html><head><title>Application error</title></head><body>Odd.</body></html>";

/// The spoiled answer, and what became of it.
fn spoiled(answer: &WireResponse, spoil: Spoil, dice: &mut Dice) -> (WireResponse, String) {
    let mut spoiled = answer.clone();
    let mut place = String::new();
    match spoil {
        Spoil::Value(harm) => {
            if let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) {
                place = harm_value(&mut value, harm, dice);
                spoiled.body = value.to_string().into_bytes();
            }
        }
        Spoil::CutJson => spoiled.body.truncate(answer.body.len() / 2),
        Spoil::Twice => spoiled.body.extend_from_slice(&answer.body),
        Spoil::Html => spoiled.body = HTML.as_bytes().to_vec(),
        _ => spoiled.body.clear(),
    }
    (spoiled, place)
}

//! What tests of the clients and of the survey need: a clock that jumps, a wire with a script, and a permit.
#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use super::transport::{Wire, WireFault, WireRequest, WireResponse};
use super::{Clients, Origins};
use hcops_model::{
    Clock, Digest, Entry, EvidenceMark, Intent, Journal, JournalFault, Line, Moment, Permit, Secret, StepId,
};

/// A token that must never show anywhere.
pub const TOKEN: &str = "canary-token";

/// A clock that jumps when somebody sleeps.
pub struct JumpingClock {
    now: Mutex<Timestamp>,
}

impl JumpingClock {
    /// At one o'clock in the night of 2026-11-22, UTC.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { now: Mutex::new("2026-11-22T01:00:00Z".parse().unwrap()) })
    }

    /// Seconds since the clock was made.
    pub fn passed(&self) -> i64 {
        let began: Timestamp = "2026-11-22T01:00:00Z".parse().unwrap();
        self.now().duration_since(began).as_secs()
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn moment(&self) -> Moment {
        Moment::of(self.now())
    }

    async fn sleep(&self, duration: Duration) {
        *self.now.lock().unwrap() += duration;
    }
}

/// A wire that answers from a script and keeps what was sent. Answers of a route come first, then those of the queue.
#[derive(Default)]
pub struct ScriptedWire {
    routes: Mutex<HashMap<String, WireResponse>>,
    queue: Mutex<VecDeque<Result<WireResponse, WireFault>>>,
    sent: Mutex<Vec<WireRequest>>,
}

impl ScriptedWire {
    /// One that answers with these, in this order.
    #[must_use]
    pub fn new(script: impl IntoIterator<Item = Result<WireResponse, WireFault>>) -> Arc<Self> {
        Arc::new(Self { queue: Mutex::new(script.into_iter().collect()), ..Self::default() })
    }

    /// Always answers `METHOD /path` so.
    pub fn route(&self, place: &str, response: WireResponse) {
        self.routes.lock().unwrap().insert(place.to_owned(), response);
    }

    /// What was sent.
    #[must_use]
    pub fn sent(&self) -> Vec<WireRequest> {
        self.sent.lock().unwrap().clone()
    }

    /// `METHOD scheme://host/path?query` of everything that was sent.
    pub fn lines(&self) -> Vec<String> {
        self.sent().iter().map(|request| format!("{} {}", request.method, request.url)).collect()
    }
}

#[async_trait]
impl Wire for ScriptedWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let place = format!("{} {}", request.method, request.url.path());
        self.sent.lock().unwrap().push(request);
        if let Some(response) = self.routes.lock().unwrap().get(&place) {
            return Ok(response.clone());
        }
        let next = self.queue.lock().unwrap().pop_front();
        next.unwrap_or_else(|| panic!("nothing is scripted for {place}"))
    }
}

/// The header of a request that was sent.
pub fn header<'a>(request: &'a WireRequest, name: &str) -> Option<&'a str> {
    let mut of_this_name = request.headers.iter().filter(|(key, _)| key == name);
    let found = of_this_name.next().map(|(_, value)| value.as_str());
    assert!(of_this_name.next().is_none(), "{name} was sent twice");
    found
}

/// An answer.
#[must_use]
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> WireResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    WireResponse { status, headers, body: body.as_bytes().to_vec() }
}

/// An answer in JSON.
#[must_use]
pub fn json_answer(status: u16, body: &Value) -> WireResponse {
    answer(status, &[("content-type", "application/json")], &body.to_string())
}

/// Clients of the real origins over this wire.
pub fn clients(wire: &Arc<ScriptedWire>, clock: &Arc<JumpingClock>) -> Clients {
    let origins = Origins::from_variables(&super::HostVariables::default()).unwrap();
    Clients::new(Arc::clone(wire) as _, origins, Secret::new(TOKEN), Arc::clone(clock) as _)
}

/// A permit, with its intent in a journal that forgets.
pub fn permit() -> Permit {
    let intent =
        Intent { step: StepId::from("test"), action: "test".to_owned(), attempt: 1, will: Vec::new(), before: None };
    Permit::by_writing(&mut Forgetful, Timestamp::UNIX_EPOCH, intent).unwrap().0
}

struct Forgetful;

impl Journal for Forgetful {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        Ok(Line { seq: 1, at, entry, chain: Digest::of_bytes(b"") })
    }

    fn lines(&self) -> &[Line] {
        &[]
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        Ok(EvidenceMark { name: name.to_owned(), digest: Digest::of_bytes(contents) })
    }
}

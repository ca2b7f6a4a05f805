//! The way of one call: authentication, pacing, redirects, retry, paging, decoding.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;

use super::budget::Budget;
use super::call::{Call, Credentials, Method};
use super::log::{RequestLog, Warnings, target};
use super::pace::Pace;
use super::redactor::Redactor;
use super::redirect::{misdirected, redirect, redirected_write};
use super::refusal::{INVALID_TOKEN, decoding, no_answer, not_asked, not_json, refused, unreadable};
use super::retry::{Next, Patience, Persistence};
use super::speech::spoken;
use super::trust::{callable, may_see_token};
use super::{Body, Wire, WireFault, WireRequest, WireResponse};
use crate::TokenSource;
use hcops_model::{Clock, FRESH, Fault, FaultKind, Happened, RequestMark, Secret};

/// Redirects that are followed, as in the official client (docs/heroku/platform.md, "Redirects and retries").
const REDIRECTS: usize = 10;

/// Pages of one list that are read: a hundred thousand things at 1,000 a page.
const PAGES: usize = 100;

/// Heroku's only door: every request goes through here. Clones share the rate budget and the log of requests.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    log: RequestLog,
    persistence: Persistence,
    budget: Option<Arc<Budget>>,
}

struct Shared {
    wire: Arc<dyn Wire>,
    token: Secret,
    source: OnceLock<TokenSource>,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
    user_agent: String,
    pace: Pace,
    warnings: Warnings,
    calls: AtomicU64,
}

/// A 2xx answer.
pub(crate) struct Good {
    pub(crate) response: WireResponse,
    pub(crate) request_id: String,
}

/// What a change was answered. That it was answered is not yet that it is done: look at the world for that.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// The HTTP status.
    pub status: u16,
    /// The server's own time, from its `Date` header.
    pub server_time: Option<Timestamp>,
}

impl<T> Answer<T> {
    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: change(self.value), status: self.status, server_time: self.server_time }
    }
}

impl Transport {
    /// A transport over this wire, for the owner of this token. Waiting and durations use `clock`.
    #[must_use]
    pub fn new(wire: Arc<dyn Wire>, token: Secret, clock: Arc<dyn Clock>, user_agent: String) -> Self {
        let shared = Shared {
            wire,
            redactor: Redactor::new(&token),
            token,
            source: OnceLock::new(),
            clock,
            user_agent,
            pace: Pace::default(),
            warnings: Warnings::default(),
            calls: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared), log: RequestLog::default(), persistence: Persistence::FULL, budget: None }
    }

    /// Says where the token came from, so that whoever has to replace a refused one knows where.
    pub fn came_from(&self, source: TokenSource) {
        // It came from one place only.
        let _known = self.shared.source.set(source);
    }

    /// The same transport with a log of its own, so that work that goes on side by side is told apart.
    #[must_use]
    pub fn with_own_log(&self) -> Self {
        Self { log: RequestLog::default(), ..self.clone() }
    }

    /// The same transport for brief looks: it gives up soon on what does not answer. With a log of its own.
    #[must_use]
    pub fn for_brief_looks(&self) -> Self {
        Self { persistence: Persistence::BRIEF, ..self.with_own_log() }
    }

    /// The same transport for a command that changes nothing: all its calls together, and those of its clones, wait for
    /// late answers no longer than `allowed`. With a log of its own.
    #[must_use]
    pub fn within(&self, allowed: Duration) -> Self {
        let budget = Some(Arc::new(Budget::new(allowed)));
        Self { persistence: Persistence::BEFOREHAND, budget, ..self.with_own_log() }
    }

    /// Keeps among the exchanges that a database was read by SQL, which goes past this transport.
    pub fn note_read(&self, mark: RequestMark) {
        self.log.add_once(mark);
    }

    /// The exchanges since the last call of this, oldest first.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RequestMark> {
        self.log.take()
    }

    /// Warnings that servers sent since the last call of this; each text is given once.
    #[must_use]
    pub fn take_warnings(&self) -> Vec<String> {
        self.shared.warnings.take()
    }

    /// One value.
    pub(crate) async fn read<T: DeserializeOwned>(&self, call: Call) -> Result<T, Fault> {
        let good = self.send(&call).await?;
        self.decode(&call, &good)
    }

    /// A whole list, page by page (docs/heroku/platform.md, "Lists").
    pub(crate) async fn list<T: DeserializeOwned>(&self, call: Call) -> Result<Vec<T>, Fault> {
        let mut all = Vec::new();
        let mut call = call;
        for _ in 0..PAGES {
            let good = self.send(&call).await?;
            all.extend(self.decode::<Vec<T>>(&call, &good)?);
            let Some(next) = good.response.header("next-range") else { return Ok(all) };
            call.headers.retain(|(name, _)| *name != "range");
            call.headers.push(("range", next.to_owned()));
        }
        Err(too_many_pages(&call))
    }

    /// A change, and what it was answered.
    pub(crate) async fn write<T: DeserializeOwned>(&self, call: Call) -> Result<Answer<T>, Fault> {
        let good = self.send(&call).await?;
        let value = self.decode(&call, &good)?;
        Ok(good.answer(value))
    }

    /// A change whose answer says nothing; `expected` is the one status that means it was taken, where there is one.
    pub(crate) async fn write_unread(&self, call: Call, expected: Option<u16>) -> Result<Answer<()>, Fault> {
        let good = self.send(&call).await?;
        match expected {
            Some(status) if status != good.response.status => {
                let what = format!("only {status} means that it was taken");
                Err(self.hushed(unreadable(&call, &good.response, &good.request_id, &what)))
            }
            _ => Ok(good.answer(())),
        }
    }

    /// The value of a 2xx answer.
    pub(crate) fn decode<T: DeserializeOwned>(&self, call: &Call, good: &Good) -> Result<T, Fault> {
        decode(call, good).map_err(|fault| self.hushed(fault))
    }

    /// The 2xx answer of this call, after as many repetitions as are right.
    pub(crate) async fn send(&self, call: &Call) -> Result<Good, Fault> {
        self.settled(call).await.map_err(|fault| self.hushed(fault))
    }

    /// The fault without the token, should a server repeat it.
    fn hushed(&self, mut fault: Fault) -> Fault {
        if let (Some(INVALID_TOKEN), Some(source)) = (fault.code.as_deref(), self.shared.source.get()) {
            let [why, remedy, command] = source.refused();
            (fault.why, fault.remedy, fault.command) = (why.to_owned(), remedy.to_owned(), Some(command.to_owned()));
        }
        for text in [&mut fault.saw, &mut fault.why, &mut fault.remedy].into_iter().chain(fault.code.as_mut()) {
            self.shared.redactor.take_from(text);
        }
        fault
    }

    async fn settled(&self, call: &Call) -> Result<Good, Fault> {
        let began = self.shared.clock.now();
        let nth = self.shared.calls.fetch_add(1, Ordering::Relaxed);
        let seed = began.as_nanosecond().unsigned_abs() as u64 ^ nth.rotate_left(32);
        let mut patience = Patience::new(self.persistence, began, seed);
        let mut spending = self.budget.as_ref().map(|budget| budget.enter(&*self.shared.clock));
        loop {
            let (outcome, request_id) = self.follow(call).await?;
            match patience.next(&outcome, self.shared.clock.now()) {
                Next::Again(delay) if call.repeats && self.has_left(delay) => self.shared.clock.sleep(delay).await,
                next => {
                    if let (Next::Settle, Ok(_), Some(spending)) = (next, &outcome, &mut spending) {
                        spending.answered();
                    }
                    return settle(call, outcome, request_id);
                }
            }
        }
    }

    /// What may still be spent on waiting for servers, where that is bounded.
    fn left(&self) -> Option<Duration> {
        self.budget.as_ref().map(|budget| budget.left(&*self.shared.clock))
    }

    fn has_left(&self, wait: Duration) -> bool {
        self.left().is_none_or(|left| wait < left)
    }

    /// One exchange and the redirects after it. The token stays with the origin it was meant for.
    async fn follow(&self, call: &Call) -> Result<(Result<WireResponse, WireFault>, String), Fault> {
        let mut url = call.url.clone();
        let mut credentials = call.credentials;
        for _ in 0..=REDIRECTS {
            let (outcome, request_id) = self.exchange(call, &url, credentials).await?;
            let Some(next) = outcome.as_ref().ok().and_then(|response| redirect(&url, response)) else {
                return Ok((outcome, request_id));
            };
            if call.method != Method::Get {
                return Err(redirected_write(call, &outcome));
            }
            let next = next.map_err(|reason| misdirected(call, &reason))?;
            if next.origin() != url.origin() {
                credentials = Credentials::None;
            }
            url = next;
        }
        Err(misdirected(call, "it went round in redirects"))
    }

    async fn exchange(
        &self,
        call: &Call,
        url: &Url,
        credentials: Credentials,
    ) -> Result<(Result<WireResponse, WireFault>, String), Fault> {
        match credentials {
            Credentials::None => callable(url)?,
            Credentials::Bearer | Credentials::BasicWithEmptyUser => may_see_token(url)?,
        }
        self.wait_for_its_turn(call, url).await?;
        self.still_fresh(call)?;
        let sent_id = Uuid::new_v4().to_string();
        let Some(limit) = self.limit(call, url) else { return Err(not_asked(call)) };
        let request = self.request(call, url, credentials, &sent_id, limit);
        let began = self.shared.clock.now();
        // The one door: whatever a server says is without the token from here on.
        let outcome = self.shared.wire.send(request).await.map(|response| self.shared.redactor.response(response));
        if let Some(budget) = &self.budget {
            budget.note(url.origin(), !matches!(outcome, Err(WireFault::TimedOut(_))));
        }
        let request_id = request_id(&outcome, sent_id);
        self.note(call, url, began, &outcome, &request_id);
        Ok((outcome, request_id))
    }

    /// Looks are spread while few calls are left. A change waits for nothing here: it would go out long after what it rests
    /// on was seen.
    async fn wait_for_its_turn(&self, call: &Call, url: &Url) -> Result<(), Fault> {
        if call.writes {
            return Ok(());
        }
        if let Some(wait) = self.shared.pace.wait_before(&url.origin(), self.shared.clock.now()) {
            if !self.has_left(wait) {
                return Err(not_asked(call));
            }
            self.shared.clock.sleep(wait).await;
        }
        Ok(())
    }

    /// Bound on the next exchange of this call; nothing where no time is left for one.
    fn limit(&self, call: &Call, url: &Url) -> Option<Duration> {
        let left = self.budget.as_ref().map(|budget| budget.limit(&url.origin(), &*self.shared.clock));
        let limits = [Some(call.timeout), self.persistence.exchange, left];
        // In tenths of a second, as it is told.
        let tenths = limits.into_iter().flatten().min()?.as_millis().saturating_add(50) / 100;
        u64::try_from(tenths).ok().filter(|tenths| *tenths > 0).map(|tenths| Duration::from_millis(tenths * 100))
    }

    /// The last place where a change can be held back: the machine may have slept since the engine looked.
    fn still_fresh(&self, call: &Call) -> Result<(), Fault> {
        let now = self.shared.clock.moment();
        match call.oldest_look {
            Some(look) if look.age_at(&now) > FRESH || look.fault_until(&now).is_some() => Err(too_old(call)),
            _ => Ok(()),
        }
    }

    fn request(
        &self,
        call: &Call,
        url: &Url,
        credentials: Credentials,
        request_id: &str,
        timeout: Duration,
    ) -> WireRequest {
        let mut headers = vec![
            ("user-agent".to_owned(), self.shared.user_agent.clone()),
            ("request-id".to_owned(), request_id.to_owned()),
        ];
        headers.extend(call.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        if let Some(authorization) = self.authorization(credentials) {
            headers.push(("authorization".to_owned(), authorization));
        }
        WireRequest {
            method: call.method.as_str().to_owned(),
            url: url.clone(),
            headers,
            body: match credentials {
                // A body is not carried to another origin.
                Credentials::None if call.credentials != Credentials::None => Body::None,
                _ => call.body.clone(),
            },
            timeout,
        }
    }

    fn authorization(&self, credentials: Credentials) -> Option<String> {
        let token = self.shared.token.open();
        match credentials {
            Credentials::Bearer => Some(format!("Bearer {token}")),
            Credentials::BasicWithEmptyUser => Some(format!("Basic {}", BASE64.encode(format!(":{token}")))),
            Credentials::None => None,
        }
    }

    fn note(
        &self,
        call: &Call,
        url: &Url,
        began: Timestamp,
        outcome: &Result<WireResponse, WireFault>,
        request_id: &str,
    ) {
        let method = call.method.as_str();
        let target = spoken(&target(url));
        let status = outcome.as_ref().ok().map(|response| response.status);
        let took = Duration::try_from(self.shared.clock.now().duration_since(began)).unwrap_or_default();
        tracing::debug!(method, %target, ?status, request_id, milliseconds = took.as_millis() as u64, "exchange");
        if let Ok(response) = outcome {
            self.shared.pace.note(url.origin(), response);
            self.shared.warnings.note(response);
        }
        let request_id = Some(request_id.to_owned());
        self.log.add(RequestMark { method: method.to_owned(), target, status, request_id });
    }
}

impl Good {
    pub(crate) fn answer<T>(&self, value: T) -> Answer<T> {
        Answer { value, status: self.response.status, server_time: server_time(&self.response) }
    }
}

fn settle(call: &Call, outcome: Result<WireResponse, WireFault>, request_id: String) -> Result<Good, Fault> {
    match outcome {
        Ok(response) if (200..300).contains(&response.status) => Ok(Good { response, request_id }),
        Ok(response) => Err(refused(call, &response, &request_id)),
        Err(fault) => Err(no_answer(call, &fault)),
    }
}

fn decode<T: DeserializeOwned>(call: &Call, good: &Good) -> Result<T, Fault> {
    let said = |what: &str| unreadable(call, &good.response, &good.request_id, what);
    match serde_json::from_slice(&good.response.body) {
        Ok(value) => Ok(value),
        Err(error) if error.is_data() => Err(said(&decoding(&error))),
        Err(_) => Err(said(&not_json(&good.response))),
    }
}

/// The server's id of the exchange, which Heroku's support can look up; else the one that was sent.
fn request_id(outcome: &Result<WireResponse, WireFault>, sent: String) -> String {
    let returned = outcome.as_ref().ok().and_then(|response| response.header("request-id"));
    returned.map(spoken).filter(|id| !id.is_empty()).unwrap_or(sent)
}

fn server_time(response: &WireResponse) -> Option<Timestamp> {
    let date = response.header("date")?;
    jiff::fmt::rfc2822::parse(date).ok().map(|zoned| zoned.timestamp())
}

fn too_old(call: &Call) -> Fault {
    Fault::new(
        FaultKind::Transient,
        format!("{} {} was not sent: what it rests on was seen too long ago", call.method.as_str(), target(&call.url)),
        "The world may have changed since, so everything is looked at again first.",
        "Nothing has to be done: the run looks again and goes on.",
    )
    .with_happened(Happened::No)
}

fn too_many_pages(call: &Call) -> Fault {
    Fault::new(
        FaultKind::Unreadable,
        format!("{} {} has more than {PAGES} pages", call.method.as_str(), target(&call.url)),
        "A list without an end can't be read whole, and half a list could hide what matters.",
        "Please report this as a defect of hcops, with the number of things in the account.",
    )
    .with_happened(Happened::No)
}

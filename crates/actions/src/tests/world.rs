//! A world made of canned answers, and a look at it through the actions as the engine has them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Registry, registry};
use hcops_heroku::transport::{Body, Wire, WireFault, WireRequest, WireResponse};
use hcops_heroku::{Clients, Origins, OwnDyno};
use hcops_model::{
    Actions, Clock, Entry, EvidenceMark, Fault, Intent, Journal, JournalFault, Line, Look, Moment, Permit, Prior,
    Receipt, Secret, Seen, Steadiness, StepId,
};

pub(super) const REGION: &str = "http://127.0.0.1:1";
pub(super) const NOW: &str = "2026-11-22T01:00:00Z";

/// What is answered to each request, and what was sent.
#[derive(Default)]
struct Script {
    answers: Mutex<BTreeMap<String, VecDeque<(u16, Value)>>>,
    changes: Mutex<Vec<(String, Value)>>,
}

#[async_trait]
impl Wire for Script {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let call = format!("{} {}", request.method, request.url.path());
        if request.method != "GET" {
            let body = match &request.body {
                Body::Json(bytes) => serde_json::from_slice(bytes).expect("a JSON body"),
                Body::None | Body::EmptyJson => Value::Null,
            };
            self.changes.lock().unwrap().push((call.clone(), body));
        }
        let mut answers = self.answers.lock().unwrap();
        let (status, body) = match answers.get_mut(&call) {
            Some(queue) if queue.len() > 1 => queue.pop_front().expect("an answer"),
            Some(queue) => queue.front().cloned().expect("an answer"),
            None => (404, json!({"id": "not_found", "message": format!("no answer for {call}")})),
        };
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Ok(WireResponse { status, headers, body: body.to_string().into_bytes() })
    }
}

/// A clock that a test moves.
pub(super) struct Hand(Mutex<Timestamp>);

#[async_trait]
impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn moment(&self) -> Moment {
        Moment::of(self.now())
    }

    async fn sleep(&self, duration: Duration) {
        let mut now = self.0.lock().unwrap();
        *now += duration;
    }
}

/// A world, and the actions over it.
pub(super) struct World {
    script: Arc<Script>,
    actions: Registry,
}

impl World {
    pub(super) fn new() -> Self {
        Self::in_dyno(None)
    }

    /// The same for a process that runs in this dyno.
    pub(super) fn in_dyno(own: Option<OwnDyno>) -> Self {
        let script = Arc::new(Script::default());
        let clock: Arc<dyn Clock> = Arc::new(Hand(Mutex::new(NOW.parse().unwrap())));
        let wire: Arc<dyn Wire> = Arc::clone(&script) as Arc<dyn Wire>;
        let clients = Clients::new(wire, Origins::all_at(REGION).unwrap(), Secret::new("t"), Arc::clone(&clock));
        let clients = clients.in_dyno(own);
        Self { script, actions: registry(clients, clock) }
    }

    /// This request is answered with this from now on.
    pub(super) fn with(self, call: &str, answer: Value) -> Self {
        self.set(call, 200, answer);
        self
    }

    pub(super) fn set(&self, call: &str, status: u16, answer: Value) {
        self.script.answers.lock().unwrap().insert(call.to_owned(), VecDeque::from([(status, answer)]));
    }

    /// What every request that is not a look has sent.
    pub(super) fn changes(&self) -> Vec<(String, Value)> {
        self.script.changes.lock().unwrap().clone()
    }

    pub(super) async fn look(&self, action: &str, with: &Value) -> Seen<Value> {
        self.look_after(action, with, &Prior::default()).await
    }

    pub(super) async fn look_after(&self, action: &str, with: &Value, prior: &Prior) -> Seen<Value> {
        self.try_look(action, with, prior).await.expect("a look").seen
    }

    pub(super) async fn try_look(&self, action: &str, with: &Value, prior: &Prior) -> Result<Look, Fault> {
        let action = self.actions.find(action).expect("an action of this name");
        let before = self.changes().len();
        let look = action.observe(with, prior).await;
        assert_eq!(self.changes().len(), before, "a look changes nothing");
        look
    }

    /// A look that asks Connect for a diagnosis: a POST that changes nothing.
    pub(super) async fn examine(&self, action: &str, with: &Value) -> Seen<Value> {
        self.try_examine(action, with, &Prior::default()).await.expect("a look").seen
    }

    pub(super) async fn try_examine(&self, action: &str, with: &Value, prior: &Prior) -> Result<Look, Fault> {
        let before = self.changes().len();
        let look = self.actions.find(action).expect("an action of this name").observe(with, prior).await;
        assert!(
            self.changes()[before..].iter().all(|(call, _)| call.ends_with("/validations")),
            "a look changes nothing"
        );
        look
    }

    /// How often an action must be seen satisfied.
    pub(super) fn steadiness(&self, action: &str) -> Steadiness {
        self.actions.find(action).expect("an action of this name").steadiness()
    }

    pub(super) async fn act(&self, action: &str, with: &Value) -> Result<Receipt, Fault> {
        let intent = Intent {
            step: StepId::from("step"),
            action: action.to_owned(),
            attempt: 1,
            will: Vec::new(),
            before: None,
        };
        let (permit, _) = Permit::by_writing(&mut Paper, NOW.parse().unwrap(), intent).expect("a permit");
        self.actions.find(action).expect("an action of this name").act(with, permit).await
    }
}

/// A journal that keeps nothing: enough for a permit.
struct Paper;

impl Journal for Paper {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        Ok(Line { seq: 1, at, entry, chain: hcops_model::Digest(String::new()) })
    }

    fn lines(&self) -> &[Line] {
        &[]
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        Ok(EvidenceMark { name: name.to_owned(), digest: hcops_model::Digest::of_bytes(contents) })
    }
}

/// An act that was answered this many seconds ago.
pub(super) fn accepted(seconds_ago: i64) -> Prior {
    let receipt = Receipt { said: "202".to_owned(), marks: Value::Null, server_time: None, requests: Vec::new() };
    Prior { receipt: Some(receipt), ..interrupted(seconds_ago) }
}

/// An act that was begun this many seconds ago and never answered.
pub(super) fn interrupted(seconds_ago: i64) -> Prior {
    let now: Timestamp = NOW.parse().unwrap();
    Prior { intended_at: Some(now - jiff::SignedDuration::from_secs(seconds_ago)), ..Prior::default() }
}

/// The output of a satisfied look.
pub(super) fn output(seen: Seen<Value>) -> Value {
    match seen {
        Seen::Satisfied { output } => output,
        other => panic!("not satisfied: {other:?}"),
    }
}

/// What acting would do.
pub(super) fn will(seen: Seen<Value>) -> Vec<String> {
    match seen {
        Seen::Ready { will } => will,
        other => panic!("not ready: {other:?}"),
    }
}

/// What is waited for.
pub(super) fn note(seen: Seen<Value>) -> String {
    match seen {
        Seen::Underway { note, look_again, .. } => {
            assert!(look_again >= Duration::from_secs(1), "a wait that never rests");
            note
        }
        other => panic!("not underway: {other:?}"),
    }
}

/// Why it is blocked, and the remedy: both have to say something.
pub(super) fn why(seen: Seen<Value>) -> (String, String) {
    match seen {
        Seen::Blocked { why, remedy } => {
            assert!(why.ends_with('.') && remedy.ends_with('.'), "sentences: {why} / {remedy}");
            (why, remedy)
        }
        other => panic!("not blocked: {other:?}"),
    }
}

/// What cannot be told, raw, and what a person is asked.
pub(super) fn unclear(seen: Seen<Value>) -> (String, Vec<String>) {
    match seen {
        Seen::Unclear { why, ask } => {
            assert!(!ask.is_empty(), "a question");
            (why, ask)
        }
        other => panic!("not unclear: {other:?}"),
    }
}

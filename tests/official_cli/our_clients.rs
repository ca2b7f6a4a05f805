//! Our own clients against the same table: for the same purpose they send what the official client sends, they can read
//! what it was answered, and each request to the Platform API is one that the published schema describes.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hcops_heroku::transport::{Body, WireRequest};
use hcops_heroku::{Clients, Origins};
use hcops_model::{Clock, Fault, Moment, Secret};
use jiff::Timestamp;
use serde_json::Value;

use crate::cases::{self, Api, Case, Recorded, TOKEN};
use crate::purposes::purposes;
use crate::recorded_wire::RecordedWire;
use crate::replay::deviating;
use crate::report::Report;
use crate::schema::PlatformSchema;
use crate::templates::Templates;

/// A purpose: the place in the table where the official client pursues it, and our method for it.
pub(crate) struct Purpose {
    /// `METHOD /path?query`, with the names of the recordings.
    pub(crate) place: &'static str,
    pub(crate) call: Box<dyn Fn(Clients) -> Pursuit + Send + Sync>,
}

/// Our method at work.
pub(crate) type Pursuit = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send>>;

/// Where the recordings stand; no request really goes there.
pub(crate) const HOST: &str = "127.0.0.1:5080";

/// What stands for the names of the recordings.
pub(crate) fn id_of(name: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}

#[tokio::test]
async fn our_clients_send_what_the_official_clients_send() {
    let mut report = Report::new("clients");
    match (cases::load(), PlatformSchema::load()) {
        (Err(why), _) | (_, Err(why)) => report.skip("every purpose", &why),
        (Ok(cases), Ok(schema)) => {
            for purpose in purposes() {
                let complaints = pursue(&cases, &schema, &purpose).await;
                report.add(purpose.place, complaints);
            }
        }
    }
    report.close();
}

async fn pursue(cases: &[Case], schema: &PlatformSchema, purpose: &Purpose) -> Vec<String> {
    let recorded = recorded_at(cases, purpose.place);
    let Some(example) = recorded.first() else { return vec!["the table has no such place".to_owned()] };
    let templates = templates();
    let wire = Arc::new(RecordedWire::new([(example.status, templates.fill_value(&example.response))]));
    let origins = Origins::all_at(&format!("http://{HOST}")).unwrap();
    let clients = Clients::new(Arc::clone(&wire) as _, origins, Secret::new(TOKEN), Arc::new(Still));
    let read = (purpose.call)(clients).await;
    let mut complaints: Vec<_> =
        read.err().map(|fault| format!("could not read the recorded answer: {fault:?}")).into_iter().collect();
    let sent = wire.take();
    let [request] = sent.as_slice() else {
        complaints.push(format!("{} requests instead of one", sent.len()));
        return complaints;
    };
    complaints.extend(differs(request, &recorded, &templates));
    if example.api == Api::Platform {
        let path = path_of(request);
        complaints.extend(schema.objects_to(&request.method, &path, body_of(request).as_ref()));
    }
    complaints
}

/// The different ways in which the official client makes a request at this place; successful ones first.
fn recorded_at<'a>(cases: &'a [Case], place: &str) -> Vec<&'a Recorded> {
    let mut found: Vec<_> = cases
        .iter()
        .flat_map(|case| &case.requests)
        .filter(|recorded| format!("{} {}", recorded.method, recorded.path) == place)
        .collect();
    found.sort_by_key(|recorded| recorded.status >= 300);
    found
}

fn templates() -> Templates {
    let mut templates = Templates::default();
    templates.learn("host", HOST);
    for name in [
        "app:hc-demo",
        "app:hc-other",
        "addon:leader",
        "addon:follower",
        "addon:essential",
        "addon:connect",
        "connection",
        "mapping:Account",
        "mapping:Contact",
        "mapping:Opportunity",
        "attachment",
        "release",
        "transfer",
    ] {
        templates.learn(name, &id_of(name));
    }
    templates
}

/// Why our request is none of those recorded; nothing when it is one of them.
fn differs(ours: &WireRequest, recorded: &[&Recorded], templates: &Templates) -> Option<String> {
    let ours = essence_of_ours(ours);
    let theirs: Vec<_> = recorded.iter().map(|recorded| essence_of_theirs(recorded, templates)).collect();
    let same = theirs.contains(&ours);
    (!same).then(|| format!("sends\n      {ours:?}\n    where the official client sends\n      {:?}", theirs.first()))
}

/// What matters in a request: the line, the headers that change the answer, and the body's meaning.
#[derive(Debug, PartialEq, Eq)]
struct Essence {
    line: String,
    headers: BTreeMap<String, String>,
    body: Value,
}

/// Headers that decide what comes back, or whether anything does.
const TELLING: [&str; 8] = [
    "accept",
    "accept-expansion",
    "accept-inclusion",
    "authorization",
    "content-type",
    "heroku-client",
    "range",
    "x-heroku-legacy-provider-messages",
];

fn essence_of_ours(request: &WireRequest) -> Essence {
    let headers = request.headers.iter().filter(|(name, _)| TELLING.contains(&name.as_str()));
    let mut headers: BTreeMap<_, _> = headers.cloned().collect();
    if request.body != Body::None {
        headers.insert("content-type".to_owned(), "application/json".to_owned());
    }
    let body = body_of(request).map_or(Value::Null, |body| meaning(&body));
    Essence { line: format!("{} {}", request.method, path_of(request)), headers: settled(headers), body }
}

fn essence_of_theirs(recorded: &Recorded, templates: &Templates) -> Essence {
    let mut headers = BTreeMap::new();
    let mut put = |name: &str, value: &str| headers.insert(name.to_owned(), value.to_owned());
    match recorded.api {
        Api::Platform | Api::Data => {
            put("accept", "application/vnd.heroku+json; version=3");
            put("authorization", &format!("Bearer {TOKEN}"));
        }
        Api::Connect => {
            put("content-type", "application/json");
            put("heroku-client", "cli");
            put("authorization", &format!("Bearer {TOKEN}"));
        }
        Api::Status => {}
    }
    if recorded.has_body {
        put("content-type", "application/json");
    }
    for line in &recorded.headers {
        let (name, value) = deviating(line, TOKEN);
        put(name.as_str(), &value);
    }
    let line = templates.fill(&format!("{} {}", recorded.method, recorded.path));
    Essence { line, headers: settled(headers), body: meaning(&templates.fill_value(&recorded.body)) }
}

/// Without what makes no difference: any `Accept` of Connect and the status site, where only JSON exists.
fn settled(mut headers: BTreeMap<String, String>) -> BTreeMap<String, String> {
    if headers.get("accept").is_some_and(|accept| !accept.contains("vnd.heroku")) {
        headers.remove("accept");
    }
    headers
}

/// A body without its freedom of expression: the schema's `"plan": "x"` means the official client's
/// `"plan": {"name": "x"}`, a quantity may be text, and what is absent may be `null` or an empty object
/// (docs/heroku/platform.md, "Apps").
fn meaning(body: &Value) -> Value {
    match body {
        Value::Object(fields) => {
            let told = fields.iter().map(|(name, field)| (name.clone(), meaning(field)));
            let told: serde_json::Map<_, _> = told.filter(|(_, field)| !field.is_null()).collect();
            match (told.len(), told.get("name")) {
                (0, _) => Value::Null,
                (1, Some(name)) => name.clone(),
                _ => Value::Object(told),
            }
        }
        Value::Array(items) => items.iter().map(meaning).collect(),
        Value::String(text) => text.parse::<u64>().map_or_else(|_| body.clone(), Value::from),
        other => other.clone(),
    }
}

fn body_of(request: &WireRequest) -> Option<Value> {
    match &request.body {
        Body::Json(bytes) => Some(serde_json::from_slice(bytes).unwrap()),
        Body::None | Body::EmptyJson => None,
    }
}

fn path_of(request: &WireRequest) -> String {
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", request.url.path())
}

/// A clock that never moves: no purpose takes time when its answer is there.
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn moment(&self) -> Moment {
        Moment::of(self.now())
    }

    async fn sleep(&self, _duration: Duration) {}
}

#[tokio::test]
async fn a_request_that_differs_is_noticed() {
    let (Ok(cases), Ok(schema)) = (cases::load(), PlatformSchema::load()) else { return };
    let other: Vec<Purpose> = crate::purposes::with_something_else();
    for purpose in other {
        assert!(!pursue(&cases, &schema, &purpose).await.is_empty(), "{}", purpose.place);
    }
}

//! A simulator of its own for each case, in the world of the recordings, with a recorder in front of it.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use serde_json::Value;

use crate::cases::{Preset, Recorded, TOKEN};
use crate::http;
use crate::presets;
use crate::recorder::{Exchange, Recorder};
use crate::serving::Serving;
use crate::templates::Templates;

/// What a case plays on.
pub(crate) struct Stage {
    /// The ids of this world under the names that the recordings give them.
    pub(crate) templates: Templates,
    recorder: Recorder,
    serving: Serving,
}

impl Stage {
    /// A fresh world with the differences of `preset`, for the recorded `requests`.
    pub(crate) async fn set(preset: &Preset, requests: &[Recorded]) -> Self {
        let serving = Serving::start().await;
        let recorder = Recorder::start(serving.address()).await;
        let mut stage = Self { templates: Templates::default(), recorder, serving };
        stage.learn_ids().await;
        presets::apply(&stage, preset, requests).await;
        stage
    }

    /// Where clients are to go.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.recorder.address()
    }

    /// What clients have sent since the last call of this.
    pub(crate) fn take_requests(&self) -> Vec<Exchange> {
        self.recorder.take()
    }

    /// Asks the simulator itself, past the recorder.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {TOKEN}")).unwrap());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let url = format!("http://{}{path}", self.serving.address());
        let body = body.map(|body| Bytes::from(body.to_string()));
        let answer = http::send(&method, &url, headers, body).await.unwrap();
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// Learns what stands behind the names of the recorded runs, as any client could.
    async fn learn_ids(&mut self) {
        self.templates.learn("host", &self.address().to_string());
        for app in list(self.ask(Method::GET, "/apps", None).await) {
            self.templates.learn(&format!("app:{}", text(&app, "name")), text(&app, "id"));
        }
        for addon in list(self.ask(Method::GET, "/addons", None).await) {
            if let Some((_, role)) = ROLES.iter().find(|(name, _)| *name == text(&addon, "name")) {
                self.templates.learn(&format!("addon:{role}"), text(&addon, "id"));
            }
        }
        let found = self.ask(Method::GET, "/connections?app=hc-demo", None).await;
        let connection = text(&found["results"][0], "id").to_owned();
        self.templates.learn("connection", &connection);
        let detail = self.ask(Method::GET, &format!("/api/v3/connections/{connection}?deep=true"), None).await;
        for mapping in list(detail["mappings"].clone()) {
            self.templates.learn(&format!("mapping:{}", text(&mapping, "object_name")), text(&mapping, "id"));
        }
    }
}

const ROLES: [(&str, &str); 4] = [
    ("postgresql-curved-12345", "leader"),
    ("postgresql-spherical-67890", "follower"),
    ("postgresql-flat-11111", "essential"),
    ("herokuconnect-swiftly-54348", "connect"),
];

fn list(answer: Value) -> Vec<Value> {
    match answer {
        Value::Array(items) => items,
        other => panic!("not a list: {other}"),
    }
}

fn text<'a>(thing: &'a Value, field: &str) -> &'a str {
    thing[field].as_str().unwrap_or_else(|| panic!("no `{field}` in {thing}"))
}

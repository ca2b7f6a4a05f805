//! What `-v` traces of an exchange. In a process of its own: whoever comes first to a place that is traced registers it for all
//! threads, and a test on another thread, which has no subscriber, would register it for nobody.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use hcops_heroku::{Clients, HostVariables, Origins};
use hcops_model::Secret;
use hcops_simulator::SimulatedClock;
use serde_json::json;

const TOKEN: &str = "HRKU-01234567-89ab-cdef";

/// Answers each request with the same transfer.
struct OneTransfer;

#[async_trait]
impl Wire for OneTransfer {
    async fn send(&self, _request: WireRequest) -> Result<WireResponse, WireFault> {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = json!({ "uuid": "t", "from_url": "postgres://u:hunter2@h/d" }).to_string().into_bytes();
        Ok(WireResponse { status: 200, headers, body })
    }
}

/// Keeps what is traced.
#[derive(Clone, Default)]
struct Traced(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Traced {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_trace_tells_the_exchange_without_token_query_or_body() {
    let traced = Traced::default();
    let writer = traced.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let origins = Origins::from_variables(&HostVariables::default()).unwrap();
    let clock = Arc::new(SimulatedClock::paused("2026-11-22T01:00:00Z".parse().unwrap()));
    let clients = Clients::new(Arc::new(OneTransfer), origins, Secret::new(TOKEN), clock);
    clients.data.transfer("acme", "t-1", true).await.unwrap();
    let text = String::from_utf8(traced.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("api.data.heroku.com/client/v11/apps/acme/transfers/t-1"), "{text}");
    for secret in [TOKEN, "hunter2", "verbose"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

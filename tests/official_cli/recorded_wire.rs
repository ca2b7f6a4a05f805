//! A wire that answers with what the official client was answered, and keeps what was sent.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use serde_json::Value;

/// Answers in order; when they run out, nothing was sent.
#[derive(Default)]
pub(crate) struct RecordedWire {
    answers: Mutex<VecDeque<(u16, Value)>>,
    sent: Mutex<Vec<WireRequest>>,
}

impl RecordedWire {
    /// A wire with these answers.
    pub(crate) fn new(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), sent: Mutex::default() }
    }

    /// What was sent, in order.
    pub(crate) fn take(&self) -> Vec<WireRequest> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Wire for RecordedWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let answer = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let (status, body) = answer.ok_or_else(|| WireFault::NotSent("no more answers".to_owned()))?;
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        Ok(WireResponse { status, headers, body })
    }
}

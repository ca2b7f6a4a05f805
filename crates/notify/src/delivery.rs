use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinHandle;

use super::recipient::Form;
use super::{Ear, Notice, Recipient, Subject, command, post, slack};
use hcops_heroku::transport::Wire;
use hcops_model::Line;
use hcops_text::plain::{plain, with_texts};

/// How many notices may wait to be delivered.
const QUEUE: usize = 64;

/// How long the process may stay to deliver what is left, in seconds.
const LAST_WORDS: Duration = Duration::from_secs(45);

/// Delivers notices beside the run, one after the other, so that they arrive in order.
pub struct Herald {
    to: Sender<Notice>,
    delivery: JoinHandle<Vec<String>>,
}

impl Herald {
    /// Begins to deliver, on the runtime that this is called in.
    #[must_use]
    pub fn new(recipients: Vec<Recipient>, wire: Arc<dyn Wire>) -> Self {
        let (to, from) = mpsc::channel(QUEUE);
        Self { to, delivery: tokio::spawn(deliver_all(recipients, wire, from)) }
    }

    /// The listener that hears a run from now on. `before` is what happened in it until then.
    #[must_use]
    pub fn ear(&self, subject: Subject, before: &[Line]) -> Ear {
        Ear::new(subject, before, self.to.clone())
    }

    /// Delivers the last notice and what is left, and says what could not be delivered. The ear must be gone by then.
    pub async fn finish(self, last: Option<Notice>) -> Vec<String> {
        let Self { to, delivery } = self;
        if let Some(last) = last {
            // Refused only when the delivery is over, which then tells why.
            let _ = to.try_send(last);
        }
        drop(to);
        match tokio::time::timeout(LAST_WORDS, delivery).await {
            Ok(Ok(complaints)) => complaints,
            Ok(Err(_)) => vec!["people elsewhere could not be told: the delivery broke off".to_owned()],
            Err(_) => vec![format!(
                "people elsewhere were not told everything: that took longer than {} seconds",
                LAST_WORDS.as_secs()
            )],
        }
    }
}

async fn deliver_all(recipients: Vec<Recipient>, wire: Arc<dyn Wire>, mut from: Receiver<Notice>) -> Vec<String> {
    let mut complaints = Vec::new();
    while let Some(notice) = from.recv().await {
        for recipient in &recipients {
            if let Err(why) = deliver(recipient, &notice, &*wire).await {
                complaints.push(format!("{} was not told `{}`: {why}", recipient.name(), notice.kind.name()));
            }
        }
    }
    complaints
}

/// Names in it may be anybody's. Its own line breaks stay.
fn told(document: Value) -> Value {
    with_texts(document, &|text| text.split('\n').map(plain).collect::<Vec<_>>().join("\n"))
}

async fn deliver(recipient: &Recipient, notice: &Notice, wire: &dyn Wire) -> Result<(), String> {
    let document = told(serde_json::to_value(notice).unwrap_or(Value::Null));
    match recipient {
        Recipient::Server { address, form: Form::Notice, .. } => post::post(wire, address.open(), &document).await,
        Recipient::Server { address, form: Form::Slack, .. } => {
            post::post(wire, address.open(), &told(slack::message(notice))).await
        }
        Recipient::Command(shell) => command::run(shell, notice.kind.name(), &document.to_string()).await,
    }
}

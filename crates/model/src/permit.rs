use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Entry, Journal, JournalFault, Line, Moment, StepId};

/// How old a look may be when the act that rests on it is sent.
pub const FRESH: Duration = Duration::from_secs(60);

/// What is about to be done, written down before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Intent {
    /// The step.
    pub step: StepId,
    /// The action.
    pub action: String,
    /// Counts from 1; an act that is known not to have taken place may be tried again under the next number.
    pub attempt: u32,
    /// What the act will do, as it was shown.
    pub will: Vec<String>,
    /// How what it changes was before, in the shape of the step's output: what the way back and later steps restore. Since
    /// format 1.2, and only of actions that note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
}

/// The right to change the world once.
///
/// The only way to get one is [`Permit::by_writing`], which writes the intent to the journal first. Every client method
/// that changes something takes a `&Permit`, so a change without a durable intent does not compile. It cannot be cloned
/// or kept: `act` consumes it.
#[derive(Debug)]
pub struct Permit {
    intent: Intent,
    seq: u64,
    oldest_look: Option<Moment>,
}

impl Permit {
    /// Writes `intent` to the journal and, once that is durable, returns the permit to carry it out.
    ///
    /// # Errors
    /// When the journal could not make the intent durable: then there is no permit.
    pub fn by_writing(journal: &mut dyn Journal, at: Timestamp, intent: Intent) -> Result<(Self, Line), JournalFault> {
        let line = journal.append(at, Entry::Intended { intent: intent.clone() })?;
        Ok((Self { intent, seq: line.seq, oldest_look: None }, line))
    }

    /// The intent it was given for.
    #[must_use]
    pub const fn intent(&self) -> &Intent {
        &self.intent
    }

    /// The same permit, for an act that rests on looks of which this was the oldest. Whoever sends it refuses to do so once
    /// that look is older than [`FRESH`].
    #[must_use]
    pub const fn resting_on(mut self, oldest_look: Moment) -> Self {
        self.oldest_look = Some(oldest_look);
        self
    }

    /// The oldest look that the act rests on.
    #[must_use]
    pub const fn oldest_look(&self) -> Option<Moment> {
        self.oldest_look
    }

    /// The journal line that holds the intent.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }
}

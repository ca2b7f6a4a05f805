use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Needs, RequestMark, RunId, Settlement, StepId, Verdict};

/// What was done, in which order, by whom, how long writes were off, and what is left.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// The run.
    pub run: RunId,
    /// The procedure.
    pub procedure: String,
    /// The method.
    pub method: String,
    /// The plan's title.
    pub title: String,
    /// The app.
    pub app: String,
    /// Digest of the plan that was approved.
    pub digest: String,
    /// Where the requests went; not `https://api.heroku.com` for a rehearsal.
    pub origin: String,
    /// Version of hcops.
    pub tool: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: String,
    /// When the newest line was written.
    pub newest_at: Timestamp,
    /// How it ended; absent while it has not.
    pub verdict: Option<Verdict>,
    /// What it waits for, when it is parked.
    pub parked: Option<Needs>,
    /// When and by whom it was turned back.
    pub turned_back: Option<Turn>,
    /// Every step in order; after turning back, the steps of the way back follow.
    pub steps: Vec<StepAccount>,
    /// What people were asked and said, oldest first.
    pub confirmations: Vec<Confirmation>,
    /// How the new database was compared with the old one and what came of it; absent where the procedure has no input
    /// `compare`.
    pub compared: Option<String>,
    /// The points of no return that were passed.
    pub crossings: Vec<Crossing>,
    /// How long writes were off; absent when they never were.
    pub downtime: Option<Downtime>,
    /// What stood in the way until a person decided, oldest first.
    pub troubles: Vec<Trouble>,
    /// What failed, oldest first.
    pub failures: Vec<Failure>,
    /// Every exchange that the journal names, oldest first.
    pub exchanges: Vec<Exchange>,
    /// What the plan said before it was approved: what is kept, what costs money, what could not be checked.
    pub notices: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepAccount {
    /// The step.
    pub id: StepId,
    /// One line for people.
    pub title: String,
    /// Whether the step only looks: then there was nothing to do about what it waited for.
    pub only_looks: bool,
    /// How it ended.
    pub end: StepEnd,
    /// When the first line about it was written.
    pub began_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whole seconds between the two.
    pub seconds: Option<u64>,
    /// Acts begun.
    pub acts: u32,
    /// What the acts were announced to do.
    pub did: Vec<String>,
    /// What the server said to the newest act.
    pub receipt: Option<String>,
    /// What was seen when it was settled, in words.
    pub seen: Option<String>,
    /// File name of the kept observation, below `evidence/`.
    pub evidence: Option<String>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum StepEnd {
    /// Its turn did not come.
    NotBegun,
    /// It was begun and has not ended.
    Open,
    /// The plan left it out.
    LeftOut {
        /// Why.
        because: String,
    },
    /// Done, and seen to be done.
    Settled {
        /// How it came to be so.
        how: Settlement,
    },
    /// A person skipped it.
    Skipped {
        /// The person.
        by: String,
        /// Their reason.
        reason: String,
    },
}

/// Turning back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// The person.
    pub by: String,
    /// What the way back does not reverse, and why.
    pub notices: Vec<String>,
}

/// A question and what was said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confirmation {
    /// When it was answered.
    pub at: Timestamp,
    /// The question's id.
    pub id: String,
    /// The question.
    pub asked: String,
    /// What was shown to judge by.
    pub shown: Vec<String>,
    /// The answer.
    pub answer: String,
    /// The person.
    pub by: String,
    /// How it was given.
    pub how: String,
}

/// A point of no return that was passed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossing {
    /// When.
    pub at: Timestamp,
    /// The name that was confirmed.
    pub name: String,
    /// What became impossible.
    pub lost: String,
}

/// The time that writes were off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Downtime {
    /// When they went off.
    pub from: Timestamp,
    /// When they were back; absent while they are off.
    pub until: Option<Timestamp>,
    /// Whole seconds, up to the newest line while it lasts.
    pub seconds: u64,
}

/// Something that stood in the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trouble {
    /// When it was asked about, or the run was parked for it.
    pub at: Timestamp,
    /// What stood in the way.
    pub text: String,
    /// What was shown about it.
    pub shown: Vec<String>,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// The step.
    pub step: StepId,
    /// Whether the act failed; otherwise the look.
    pub acting: bool,
    /// What was seen.
    pub saw: String,
    /// What to do about it.
    pub remedy: String,
}

/// An exchange with a server.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exchange {
    /// When the line that names it was written.
    pub at: Timestamp,
    /// The step.
    pub step: StepId,
    /// Method, target, status and request id.
    #[serde(flatten)]
    pub request: RequestMark,
}

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::evidence::Evidence;
use super::measures::Curve;
use hcops_model::{BY_THE_PLAN, Needs, RequestMark, RunId, Settlement, StepId, Verdict};

/// What was done, in which order, by whom, how long writes were off, and what is left.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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
    /// The Connect add-on, where the procedure has one.
    pub resource: Option<String>,
    /// Every input of the plan, defaults included.
    pub inputs: BTreeMap<String, Value>,
    /// Articles that the procedure comes from.
    pub sources: Vec<String>,
    /// Digest of the plan that was approved.
    pub digest: String,
    /// Where the requests went: Heroku's API, or the scenario of a rehearsal.
    pub origin: String,
    /// Whether it was a rehearsal: then nothing at Heroku was touched.
    pub rehearsal: bool,
    /// Version of hcops.
    pub tool: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: String,
    /// When the newest line was written.
    pub newest_at: Timestamp,
    /// Whole seconds between the two, everything that was waited for included.
    pub seconds: u64,
    /// What they were spent with.
    pub spent: Spent,
    /// Where a line was written by a clock that was behind that of the line before: set back, or another machine's. The times
    /// of this account go on there, so that they are later than those of the journal by as much.
    pub set_back: Vec<SetBack>,
    /// The journal that all of this was read from.
    pub journal: JournalMark,
    /// How it ended; absent while it has not.
    pub verdict: Option<Verdict>,
    /// What it waits for, when it is parked.
    pub parked: Option<Needs>,
    /// When and by whom it was turned back.
    pub turned_back: Option<Turn>,
    /// The processes that worked on it, oldest first.
    pub processes: Vec<Process>,
    /// Every step in order; after turning back, the steps of the way back follow.
    pub steps: Vec<StepAccount>,
    /// Times in which nothing went on, because a person was waited for or no process drove the run, oldest first. They don't
    /// overlap.
    pub pauses: Vec<Pause>,
    /// Every look at a standing condition right before an act, oldest first.
    pub holds: Vec<HoldLook>,
    /// What people were asked and said, oldest first.
    pub confirmations: Vec<Confirmation>,
    /// How the new database was compared with the old one and what came of it; absent where the procedure has no input
    /// `compare`.
    pub compared: Option<String>,
    /// The databases that were read by SQL, in the order in which that began; not kept by versions before 0.2.
    pub read_by_sql: Vec<ReadBySql>,
    /// How many points of no return the plan has, without those that it leaves out.
    pub points_of_no_return: usize,
    /// The points of no return that were passed, oldest first.
    pub crossings: Vec<Crossing>,
    /// How long writes were off; absent when they never were.
    pub downtime: Option<Downtime>,
    /// What was measured more than once: lags, backlogs, and the progress of long steps.
    pub curves: Vec<Curve>,
    /// What stood in the way until a person decided, oldest first.
    pub troubles: Vec<Trouble>,
    /// What failed, oldest first.
    pub failures: Vec<Failure>,
    /// Every exchange that the journal names, oldest first.
    pub exchanges: Vec<Exchange>,
    /// What is left to do, most pressing first.
    pub left: Vec<Left>,
    /// What the plan said before it was approved: what is kept, what costs money, what could not be checked.
    pub notices: Vec<String>,
}

/// The time of a run in whole seconds, by what it was spent with. Together they make the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spent {
    /// A process looked, acted, or waited for the world.
    pub driven: u64,
    /// A process waited for a person.
    pub person: u64,
    /// No process drove the run: it was parked, stopped, or its process had ended.
    pub undriven: u64,
}

/// A clock that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SetBack {
    /// What it showed then.
    pub at: Timestamp,
    /// By how many whole seconds, at least.
    pub seconds: u64,
}

/// A database that was read by SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReadBySql {
    /// Its app and its add-on: `acme-crm/acme-pg`.
    pub database: String,
    /// The steps whose looks read it, those at standing conditions before an act included.
    pub steps: Vec<StepId>,
}

/// Which journal, and how much of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct JournalMark {
    /// Lines that were read.
    pub lines: u64,
    /// The running hash of the last one: another journal, or a changed one, has another.
    pub chain: String,
}

/// A process that took the run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Process {
    /// When.
    pub at: Timestamp,
    /// The person.
    pub by: String,
    /// The machine and the process.
    pub holder: String,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepAccount {
    /// The step.
    pub id: StepId,
    /// The action that it names.
    pub action: String,
    /// One line for people.
    pub title: String,
    /// Why the step is there.
    pub why: String,
    /// Whether it belongs to the way back.
    pub way_back: bool,
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
    /// Seconds that the plan expected it to take.
    pub usual_seconds: u64,
    /// What it spent its time with, in order. Times of less than a second are not told.
    pub spans: Vec<Span>,
    /// Acts begun.
    pub acts: u32,
    /// What the acts were announced to do.
    pub did: Vec<String>,
    /// What the server said to the newest act.
    pub receipt: Option<String>,
    /// What was seen when it was settled, in words.
    pub seen: Option<String>,
    /// The kept observation.
    pub evidence: Option<Evidence>,
}

/// A time that a step spent with one thing.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Span {
    /// With what.
    pub with: SpanKind,
    /// From when.
    pub from: Timestamp,
    /// Until when; the newest line where it still lasts.
    pub until: Timestamp,
}

/// What a step spends its time with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SpanKind {
    /// The act: from its intent to the server's answer.
    Acting,
    /// The world: until it shows what the step wants.
    Waiting,
    /// A person: until they answer.
    Person,
    /// Nothing: no process drove the run.
    Undriven,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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
        /// Whether the newest look, or a standing condition, had shown otherwise.
        seen_otherwise: bool,
    },
}

/// Turning back.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// The person.
    pub by: String,
    /// What the way back does not reverse, and why.
    pub notices: Vec<String>,
}

/// A time in which nothing was written, because a person was waited for or no process drove the run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Pause {
    /// Which of the two: `person` or `undriven`.
    pub with: SpanKind,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What they were asked; empty where nothing was.
    pub asked: String,
}

/// A look at a standing condition.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct HoldLook {
    /// When.
    pub at: Timestamp,
    /// The step whose act depends on it.
    pub step: StepId,
    /// The condition.
    pub name: String,
    /// Whether it held.
    pub kept: bool,
    /// What was seen, in words.
    pub saw: String,
}

/// A question and what was said.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Crossing {
    /// When.
    pub at: Timestamp,
    /// The step.
    pub step: StepId,
    /// The name that was confirmed.
    pub name: String,
    /// What became impossible.
    pub lost: String,
}

/// The time that writes were off.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Downtime {
    /// When they went off.
    pub from: Timestamp,
    /// When they were back; absent while they are off.
    pub until: Option<Timestamp>,
    /// Whole seconds, up to the newest line while it lasts.
    pub seconds: u64,
}

/// Something that stood in the way.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Trouble {
    /// When it was asked about, or the run was parked for it.
    pub at: Timestamp,
    /// What stood in the way.
    pub text: String,
    /// What was shown about it.
    pub shown: Vec<String>,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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
    /// The exact command that helps, where there is one.
    pub command: Option<String>,
}

/// An exchange with a server.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Exchange {
    /// When the line that names it was written.
    pub at: Timestamp,
    /// The step.
    pub step: StepId,
    /// Method, target, status and request id.
    #[serde(flatten)]
    pub request: RequestMark,
}

/// Something that is left to do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Left {
    /// What.
    pub text: String,
    /// Exact commands for it, best first.
    pub commands: Vec<String>,
}

impl Account {
    /// Which of several points of no return was passed there, as words after that name: ` 2 of 3`; nothing for the only one.
    #[must_use]
    pub fn nth_of_several(&self, index: usize) -> String {
        let of = self.points_of_no_return;
        if of > 1 { format!(" {} of {of}", index + 1) } else { String::new() }
    }
}

impl StepAccount {
    /// Whether this run never meant to do it: the plan left it out, or it hangs on another answer than was given.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        match &self.end {
            StepEnd::LeftOut { .. } => true,
            StepEnd::Skipped { by, .. } => by == BY_THE_PLAN,
            StepEnd::NotBegun | StepEnd::Open | StepEnd::Settled { .. } => false,
        }
    }

    /// Whether a person skipped it.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        matches!(self.end, StepEnd::Skipped { .. }) && !self.is_left_out()
    }

    /// Whether a person skipped it although something else was seen.
    #[must_use]
    pub fn is_attested_against_sight(&self) -> bool {
        matches!(self.end, StepEnd::Skipped { seen_otherwise: true, .. }) && !self.is_left_out()
    }
}

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, Line, Needs, Part, Plan, RunId, StepId, WritesOff};

/// Version of the event format that `--output json` prints.
pub const EVENT_VERSION: u32 = 1;

/// Something to tell: one line of `--output json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Version of this format.
    pub v: u32,
    /// The run.
    pub run: RunId,
    /// What happened. A fact carries `seq` and is in the journal; progress carries none and may be lost.
    #[serde(flatten)]
    pub happening: Happening,
}

/// Facts and progress: two families with different promises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Happening {
    /// A line of the journal.
    Fact(Box<Line>),
    /// Something that is not kept.
    Progress {
        /// When.
        at: Timestamp,
        /// What.
        #[serde(flatten)]
        progress: Progress,
    },
}

/// Progress: shown while it happens, never needed afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Progress {
    /// The plan, before anybody approves it.
    PlanShown {
        /// The plan.
        plan: Box<Plan>,
        /// Its digest.
        digest: String,
    },
    /// The step is being looked at for the first time in this process.
    StepStarted {
        /// The step.
        step: StepId,
    },
    /// A wait, told at every look.
    Waiting {
        /// The step.
        step: StepId,
        /// What is waited for, with the value seen.
        note: String,
        /// How far it is.
        part: Option<Part>,
        /// Seconds since the wait began.
        waited: u64,
        /// Usual duration, seconds.
        usual: u64,
        /// Seconds after which a person is asked.
        limit: u64,
        /// Whether it takes longer than usual.
        overdue: bool,
    },
    /// A failed look or refused act will be tried again.
    Retrying {
        /// The step.
        step: StepId,
        /// Why.
        fault: Box<Fault>,
        /// In how many seconds.
        after: u64,
    },
    /// A stop was asked for; it takes effect at the next safe point. That it is in effect is a fact: `stopped`.
    Stopping {
        /// What is being finished first.
        note: String,
    },
    /// The process is suspended (Ctrl-Z), or goes on again after that.
    Suspended {
        /// Whether it is, from here on.
        suspended: bool,
        /// The process, on the machine that holds the run.
        process: u32,
    },
    /// The run ends here for now; how to go on.
    Needs {
        /// What it needs.
        needs: Box<Needs>,
    },
    /// The process ends before the run does; how to go on.
    Left {
        /// Why.
        note: String,
        /// The command that takes it up again.
        command: String,
        /// Writes that are off meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        writes_off: Option<WritesOff>,
        /// The exit code.
        exit: u8,
    },
}

/// Whoever wants to know: a screen, a log, a JSON stream.
pub trait Listener: Send {
    /// Takes one event. Must not fail: a broken screen never breaks a run.
    fn hear(&mut self, event: &Event);
}

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use hcops_model::state_dir::StateDir;
use hcops_model::{Plan, RunId};

/// Version of the format of a [`Notice`].
pub const NOTICE_VERSION: u32 = 1;

/// Something of a run that people elsewhere should know: what `--notify` posts and `--on-event` reads.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Notice {
    /// Version of this format.
    pub v: u32,
    /// What sort of thing happened.
    pub kind: NoticeKind,
    /// When, by the run's clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Which run.
    #[serde(flatten)]
    pub subject: Subject,
    /// The step that it is about; absent where it is about the whole run.
    pub step: Option<String>,
    /// What happened, in a sentence or two.
    pub text: String,
    /// Commands that lead on, best first.
    pub commands: Vec<String>,
    /// The exit code that the process ends with; absent while it goes on.
    pub exit: Option<u8>,
}

/// What is worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// The plan was approved: the run begins.
    Begun,
    /// The run stands at the gate: writes go off when somebody lets them, and stay on until then.
    AtGate,
    /// Writes went off.
    WritesOff,
    /// Writes are back.
    WritesOn,
    /// A wait takes longer than usual; told once for each step.
    Overdue,
    /// The point of no return is behind the run.
    Crossed,
    /// The run waits for a person.
    Parked,
    /// The run stopped: the world blocks it, a condition is broken, a verification failed, something else went wrong.
    Failed,
    /// Somebody stopped it; it can be taken up again.
    Interrupted,
    /// Turned back, and what was before is restored.
    Aborted,
    /// Done, and seen to be done.
    Done,
}

impl NoticeKind {
    /// Its name in the JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::AtGate => "at-gate",
            Self::WritesOff => "writes-off",
            Self::WritesOn => "writes-on",
            Self::Overdue => "overdue",
            Self::Crossed => "crossed",
            Self::Parked => "parked",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Aborted => "aborted",
            Self::Done => "done",
        }
    }
}

/// The run that notices are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Subject {
    /// The run's id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub run: RunId,
    /// What the operator wants, for example `version-upgrade`.
    pub procedure: String,
    /// The way to do it, for example `follower`.
    pub method: String,
    /// The plan's title.
    pub title: String,
    /// The app.
    pub app: String,
    /// Whether it is only a rehearsal: nothing real is touched.
    pub rehearsal: bool,
    /// Where the run is kept, for commands.
    #[serde(skip)]
    #[schemars(skip)]
    pub state_dir: StateDir,
}

impl Subject {
    /// A run of this plan.
    #[must_use]
    pub fn of(run: RunId, plan: &Plan, rehearsal: bool) -> Self {
        Self {
            run,
            procedure: plan.procedure.clone(),
            method: plan.method.clone(),
            title: plan.title.clone(),
            app: plan.app.clone(),
            rehearsal,
            state_dir: StateDir::usual(),
        }
    }

    /// The same run, with commands that find it there.
    #[must_use]
    pub fn kept_in(self, state_dir: StateDir) -> Self {
        Self { state_dir, ..self }
    }

    /// A notice about it.
    #[must_use]
    pub fn notice(&self, kind: NoticeKind, at: Timestamp, text: String) -> Notice {
        let (subject, commands) = (self.clone(), Vec::new());
        Notice { v: NOTICE_VERSION, kind, at, subject, step: None, text, commands, exit: None }
    }
}

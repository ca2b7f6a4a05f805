use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Digest, EvidenceMark, Fault, Format, Intent, Needs, Plan, Question, Receipt, RequestMark, RunId, Seen, StepId,
    StopWish,
};

/// Who leaves out a step that hangs on another answer than was given; whoever else does is a person.
pub const BY_THE_PLAN: &str = "the plan";

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// When it was written, by the run's clock.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
    /// SHA-256 over the chain value of the line before and this line's contents.
    pub chain: Digest,
}

/// What can happen in a run. Entries are facts: they are numbered, kept and never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// The first entry: the frozen plan and who opened the run.
    Opened {
        /// The journal's format.
        format: Format,
        /// The run.
        run: RunId,
        /// Version of the hcops that opened it.
        tool: String,
        /// The person, as the account's address or the machine's user.
        by: String,
        /// The plan.
        plan: Box<Plan>,
        /// The plan's digest.
        digest: Digest,
        /// Where the requests go: `https://api.heroku.com`, or the simulator's scenario for a rehearsal.
        origin: String,
    },
    /// A process took the run.
    Leased {
        /// The person.
        by: String,
        /// The machine and process, for "who holds it".
        holder: String,
        /// Grows with every lease; an older holder must not write any more.
        fence: u64,
        /// The machine and the run's folder there. Since format 1.2.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<Box<Folder>>,
    },
    /// A person was asked.
    Asked {
        /// The question as it was shown.
        question: Question,
    },
    /// A person agreed to the plan (no `step`) or to a crossing, having been shown this.
    Confirmed {
        /// The crossing's step; absent for the plan.
        step: Option<StepId>,
        /// The person.
        by: String,
        /// How: `typed`, `--approve`, `--confirm`, `answer`, `rehearsal`, `it changes nothing` for a plan that only looks.
        how: String,
        /// The digest or the name that was given.
        given: String,
        /// What was shown.
        shown: Vec<String>,
        /// Digest of what was shown of the act that is confirmed. Since format 1.2.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<Digest>,
    },
    /// What is about to be done. Durable before it is done.
    Intended {
        /// The intent.
        #[serde(flatten)]
        intent: Intent,
    },
    /// What the act returned.
    Received {
        /// The step.
        step: StepId,
        /// The receipt.
        receipt: Receipt,
    },
    /// What a person said to a step's question.
    Answered {
        /// The question's id: a step, or `approve`.
        question: String,
        /// The answer.
        answer: String,
        /// The person.
        by: String,
        /// How: `typed`, `--answer`, `answer`, `rehearsal`.
        how: String,
        /// Digest of what was shown to whoever answered. Since format 1.2.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<Digest>,
    },
    /// A look or an act failed.
    Faulted {
        /// The step.
        step: StepId,
        /// Whether it was the act; otherwise the look.
        acting: bool,
        /// The failure.
        fault: Fault,
    },
    /// What was seen; written only when it differs from what was seen before.
    Observed {
        /// The step.
        step: StepId,
        /// The hold that was looked at, when it was one.
        hold: Option<String>,
        /// What was seen.
        sight: Seen<Value>,
        /// The exchanges it took.
        requests: Vec<RequestMark>,
        /// What was seen of the effect that no later look can show. Since format 1.2.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Value>,
    },
    /// The step is done, and the world shows it.
    Settled {
        /// The step.
        step: StepId,
        /// How it came to be so.
        how: Settlement,
        /// What later steps may refer to.
        output: Value,
        /// The kept observation.
        evidence: Option<EvidenceMark>,
        /// The exchanges that showed it.
        requests: Vec<RequestMark>,
    },
    /// A person skipped the step.
    Waived {
        /// The step.
        step: StepId,
        /// The person.
        by: String,
        /// Their reason.
        reason: String,
    },
    /// The point of no return is behind us.
    Crossed {
        /// The step.
        step: StepId,
        /// The name that was confirmed.
        name: String,
        /// What became impossible.
        lost: String,
    },
    /// The run waits for a person; no process is needed meanwhile.
    Parked {
        /// What it needs.
        needs: Needs,
    },
    /// The process left the run, because somebody wished it to stop. Since format 1.1.
    Stopped {
        /// Who, and how.
        #[serde(flatten)]
        wish: StopWish,
    },
    /// A process took the run up again.
    Resumed {
        /// The person.
        by: String,
        /// Version of hcops.
        tool: String,
    },
    /// The run turned back: from here on the plan is this one, which reverses what was settled.
    Aborted {
        /// The person.
        by: String,
        /// The plan of the way back.
        plan: Box<Plan>,
        /// Its digest.
        digest: Digest,
    },
    /// The last entry.
    Closed {
        /// How it ended.
        verdict: Verdict,
    },
}

/// A run's folder on a machine: what tells it from a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Folder {
    /// The machine: a digest of its id, or its name where it has none.
    pub machine: String,
    /// The machine's start (`/proc/sys/kernel/random/boot_id`): a process of an earlier one is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// Its path, without links.
    pub path: String,
    /// Its inode number; a copy has another.
    pub inode: u64,
    /// Why it was taken over, where it was a copy of another folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_over: Option<TakenOver>,
}

/// The word with which a copy of a run's folder was taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TakenOver {
    /// Whose folder it is a copy of: person, machine, path.
    pub from: String,
    /// Why nobody goes on with that one, in the words of the person.
    pub why: String,
}

/// How a step came to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// It was so before anything was done.
    AlreadyTrue,
    /// Our act did it.
    Acted,
    /// A person says so.
    Attested,
    /// An interrupted act, or somebody else, did it: the world showed it afterwards.
    Adopted,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every step settled (or waived with a reason).
    Done,
    /// Turned back, and what was before is restored.
    Aborted,
    /// A run that only looks, and a look that failed: there is nothing to go on with. Since format 1.2.
    Failed,
}

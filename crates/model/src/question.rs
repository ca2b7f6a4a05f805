use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Digest, StepId};

/// The answer to a point of no return that is asked about at the gate: ask again when it is reached.
pub const ASK_THERE: &str = "there";

/// Something only a person can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// Names it in `hcops answer RUN ID VALUE`: a step's id, or `approve`.
    pub id: String,
    /// The step, where it is about one.
    pub step: Option<StepId>,
    /// What sort of question.
    #[serde(flatten)]
    pub sort: QuestionKind,
    /// One sentence.
    pub text: String,
    /// The facts to judge by, one a line.
    pub shown: Vec<String>,
    /// Digest of what the answer is about: the statements, the facts to decide by, what would be done. An answer counts
    /// only while a look shows the same. Absent where an answer is about a moment alone. Since format 1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Digest>,
    /// Whether it asks for something to be said: neither a yes nor a no answers it. Since format 1.2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_words: bool,
}

impl Question {
    /// The digest of what an answer is about.
    #[must_use]
    pub fn picture_of(facts: &[String]) -> Digest {
        Digest::of_value(&serde_json::json!(facts))
    }
}

/// An agreement or a denial where something was to be said.
#[must_use]
pub fn says_nothing(answer: &str) -> bool {
    ["yes", "y", "ok", "no", "n"].iter().any(|word| answer.trim().eq_ignore_ascii_case(word))
}

/// The sorts of question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "sort", rename_all = "kebab-case")]
pub enum QuestionKind {
    /// Is this plan to be carried out? Answered by the plan's digest (a yes at a terminal).
    Approve {
        /// The digest, whole.
        digest: String,
    },
    /// May the point of no return be crossed? Answered by typing the name.
    Cross {
        /// The name to type.
        name: String,
        /// What becomes impossible.
        lost: String,
        /// Whether it is asked at the gate, before the downtime that leads there begins: then `there` answers it as well, and it
        /// is asked again where it is reached. Since format 1.3.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ahead: bool,
    },
    /// May the downtime begin, and when? Answered by `now`, `at TIME`, `window FROM-TO@ZONE`, each
    /// with `budget DURATION` where it shall not last longer. Since format 1.3.
    Gate {
        /// Seconds that writes are usually off.
        usual: u64,
        /// Of those, seconds until the point of no return.
        until_point: u64,
    },
    /// A statement about the world outside, that a person attests to.
    Attest {
        /// Each thing that is attested.
        statements: Vec<String>,
    },
    /// Which of several ways to go. Answered by one of the answers.
    Decide {
        /// What may be answered.
        choices: Vec<Alternative>,
    },
    /// An interrupted act left no sign: did it take place? Answered by `happened` or `did-not-happen`.
    WhatHappened,
    /// The step cannot go on by itself. Answered by one of the choices.
    Trouble {
        /// What may be chosen.
        choices: Vec<Choice>,
    },
}

/// One of several ways to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// What is answered: `run`.
    pub answer: String,
    /// What that means, in one sentence.
    pub means: String,
}

/// What may be done about a failed, blocked or overlong step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Look again, and act if that is called for.
    Retry,
    /// Keep waiting.
    Wait,
    /// Show the evidence, then ask again.
    ShowEvidence,
    /// Go on without it; a reason is asked for.
    Skip,
    /// A person did it by hand: look whether that is so.
    DoneByHand,
    /// Turn back.
    Abort,
    /// Leave; the run can be resumed later.
    Leave,
}

/// What a parked run needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Needs {
    /// The question.
    pub question: Question,
    /// Exact commands that answer it, best first.
    pub commands: Vec<String>,
    /// What leads on besides an answer, best first; in journals of versions before 0.2 such commands are among the former.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
    /// What will be asked as well before writes are back, where they are still on: whoever answers now is not needed then. Since
    /// format 1.3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<Question>,
    /// Writes that are off meanwhile. Since format 1.3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes_off: Option<WritesOff>,
    /// The exit code that the process ended with.
    pub exit: u8,
}

/// Writes that are off where a process leaves its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WritesOff {
    /// For how long, seconds.
    pub seconds: u64,
    /// The one command that brings them back.
    pub command: String,
}

/// A way on that is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// Where it leads.
    pub kind: WayKind,
    /// The exact command.
    pub command: String,
}

/// Where a way leads that is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WayKind {
    /// Something done by hand, outside the run, that may clear what stands in the way.
    ByHand,
    /// The same in a rehearsal: what one would do about the real app. Nothing to type now: it would touch a real app of that
    /// name.
    RealApp,
    /// Going on: it looks again, and asks again where that is needed.
    Resume,
    /// Turning back, to what was before.
    Abort,
}

impl Needs {
    /// Every command that may be typed now, best first.
    #[must_use]
    pub fn all_commands(&self) -> Vec<String> {
        let ways = self.ways.iter().filter(|way| way.kind != WayKind::RealApp).map(|way| &way.command);
        let in_trouble = matches!(self.question.sort, QuestionKind::Trouble { .. });
        let (ways, answers): (Vec<_>, Vec<_>) = (ways.collect(), self.commands.iter().collect());
        let ordered = if in_trouble { [ways, answers] } else { [answers, ways] };
        ordered.concat().into_iter().cloned().collect()
    }
}

/// What came back from a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer, and how it was given: `typed`, `--confirm`, `rehearsal` …
    Said {
        /// The answer.
        answer: String,
        /// How it was given.
        how: String,
    },
    /// A choice in trouble; `reason` for a skip.
    Chose {
        /// The choice.
        choice: Choice,
        /// Why, when it is a skip.
        reason: Option<String>,
    },
    /// Nobody is there: park.
    NobodyThere,
    /// The person interrupted.
    Interrupted,
}

/// Whoever answers questions: a terminal, flags, or nobody.
#[async_trait]
pub trait Person: Send {
    /// Who this is, for the record: an e-mail address or a user name.
    fn name(&self) -> String;

    /// Asks, and waits for the reply.
    async fn ask(&mut self, question: &Question) -> Reply;

    /// Whether a question may be put off until later in the run: whoever answered beforehand only is not there then.
    fn is_there_later(&self) -> bool {
        true
    }
}

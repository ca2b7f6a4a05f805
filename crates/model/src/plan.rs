use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Digest, Effect, StepId};

/// The action whose step is the gate of a plan.
pub const GATE: &str = "person.gate";

/// A runbook with all inputs resolved, frozen. What is approved is exactly this, named by its digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Version of this document's format; only an equal one is run.
    pub format: u32,
    /// Version of the hcops that made it.
    pub tool: String,
    /// When it was made. Not part of the digest.
    pub made_at: Timestamp,
    /// What the operator wants: `version-upgrade`.
    pub procedure: String,
    /// The way to do it: `follower`.
    pub method: String,
    /// The runbook's title with its values filled in.
    pub title: String,
    /// The app that the procedure is about, by name.
    pub app: String,
    /// The Connect add-on's name, where the procedure has one.
    pub resource: Option<String>,
    /// Articles that the procedure comes from.
    pub sources: Vec<String>,
    /// Every input with its value, defaults included.
    pub inputs: BTreeMap<String, Value>,
    /// What was surveyed and must still be so when the run begins.
    pub facts: Value,
    /// What was surveyed and may change by itself (sizes, states, lag). Shown; not part of the digest.
    pub noted: Value,
    /// What the operator should know before approving: what is left, what costs money, what could not be checked.
    pub notices: Vec<String>,
    /// The steps, in order.
    pub steps: Vec<PlannedStep>,
    /// Standing conditions by name.
    pub holds: BTreeMap<String, PlannedHold>,
}

impl Plan {
    /// Which of the plan's points of no return this step is, and of how many; nothing where it is none. What the plan leaves
    /// out does not count.
    #[must_use]
    pub fn place_of_crossing(&self, step: &StepId) -> Option<(usize, usize)> {
        let points: Vec<&StepId> = self.points_of_no_return().map(|step| &step.id).collect();
        Some((points.iter().position(|id| *id == step)? + 1, points.len()))
    }

    /// The steps that are points of no return, in order.
    pub fn points_of_no_return(&self) -> impl Iterator<Item = &PlannedStep> {
        self.steps.iter().filter(|step| step.omitted.is_none() && step.crossing.is_some())
    }

    /// The step at which the operator lets the downtime begin, where the plan has one and carries it out.
    #[must_use]
    pub fn gate(&self) -> Option<&PlannedStep> {
        self.steps.iter().find(|step| step.omitted.is_none() && step.is_gate())
    }

    /// What a person vouches for who approves the plan by its digest, word for word. A statement with something in it that
    /// only the run finds out cannot be read yet.
    pub fn attested(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter().filter(|step| step.omitted.is_none());
        let statements = steps.filter_map(|step| step.with["statements"].as_array()).flatten();
        statements.filter_map(Value::as_str).filter(|text| !text.contains("${"))
    }

    /// Which of several points of no return this step is, as words after that name: ` 2 of 3`; nothing for the only one.
    #[must_use]
    pub fn nth_of_several(&self, step: &StepId) -> String {
        match self.place_of_crossing(step) {
            Some((nth, of)) if of > 1 => format!(" {nth} of {of}"),
            _ => String::new(),
        }
    }

    /// The format that this version of hcops writes and runs.
    pub const FORMAT: u32 = 1;

    /// The digest that an approval names: everything but `made_at` and `noted`.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("made_at");
            fields.remove("noted");
        }
        Digest::of_value(&value)
    }

    /// The step of this name.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&PlannedStep> {
        self.steps.iter().find(|step| &step.id == id)
    }
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedStep {
    /// Its name, unique in the plan.
    pub id: StepId,
    /// Adjacent steps of the same group run side by side.
    pub group: Option<String>,
    /// The action it names.
    pub action: String,
    /// The action's parameters. Facts and inputs are filled in; `${steps.ID.FIELD}` is filled in when ID has settled.
    pub with: Value,
    /// One line for people.
    pub title: String,
    /// Why the step is there.
    pub why: String,
    /// The action's effect, repeated so that the plan can be read without the program.
    pub effect: Effect,
    /// How long it takes.
    pub expect: Expectation,
    /// What can be done about it afterwards, in words.
    pub way_back: String,
    /// What `abort` does to reverse it.
    pub undo: Option<PlannedUndo>,
    /// The earlier step whose undo also takes this one back.
    pub undone_by: Option<StepId>,
    /// Set when nothing leads back from this step.
    pub crossing: Option<Crossing>,
    /// Standing conditions observed right before the act.
    pub holds: Vec<String>,
    /// A check that `plan` already makes: blocked there, the plan is refused.
    pub preflight: bool,
    /// Whether a person may skip it, with a reason.
    pub may_skip: bool,
    /// Whether writes go off or come back here.
    pub downtime: Option<DowntimeEdge>,
    /// Set when a condition leaves the step out of this run: the condition and what was found.
    pub omitted: Option<String>,
    /// Set when the step is carried out only if a person has answered an earlier step so; otherwise the run leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<OnlyIf>,
}

impl PlannedStep {
    /// Whether the operator lets the downtime begin here.
    #[must_use]
    pub fn is_gate(&self) -> bool {
        self.action == GATE
    }
}

/// The answer that a step hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OnlyIf {
    /// The earlier step that asks.
    pub step: StepId,
    /// The answer with which the step is carried out.
    pub answer: String,
}

impl OnlyIf {
    /// Why the step is left out, where the output of the step that asks shows another answer.
    #[must_use]
    pub fn unmet(&self, output: &Value) -> Option<String> {
        let answer = output["answer"].as_str()?;
        (answer != self.answer).then(|| format!("the answer to {} is `{answer}`, not `{}`", self.step, self.answer))
    }
}

/// How long a step takes, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Expectation {
    /// Usual duration, in seconds.
    pub usual: u64,
    /// After this many seconds of waiting a person is asked.
    pub limit: u64,
}

/// Where the time that writes are off begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DowntimeEdge {
    /// Writes go off.
    Starts,
    /// Writes are back.
    Ends,
}

/// The reversal of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedUndo {
    /// The action that reverses it.
    pub action: String,
    /// Its parameters.
    pub with: Value,
    /// One line for people.
    pub title: String,
}

/// A point of no return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Crossing {
    /// The name that a person types: the thing that changes for good.
    pub name: String,
    /// What becomes impossible.
    pub lost: String,
}

/// A standing condition: a read-only action that must be satisfied right before each act that names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedHold {
    /// The read-only action that answers it.
    pub action: String,
    /// Its parameters.
    pub with: Value,
    /// What it protects.
    pub why: String,
    /// From where on a break of it is final, where it ever is.
    #[serde(default, rename = "final", skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
}

/// From where on a broken hold is not mended by keeping it again: what was written meanwhile is missing for good in the
/// database that takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finality {
    /// The step whose act ends the following, or begins the copy. What the hold showed right before that act is what its
    /// later looks are held against.
    pub from: StepId,
    /// What going on would lose, and how to see it.
    pub lost: String,
    /// Whether a later look that finds the hold kept proves that nothing was lost, whatever other holds showed meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proves: bool,
}

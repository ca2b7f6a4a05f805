//! A runbook as it was written: every value with its place in the file, nothing resolved yet.

use std::ops::Range;

use serde_json::Value;

use hcops_model::{DowntimeEdge, Expectation};

use super::nearest::listed;
use super::source::{Source, Spot};

/// One procedure and method, read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Runbook {
    /// The file it was read from.
    pub source: Source,
    /// What the operator wants: `version-upgrade`.
    pub procedure: Spot<String>,
    /// The way to do it: `follower`.
    pub method: Spot<String>,
    /// One line for people; may hold references.
    pub title: Spot<String>,
    /// A paragraph on when to use it.
    pub summary: Option<String>,
    /// Commands as they are typed, for help.
    pub examples: Vec<String>,
    /// Articles that the procedure comes from.
    pub sources: Vec<String>,
    /// Tiers of database that it can be used on; absent when on any.
    pub tiers: Option<Spot<Vec<String>>>,
    /// What sets this method apart from the procedure's others; absent where there is no other.
    pub offer: Option<Offer>,
    /// What the operator says, in the order of the file.
    pub inputs: Vec<Input>,
    /// Standing conditions, in the order of the file.
    pub holds: Vec<Hold>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

impl Runbook {
    /// The input of this name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name.value == name)
    }

    /// The hold of this name.
    #[must_use]
    pub fn hold(&self, name: &str) -> Option<&Hold> {
        self.holds.iter().find(|hold| hold.name.value == name)
    }

    /// Place of the step with this id.
    pub(super) fn step_index(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id.value == id)
    }

    /// Place of the first crossing; the number of steps when there is none.
    pub(super) fn first_crossing(&self) -> usize {
        self.steps.iter().position(|step| step.crossing.is_some()).unwrap_or(self.steps.len())
    }
}

/// A method beside the others of its procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Of the methods that fit an app, the one with the lowest is proposed.
    pub order: u64,
    /// How long writes are off.
    pub downtime: String,
    /// What leads back from it.
    pub way_back: String,
    /// What it costs.
    pub cost: String,
}

/// Something that the operator says.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The name that references use: `follower_name`.
    pub name: Spot<String>,
    /// What it means, for help and messages.
    pub help: String,
    /// What sort of value.
    pub kind: InputKind,
    /// The value when the operator says nothing; may be a reference to a fact.
    pub default: Option<Spot<Value>>,
    /// Whether it may be left out although it has no default.
    pub optional: bool,
    /// Whether an operation's command takes it without a flag, in the order of the file.
    pub argument: bool,
}

impl Input {
    /// The command-line flag: `--follower-name`.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--{}", self.name.value.replace('_', "-"))
    }
}

/// The sorts of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputKind {
    /// A whole number.
    Integer,
    /// Any text.
    Text,
    /// A name that Heroku would take for an add-on: `^[a-zA-Z][A-Za-z0-9_-]+$`
    /// (docs/heroku/platform.md, "Add-ons").
    Name,
    /// A database that is there, as Heroku's users name one: an attachment, its config var, an add-on, `APP::NAME`. Its
    /// value is the add-on's name; `${inputs.NAME.owner_app}` is the app that owns it. With `may_be_new` a name that means
    /// nothing yet is taken as that of an add-on to come.
    Database {
        /// Whether it may be the name of an add-on that is still to be made.
        may_be_new: bool,
    },
    /// A plan of Heroku Postgres: `standard-0`, `heroku-postgresql:standard-0`. Its value is the whole name.
    Plan,
    /// One of these.
    Choice(Vec<String>),
    /// Texts, separated by commas on the command line.
    List,
    /// A JSON object; on the command line the path of a file, whose contents are in the plan then.
    Json,
}

impl InputKind {
    /// What a value of this kind is, for messages.
    pub(super) fn wanted(&self) -> String {
        match self {
            Self::Integer => "a whole number".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Name => "a name of a letter followed by letters, digits, dashes and underscores".to_owned(),
            Self::Database { .. } => "an attachment, a config var, an add-on or APP::NAME".to_owned(),
            Self::Plan => "a plan of Heroku Postgres such as standard-0".to_owned(),
            Self::Choice(choices) => format!("one of {}", listed(choices.iter().map(String::as_str))),
            Self::List => "a list of texts".to_owned(),
            Self::Json => "a file that holds a JSON object".to_owned(),
        }
    }

    /// Whether a value is of this kind.
    pub(super) fn takes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Integer, Value::Number(number)) => number.is_i64(),
            (Self::Text, Value::String(text)) => !text.trim().is_empty(),
            (Self::Name | Self::Database { .. }, Value::String(name)) => is_name(name),
            (Self::Plan, Value::String(plan)) => postgres_plan(plan).is_some_and(|whole| whole == *plan),
            (Self::Choice(choices), Value::String(word)) => choices.contains(word),
            (Self::List, Value::Array(items)) => items.iter().all(Value::is_string),
            (Self::Json, Value::Object(_)) => true,
            _ => false,
        }
    }
}

/// The whole name of a plan of Heroku Postgres, as the official client makes it: the service before the colon may be left
/// out (`addons:upgrade` puts the add-on's own there,
/// <https://github.com/heroku/cli/blob/main/src/commands/addons/upgrade.ts>). Nothing where another service is named.
pub(super) fn postgres_plan(text: &str) -> Option<String> {
    let (service, plan) = text.trim().split_once(':').unwrap_or((POSTGRES, text.trim()));
    let is_word = |plan: &str| !plan.is_empty() && plan.chars().all(|one| one.is_ascii_alphanumeric() || one == '-');
    (POSTGRES_NAMES.contains(&service) && is_word(plan)).then(|| format!("{POSTGRES}:{plan}"))
}

const POSTGRES: &str = "heroku-postgresql";

/// What people call the service.
const POSTGRES_NAMES: [&str; 3] = [POSTGRES, "postgresql", "postgres"];

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && text.len() > 1
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
}

/// An action with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The action's name.
    pub action: Spot<String>,
    /// Its parameters.
    pub with: With,
}

/// Parameters with the places of their parts.
#[derive(Debug, Clone, PartialEq)]
pub struct With {
    /// The parameters, a JSON object; strings in it may hold references.
    pub value: Value,
    /// Where they are written; the action's name when none are.
    pub span: Range<usize>,
    /// The names at the top level.
    pub keys: Vec<Spot<String>>,
    /// Every string in it, at any depth.
    pub strings: Vec<Spot<String>>,
}

/// A standing condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// The name that steps use.
    pub name: Spot<String>,
    /// The read-only action that answers it.
    pub call: Call,
    /// What it protects.
    pub why: String,
    /// Conditions that must all be met for it to be looked at; otherwise the steps that name it go without.
    pub when: Vec<Condition>,
    /// From where on a break of it is final.
    pub finality: Option<Finality>,
}

/// From where on a break of a hold is final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finality {
    /// The step whose act makes it so.
    pub from: Spot<String>,
    /// What going on would lose; may hold references.
    pub lost: Spot<String>,
    /// Whether a later look that finds the hold kept proves that nothing was lost.
    pub proves: bool,
}

/// How long a step takes, before the size of the database is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Usual duration of the smallest case, in seconds.
    pub usual: u64,
    /// Seconds for each gigabyte of the database, as `database.gigabytes` tells it; an estimate.
    pub per_gigabyte: u64,
    /// After this many seconds of waiting a person is asked.
    pub limit: u64,
}

impl Expected {
    /// What that means for a database of so many gigabytes. An estimate beyond the limit moves the limit to twice itself.
    #[must_use]
    pub fn for_gigabytes(self, gigabytes: u64) -> Expectation {
        let usual = self.usual.saturating_add(self.per_gigabyte.saturating_mul(gigabytes));
        let limit = if usual > self.limit { usual.saturating_mul(2) } else { self.limit };
        Expectation { usual, limit }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name.
    pub id: Spot<String>,
    /// Adjacent steps of the same group run side by side.
    pub group: Option<Spot<String>>,
    /// What it does.
    pub call: Call,
    /// One line for people; may hold references.
    pub title: Spot<String>,
    /// Why it is there; may hold references.
    pub why: Spot<String>,
    /// How long it takes.
    pub expect: Spot<Expected>,
    /// What can be done about it afterwards, in words; may hold references.
    pub way_back: Option<Spot<String>>,
    /// What `abort` does to reverse it.
    pub undo: Option<Undo>,
    /// The earlier step whose undo also takes this one back.
    pub undone_by: Option<Spot<String>>,
    /// Standing conditions observed right before the act.
    pub holds: Vec<Spot<String>>,
    /// Set when nothing leads back from it.
    pub crossing: Option<Crossing>,
    /// Conditions that must all be met for the step to be part of a plan.
    pub when: Vec<Condition>,
    /// Set when the step is made for each of several things.
    pub for_each: Option<ForEach>,
    /// Whether `plan` already makes this check.
    pub preflight: bool,
    /// Whether a person may skip it, with a reason.
    pub may_skip: bool,
    /// Whether writes go off or come back here.
    pub downtime: Option<DowntimeEdge>,
}

/// The reversal of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// What reverses it.
    pub call: Call,
    /// One line for people; may hold references.
    pub title: Option<Spot<String>>,
}

/// A point of no return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// The name that a person types; may hold references.
    pub name: Spot<String>,
    /// What becomes impossible; may hold references.
    pub lost: Spot<String>,
}

/// A condition on a fact, an input or one of several things.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// What must be true of it.
    pub test: Test,
    /// Where it is written.
    pub span: Range<usize>,
}

/// What a condition looks at: a dotted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A surveyed fact.
    Fact(String),
    /// An input.
    Input(String),
    /// A field of the thing that the step is made for.
    Item(String),
    /// What a person has answered to an earlier step; known only during the run.
    Answer(String),
}

/// What must be true.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Equal to this.
    Is(Value),
    /// Not equal to this.
    IsNot(Value),
    /// Equal to one of these.
    OneOf(Vec<Value>),
    /// Present and not null, or (`false`) absent or null.
    Exists(bool),
}

/// Makes a step for each thing of a list of facts.
#[derive(Debug, Clone, PartialEq)]
pub struct ForEach {
    /// The list: `apps`.
    pub fact: Spot<String>,
    /// The name of one thing in references; hides a fact of the same name.
    pub name: Spot<String>,
    /// Conditions that a thing must meet.
    pub only: Vec<Condition>,
    /// The input whose list names the things that come first, in its order.
    pub first: Option<Spot<String>>,
    /// The input whose list names the things that it is made for, in its order; the others are left out.
    pub named: Option<Spot<String>>,
}

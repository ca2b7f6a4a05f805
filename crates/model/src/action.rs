use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Fault, Permit, RequestMark, Seen, StepId};

/// A step action as the engine knows it: a name, an effect, a way to look and a way to act. The typed form, which
/// authors write, is in the crate of actions.
#[async_trait]
pub trait AnyAction: Send + Sync {
    /// The name that runbooks use: `connect.pause`.
    fn name(&self) -> &'static str;

    /// One sentence for lists and help.
    fn summary(&self) -> &'static str;

    /// What doing it twice would mean.
    fn effect(&self) -> Effect;

    /// How often it must be seen satisfied before that counts.
    fn steadiness(&self) -> Steadiness;

    /// Whether its question wants to know something, so that neither a yes nor a no answers it.
    fn asks_for_words(&self) -> bool {
        false
    }

    /// JSON Schema of the parameters.
    fn parameters(&self) -> Value;

    /// JSON Schema of the output that later steps may refer to.
    fn output(&self) -> Value;

    /// Whether its looks note how the thing was before ([`Look::before`]), so that an undo may refer to it.
    fn notes_before(&self) -> bool {
        false
    }

    /// Checks parameters without looking at the world. Strings that are still `${steps.…}` references count as fitting.
    ///
    /// # Errors
    /// One sentence that names the parameter and what is wrong with it.
    fn check(&self, with: &Value) -> Result<(), String>;

    /// Looks at the world. Any time, any number of times; changes nothing.
    ///
    /// # Errors
    /// When the look itself failed: that says nothing about the world.
    async fn observe(&self, with: &Value, prior: &Prior) -> Result<Look, Fault>;

    /// Acts, at most once per permit.
    ///
    /// # Errors
    /// With [`super::Happened::No`] only when the act is known not to have taken place.
    async fn act(&self, with: &Value, permit: Permit) -> Result<Receipt, Fault>;
}

/// A set of actions by name.
pub trait Actions: Send + Sync {
    /// The action of this name.
    fn find(&self, name: &str) -> Option<&dyn AnyAction>;

    /// All of them, sorted by name.
    fn all(&self) -> Vec<&dyn AnyAction>;
}

/// How often an action must be seen satisfied, in a row and apart in time, before that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steadiness {
    /// Consecutive satisfied looks that are needed; at least 1.
    pub looks: u32,
    /// Time between two of them.
    pub apart: Duration,
}

impl Steadiness {
    /// One look is enough.
    pub const ONCE: Self = Self { looks: 1, apart: Duration::ZERO };
}

/// What has happened to a step so far, for `observe`.
#[derive(Debug, Clone, Default)]
pub struct Prior {
    /// The step, where there is one (a hold or a plan's look has none).
    pub step: Option<StepId>,
    /// When the newest intent was written.
    pub intended_at: Option<Timestamp>,
    /// What the newest act returned. An act that was interrupted has an intent and no receipt.
    pub receipt: Option<Receipt>,
    /// What a person answered to this step's question.
    pub answer: Option<String>,
    /// The statements that were answered so; absent where nothing was answered.
    pub asked: Option<Vec<String>>,
    /// Of a hold: what it showed right before the act from which on its break is final.
    pub baseline: Option<Value>,
    /// What the action noted at its last look in this process, for rates and comparisons.
    pub memo: Option<Value>,
    /// How what the step changes was before this run changed it ([`Look::before`] of the look before the act).
    pub before: Option<Value>,
    /// What an earlier look found of the effect of the newest act, of whichever process ([`Look::proof`]).
    pub proof: Option<Value>,
}

impl Prior {
    /// What a person answered to exactly these statements. An answer to others does not count: it was about another
    /// picture of the world.
    #[must_use]
    pub fn answer_to(&self, ask: &[String]) -> Option<&str> {
        let same = self.asked.as_ref().is_none_or(|asked| asked == ask);
        self.given().filter(|_| same)
    }

    /// The same where the numbers in the statements drift by themselves: an answer covers up to a tenth more than what was
    /// shown.
    #[must_use]
    pub fn answer_up_to(&self, ask: &[String]) -> Option<&str> {
        let covers = |asked: &Vec<String>| {
            asked.len() == ask.len() && asked.iter().zip(ask).all(|(asked, now)| covers(asked, now))
        };
        self.given().filter(|_| self.asked.as_ref().is_none_or(covers))
    }

    fn given(&self) -> Option<&str> {
        self.answer.as_deref().map(str::trim).filter(|answer| !answer.is_empty())
    }
}

/// Whether `now` says the same as `asked`, with no number more than a tenth above the one that was shown.
fn covers(asked: &str, now: &str) -> bool {
    let (asked, now) = (words_and_numbers(asked), words_and_numbers(now));
    asked.len() == now.len()
        && asked.iter().zip(&now).all(|(asked, now)| match (asked.parse::<u64>(), now.parse::<u64>()) {
            (Ok(asked), Ok(now)) => now <= asked.saturating_add(asked / 10),
            _ => asked == now,
        })
}

fn words_and_numbers(text: &str) -> Vec<&str> {
    let is_digit = |character: char| character.is_ascii_digit();
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character| is_digit(character) != is_digit(first)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// One look: what was seen and the requests it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What was seen.
    pub seen: Seen<Value>,
    /// The exchanges it took, oldest first.
    pub requests: Vec<RequestMark>,
    /// Handed back as [`Prior::memo`] at the next look.
    pub memo: Option<Value>,
    /// How what an act would change is now, in the shape of the output. It goes into the intent, so that no crash can lose
    /// it, and comes back as [`Prior::before`].
    pub before: Option<Value>,
    /// What was seen of the effect and no later look can show: that a table was being loaded. It is written down with what was
    /// seen, and comes back as [`Prior::proof`].
    pub proof: Option<Value>,
}

/// What an act returned: enough to follow what it started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// What the server said, in one line.
    pub said: String,
    /// Ids and marks for the next look (a transfer's id, an attachment's id). Never a secret.
    pub marks: Value,
    /// The server's own time of the answer, from its `Date` header.
    pub server_time: Option<Timestamp>,
    /// The exchanges it took, oldest first.
    pub requests: Vec<RequestMark>,
}

#[cfg(test)]
mod tests {
    use super::Prior;

    fn answered(asked: &[&str]) -> Prior {
        let asked = Some(asked.iter().map(|text| (*text).to_owned()).collect());
        Prior { answer: Some(" yes ".to_owned()), asked, ..Prior::default() }
    }

    #[test]
    fn an_answer_is_about_what_was_shown() {
        let prior = answered(&["70 writes wait"]);
        assert_eq!(prior.answer_to(&["70 writes wait".to_owned()]), Some("yes"));
        assert_eq!(prior.answer_to(&["7000 writes wait".to_owned()]), None);
        assert_eq!(prior.answer_to(&[]), None);
        assert_eq!(Prior::default().answer_to(&[]), None);
    }

    #[test]
    fn where_numbers_drift_an_answer_covers_up_to_a_tenth_more() {
        let prior = answered(&["Account: 1000 records", "Budget lasts"]);
        let now = |records: u64| [format!("Account: {records} records"), "Budget lasts".to_owned()];
        assert_eq!(prior.answer_up_to(&now(3)), Some("yes"));
        assert_eq!(prior.answer_up_to(&now(1100)), Some("yes"));
        assert_eq!(prior.answer_up_to(&now(1101)), None);
        assert_eq!(prior.answer_up_to(&["Contact: 1000 records".to_owned(), "Budget lasts".to_owned()]), None);
        assert_eq!(prior.answer_up_to(&now(3)[..1]), None);
    }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen, says_nothing};

/// Asks a person for something that only they can read, and keeps the answer word for word. A bare yes is no answer: what
/// is asked here can't be looked up later.
pub(crate) struct Note;

/// What is asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Each question, with where to find the answer.
    asks: Vec<String>,
}

/// What was answered.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The answer, word for word.
    answer: String,
}

impl Action for Note {
    const NAME: &'static str = "person.note";
    const SUMMARY: &'static str = "Ask a person for what only they can read, and keep the answer.";
    const EFFECT: Effect = Effect::ReadOnly;
    const ASKS_FOR_WORDS: bool = true;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, _context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        Ok(match prior.answer.as_deref().map(str::trim) {
            None | Some("") => Seen::Unclear {
                why: "No API shows this, and later nobody can read it any more. The answer is kept word for word."
                    .to_owned(),
                ask: params.asks.clone(),
            },
            Some(answer) if says_nothing(answer) => blocked(
                format!("\"{answer}\" does not say what it is."),
                "Retry, and answer in words; with `none` where there is nothing to note.",
            ),
            Some(answer) => satisfied(Output { answer: answer.to_owned() }),
        })
    }
}

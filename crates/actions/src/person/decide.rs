use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// A person chooses one of several ways to go.
///
/// Observed as unclear until one of the answers is there. Steps that hang on another answer are left out of the run.
/// Neither an approval by digest nor a rehearsal answers it: what is chosen depends on what the run has found.
pub(crate) struct Decide;

/// What is asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The question, in one sentence.
    question: String,
    /// The facts to judge by, one a line.
    #[serde(default)]
    shown: Vec<String>,
    /// What may be answered.
    choices: Vec<Choice>,
}

/// One of several ways to go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    /// What is answered.
    answer: String,
    /// What that means, in one sentence.
    means: String,
}

/// What was chosen, kept for the report.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The answer.
    answer: String,
    /// What it means.
    means: String,
}

impl Action for Decide {
    const NAME: &'static str = "person.decide";
    const SUMMARY: &'static str = "Ask a person which of several ways to go.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, _context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let given = prior.answer.as_deref().map(str::trim);
        let chosen = params.choices.iter().find(|choice| Some(choice.answer.as_str()) == given);
        Ok(match chosen {
            Some(choice) => satisfied(Output { answer: choice.answer.clone(), means: choice.means.clone() }),
            None => Seen::Unclear { why: params.question.clone(), ask: asked(params) },
        })
    }
}

/// There is always something to ask, so that the question reaches a person.
fn asked(params: &Params) -> Vec<String> {
    if params.shown.is_empty() { vec![params.question.clone()] } else { params.shown.clone() }
}

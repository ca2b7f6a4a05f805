use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// A person attests to what cannot be seen from here.
///
/// Observed as unclear until an answer is there. Any answer counts as a yes except a refusal (`no`, `n`, `refuse`,
/// `refused`), which blocks: then something has to change before the run may go on.
pub(crate) struct Attest;

/// What is attested.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// One sentence for each thing that the person vouches for.
    statements: Vec<String>,
}

/// What was attested, kept for the report.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The statements, as they were shown.
    statements: Vec<String>,
    /// What the person answered.
    answer: String,
}

impl Action for Attest {
    const NAME: &'static str = "person.attest";
    const SUMMARY: &'static str = "Ask a person to vouch for what cannot be seen from here.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, _context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        Ok(match prior.answer.as_deref().map(str::trim) {
            None | Some("") => Seen::Unclear {
                why: "This cannot be seen from here; a person has to vouch for it.".to_owned(),
                ask: params.statements.clone(),
            },
            Some(answer) if is_refusal(answer) => blocked(
                format!("The answer was \"{answer}\": not all of the statements are true yet."),
                "Bring the world into the state that the statements describe, then answer again with yes.",
            ),
            Some(answer) => satisfied(Output { statements: params.statements.clone(), answer: answer.to_owned() }),
        })
    }
}

fn is_refusal(answer: &str) -> bool {
    ["no", "n", "refuse", "refused"].iter().any(|refusal| answer.eq_ignore_ascii_case(refusal))
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::{algorithm, ordered};
use crate::connect::pointer::{Pointer, name, opened_by};
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Has a person set a connection's write algorithm, and waits until the connection shows it. The algorithm decides in
/// which order, and how often, changes reach Salesforce (docs/heroku/procedures.md, "Write order").
pub(crate) struct WriteAlgorithm;

/// Which connection, and which algorithm.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Whether writes should be ordered; otherwise merged. Absent where it was not shown before.
    #[serde(default)]
    ordered: Option<bool>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The write algorithm, in words.
    seen: String,
    /// What a person said.
    answer: Option<String>,
}

impl Action for WriteAlgorithm {
    const NAME: &'static str = "connect.write-algorithm";
    const SUMMARY: &'static str = "Have a person set a connection's write algorithm, and wait until it shows.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let (current, answer) = (ordered(&connection), prior.answer.clone());
        if params.ordered.is_some() && current == params.ordered {
            return Ok(satisfied(Output { seen: algorithm(current).to_owned(), answer }));
        }
        Ok(match answer.as_deref().map(str::trim) {
            None | Some("") => unclear(
                format!("{}: {}; before: {}.", name(&connection), algorithm(current), algorithm(params.ordered)),
                format!(
                    "Set the write algorithm as it was on the connection's page (`{}`), and answer yes.",
                    opened_by(&connection)
                ),
            ),
            Some("no" | "n") => blocked(
                "The write algorithm is not as it was.",
                "Changes that wait would go out in another way than before. Set it, then answer again with yes.",
            ),
            Some(_) if params.ordered.is_none() || current.is_none() => {
                satisfied(Output { seen: format!("{}, by a person's word", algorithm(params.ordered)), answer })
            }
            Some(_) => underway(format!("{} still shows {}", name(&connection), algorithm(current)), 10),
        })
    }
}

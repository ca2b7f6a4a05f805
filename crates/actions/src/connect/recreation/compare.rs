use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::differences;
use crate::connect::pointer::{Pointer, name, opened_by};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Compares a connection's configuration with the one that was exported before. Where they differ, a person has to say
/// that the difference is meant; another Salesforce organisation, as after a refreshed sandbox, is such a difference.
pub(crate) struct Compare;

/// Which connection, and what it is compared with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The document that was exported before.
    document: Value,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many mappings were compared.
    mappings: usize,
    /// Each difference, in a sentence.
    differences: Vec<String>,
    /// What a person said about them.
    answer: Option<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// The configuration as it is now.
    document: Value,
    /// The verdict, in a sentence.
    seen: String,
}

impl Action for Compare {
    const NAME: &'static str = "connect.compare-configuration";
    const SUMMARY: &'static str = "Compare a connection's configuration with an exported one.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let now = context.clients.connect.export(&pointer.address(context)?).await?;
        let mut found = differences::of_mappings(&params.document, &now);
        found.extend(differences::of_connection(&params.document, &now));
        let answer = prior.answer_to(&found);
        Ok(match answer {
            None if !found.is_empty() => Seen::Unclear {
                why: format!(
                    "{} is not configured as before. With yes these differences are taken as meant.",
                    name(&connection)
                ),
                ask: found,
            },
            Some("no" | "n") if !found.is_empty() => blocked(
                format!("Not meant: {}.", found.join("; ")),
                format!("Set it right on the connection's page (`{}`), and retry.", opened_by(&connection)),
            ),
            answer => {
                let app = connection.app_name.as_deref().unwrap_or("connection");
                satisfied(output(found, answer, now, format!("{app}-{}.json", name(&connection))))
            }
        })
    }
}

fn output(differences: Vec<String>, answer: Option<&str>, document: Value, keep_as: String) -> Output {
    let mappings = self::differences::mappings(&document).len();
    let all = counted(mappings as u64, "mapping");
    let seen = match differences.len() {
        0 => format!("{all}, configured as before"),
        some => {
            let some = counted(some as u64, "difference");
            format!("{all}; {some}, taken as meant: {}", differences.join("; "))
        }
    };
    Output { mappings, differences, answer: answer.map(str::to_owned), keep_as, document, seen }
}

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::pointer::{Pointer, name};
use super::subject::OneConnection;
use crate::sight::{satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Check, Connection, Validating, Validation, ValidationResult};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Has Connect diagnose a connection and its mappings, and waits for the result. It changes nothing: an interrupted
/// diagnosis is simply asked for again (docs/heroku/connect.md, "Validations").
pub(crate) struct Validate;

/// The diagnosis.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many checks have failed with an error.
    found: usize,
    /// How many have a warning.
    warnings: usize,
    /// All of it, as Connect tells it.
    diagnosis: Value,
    /// One line for each error and warning.
    lines: Vec<String>,
    /// The numbers, in a sentence.
    seen: String,
}

/// Seconds between two looks; the official client looks each half second, for 5 minutes.
const LOOK_AGAIN: u64 = 2;

impl Action for Validate {
    const NAME: &'static str = "connect.validate";
    const SUMMARY: &'static str = "Have Connect diagnose a connection and its mappings.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneConnection;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneConnection, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = params.pointer();
        let connection = pointer.look(context).await?;
        let validating = asked_for(context, &pointer, prior).await?;
        Ok(match context.clients.connect.validation(&validating).await? {
            Some(validation) => satisfied(output(&connection, &validation)),
            None => {
                context.remember(json!(validating));
                underway(format!("Connect diagnoses {}", name(&connection)), LOOK_AGAIN)
            }
        })
    }
}

/// The diagnosis that this process has asked for before, or a new one.
async fn asked_for(context: &Context, pointer: &Pointer<'_>, prior: &Prior) -> Result<Validating, Fault> {
    let before = prior.memo.clone().and_then(|memo| serde_json::from_value(memo).ok());
    match before {
        Some(validating) => Ok(validating),
        None => context.clients.connect.start_validation(&pointer.address(context)?).await,
    }
}

fn output(connection: &Connection, validation: &Validation) -> Output {
    let whole = std::iter::once((name(connection), &validation.connection));
    let each = validation.mappings.iter().map(|(object, result)| (object.as_str(), result));
    let results: Vec<(&str, &ValidationResult)> = whole.chain(each).collect();
    let lines_of = |word: &'static str, of: fn(&ValidationResult) -> &Vec<Check>| {
        results.iter().flat_map(move |(whose, result)| of(result).iter().map(move |check| line(word, whose, check)))
    };
    let errors: Vec<String> = lines_of("error", |result| &result.errors).collect();
    let warnings: Vec<String> = lines_of("warning", |result| &result.warnings).collect();
    let passes: usize = results.iter().map(|(_, result)| result.passes.len()).sum();
    Output {
        found: errors.len(),
        warnings: warnings.len(),
        seen: format!(
            "{}, {}, {} passed",
            counted(errors.len() as u64, "error"),
            counted(warnings.len() as u64, "warning"),
            counted(passes as u64, "check")
        ),
        diagnosis: json!(validation),
        lines: errors.into_iter().chain(warnings).collect(),
    }
}

/// `warning  herokuconnect-tidal-1: Salesforce API Version: … (https://…)`
fn line(word: &str, whose: &str, check: &Check) -> String {
    let page = check.doc_url.as_ref().map_or_else(String::new, |url| format!(" ({url})"));
    format!("{word}  {whose}: {}: {}{page}", check.display_name, check.message)
}

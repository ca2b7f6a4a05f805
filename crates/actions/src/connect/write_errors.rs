use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::pointer::name;
use super::subject::OneConnection;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_heroku::connect::WriteError;
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};
use hcops_text::counted;

/// Lists the writes that Salesforce has refused in the last 24 hours (docs/heroku/connect.md, "Write errors"). They are
/// not tried again by themselves.
pub(crate) struct WriteErrors;

/// The refused writes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many.
    found: usize,
    /// Each as Connect tells it.
    errors: Vec<Value>,
    /// One line for each.
    lines: Vec<String>,
    /// The number, in a sentence.
    seen: String,
}

impl Action for WriteErrors {
    const NAME: &'static str = "connect.write-errors";
    const SUMMARY: &'static str = "List the writes that Salesforce has refused in the last 24 hours.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = OneConnection;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneConnection, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = params.pointer();
        let connection = pointer.look(context).await?;
        let found = context.clients.connect.write_errors(&pointer.address(context)?).await?;
        let errors = found.iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>().map_err(unwritable)?;
        let number = counted(found.len() as u64, "refused write");
        Ok(satisfied(Output {
            found: found.len(),
            errors,
            lines: found.iter().map(line).collect(),
            seen: format!("{number} of {} in the last 24 hours", name(&connection)),
        }))
    }
}

/// `2026-11-22T01:00:00Z  account 17  REQUIRED_FIELD_MISSING …  (log entry 4711)`
fn line(error: &WriteError) -> String {
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
    let when = error.created_at.as_ref().map_or_else(|| "time not shown".to_owned(), ToString::to_string);
    format!(
        "{when}  {} {}  {}  (log entry {})",
        or_unknown(&error.table_name),
        or_unknown(&error.record_id),
        error.message,
        error.id
    )
}

fn unwritable(error: serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("a write error can't be told again: {error}"),
        "What Connect told is kept with the run.",
        "Please report this as a defect of hcops.",
    )
}

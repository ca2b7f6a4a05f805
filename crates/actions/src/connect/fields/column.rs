use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::postgres::Subject;
use crate::reach;
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_database::{Manner, column};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Counts by SQL the values of the column that a field has become, beside those of before, and holds its type and length
/// against what Salesforce has: a column that was dropped and made anew is whole when it has its values again
/// (docs/heroku/procedures.md, "Field change").
pub(crate) struct Column;

/// Which column.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The schema of the connection.
    schema: String,
    /// The object's API name.
    object: String,
    /// The field's API name.
    field: String,
    /// Its type before; absent where there is nothing to compare with.
    #[serde(default)]
    kind_before: Option<String>,
    /// Rows with a value before; absent where there is nothing to compare with.
    #[serde(default)]
    values_before: Option<u64>,
    /// What Salesforce has the field as, where that is shown: the column has to become that.
    #[serde(default)]
    defined_as: Option<String>,
    /// The command that plans the other way, where Connect leaves a column that should become shorter as it is.
    #[serde(default)]
    otherwise: Option<String>,
    /// What the operator says that the change is: `longer`, `shorter` or `type`.
    #[serde(default)]
    kind: Option<String>,
}

/// The column.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its type.
    kind: String,
    /// Rows of the table.
    rows: u64,
    /// Rows with a value.
    values: u64,
    /// All of it, in a sentence.
    seen: String,
}

/// Seconds until a column that is not there is looked for again.
const LOOK_AGAIN: u64 = 15;

impl Action for Column {
    const NAME: &'static str = "connect.column";
    const SUMMARY: &'static str = "Count by SQL the values of a mapped field's column, beside those of before.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        // The names of tables and columns are those of Salesforce in lower case (docs/heroku/connect.md,
        // "Mapped tables").
        let (table, name) = (params.object.to_lowercase(), params.field.to_lowercase());
        let subject = Subject { app: &params.app, database: &params.database };
        let session = reach::open(context, subject, Manner::LONG_READ).await?;
        let found = column::read(&session, &params.schema, &table, &name).await?;
        let place = format!("{}.{table}.{name}", params.schema);
        Ok(match (found, params.values_before) {
            (None, None) => blocked(
                format!("There is no column {place} in {}.", params.database),
                "The field is mapped, so its column should be there: wait until the mapping is DATA_SYNCED, then retry.",
            ),
            (None, Some(_)) => underway(format!("{place} is not there yet"), LOOK_AGAIN),
            (Some(column), before) => judge(params, &place, column, before, prior),
        })
    }
}

fn judge(params: &Params, place: &str, column: column::Column, before: Option<u64>, prior: &Prior) -> Seen<Output> {
    let column::Column { kind, rows, values } = column;
    let now = format!("{place} is {kind} with {} in {}", counted(values, "value"), counted(rows, "row"));
    let Some(before) = before else {
        return unfit(params, &kind, &now, prior)
            .unwrap_or_else(|| satisfied(Output { kind, rows, values, seen: now }));
    };
    let kind_before = params.kind_before.as_deref().unwrap_or("of an unknown type");
    let told = format!("{now}; before it was {kind_before} with {}", counted(before, "value"));
    if values < before {
        return blocked(
            format!("Values are missing: {told}."),
            format!(
                "Where they are still on their way, retry later. Otherwise compare with Salesforce, and load {} again; where \
                 Salesforce itself has fewer, skip this step with that reason.",
                params.object
            ),
        );
    }
    let as_before = params.kind_before.as_ref() == Some(&kind);
    match params.defined_as.as_deref().and_then(|defined_as| Some((defined_as, column::is_of(&kind, defined_as)?))) {
        Some((_, true)) => {}
        Some((defined_as, false)) if as_before && stays(params, &kind, defined_as) => {
            return too_long(params, &told, defined_as);
        }
        Some((defined_as, false)) if as_before => {
            let note = format!(
                "{place} is {kind} as before, and Salesforce has {}.{} as {defined_as}",
                params.object, params.field
            );
            return underway(note, LOOK_AGAIN);
        }
        Some((defined_as, false)) => return unlike(params, &told, defined_as),
        None if as_before && !is_attested(prior) => {
            return unclear(
                format!("{told}. The type is the one of before, and what Salesforce has the field as is not shown."),
                format!("The column {place} should be {kind} after the change."),
            );
        }
        None => {}
    }
    satisfied(Output { kind, rows, values, seen: told })
}

/// Before a mapping is only saved: that this may leave the column as it is, where the operator has not said that the change is
/// of this kind. Behind the save it would be found by waiting for hours.
fn unfit(params: &Params, kind: &str, now: &str, prior: &Prior) -> Option<Seen<Output>> {
    let (otherwise, defined_as) = (params.otherwise.as_deref()?, params.defined_as.as_deref()?);
    let word = match column::difference(kind, defined_as)? {
        column::Difference::None | column::Difference::Longer => return None,
        column::Difference::Shorter => "shorter",
        column::Difference::Type => "type",
    };
    if params.kind.as_deref() == Some(word) {
        return None;
    }
    let ask = vec![format!(
        "{}.{} is {defined_as} in Salesforce and its column {kind}: the mapping is only saved all the same, and the column may \
         stay as it is.",
        params.object, params.field
    )];
    match prior.answer_to(&ask) {
        None => Some(Seen::Unclear {
            why: format!(
                "{now}, and Salesforce has the field as {defined_as}. The method complex is proposed for that."
            ),
            ask,
        }),
        Some("no" | "n") => Some(blocked(
            format!("{now}, Salesforce has the field as {defined_as}, and saving the mapping is not enough."),
            format!("Turn this run back with `hcops abort`, and plan the other method: `{otherwise}`."),
        )),
        Some(_) => None,
    }
}

/// Whether the column is longer than its field and the mapping was only saved: two sources of Heroku's differ on what Connect
/// does with it (heroku-connect-plugin, pull request 292; Dev Center, maintenance operations).
fn stays(params: &Params, kind: &str, defined_as: &str) -> bool {
    params.otherwise.is_some() && column::difference(kind, defined_as) == Some(column::Difference::Shorter)
}

fn too_long(params: &Params, told: &str, defined_as: &str) -> Seen<Output> {
    blocked(
        format!(
            "{told}. Salesforce has {}.{} as {defined_as}: Connect has left the column longer.",
            params.object, params.field
        ),
        format!(
            "A longer column does no harm to what it holds. Where it has to become shorter the field is taken out of the mapping \
             and put in again: `{}`. Otherwise skip this step with that reason.",
            params.otherwise.as_deref().unwrap_or_default()
        ),
    )
}

fn is_attested(prior: &Prior) -> bool {
    prior.answer.as_deref().is_some_and(|answer| !answer.trim().eq_ignore_ascii_case("no"))
}

fn unlike(params: &Params, told: &str, defined_as: &str) -> Seen<Output> {
    blocked(
        format!("{told}. Salesforce has {}.{} as {defined_as}, which is another type.", params.object, params.field),
        format!(
            "The mapping was saved, and its column is not what the field is. Look at the mapping's page and at the connection's log \
             (`heroku logs -d herokuconnect`); save the mapping of {} again, or carry out the method `complex`.",
            params.object
        ),
    )
}

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::postgres::Subject;
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::inventory::{Dependant, Part, dependants};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Lists what was built by SQL on mapped tables, or on the column of one field: views, indexes, constraints, triggers,
/// functions that mention it. Connect brings back the indexes that were made through it, and nothing of this
/// (docs/heroku/procedures.md, "Recreate the connection" and "Field change"). The definitions are kept as evidence, so
/// that it can be made again.
///
/// Where the change would take it along, or would fail because of it, a person has to acknowledge that; afterwards what is
/// missing is named with the statement that makes it again.
pub(crate) struct BuiltOn(pub(crate) Arc<Databases>);

/// On what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The schema of the connection.
    schema: String,
    /// An object's API name; absent for every mapped table.
    #[serde(default)]
    object: Option<String>,
    /// A field's API name.
    #[serde(default)]
    field: Option<String>,
    /// What is wanted.
    want: Want,
    /// What was there before.
    #[serde(default)]
    before: Vec<Value>,
}

/// What is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Want {
    /// Only to know it.
    Report,
    /// That a person acknowledges what the drop of the column does to it.
    Acknowledged,
    /// That what was there before is there, or a person says that it is not wanted any more.
    Still,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Each of them, with its definition.
    objects: Vec<Value>,
    /// What a person said; absent where nobody was asked.
    answer: Option<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All of it, as a document.
    document: Value,
    /// All of it, in a sentence.
    seen: String,
}

impl Action for BuiltOn {
    const NAME: &'static str = "connect.built-on";
    const SUMMARY: &'static str =
        "List what was built by SQL on mapped tables or a column, and see that it is still there.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let session = self.0.session(context, Subject { app: &params.app, database: &params.database }).await?;
        // The names of tables and columns are those of Salesforce in lower case (docs/heroku/connect.md,
        // "Mapped tables").
        let lower = |name: &Option<String>| name.as_ref().map(|name| name.to_lowercase());
        let (table, column) = (lower(&params.object), lower(&params.field));
        let part = Part { schema: &params.schema, table: table.as_deref(), column: column.as_deref() };
        let found = one_each(dependants(&session, part).await?);
        Ok(match params.want {
            Want::Report => satisfied(output(params, &found, None, &[])),
            Want::Acknowledged => acknowledged(params, &found, prior),
            Want::Still => still(params, &found, prior),
        })
    }
}

/// What was made by SQL: one entry for each object, whichever of its columns it depends on.
fn one_each(found: Vec<Dependant>) -> Vec<Dependant> {
    let mut objects: Vec<Dependant> = Vec::new();
    for one in found.into_iter().filter(|one| !one.of_connect) {
        match objects.iter_mut().find(|known| is_same(known, &one)) {
            Some(known) => known.blocks |= one.blocks,
            None => objects.push(one),
        }
    }
    objects
}

fn is_same(one: &Dependant, other: &Dependant) -> bool {
    (&one.table, &one.kind, &one.name) == (&other.table, &other.kind, &other.name)
}

fn acknowledged(params: &Params, found: &[Dependant], prior: &Prior) -> Seen<Output> {
    let ask: Vec<String> = found.iter().map(told).collect();
    match prior.answer_to(&ask) {
        None if !found.is_empty() => Seen::Unclear {
            why: format!(
                "{} {} on {}. With yes it is acknowledged that the change may take them along, or fail because of them; how \
                 they were made is kept in the run's evidence.",
                counted(found.len() as u64, "object"),
                if found.len() == 1 { "is built" } else { "are built" },
                place(params)
            ),
            ask,
        },
        Some("no" | "n") => blocked(
            format!("What is built on {} was not acknowledged.", place(params)),
            "Drop what blocks the change by SQL, or move it to another column, and retry.",
        ),
        answer => satisfied(output(params, found, answer, &[])),
    }
}

fn still(params: &Params, found: &[Dependant], prior: &Prior) -> Seen<Output> {
    let before: Vec<Dependant> =
        params.before.iter().filter_map(|one| serde_json::from_value(one.clone()).ok()).collect();
    let missing: Vec<&Dependant> = before.iter().filter(|one| !found.iter().any(|known| is_same(known, one))).collect();
    let ask: Vec<String> = missing.iter().map(|one| made(one)).collect();
    match prior.answer_to(&ask) {
        None if !missing.is_empty() => Seen::Unclear {
            why: format!(
                "{} that {} there before {} missing. Make them again by SQL, then retry; with yes they are given up.",
                counted(missing.len() as u64, "object"),
                if missing.len() == 1 { "was" } else { "were" },
                if missing.len() == 1 { "is" } else { "are" }
            ),
            ask,
        },
        Some("no" | "n") if !missing.is_empty() => blocked(
            format!("Missing on {}: {}.", place(params), names(missing.iter().copied())),
            "Make them again by SQL (their definitions are in the run's evidence), then retry.",
        ),
        answer => satisfied(output(params, found, answer.filter(|_| !missing.is_empty()), &missing)),
    }
}

fn output(params: &Params, found: &[Dependant], answer: Option<&str>, given_up: &[&Dependant]) -> Output {
    let objects: Vec<Value> = found.iter().map(|one| json!(one)).collect();
    let mut seen = match found {
        [] => format!("nothing was built by SQL on {}", place(params)),
        some => format!("{} on {}: {}", counted(some.len() as u64, "object"), place(params), names(some.iter())),
    };
    if !given_up.is_empty() {
        seen.push_str(&format!("; given up: {}", names(given_up.iter().copied())));
    }
    let when = if params.want == Want::Still { "-after" } else { "" };
    Output {
        document: json!({ "on": place(params), "objects": objects, "given_up": given_up }),
        objects,
        answer: answer.map(str::to_owned),
        keep_as: format!("built-on-{}{when}.json", place(params)),
        seen,
    }
}

/// The schema, the table or the column.
fn place(params: &Params) -> String {
    let parts = [Some(&params.schema), params.object.as_ref(), params.field.as_ref()];
    parts.into_iter().flatten().map(|part| part.to_lowercase()).collect::<Vec<_>>().join(".")
}

fn names<'a>(some: impl Iterator<Item = &'a Dependant>) -> String {
    some.map(|one| format!("{} {}", one.kind, one.name)).collect::<Vec<_>>().join(", ")
}

fn told(one: &Dependant) -> String {
    let fate = match (one.kind.as_str(), one.blocks) {
        ("function", _) => "mentions it by name, and fails while it is gone",
        (_, true) => "keeps the column from being dropped, or is dropped with it",
        (_, false) => "is dropped with the column",
    };
    format!("{} {} on {} {fate}", one.kind, one.name, one.table)
}

fn made(one: &Dependant) -> String {
    let definition = one.definition.as_deref().unwrap_or("its definition is not known");
    format!(
        "{} {} on {}: {}",
        one.kind,
        one.name,
        one.table,
        definition.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::subject::Subject;
use super::uncompared::is_refusal;
use crate::reach::{self, Databases};
use crate::sight::{blocked, satisfied, underway_with_part};
use crate::{Action, Context};
use hcops_database::Manner;
use hcops_database::rows::{self, Scope, Table};
use hcops_model::{Effect, Fault, FaultKind, Part, Prior, Seen};
use hcops_text::counted;

/// Counts the rows of every table of a database, or of a connection's mapped tables, by SQL; beside what was counted before,
/// where that is given.
///
/// A change that leaves one copy of the data only, such as an upgrade in place, cannot be proved by comparing two
/// databases: the tables and their rows before and after are what there is to compare (docs/heroku/procedures.md,
/// "Exact copy", point 4). Tables that are missing, new or of another size fail the verification (exit 15) where the
/// same is wanted.
pub(crate) struct Rows(pub(crate) Arc<Databases>);

/// Which tables.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// A connection's schema: only its mapped tables are counted. Absent: every table of the database.
    #[serde(default)]
    mapped_in: Option<String>,
    /// Rows by table as they were counted before.
    #[serde(default)]
    before: BTreeMap<String, u64>,
    /// Tables that were not counted before, as the output names them: they are left out now as well.
    #[serde(default)]
    not_counted_before: Vec<String>,
    /// How long the count of one table may take, in milliseconds. A table that takes longer is not counted, and a person is
    /// asked about it; asking again would take as long again.
    #[serde(default = "ten_minutes")]
    longest_count: u64,
    /// What is wanted.
    want: Want,
}

/// What is wanted of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Want {
    /// Only to know them.
    Report,
    /// That they are those of before.
    Same,
}

/// The numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Rows by table.
    rows: BTreeMap<String, u64>,
    /// Rows of all tables.
    total: u64,
    /// Tables that were not counted: the credential does not see all of their rows, or counting them took too long.
    not_counted: Vec<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All of it, as a document.
    document: Value,
    /// All of it, in a sentence.
    seen: String,
}

/// How long one look may count; then it says how far it is.
const A_LOOK: SignedDuration = SignedDuration::from_secs(5);
/// Seconds until the next look goes on.
const GO_ON: u64 = 1;
/// How many tables a sentence names.
const NAMED: usize = 5;

impl Action for Rows {
    const NAME: &'static str = "postgres.rows";
    const SUMMARY: &'static str = "Count the rows of tables by SQL, beside those of before.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let scope = params.mapped_in.as_deref().map_or(Scope::Database, Scope::Mapped);
        let asker = self.0.session(context, subject).await?;
        let tables = rows::tables(&asker, scope).await?;
        let hidden: Vec<String> = rows::hidden(&asker, scope).await?.iter().map(Table::title).collect();
        let mut known = noted(params, prior);
        let session = reach::open(context, subject, Manner::LONG_READ).await?;
        let begun = context.clock.now();
        for table in &tables {
            if known.has(&table.title()) {
                continue;
            }
            if context.clock.now().duration_since(begun) > A_LOOK {
                return Ok(so_far(context, params, &tables, &known));
            }
            match rows::count(&session, table, Duration::from_millis(params.longest_count)).await? {
                Some(rows) => drop(known.rows.insert(table.title(), rows)),
                None => known.late.push(table.title()),
            }
        }
        known.rows.retain(|title, _| tables.iter().any(|table| table.title() == *title));
        if let Some(question) = late(params, &known.late, prior) {
            context.remember(json!(known));
            return Ok(question);
        }
        let left = known.late.into_iter().chain(params.not_counted_before.iter().cloned());
        let not_counted: BTreeSet<String> = hidden.into_iter().chain(left).collect();
        judge(params, known.rows, not_counted.into_iter().collect())
    }
}

/// What has been counted up to now.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    rows: BTreeMap<String, u64>,
    /// Tables whose count took too long.
    late: Vec<String>,
    /// Tables that were left out before.
    #[serde(skip)]
    left: Vec<String>,
}

impl Known {
    fn has(&self, title: &String) -> bool {
        self.rows.contains_key(title) || self.late.contains(title) || self.left.contains(title)
    }
}

/// What a person was asked about is not counted for minutes once more only to ask the same.
fn noted(params: &Params, prior: &Prior) -> Known {
    let memo = prior.memo.as_ref().and_then(|memo| serde_json::from_value::<Known>(memo.clone()).ok());
    let mut known = memo.unwrap_or_default();
    if prior.answer.is_some() && known.late.is_empty() {
        let asked = prior.asked.iter().flatten().filter_map(|statement| statement.split_once(LATE));
        known.late = asked.map(|(title, _)| title.to_owned()).collect();
    }
    known.left.clone_from(&params.not_counted_before);
    known
}

/// Behind the name of a table in a statement about it.
const LATE: &str = ": counting its rows took longer than ";

const fn ten_minutes() -> u64 {
    600_000
}

/// Asks about the tables whose count took too long; nothing where there are none, or a person vouches for them.
fn late(params: &Params, late: &[String], prior: &Prior) -> Option<Seen<Output>> {
    let limit = SignedDuration::from_millis(i64::try_from(params.longest_count).unwrap_or(i64::MAX));
    let statements: Vec<String> = late
        .iter()
        .map(|title| {
            format!("{title}{LATE}{limit:#}. Whether it holds what it should is known otherwise, or does not matter.")
        })
        .collect();
    if statements.is_empty() {
        return None;
    }
    match prior.answer_to(&statements) {
        None => Some(Seen::Unclear {
            why: format!(
                "Not every table of {} could be counted within {limit:#}: {}. Counting them again would take as long again.",
                params.database,
                shown(late)
            ),
            ask: statements,
        }),
        Some(answer) if is_refusal(answer) => Some(blocked(
            format!("The answer was \"{answer}\": it is not acceptable that this is not counted: {}.", shown(late)),
            format!(
                "Look what keeps the database busy (`heroku pg:ps {0} -a {1}`, `heroku pg:locks {0} -a {1}`), then retry; or count \
                 by hand (`heroku pg:psql {0} -a {1}`) and answer again with yes.",
                params.database, params.app
            ),
        )),
        Some(_) => None,
    }
}

fn so_far(context: &Context, params: &Params, tables: &[Table], known: &Known) -> Seen<Output> {
    context.remember(json!(known));
    let done = known.rows.len() + known.late.len();
    let part = Part { done: done as u64, of: tables.len() as u64, unit: "tables".to_owned() };
    let note = format!("counting in {}: {} so far", params.database, counted(known.rows.values().sum::<u64>(), "row"));
    underway_with_part(note, part, GO_ON)
}

fn judge(params: &Params, rows: BTreeMap<String, u64>, not_counted: Vec<String>) -> Result<Seen<Output>, Fault> {
    let is_counted = |title: &String| !not_counted.contains(title);
    let before =
        params.before.iter().filter(|(title, _)| is_counted(title)).map(|(title, rows)| (title.clone(), *rows));
    let changed = changes(&before.collect(), &rows);
    if params.want == Want::Same && !changed.is_empty() {
        return Err(not_the_same(params, &changed));
    }
    let total = rows.values().sum();
    let which = if params.mapped_in.is_some() { "mapped table" } else { "table" };
    let mut seen = format!("{}: {} in {}", params.database, counted(total, "row"), counted(rows.len() as u64, which));
    match (params.want, changed.as_slice()) {
        (Want::Same, _) => seen.push_str(", each with as many as before"),
        (Want::Report, _) if params.before.is_empty() => seen.push_str(&each(&rows)),
        (Want::Report, []) => seen.push_str(", each with as many as before"),
        (Want::Report, some) => seen.push_str(&format!("; {}", shown(some))),
    }
    if !not_counted.is_empty() {
        seen.push_str(&format!(
            "; not counted, because the credential does not see all of it or counting took too long: {}",
            shown(&not_counted)
        ));
    }
    Ok(satisfied(Output {
        not_counted,
        keep_as: format!("rows-of-{}{}.json", params.database, if params.before.is_empty() { "" } else { "-after" }),
        document: json!({ "database": params.database, "rows": rows, "before": params.before }),
        rows,
        total,
        seen,
    }))
}

fn each(rows: &BTreeMap<String, u64>) -> String {
    let told: Vec<String> = rows.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
    if told.is_empty() { String::new() } else { format!(": {}", shown(&told)) }
}

/// One sentence for each table that has other rows than before.
fn changes(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Vec<String> {
    if before.is_empty() {
        return Vec::new();
    }
    let gone = before.iter().filter(|(table, _)| !now.contains_key(*table));
    let gone = gone.map(|(table, rows)| format!("{table} is not there any more, it had {rows}"));
    let other = now.iter().filter_map(|(table, rows)| match before.get(table) {
        Some(old) if old == rows => None,
        Some(old) => Some(format!("{table} had {old} and has {rows}")),
        None => Some(format!("{table} is new, with {rows}")),
    });
    gone.chain(other).collect()
}

fn shown(some: &[String]) -> String {
    let named = some.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if some.len() > NAMED { format!("{named} and {} more", some.len() - NAMED) } else { named }
}

fn not_the_same(params: &Params, changed: &[String]) -> Fault {
    Fault::new(
        FaultKind::Verification,
        format!("{} does not hold what it held before: {}.", params.database, shown(changed)),
        "Nothing should have been written meanwhile, so rows were lost or somebody has written.",
        "Find out what happened to these tables before apps and sync write again; the numbers of before are in the run's \
         evidence. Where the difference is explained, skip this step with that reason.",
    )
    .with_command(format!("heroku pg:psql {} -a {}", params.database, params.app))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::changes;

    #[test]
    fn missing_new_and_other_tables_are_named() {
        let rows = |some: &[(&str, u64)]| -> BTreeMap<String, u64> {
            some.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect()
        };
        let before = rows(&[("a", 1), ("b", 2), ("c", 3)]);
        let found = changes(&before, &rows(&[("a", 1), ("b", 1), ("d", 4)]));
        assert_eq!(found, ["c is not there any more, it had 3", "b had 2 and has 1", "d is new, with 4"]);
        assert!(changes(&before, &before).is_empty());
        assert!(changes(&rows(&[]), &before).is_empty(), "nothing to compare with");
    }
}

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::subject::Subject;
use crate::reach::{self, Databases};
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_database::Manner;
use hcops_database::collations::{self, Collations, Rebuild};
use hcops_database::inventory::{self, Difference, Inventory as Read, Weight};
use hcops_model::{Digest, Effect, Fault, FaultKind, Prior, Seen};
use hcops_text::counted;

/// Reads what a database consists of, apart from its rows, and keeps that as evidence; with a second database, also in
/// what the two differ. With what was read before, it verifies that nothing else is there after an upgrade in place (exit 15
/// otherwise), and names indexes that another version of the collation library may have made wrong.
pub(crate) struct Inventory(pub(crate) Arc<Databases>);

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// Another add-on of the same app, by name, that should consist of the same.
    #[serde(default)]
    beside: Option<String>,
    /// What was read of this database before, as the document of that step.
    #[serde(default)]
    before: Option<Value>,
}

/// What is kept of a database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Kept {
    /// All that it consists of.
    #[schemars(with = "Value")]
    inventory: Read,
    /// The versions of its collations, and the indexes that are sorted by them.
    #[schemars(with = "Value")]
    collations: Collations,
}

/// What it consists of.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The server's version.
    version: String,
    /// How many things of each kind.
    counts: BTreeMap<String, u64>,
    /// SHA-256 over everything that was read.
    digest: String,
    /// What differs and should not; absent when no second database was named.
    differences: Option<Vec<String>>,
    /// The statements that build indexes again, because the collation library is of another version than before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rebuild: Vec<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All that was read.
    document: Value,
    /// All of that in a sentence.
    seen: String,
}

impl Action for Inventory {
    const NAME: &'static str = "postgres.inventory";
    const SUMMARY: &'static str = "Read what a database consists of, and keep it as evidence.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let own = self.read(context, params, &params.database).await?;
        let session = self.0.session(context, Subject { app: &params.app, database: &params.database }).await?;
        let kept = Kept { inventory: own.clone(), collations: collations::read(&session).await? };
        let before = params.before.as_ref().map(kept_before).transpose()?;
        let changed = before.as_ref().map(|before| differences(&before.inventory, &own)).unwrap_or_default();
        if !changed.is_empty() {
            return Err(not_the_same(params, &changed));
        }
        let rebuild = collations::to_rebuild(&kept.collations, before.as_ref().map(|before| &before.collations));
        let wrong = rebuilding(context, params, &rebuild).await?;
        let differences = match &params.beside {
            Some(other) => Some(differences(&own, &self.read(context, params, other).await?)),
            None => None,
        };
        let digest = serde_json::to_value(&own).map_err(|error| unwritable(&error))?;
        let counts = counts(&own);
        Ok(satisfied(Output {
            version: own.version().to_owned(),
            digest: Digest::of_value(&digest).0,
            seen: seen(params, &own, &counts, differences.as_deref(), wrong),
            rebuild: rebuild.iter().map(Rebuild::statement).collect(),
            keep_as: format!("inventory-of-{}{}.json", params.database, if before.is_some() { "-after" } else { "" }),
            document: serde_json::to_value(&kept).map_err(|error| unwritable(&error))?,
            counts,
            differences,
        }))
    }
}

/// What is said of indexes on text that may be wrong, with what amcheck says of them where it may be used.
async fn rebuilding(context: &Context, params: &Params, rebuild: &[Rebuild]) -> Result<Option<String>, Fault> {
    let Some(said) = collations::spoken(rebuild) else { return Ok(None) };
    let subject = Subject { app: &params.app, database: &params.database };
    let checked = match reach::open(context, subject, Manner::LONG_READ).await {
        Ok(session) => collations::checked(&session, context.clock.as_ref(), rebuild).await?,
        Err(fault) if fault.kind == FaultKind::Transient => return Err(fault),
        // The indexes are named all the same.
        Err(_) => None,
    };
    let checked = checked.map_or_else(|| collations::WITHOUT_AMCHECK.to_owned(), |checked| checked.spoken());
    Ok(Some(format!("{said} {checked}")))
}

/// The document of an earlier step, read again.
fn kept_before(document: &Value) -> Result<Kept, Fault> {
    serde_json::from_value(document.clone()).map_err(|error| {
        Fault::new(
            FaultKind::Bug,
            format!("what was read of the database before can't be read: {error}"),
            "What it consists of now can't be held against it.",
            "Report this as a defect of hcops; compare by hand with the inventory that is kept in the run's evidence.",
        )
    })
}

impl Inventory {
    async fn read(&self, context: &Context, params: &Params, database: &str) -> Result<Read, Fault> {
        let session = self.0.session(context, Subject { app: &params.app, database }).await?;
        inventory::read(&session).await
    }
}

fn counts(read: &Read) -> BTreeMap<String, u64> {
    read.items.iter().fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(item.kind.clone()).or_default() += 1;
        counts
    })
}

fn differences(old: &Read, new: &Read) -> Vec<String> {
    let found = inventory::differences(old, new);
    found.iter().filter(|difference| difference.weight == Weight::Matters).map(spoken).collect()
}

fn spoken(difference: &Difference) -> String {
    let fact = difference.fact.as_ref().map_or_else(String::new, |fact| format!(", {fact}"));
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let (one, other) = (value(&difference.old), value(&difference.new));
    format!("{} {}{fact}: {one}, and then {other}", difference.kind, difference.name)
}

fn seen(
    params: &Params,
    own: &Read,
    counts: &BTreeMap<String, u64>,
    differences: Option<&[String]>,
    rebuild: Option<String>,
) -> String {
    let some = ["table", "index", "trigger", "function", "sequence", "extension"];
    let told: Vec<String> = some.iter().filter_map(|kind| Some(counted(*counts.get(*kind)?, kind))).collect();
    let beside = match (differences, &params.beside) {
        (Some([]), Some(other)) => format!("; {other} consists of the same"),
        (Some(some), Some(other)) => format!("; {} to {other}", counted(some.len() as u64, "difference")),
        _ if params.before.is_some() => "; nothing else than before".to_owned(),
        _ => String::new(),
    };
    let rebuild = rebuild.map_or_else(String::new, |rebuild| format!(". {rebuild}"));
    format!("{} is PostgreSQL {} with {}{beside}{rebuild}", params.database, own.version(), told.join(", "))
}

/// Differences that a message names.
const NAMED: usize = 10;

fn not_the_same(params: &Params, changed: &[String]) -> Fault {
    let more = if changed.len() > NAMED { format!("; and {} more", changed.len() - NAMED) } else { String::new() };
    let shown = changed.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    Fault::new(
        FaultKind::Verification,
        format!("{} does not consist of what it consisted of before: {shown}{more}.", params.database),
        "Nobody should have changed it meanwhile: something got lost, or somebody still works in it.",
        format!(
            "Look at it (`heroku pg:psql {} -a {}`) and make what is missing again, then retry; or skip this step, if you know \
             who changed it.",
            params.database, params.app
        ),
    )
}

fn unwritable(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("the inventory cannot be written: {error}"),
        "It is kept as evidence.",
        "Report this as a defect of hcops.",
    )
}

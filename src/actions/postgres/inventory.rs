use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::actions::reach::Databases;
use crate::actions::sight::{counted, satisfied};
use crate::actions::{Action, Context};
use crate::database::inventory::{self, Difference, Inventory as Read, Weight};
use crate::model::{Digest, Effect, Fault, FaultKind, Prior, Seen};

/// Reads what a database consists of, apart from its rows, and keeps that as evidence; with a second database, also in
/// what the two differ.
pub(in crate::actions) struct Inventory(pub(in crate::actions) Arc<Databases>);

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// Another add-on of the same app, by name, that should consist of the same.
    #[serde(default)]
    beside: Option<String>,
}

/// What it consists of.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The server's version.
    version: String,
    /// How many things of each kind.
    counts: BTreeMap<String, u64>,
    /// SHA-256 over everything that was read.
    digest: String,
    /// What differs and should not; absent when no second database was named.
    differences: Option<Vec<String>>,
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
        let differences = match &params.beside {
            Some(other) => Some(differences(&own, &self.read(context, params, other).await?)),
            None => None,
        };
        let digest = serde_json::to_value(&own).map_err(|error| unwritable(&error))?;
        let counts = counts(&own);
        Ok(satisfied(Output {
            version: own.version().to_owned(),
            digest: Digest::of_value(&digest).0,
            seen: seen(params, &own, &counts, differences.as_deref()),
            counts,
            differences,
        }))
    }
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
    format!("{} {}{fact}: {one} here, {other} beside it", difference.kind, difference.name)
}

fn seen(params: &Params, own: &Read, counts: &BTreeMap<String, u64>, differences: Option<&[String]>) -> String {
    let some = ["table", "index", "trigger", "function", "sequence", "extension"];
    let told: Vec<String> = some.iter().filter_map(|kind| Some(counted(*counts.get(*kind)?, kind))).collect();
    let beside = match (differences, &params.beside) {
        (Some([]), Some(other)) => format!("; {other} consists of the same"),
        (Some(some), Some(other)) => format!("; {} to {other}", counted(some.len() as u64, "difference")),
        _ => String::new(),
    };
    format!("{} is PostgreSQL {} with {}{beside}", params.database, own.version(), told.join(", "))
}

fn unwritable(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("the inventory cannot be written: {error}"),
        "It is kept as evidence.",
        "Report this as a defect of hcops.",
    )
}

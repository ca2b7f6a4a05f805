use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::connect::pointer::{Pointer, name, opened_by};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Prior, Seen, says_nothing};

/// Notes what no export holds and an import therefore can't bring back: the write algorithm, the beta features (accelerated
/// polling by Change Data Capture is one), batch sizes, a name that somebody chose, and the version of the Salesforce
/// API (docs/heroku/procedures.md, "Recreate the connection"). What the API does not show, a person is asked for:
/// afterwards it can't be read any more.
pub(crate) struct Settings;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
}

/// What was noted.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Version of the Salesforce API, where it is shown.
    api_version: Option<String>,
    /// Whether writes are ordered; otherwise merged. Absent where it is not shown.
    ordered_writes: Option<bool>,
    /// Each feature switch, the write algorithm's too.
    features: BTreeMap<String, Value>,
    /// Batch sizes and thresholds, where they are shown.
    limits: BTreeMap<String, i64>,
    /// The connection's name, where it is not the one that Connect makes of app, config var and schema.
    chosen_name: Option<String>,
    /// What a person said about what is not shown.
    told: Option<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All of it, as a document.
    document: Value,
    /// All of it, in a sentence.
    seen: String,
}

/// The feature switch that is the write algorithm: on means ordered, off means merged writes
/// (docs/heroku/connect.md, "Connection").
pub(super) const ORDERED: &str = "poll_db_no_merge";

impl Action for Settings {
    const NAME: &'static str = "connect.settings";
    const SUMMARY: &'static str = "Note the settings of a connection that an import does not bring back.";
    const EFFECT: Effect = Effect::ReadOnly;
    const ASKS_FOR_WORDS: bool = true;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let hidden = hidden(&connection);
        let told = prior.answer_to(&hidden);
        Ok(match told {
            None if !hidden.is_empty() => Seen::Unclear {
                why: format!("The API does not show all settings of {}.", name(&connection)),
                ask: hidden,
            },
            Some(answer) if !hidden.is_empty() && says_nothing(answer) => blocked(
                format!("\"{answer}\" does not say what the setting is."),
                format!("Read it on the connection's page (`{}`) and answer with it.", opened_by(&connection)),
            ),
            told => satisfied(output(&connection, told)),
        })
    }
}

fn hidden(connection: &Connection) -> Vec<String> {
    let mut hidden = Vec::new();
    if api_version(connection).is_none() {
        hidden.push("Which version of the Salesforce API does it use?".to_owned());
    }
    if ordered(connection).is_none() {
        hidden.push("Is its write algorithm ordered or merged writes?".to_owned());
    }
    if connection.features.is_empty() {
        hidden.push("Which beta features are switched on?".to_owned());
    }
    hidden
}

/// The version of the Salesforce API that a connection shows.
pub(super) fn api_version(connection: &Connection) -> Option<&str> {
    connection.sf_info.as_ref()?.api_version.as_deref()
}

/// Whether a connection shows ordered writes.
pub(super) fn ordered(connection: &Connection) -> Option<bool> {
    connection.features.get(ORDERED)?.as_bool()
}

fn output(connection: &Connection, told: Option<&str>) -> Output {
    let (api_version, ordered_writes) = (api_version(connection).map(str::to_owned), ordered(connection));
    let on: Vec<&str> = connection
        .features
        .iter()
        .filter(|(_, on)| on.as_bool() == Some(true))
        .map(|(name, _)| name.as_str())
        .collect();
    let seen = format!(
        "Salesforce API {}; {}; features on: {}{}",
        api_version.as_deref().unwrap_or("not shown"),
        algorithm(ordered_writes),
        if on.is_empty() { "none".to_owned() } else { on.join(", ") },
        told.map_or_else(String::new, |told| format!("; told: {told}"))
    );
    let document = json!({
        "resource_name": connection.resource_name, "name": connection.name, "db_key": connection.db_key,
        "schema_name": connection.schema_name, "plan": connection.plan, "organization_id": connection.organization_id,
        "sf_info": connection.sf_info, "features": connection.features, "limits": limits(connection), "told": told,
    });
    Output {
        api_version,
        ordered_writes,
        features: connection.features.clone(),
        limits: limits(connection),
        chosen_name: chosen_name(connection).map(str::to_owned),
        told: told.map(str::to_owned),
        keep_as: format!("settings-of-{}.json", name(connection)),
        document,
        seen,
    }
}

/// Batch sizes and thresholds that a connection shows.
pub(super) fn limits(connection: &Connection) -> BTreeMap<String, i64> {
    let shown = [
        ("bulk_page_size", connection.bulk_page_size),
        ("soap_batch_size", connection.soap_batch_size),
        ("large_query_threshold", connection.large_query_threshold),
    ];
    shown.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// A name that somebody gave the connection: not `app:config var:schema`.
pub(super) fn chosen_name(connection: &Connection) -> Option<&str> {
    let made = [&connection.app_name, &connection.db_key, &connection.schema_name]
        .map(|part| part.as_deref().unwrap_or_default())
        .join(":");
    connection.name.as_deref().filter(|name| !name.is_empty() && *name != made)
}

/// The write algorithm in words.
pub(super) const fn algorithm(ordered: Option<bool>) -> &'static str {
    match ordered {
        Some(true) => "ordered writes",
        Some(false) => "merged writes",
        None => "write algorithm not shown",
    }
}

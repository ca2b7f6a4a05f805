use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::differences;
use crate::connect::pointer::{Pointer, name, options};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Exports a connection's configuration into a file of the run's evidence, and checks that it is whole: it parses, and it
/// has each mapping that the connection has, with its fields.
///
/// The file is the one that `heroku connect:export` would write; `heroku connect:import` takes it
/// (docs/heroku/connect.md, "Export and import").
pub(crate) struct Export;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
}

/// The configuration.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The objects that are mapped.
    objects: Vec<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// The document.
    document: Value,
    /// What was exported, in a sentence.
    seen: String,
}

/// The version of export documents (docs/heroku/connect.md, "Export and import").
const VERSION: i64 = 1;

impl Action for Export {
    const NAME: &'static str = "connect.export";
    const SUMMARY: &'static str = "Export a connection's configuration into a file, and check that it is whole.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let document = context.clients.connect.export(&pointer.address(context)?).await?;
        let faults = faults(&document, &connection);
        if !faults.is_empty() {
            return Ok(blocked(
                format!("The exported configuration of {} is not whole: {}.", name(&connection), faults.join("; ")),
                format!(
                    "What is not in the file is lost with the connection. Export it by hand (`heroku connect:export {}`) and \
                     compare; where that file is not whole either, ask Heroku's support.",
                    options(&connection)
                ),
            ));
        }
        Ok(satisfied(output(&connection, document)))
    }
}

fn output(connection: &Connection, document: Value) -> Output {
    let objects: Vec<String> = differences::mappings(&document).into_keys().collect();
    let app = connection.app_name.as_deref().unwrap_or("connection");
    let keep_as = format!("{app}-{}.json", name(connection));
    let seen = format!(
        "{} of {} ({}), kept as {keep_as} in the run's evidence",
        counted(objects.len() as u64, "mapping"),
        name(connection),
        objects.join(", ")
    );
    Output { objects, keep_as, document, seen }
}

/// What keeps a document from being a configuration: an unknown version, no mapping, or one without its fields.
pub(in crate::connect) fn document_faults(document: &Value) -> Vec<String> {
    let mut faults: Vec<String> = version_fault(document).into_iter().collect();
    let mappings = differences::mappings(document);
    if mappings.is_empty() {
        faults.push("it has no mappings".to_owned());
    }
    faults.extend(doubles(document));
    let bare = mappings.iter().filter(|(_, config)| has_no_fields(config));
    faults.extend(bare.map(|(object, _)| without_fields(object)));
    faults
}

/// Objects that the document names twice, also in other letters: both would get the same table
/// (docs/heroku/connect.md, "Export and import"), and which of them counts is not known.
fn doubles(document: &Value) -> Vec<String> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let objects = document["mappings"].as_array().into_iter().flatten().filter_map(|it| it["object_name"].as_str());
    let twice = objects.filter_map(|object| match seen.insert(object.to_lowercase(), object) {
        Some(other) if other == object => Some(format!("it maps {object} twice")),
        Some(other) => Some(format!("it maps {object} beside {other}, which is the same object")),
        None => None,
    });
    twice.collect()
}

/// Objects that the document spells in other letters than the connection does: they would not be found there.
pub(in crate::connect) fn spelled_otherwise(document: &Value, now: &Value) -> Vec<String> {
    let present = differences::mappings(now);
    let by_letters: BTreeMap<String, &String> = present.keys().map(|object| (object.to_lowercase(), object)).collect();
    let other = |object: &String| {
        let known = by_letters.get(&object.to_lowercase()).filter(|known| **known != object)?;
        Some(format!("it maps {object}, and the connection has {known}"))
    };
    differences::mappings(document).keys().filter_map(other).collect()
}

fn version_fault(document: &Value) -> Option<String> {
    let known = document["version"].as_i64() == Some(VERSION);
    (!known).then(|| format!("its version is {}, and {VERSION} is known", document["version"]))
}

fn has_no_fields(config: &Map<String, Value>) -> bool {
    config.get("fields").and_then(Value::as_object).is_none_or(Map::is_empty)
}

fn without_fields(object: &str) -> String {
    format!("the mapping {object} is there without its fields")
}

fn faults(document: &Value, connection: &Connection) -> Vec<String> {
    let mut faults: Vec<String> = version_fault(document).into_iter().collect();
    let exported = differences::mappings(document);
    for mapping in &connection.mappings {
        match exported.get(&mapping.object_name) {
            None => faults.push(format!("the mapping {} is missing", mapping.object_name)),
            Some(config) if has_no_fields(config) => faults.push(without_fields(&mapping.object_name)),
            Some(_) => {}
        }
    }
    faults
}

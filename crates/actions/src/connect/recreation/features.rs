use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::settings::{ORDERED, limits};
use crate::connect::pointer::{Pointer, name, opened_by};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Compares a connection's feature switches, its batch sizes and a chosen name with those that were noted before. The set drifts over time
/// (docs/heroku/connect.md, "Connection"), so a difference is a person's to judge; the write algorithm is compared
/// apart.
pub(crate) struct Features;

/// Which connection, and what was noted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The switches as they were.
    features: BTreeMap<String, Value>,
    /// Batch sizes and thresholds as they were.
    #[serde(default)]
    limits: BTreeMap<String, i64>,
    /// The name that somebody had given it.
    #[serde(default)]
    chosen_name: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Each switch and setting that is not as it was.
    differences: Vec<String>,
    /// What a person said about them.
    answer: Option<String>,
    /// The verdict, in a sentence.
    seen: String,
}

impl Action for Features {
    const NAME: &'static str = "connect.features";
    const SUMMARY: &'static str = "Compare a connection's beta features with those that were noted before.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let mut differences = differences(&params.features, &connection);
        differences.extend(other_settings(params, &connection));
        let answer = prior.answer_to(&differences);
        Ok(match answer {
            None if !differences.is_empty() => Seen::Unclear {
                why: format!(
                    "Settings of {} are not as before. Set them on its page (`{}`); with yes what is left is taken as \
                     meant.",
                    name(&connection),
                    opened_by(&connection)
                ),
                ask: differences,
            },
            Some("no" | "n") if !differences.is_empty() => blocked(
                format!("Not meant: {}.", differences.join("; ")),
                format!("Set them on the connection's page (`{}`), and retry.", opened_by(&connection)),
            ),
            answer => satisfied(output(differences, answer)),
        })
    }
}

fn differences(noted: &BTreeMap<String, Value>, connection: &Connection) -> Vec<String> {
    let names: BTreeSet<&String> = noted.keys().chain(connection.features.keys()).collect();
    let is_on =
        |features: &BTreeMap<String, Value>, name: &str| features.get(name).and_then(Value::as_bool) == Some(true);
    names
        .into_iter()
        .filter(|name| *name != ORDERED)
        .filter_map(|name| match (is_on(noted, name), is_on(&connection.features, name)) {
            (true, false) => Some(format!("{name} was on, and is off")),
            (false, true) => Some(format!("{name} was off, and is on")),
            _ => None,
        })
        .collect()
}

/// What a connection does not show any more is no difference.
fn other_settings(params: &Params, connection: &Connection) -> Vec<String> {
    let now = limits(connection);
    let changed = params.limits.iter().filter_map(|(name, was)| Some((name, was, now.get(name)?)));
    let limits =
        changed.filter(|(_, was, is)| was != is).map(|(name, was, is)| format!("{name} was {was}, and is {is}"));
    let named = params.chosen_name.as_deref().filter(|was| connection.name.as_deref() != Some(*was));
    let name = named.map(|was| format!("its name was {was:?}, and is {:?}", connection.display_name()));
    limits.chain(name).collect()
}

fn output(differences: Vec<String>, answer: Option<&str>) -> Output {
    let seen = match differences.len() {
        0 => "as before".to_owned(),
        _ => format!("taken as meant: {}", differences.join("; ")),
    };
    Output { differences, answer: answer.map(str::to_owned), seen }
}

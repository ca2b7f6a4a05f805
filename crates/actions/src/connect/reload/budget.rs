use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::connect::pointer::{Pointer, name};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, Mapping};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Shows what reloading mappings asks of the Salesforce organisation, as far as it is known, and has a person say that
/// the organisation's API calls last for it. How many calls a reload takes is not published: it reads each record of each
/// object, in bulk above 10,000 records (docs/heroku/connect.md, "Reload").
pub(crate) struct ReloadBudget;

/// Which connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The objects that are reloaded; all where none is named.
    #[serde(default)]
    objects: Vec<String>,
}

/// What was shown.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Records in all, of the mappings that show them.
    records: i64,
    /// Mappings that are loaded in bulk.
    in_bulk: usize,
    /// What a person said.
    answer: String,
    /// All of it, in a sentence.
    seen: String,
}

/// More records than this are loaded through the Bulk API (docs/heroku/connect.md, "Reload").
const BULK_ABOVE: i64 = 10_000;

impl Action for ReloadBudget {
    const NAME: &'static str = "connect.reload-budget";
    const SUMMARY: &'static str = "Show what reloading mappings asks of Salesforce, and have it approved.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let mut connection = pointer.look(context).await?;
        let is_meant = |object: &String| params.objects.is_empty() || params.objects.contains(object);
        connection.mappings.retain(|mapping| is_meant(&mapping.object_name));
        let seen = spoken(&connection);
        let asked = ask(&connection, &seen);
        Ok(match prior.answer_up_to(&asked) {
            None => Seen::Unclear {
                why: format!("Reloading mappings of {} reads every record of their objects.", name(&connection)),
                ask: asked,
            },
            Some("no" | "n") => blocked(
                "The organisation's API calls do not last for the reloads.",
                "They are counted over 24 hours: wait until enough are free, or have the limit raised; then retry.",
            ),
            Some(answer) => satisfied(Output {
                records: records(&connection),
                in_bulk: connection.mappings.iter().filter(|mapping| is_bulk(mapping)).count(),
                answer: answer.to_owned(),
                seen,
            }),
        })
    }
}

fn ask(connection: &Connection, seen: &str) -> Vec<String> {
    let each = connection.mappings.iter().map(|mapping| {
        let limit = mapping
            .config
            .as_ref()
            .and_then(|config| config.rest.get("sf_max_daily_api_calls"))
            .and_then(Value::as_i64);
        format!(
            "{}: {} records{}{}",
            mapping.object_name,
            in_salesforce(mapping).map_or_else(|| "an unknown number of".to_owned(), |count| count.to_string()),
            if is_bulk(mapping) { ", in bulk" } else { "" },
            limit.map_or_else(String::new, |limit| format!(", at most {limit} API calls a day"))
        )
    });
    let budget =
        "The organisation has enough API calls left for this today, beside those of everything else that uses it \
                  (Salesforce Setup, System Overview, API Usage)."
            .to_owned();
    std::iter::once(format!("{seen}.")).chain(each).chain([budget]).collect()
}

fn spoken(connection: &Connection) -> String {
    let unknown = connection.mappings.iter().filter(|mapping| in_salesforce(mapping).is_none()).count();
    let bulk = connection.mappings.iter().filter(|mapping| is_bulk(mapping)).count();
    let missing = match unknown {
        0 => String::new(),
        1 => "; 1 mapping does not show its".to_owned(),
        unknown => format!("; {unknown} mappings do not show theirs"),
    };
    format!(
        "{} of {} are read, {bulk} of them in bulk{missing}; how many API calls that takes is not published",
        counted(records(connection).unsigned_abs(), "record"),
        counted(connection.mappings.len() as u64, "mapping")
    )
}

fn records(connection: &Connection) -> i64 {
    connection.mappings.iter().filter_map(in_salesforce).sum()
}

fn in_salesforce(mapping: &Mapping) -> Option<i64> {
    mapping.counts?.sf
}

fn is_bulk(mapping: &Mapping) -> bool {
    in_salesforce(mapping).is_some_and(|count| count > BULK_ABOVE)
}

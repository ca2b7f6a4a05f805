use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::connect::pointer::{Pointer, name, opened_by};
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, Mapping, MappingClass, MappingConfig, MappingState, ObjectField};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Looks at a mapped field: how its mapping is configured, with the revision of that configuration, and what Salesforce
/// has the field as now, where the API shows it.
pub(crate) struct Field;

/// Which field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The Salesforce object's API name.
    object: String,
    /// The field's API name.
    field: String,
    /// Whether the field will be taken out of the mapping for a while.
    removable: bool,
    /// What has changed, in a person's words; needed where the API does not show the definition.
    #[serde(default)]
    change: Option<String>,
}

/// The field and its mapping.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The mapping's id.
    mapping: String,
    /// The revision of its configuration.
    revision: i64,
    /// Its configuration.
    config: Value,
    /// Rows of its table, where that is shown.
    rows: Option<i64>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// The configuration and Salesforce's definition, as a document.
    document: Value,
    /// What Salesforce has the field as, where that is shown: `string(120)`.
    defined_as: Option<String>,
    /// What is known of the change, in a sentence.
    seen: String,
}

/// Fields that every mapping has and that can't be taken out (docs/heroku/connect.md, "Mapping").
const FIXED: [&str; 3] = ["Id", "SystemModstamp", "IsDeleted"];

impl Action for Field {
    const NAME: &'static str = "connect.field";
    const SUMMARY: &'static str = "Look at a mapped field, its mapping's revision, and its definition in Salesforce.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let Some(mapping) = connection.mapping(&params.object) else { return Ok(not_mapped(params, &connection)) };
        let Some((config, revision)) = mapping.config.as_ref().and_then(|config| Some((config, config.revision?)))
        else {
            return Ok(without_revision(&connection, mapping));
        };
        if let Some(seen) = unfit_mapping(&connection, mapping).or_else(|| unfit_field(params, mapping, config)) {
            return Ok(seen);
        }
        let look = context.clients.connect.object_fields(&pointer.address(context)?, &mapping.object_name).await;
        let listed = if_found(look)?;
        Ok(judge(params, mapping, config, revision, listed))
    }
}

fn judge(
    params: &Params,
    mapping: &Mapping,
    config: &MappingConfig,
    revision: i64,
    listed: Option<Vec<ObjectField>>,
) -> Seen<Output> {
    let definition = match listed {
        Some(fields) => match fields.into_iter().find(|field| field.name == params.field) {
            Some(field) => field.rest,
            None => return gone(params),
        },
        None => serde_json::Map::new(),
    };
    let Some(seen) = told(params, &definition) else { return unknown_change(params) };
    let config = json!(config);
    let defined_as = defined_as(&definition);
    satisfied(Output {
        defined_as,
        mapping: mapping.id.clone(),
        revision,
        rows: mapping.counts.and_then(|counts| counts.db),
        keep_as: format!("mapping-of-{}.json", mapping.object_name),
        document: json!({ "object_name": mapping.object_name, "config": config, "field": params.field, "definition": definition, "change": params.change }),
        config,
        seen,
    })
}

/// What Salesforce has the field as, and what a person says about the change; nothing where neither is known.
fn told(params: &Params, definition: &serde_json::Map<String, Value>) -> Option<String> {
    let shown =
        defined_as(definition).map(|kind| format!("{}.{} is {kind} in Salesforce", params.object, params.field));
    match (shown, &params.change) {
        (Some(shown), Some(change)) => Some(format!("{shown}; {change}")),
        (Some(shown), None) => Some(shown),
        (None, Some(change)) => Some(format!("{}.{}: {change}", params.object, params.field)),
        (None, None) => None,
    }
}

/// `string(120)`, `double`.
pub(super) fn defined_as(definition: &serde_json::Map<String, Value>) -> Option<String> {
    definition.get("type").map(|kind| match (kind, definition.get("length")) {
        (Value::String(kind), Some(length)) => format!("{kind}({length})"),
        (Value::String(kind), None) => kind.clone(),
        (other, _) => other.to_string(),
    })
}

fn unfit_mapping(connection: &Connection, mapping: &Mapping) -> Option<Seen<Output>> {
    let state = &mapping.state;
    match state.class() {
        MappingClass::Broken if *state != MappingState::BadConfig => Some(blocked(
            format!("The mapping {} of {} is {state}.", mapping.object_name, name(connection)),
            format!("Mend it first; its page (`{}`) says why it is so.", opened_by(connection)),
        )),
        MappingClass::Transient => {
            Some(underway(format!("the mapping {} is {state}, which goes over by itself", mapping.object_name), 10))
        }
        _ => None,
    }
}

fn unfit_field(params: &Params, mapping: &Mapping, config: &MappingConfig) -> Option<Seen<Output>> {
    let (object, field) = (&mapping.object_name, &params.field);
    if !config.fields.contains_key(field) {
        let near = config.fields.keys().find(|known| known.eq_ignore_ascii_case(field));
        let mapped: Vec<&str> = config.fields.keys().map(String::as_str).collect();
        return Some(blocked(
            format!("{object}.{field} is not mapped; mapped are {}.", mapped.join(", ")),
            near.map_or_else(
                || "Name a mapped field with --field.".to_owned(),
                |near| format!("Did you mean --field {near}? Names are compared letter by letter."),
            ),
        ));
    }
    if params.removable && (FIXED.contains(&field.as_str()) || config.rest.get("upsert_field") == Some(&json!(field))) {
        return Some(blocked(
            format!("{object}.{field} can't be taken out of the mapping: the mapping works by it."),
            "Ask Heroku's support how this change is to be made; the connection may have to be made anew.",
        ));
    }
    None
}

fn not_mapped(params: &Params, connection: &Connection) -> Seen<Output> {
    let mapped: Vec<&str> = connection.mappings.iter().map(|mapping| mapping.object_name.as_str()).collect();
    blocked(
        format!("{} does not map {}; it maps {}.", name(connection), params.object, mapped.join(", ")),
        "Name a mapped object with --object.",
    )
}

fn without_revision(connection: &Connection, mapping: &Mapping) -> Seen<Output> {
    blocked(
        format!("The configuration of {} is shown without its revision.", mapping.object_name),
        format!(
            "Without it somebody else's change could be lost. Change the mapping on its page: `{}`.",
            opened_by(connection)
        ),
    )
}

fn gone(params: &Params) -> Seen<Output> {
    blocked(
        format!("Salesforce does not list {}.{} any more.", params.object, params.field),
        "The field was removed or renamed, or the connection's user may not see it. Take it out of the mapping, or give the \
         user access to it; this procedure is for a field that is still there.",
    )
}

fn unknown_change(params: &Params) -> Seen<Output> {
    blocked(
        format!("What {}.{} is in Salesforce now is not shown here.", params.object, params.field),
        "Say for the record what has changed: --change 'length 80 to 120'.",
    )
}

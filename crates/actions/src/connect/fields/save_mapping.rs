use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::acceptance::{ready_unless_accepted, receipt};
use crate::connect::pointer::Pointer;
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Mapping, MappingClass, MappingConfig, MappingState};
use hcops_model::{Effect, Fault, FaultKind, Happened, Permit, Prior, Receipt, Seen};

/// Saves a mapping, as the dashboard's Edit and Save do, and waits until its table is changed and loaded:
/// `SCHEMA_CHANGED`, then `DATA_SYNCED`.
///
/// The revision that was read before is the mark: it is sent along, so that a change that somebody else saved meanwhile is
/// not lost, and a higher one with this configuration shows that an interrupted save took place
/// (docs/heroku/connect.md, "Mapping").
pub(crate) struct SaveMapping;

/// Which mapping, and how it should be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The mapping's id.
    mapping: String,
    /// The revision that its configuration has until then.
    revision: i64,
    /// The configuration that it gets.
    config: Value,
    /// A field that is left out of that, with its index.
    #[serde(default)]
    without: Option<String>,
}

/// How it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The revision of its configuration now.
    revision: i64,
    /// Rows of its table, where that is shown.
    rows: Option<i64>,
}

/// Seconds between two looks while the table is changed.
const LOOK_AGAIN: u64 = 20;

impl Action for SaveMapping {
    const NAME: &'static str = "connect.save-mapping";
    const SUMMARY: &'static str = "Save a mapping, and wait until its table is changed and loaded.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let wanted = wanted(params)?;
        let mapping = context.clients.connect.mapping(&pointer(params).address(context)?, &params.mapping).await?;
        let Some((config, revision)) = mapping.config.as_ref().and_then(|config| Some((config, config.revision?)))
        else {
            return Ok(unclear(
                format!("The configuration of {} is shown without its revision.", mapping.object_name),
                "Has the mapping been saved? Its page in the dashboard shows it.",
            ));
        };
        if revision == params.revision {
            return Ok(ready_unless_accepted(context, prior, vec![will(params, &mapping)]));
        }
        if prior.intended_at.is_none() || !same(config, &wanted) {
            return Ok(conflicting(params, &mapping, revision));
        }
        Ok(judge(&mapping, revision))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let wanted = wanted(params)?;
        let address = pointer(params).address(context)?;
        let mapping = context.clients.connect.mapping(&address, &params.mapping).await.map_err(not_sent)?;
        let answer = context.clients.connect.update_mapping(&permit, &address, &mapping, &wanted).await?;
        Ok(receipt(&answer, format!("the mapping was saved ({})", answer.status), json!({"revision": params.revision})))
    }
}

/// Nothing but a look was made.
fn not_sent(fault: Fault) -> Fault {
    fault.with_happened(Happened::No)
}

/// The configuration with the revision that was read, and without the field that is left out.
fn wanted(params: &Params) -> Result<MappingConfig, Fault> {
    let mut wanted: MappingConfig = serde_json::from_value(params.config.clone()).map_err(|error| {
        Fault::new(
            FaultKind::Bug,
            format!("the mapping's configuration that was read before can't be understood: {error}"),
            "It is what would be saved.",
            "Please report this as a defect of hcops, with the run's report.",
        )
        .with_happened(Happened::No)
    })?;
    wanted.revision = Some(params.revision);
    if let Some(field) = &params.without {
        wanted.fields.remove(field);
        if let Some(indexes) = wanted.rest.get_mut("indexes").and_then(Value::as_object_mut) {
            indexes.remove(field);
        }
    }
    Ok(wanted)
}

/// Whether two configurations mean the same; when they were saved does not count.
fn same(one: &MappingConfig, other: &MappingConfig) -> bool {
    let meant = |config: &MappingConfig| {
        let mut rest = config.rest.clone();
        rest.remove("applied_at");
        (config.access.clone(), config.fields.clone(), rest)
    };
    meant(one) == meant(other)
}

fn judge(mapping: &Mapping, revision: i64) -> Seen<Output> {
    let (object, state) = (&mapping.object_name, &mapping.state);
    match state.class() {
        _ if *state == MappingState::DataSynced => {
            satisfied(Output { revision, rows: mapping.counts.and_then(|counts| counts.db) })
        }
        MappingClass::Ok | MappingClass::Transient => underway(format!("{object} is {state}"), LOOK_AGAIN),
        MappingClass::Broken => blocked(
            format!("{object} was saved, and is {state} now."),
            "Something that was built on the column by SQL may stand in the way of changing it. The mapping's page and the \
             connection's log (`heroku logs -d herokuconnect`) say why; mend it, and retry.",
        ),
        MappingClass::Unknown => unclear(
            format!("{object} has the state \"{state}\", which hcops does not know."),
            format!("Does the mapping {object} sync?"),
        ),
    }
}

fn will(params: &Params, mapping: &Mapping) -> String {
    match &params.without {
        Some(field) => format!(
            "save the mapping {} without {field}: Connect drops the column with its values and everything built on it",
            mapping.object_name
        ),
        None => {
            format!("save the mapping {}: Connect changes its table to what Salesforce has now", mapping.object_name)
        }
    }
}

fn conflicting(params: &Params, mapping: &Mapping, revision: i64) -> Seen<Output> {
    blocked(
        format!(
            "The mapping {} has revision {revision} instead of {}, and is not as this step would save it: somebody else has \
             saved it.",
            mapping.object_name, params.revision
        ),
        "Nothing is overwritten. Find out who changed what (the mapping's page shows it), then plan again.",
    )
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

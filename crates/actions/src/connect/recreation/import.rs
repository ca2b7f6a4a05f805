use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::differences;
use super::existing_schema::with_ways_on;
use super::import_notices::unsaid;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::connect::condition::{self, Condition};
use crate::connect::mappings;
use crate::connect::pointer::{Pointer, name};
use crate::sight::{blocked, satisfied, underway_with_part};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Happened, Part, Permit, Prior, Receipt, Seen, Steadiness};
use hcops_text::counted;

/// Imports a configuration into a connection and follows it to its end: `IMPORT_CONFIGURATION`, then `IDLE`, then each
/// mapping `DATA_SYNCED`.
///
/// An accepted import is not an import: right after it the API may still show the old state
/// (docs/heroku/procedures.md, "Accepted is not done"), so it has to be seen in sync twice. It works by object name and
/// removes nothing (docs/heroku/connect.md, "Export and import"), so doing it again changes nothing more.
pub(crate) struct Import;

/// Which connection, and what it gets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The document, as it was exported.
    document: Value,
    /// Whether mappings that are there already have to become as the document says, too.
    #[serde(default)]
    exactly: bool,
}

/// What is there.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// How many of the document's mappings are there and in sync: all.
    mappings: usize,
}

/// Seconds between two looks while tables are loaded.
const LOOK_AGAIN: u64 = 20;

impl Action for Import {
    const NAME: &'static str = "connect.import";
    const SUMMARY: &'static str = "Import a configuration, and wait until each mapping is in sync.";
    const EFFECT: Effect = Effect::Idempotent;
    /// Right after an import the API may still show the old state (docs/heroku/procedures.md, "Accepted is not done").
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let wanting = wanting(params, &connection, prior);
        Ok(match Condition::of(&connection.state) {
            Condition::Changing => {
                context.prove(json!(SEEN_AT_WORK));
                condition::changing(&connection)
            }
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
            Condition::Idle | Condition::Working | Condition::Paused => {
                judge(context, params, prior, &connection, &wanting)
            }
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let address = pointer(params).address(context)?;
        let before = pointer(params).look(context).await.map_err(|fault| fault.with_happened(Happened::No))?;
        let accepted = context.clients.connect.import(&permit, &address, &params.document).await;
        let answer = accepted.map_err(|fault| about_the_schema(fault, &before))?;
        let marks = json!({ "revisions": revisions(&before) });
        Ok(receipt(&answer, format!("the import was accepted ({})", answer.status), marks))
    }
}

/// What is kept once the connection was seen importing, and remembered once it was seen with everything in sync after that.
const SEEN_AT_WORK: &str = "at work";
const SEEN_AT_REST: &str = "at rest";

/// What is not as the document says: mappings that are missing, and with `exactly` every difference. Before it was sent,
/// settings that are there and that the document does not say count as well: whether Connect keeps them is not documented,
/// so that nothing shows that an import would change nothing. Configuration and state come out of one answer, so that
/// neither is older than the other.
fn wanting(params: &Params, connection: &Connection, prior: &Prior) -> Vec<String> {
    if params.exactly {
        let now = as_document(connection);
        let mut wanting = differences::mapping_changes(&params.document, &now);
        if prior.receipt.is_none() {
            let (wanted, present) = (differences::mappings(&params.document), differences::mappings(&now));
            let both =
                wanted.iter().filter_map(|(object, config)| Some((object, unsaid(config, present.get(object)?))));
            let silent = both.filter(|(_, settings)| !settings.is_empty());
            wanting.extend(
                silent.map(|(object, settings)| format!("{object}: nothing is said of {}", settings.join(", "))),
            );
        }
        return wanting;
    }
    let wanted = differences::mappings(&params.document);
    wanted.into_keys().filter(|object| connection.mapping(object).is_none()).collect()
}

fn as_document(connection: &Connection) -> Value {
    let mappings = connection.mappings.iter();
    let each = mappings.map(|mapping| json!({ "object_name": mapping.object_name, "config": mapping.config }));
    json!({ "mappings": each.collect::<Vec<_>>() })
}

fn judge(
    context: &Context,
    params: &Params,
    prior: &Prior,
    connection: &Connection,
    wanting: &[String],
) -> Seen<Output> {
    let mappings = differences::mappings(&params.document).len();
    if wanting.is_empty() {
        return judge_mappings(connection, mappings);
    }
    match Condition::of(&connection.state) {
        Condition::Idle if left_out(context, prior, connection) => blocked(
            format!(
                "Connect has imported the file into {}, which is IDLE with every mapping in sync, and left out: {}.",
                name(connection),
                in_short(wanting)
            ),
            "Connect drops a field without a word where Salesforce does not have it or its user may not see it. Check the name \
             and the permissions in Salesforce, and import again; or skip this step with a reason.",
        ),
        Condition::Idle => {
            let will = format!(
                "import {} into {}: {}; their tables are loaded from Salesforce",
                counted(mappings as u64, "mapping"),
                name(connection),
                in_short(wanting)
            );
            ready_unless_accepted(context, prior, vec![will])
        }
        Condition::Paused => blocked(
            format!("{} is PAUSED, and not as the document says: {}.", name(connection), in_short(wanting)),
            "An import needs an idle connection. Resume it, and retry.",
        ),
        _ => condition::working(connection),
    }
}

/// Differences that are told of many.
const TOLD: usize = 20;

fn in_short(wanting: &[String]) -> String {
    let more = wanting.len().saturating_sub(TOLD);
    let told = wanting[..wanting.len() - more].join(", ");
    if more == 0 { told } else { format!("{told} and {more} more") }
}

/// Whether an import that was accepted is over, with everything in sync and something missing: a mapping has a newer revision
/// than before, or the connection was seen at work, and then twice like this.
fn left_out(context: &Context, prior: &Prior, connection: &Connection) -> bool {
    let Some(receipt) = prior.receipt.as_ref().filter(|_| mappings::unsynced(connection).is_empty()) else {
        return false;
    };
    let moved = revisions(connection) != receipt.marks["revisions"] && receipt.marks["revisions"].is_object();
    if !moved && prior.proof.is_none() {
        return false;
    }
    context.remember(json!(SEEN_AT_REST));
    prior.memo.as_ref().and_then(Value::as_str) == Some(SEEN_AT_REST)
}

/// The same fault with the ways on, where Connect refuses the schema with which the connection was set up.
fn about_the_schema(fault: Fault, connection: &Connection) -> Fault {
    match (&connection.db_key, &connection.schema_name) {
        (Some(db_key), Some(schema)) if fault.saw.to_lowercase().contains("schema") => {
            with_ways_on(fault, connection, (db_key, schema), false)
        }
        _ => fault,
    }
}

/// The revision of each mapping that shows one.
fn revisions(connection: &Connection) -> Value {
    let told = connection
        .mappings
        .iter()
        .filter_map(|mapping| Some((mapping.object_name.clone(), Value::from(mapping.config.as_ref()?.revision?))));
    Value::Object(told.collect())
}

fn judge_mappings(connection: &Connection, wanted: usize) -> Seen<Output> {
    if let Some(seen) = mappings::fault(connection) {
        return seen;
    }
    let unsynced = mappings::unsynced(connection);
    if unsynced.is_empty() {
        return satisfied(Output { mappings: wanted });
    }
    let part = Part {
        done: mappings::synced(connection) as u64,
        of: connection.mappings.len() as u64,
        unit: "mappings".to_owned(),
    };
    underway_with_part(format!("{} loads: {}", name(connection), unsynced.join(", ")), part, LOOK_AGAIN)
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

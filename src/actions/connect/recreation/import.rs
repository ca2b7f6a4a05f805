use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::differences;
use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::connect::condition::{self, Condition};
use crate::actions::connect::mappings;
use crate::actions::connect::pointer::{Pointer, name};
use crate::actions::sight::{blocked, counted, satisfied, underway_with_part};
use crate::actions::{Action, Context};
use crate::heroku::connect::Connection;
use crate::model::{Effect, Fault, Part, Permit, Prior, Receipt, Seen, Steadiness};

/// Imports a configuration into a connection and follows it to its end: `IMPORT_CONFIGURATION`, then `IDLE`, then each
/// mapping `DATA_SYNCED`.
///
/// An accepted import is not an import: right after it the API may still show the old state
/// (`reference/procedures.md` section 3.3), so it has to be seen in sync twice. It works by object name and removes nothing
/// (`reference/connect-api.md` section 7), so doing it again changes nothing more.
pub(in crate::actions) struct Import;

/// Which connection, and what it gets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
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
pub(in crate::actions) struct Output {
    /// How many of the document's mappings are there and in sync: all.
    mappings: usize,
}

/// Seconds between two looks while tables are loaded.
const LOOK_AGAIN: u64 = 20;

impl Action for Import {
    const NAME: &'static str = "connect.import";
    const SUMMARY: &'static str = "Import a configuration, and wait until each mapping is in sync.";
    const EFFECT: Effect = Effect::Idempotent;
    /// Right after an import the API may still show the old state (`reference/procedures.md` section 3.3).
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let wanting = wanting(params, &connection);
        Ok(match Condition::of(&connection.state) {
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
            Condition::Idle | Condition::Working | Condition::Paused => {
                judge(context, params, prior, &connection, &wanting)
            }
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let address = pointer(params).address(context)?;
        let answer = context.clients.connect.import(&permit, &address, &params.document).await?;
        Ok(receipt(&answer, format!("the import was accepted ({})", answer.status), Value::Null))
    }
}

/// What is not as the document says: mappings that are missing, and with `exactly` every difference. Configuration and
/// state come out of one answer, so that neither is older than the other.
fn wanting(params: &Params, connection: &Connection) -> Vec<String> {
    if params.exactly {
        return differences::mapping_changes(&params.document, &as_document(connection));
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
        Condition::Idle => {
            let will = format!(
                "import {} into {}: {}; their tables are loaded from Salesforce",
                counted(mappings as u64, "mapping"),
                name(connection),
                wanting.join(", ")
            );
            ready_unless_accepted(context, prior, vec![will])
        }
        Condition::Paused => blocked(
            format!("{} is PAUSED, and not as the document says: {}.", name(connection), wanting.join(", ")),
            "An import needs an idle connection. Resume it, and retry.",
        ),
        _ => condition::working(connection),
    }
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

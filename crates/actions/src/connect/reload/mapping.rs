use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::acceptance::{PATIENCE, intended_within, ready_unless_accepted, receipt};
use crate::connect::mappings;
use crate::connect::pointer::Pointer;
use crate::sight::{blocked, satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, ConnectionState, Mapping, MappingClass, MappingState};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Loads the table of a mapping again and waits until it is `DATA_SYNCED`. At most so many load at once as was chosen.
///
/// An accepted reload is not a reload. While the connection is paused nothing else writes into its tables, so a table that
/// was written to after the request was loaded again, also when nobody was looking while it happened. Where sync goes on
/// only having seen it load tells that; where nobody has looked, a person is asked.
pub(crate) struct Reload;

/// Which mapping.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The mapping's id.
    mapping: String,
    /// How many mappings may load at once.
    at_once: u64,
    /// Whether it is enough that it loads; a later step waits for the end. Once written down, that outlasts this process.
    #[serde(default)]
    only_begin: bool,
    /// How many minutes an accepted reload may stay without a beginning while the connection is paused before the step ends
    /// without it; unlimited when absent.
    #[serde(default)]
    paused_minutes: Option<u32>,
    /// Whether an earlier step has loaded the table: then there is nothing to do.
    #[serde(default)]
    already: bool,
}

/// How it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The object.
    object: String,
    /// Rows of its table, where that is shown.
    rows: Option<i64>,
    /// Whether its table was loaded again; not where a paused connection did not begin with it.
    loaded: bool,
    /// All of that in a sentence.
    seen: String,
}

/// Seconds between two looks at a table that loads.
const LOOK_AGAIN: u64 = 15;

impl Action for Reload {
    const NAME: &'static str = "connect.reload";
    const SUMMARY: &'static str = "Load the table of a mapping again, and wait until it is in sync.";
    const EFFECT: Effect = Effect::OneShot;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let Some(mapping) = connection.mappings.iter().find(|mapping| mapping.id == params.mapping) else {
            return Ok(blocked(
                format!("The mapping {} is not there any more.", params.mapping),
                "Somebody has removed it. What is not mapped needs no reload: plan again.",
            ));
        };
        if params.already {
            return Ok(satisfied(output(mapping)));
        }
        if not_begun(context, params, prior, &connection, mapping) {
            return Ok(satisfied(left_for_later(mapping)));
        }
        let was_loading = prior.proof.is_some();
        if loads(mapping) && (prior.intended_at.is_some() || connection.state != ConnectionState::Paused) {
            context.prove(json!({ "loading": mapping.state.as_str() }));
        }
        Ok(match mapping.state.class() {
            MappingClass::Broken => broken(mapping),
            MappingClass::Unknown => unclear(
                format!("{} has the state \"{}\", which hcops does not know.", mapping.object_name, mapping.state),
                format!("Does the mapping {} load?", mapping.object_name),
            ),
            _ if params.only_begin && prior.intended_at.is_some() && loads(mapping) => satisfied(output(mapping)),
            MappingClass::Ok | MappingClass::Transient if mapping.state != MappingState::DataSynced => {
                underway(format!("{} is {}", mapping.object_name, mapping.state), LOOK_AGAIN)
            }
            MappingClass::Ok | MappingClass::Transient => match prior.intended_at {
                Some(since) if was_loading || shows_it(&connection, mapping, since) => satisfied(output(mapping)),
                Some(_) => unseen(context, prior, &connection, mapping),
                None if was_loading => satisfied(output(mapping)),
                None => its_turn(context, params, prior, &connection, mapping),
            },
        })
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let address = pointer(params).address(context)?;
        let answer = context.clients.connect.reload_mapping(&permit, &address, &params.mapping).await?;
        Ok(receipt(&answer, format!("the reload was accepted ({})", answer.status), Value::Null))
    }
}

fn loads(mapping: &Mapping) -> bool {
    matches!(
        mapping.state,
        MappingState::ReloadTable | MappingState::WaitBulkLoad | MappingState::LoadingBulkJob | MappingState::Resync
    )
}

/// Whether the reload was asked for long enough ago, and the paused connection has neither begun with it nor written to the
/// table since. Whether the request was answered makes no difference: the table was not loaded, and will be later.
fn not_begun(context: &Context, params: &Params, prior: &Prior, connection: &Connection, mapping: &Mapping) -> bool {
    let (Some(minutes), Some(since)) = (params.paused_minutes, prior.intended_at) else { return false };
    let waits = matches!(mapping.state, MappingState::ReloadTable | MappingState::DataSynced);
    waits
        && connection.state == ConnectionState::Paused
        && !written_after(mapping, since)
        && !intended_within(context, prior, SignedDuration::from_mins(minutes.into()))
}

/// It was begun, and nobody saw the table load. While the connection is paused the table's time would show it; while
/// it syncs that cannot be told from here. Of a request that was not answered the engine asks whether it took place.
fn unseen(context: &Context, prior: &Prior, connection: &Connection, mapping: &Mapping) -> Seen<Output> {
    let syncs = connection.state != ConnectionState::Paused;
    if syncs && prior.receipt.is_some() && !intended_within(context, prior, PATIENCE) {
        return unclear(
            format!(
                "The reload of {} was accepted, and the table was not seen to load: it was not carried out, or it was over \
                 between two looks.",
                mapping.object_name
            ),
            format!(
                "Was {} loaded again? Its log (`heroku logs -d herokuconnect`) and its page in the dashboard say so. Where it was \
                 not, a new run reloads it.",
                mapping.object_name
            ),
        );
    }
    ready_unless_accepted(context, prior, vec![will(mapping)])
}

/// Whether its table was written to since, by nothing but the reload: a poll of Salesforce writes into it as well.
fn shows_it(connection: &Connection, mapping: &Mapping, since: Timestamp) -> bool {
    connection.state == ConnectionState::Paused && written_after(mapping, since)
}

/// A write of before the request is no reload, however short before: where Connect's clock is behind ours, that ends in a
/// question and not in a table that was never loaded.
fn written_after(mapping: &Mapping, since: Timestamp) -> bool {
    let written = mapping.times.as_ref().and_then(|times| times.db_write.as_ref()?.at);
    written.is_some_and(|written| written > since)
}

fn its_turn(
    context: &Context,
    params: &Params,
    prior: &Prior,
    connection: &Connection,
    mapping: &Mapping,
) -> Seen<Output> {
    let busy = mappings::loading(connection);
    if (busy.len() as u64) < params.at_once.max(1) {
        return Seen::Ready { will: vec![will(mapping)] };
    }
    let waited = Queue::of(context, connection, busy.clone()).longest_unchanged(context, prior);
    if params.paused_minutes.is_some_and(|minutes| waited >= SignedDuration::from_mins(minutes.into())) {
        return satisfied(left_for_later(mapping));
    }
    underway(format!("{} waits for its turn: {}", mapping.object_name, busy.join(", ")), LOOK_AGAIN)
}

/// The mappings that a paused connection shows as waiting to be loaded, and since when nothing has changed about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Queue {
    waiting: Vec<String>,
    since: Timestamp,
}

impl Queue {
    /// Nobody waits where sync goes on, or where a table is being loaded.
    fn of(context: &Context, connection: &Connection, busy: Vec<String>) -> Self {
        let stands = |mapping: &Mapping| !loads(mapping) || mapping.state == MappingState::ReloadTable;
        let stands = connection.state == ConnectionState::Paused && connection.mappings.iter().all(stands);
        Self { waiting: if stands { busy } else { Vec::new() }, since: context.clock.now() }
    }

    /// For how long the same mappings have been waiting; remembers that for the next look.
    fn longest_unchanged(self, context: &Context, prior: &Prior) -> SignedDuration {
        let known = prior.memo.clone().and_then(|memo| serde_json::from_value::<Self>(memo).ok());
        let now = self.since;
        let queue = known.filter(|known| known.waiting == self.waiting && !known.waiting.is_empty()).unwrap_or(self);
        let waited = now.duration_since(queue.since);
        context.remember(serde_json::to_value(queue).unwrap_or_default());
        waited
    }
}

fn will(mapping: &Mapping) -> String {
    format!(
        "reload {}: its table is cleared and loaded from Salesforce again; rows without a Salesforce id are lost",
        mapping.object_name
    )
}

fn broken(mapping: &Mapping) -> Seen<Output> {
    blocked(
        format!("{} is {}.", mapping.object_name, mapping.state),
        "A foreign key or view on the table can keep it from being cleared, and Salesforce can refuse a load. The connection's \
         log (`heroku logs -d herokuconnect`) says why; mend it, reload the mapping by hand, and answer that it was done by hand.",
    )
}

fn output(mapping: &Mapping) -> Output {
    let seen = format!("{} was loaded again", mapping.object_name);
    Output { object: mapping.object_name.clone(), rows: rows(mapping), loaded: true, seen }
}

fn left_for_later(mapping: &Mapping) -> Output {
    let seen = format!(
        "{} is not loaded while the connection is paused: that follows once sync is resumed",
        mapping.object_name
    );
    Output { object: mapping.object_name.clone(), rows: rows(mapping), loaded: false, seen }
}

fn rows(mapping: &Mapping) -> Option<i64> {
    mapping.counts.and_then(|counts| counts.db)
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::{self, Condition};
use super::mappings;
use super::pointer::{Pointer, name, options};
use super::resumed::Mapped;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a connection syncs, and that none of its mappings is broken, being loaded, or gone.
pub(crate) struct Healthy;

/// Which connection, and what it should map.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// What was mapped when the plan was made; whatever is mapped, without it.
    #[serde(default)]
    mapped: Vec<Mapped>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The connection's state.
    state: String,
    /// How many mappings it has.
    mappings: usize,
    /// How many of them are in sync.
    synced: usize,
    /// Writes that wait to be sent to Salesforce, where that is shown.
    pending: Option<i64>,
}

impl Action for Healthy {
    const NAME: &'static str = "connect.healthy";
    const SUMMARY: &'static str = "Check that a connection and its mappings are healthy.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Idle | Condition::Working => judge_mappings(&connection, &params.mapped),
            Condition::Changing => condition::changing(&connection),
            Condition::Paused => paused(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => condition::unknown(&connection),
        })
    }
}

fn judge_mappings(connection: &Connection, mapped: &[Mapped]) -> Seen<Output> {
    let gone = mappings::gone(connection, mapped);
    if !gone.is_empty() {
        return blocked(
            format!(
                "{} had {} mapped when the plan was made, and has not any more.",
                name(connection),
                gone.join(", ")
            ),
            mappings::map_again(connection),
        );
    }
    if let Some(seen) = mappings::fault(connection) {
        return seen;
    }
    let loading = mappings::loading(connection);
    if !loading.is_empty() {
        return underway(format!("{} is loading tables: {}", name(connection), loading.join(", ")), 15);
    }
    satisfied(Output {
        state: connection.state.to_string(),
        mappings: connection.mappings.len(),
        synced: mappings::synced(connection),
        pending: mappings::pending(connection),
    })
}

fn paused(connection: &Connection) -> Seen<Output> {
    blocked(
        format!("{} is PAUSED already: it cannot be seen whether it syncs.", name(connection)),
        format!(
            "Find out who paused it, and why. Where another run did, `hcops runs` shows it: resume or abort that one. \
             Otherwise resume it (`heroku connect:resume {}`), wait until its mappings are DATA_SYNCED, and retry.",
            options(connection)
        ),
    )
}

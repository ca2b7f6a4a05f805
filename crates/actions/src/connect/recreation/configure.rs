use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::existing_schema::with_ways_on;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::connect::pointer::{Pointer, name, options};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, SettingsChange};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Gives a new connection its database and schema. One that has others already is left alone, unless a person says that it
/// should have that schema: Connect may refuse one that exists already (heroku/roadmap, issue 296).
pub(crate) struct Configure;

/// Which connection, and what it gets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The config var that names its database.
    db_key: String,
    /// The schema with its tables.
    schema_name: String,
}

/// What it has.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The config var.
    db_key: String,
    /// The schema.
    schema_name: String,
}

impl Action for Configure {
    const NAME: &'static str = "connect.configure";
    const SUMMARY: &'static str = "Give a new connection its database and schema.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let db_key = connection.db_key.as_deref().filter(|key| !key.is_empty());
        if db_key == Some(&params.db_key) && connection.schema_name.as_deref() == Some(&params.schema_name) {
            return Ok(satisfied(Output { db_key: params.db_key.clone(), schema_name: params.schema_name.clone() }));
        }
        if let Some(seen) = other_schema(params, &connection, prior) {
            return Ok(seen);
        }
        if let Some(other) = db_key.filter(|_| prior.intended_at.is_none()) {
            let schema = connection.schema_name.as_deref().unwrap_or("no schema");
            return Ok(blocked(
                format!("{} is set up already, with {other} and {schema}.", name(&connection)),
                format!(
                    "Somebody else has set it up. Set it right (`heroku connect:db:set --db {} --schema {} {}`) and retry.",
                    params.db_key,
                    params.schema_name,
                    options(&connection)
                ),
            ));
        }
        let will =
            format!("set the database of {} to {}, schema {}", name(&connection), params.db_key, params.schema_name);
        Ok(ready_unless_accepted(context, prior, vec![will]))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let change = SettingsChange {
            db_key: Some(params.db_key.clone()),
            schema_name: Some(params.schema_name.clone()),
            name: None,
        };
        let address = pointer(params).address(context)?;
        let answer = match context.clients.connect.change_settings(&permit, &address, &change).await {
            Err(fault) => return Err(refused(context, params, fault).await),
            Ok(answer) => answer,
        };
        Ok(receipt(&answer, format!("the settings were accepted ({})", answer.status), Value::Null))
    }
}

/// The same fault with the ways on, where the connection can still be read.
async fn refused(context: &Context, params: &Params, fault: Fault) -> Fault {
    match pointer(params).look(context).await {
        Ok(connection) => with_ways_on(fault, &connection, (&params.db_key, &params.schema_name), true),
        Err(_) => fault,
    }
}

/// The database is the right one, and its schema is not the one that was planned: somebody has set another one by hand, as
/// after Connect refused the planned one.
fn other_schema(params: &Params, connection: &Connection, prior: &Prior) -> Option<Seen<Output>> {
    let is_database = connection.db_key.as_ref() == Some(&params.db_key);
    let schema = connection.schema_name.as_deref().filter(|schema| is_database && !schema.is_empty())?;
    if prior.receipt.is_some() {
        return None;
    }
    let ask = vec![format!("{} should have the schema {schema} instead of {}.", name(connection), params.schema_name)];
    match prior.answer_to(&ask) {
        None => Some(Seen::Unclear {
            why: format!("{} has the schema {schema}; the plan says {}.", name(connection), params.schema_name),
            ask,
        }),
        Some("no" | "n") => None,
        Some(_) => Some(satisfied(Output { db_key: params.db_key.clone(), schema_name: schema.to_owned() })),
    }
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

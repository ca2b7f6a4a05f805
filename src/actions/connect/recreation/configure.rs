use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::connect::pointer::{Pointer, name, options};
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::heroku::connect::SettingsChange;
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Gives a new connection its database and schema. One that has others already is left alone.
pub(in crate::actions) struct Configure;

/// Which connection, and what it gets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
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
pub(in crate::actions) struct Output {
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
        let answer =
            context.clients.connect.change_settings(&permit, &pointer(params).address(context)?, &change).await?;
        Ok(receipt(&answer, format!("the settings were accepted ({})", answer.status), Value::Null))
    }
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::existing_schema::{another, renaming};
use crate::connect::by_sql::BySql;
use crate::connect::pointer::{Pointer, name};
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::mapped;
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Looks whether the schema that a new connection gets is in its database already, and says what that may mean. The tables of
/// a removed connection stay (Dev Center: Managing Heroku Connect Sync and Connections). Whether Connect sets up a new
/// connection on them is not documented; a customer reports that it wanted the schema dropped or renamed first
/// (heroku/roadmap, issue 296).
pub(crate) struct SchemaThere(pub(crate) Arc<Databases>);

/// Which connection, and what its successor gets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app of the connection.
    app: String,
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The config var that names its database.
    db_key: String,
    /// The schema of the new connection.
    schema: String,
    /// The database itself, where it may be looked at.
    #[serde(default)]
    by_sql: BySql,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Whether the schema is there; absent where that could not be seen.
    there: Option<bool>,
    /// The same for those who approve the plan.
    before_approval: Vec<String>,
    /// What was seen, and what it may mean behind the removal.
    seen: String,
}

impl Action for SchemaThere {
    const NAME: &'static str = "connect.schema-there";
    const SUMMARY: &'static str = "See whether the schema of a new connection is in its database already.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let is_its_own = connection.schema_name.as_ref() == Some(&params.schema);
        if !is_its_own && let Some(other) = other_with(context, params).await? {
            return Ok(blocked(
                format!("{other} has the schema {} in the same database.", params.schema),
                "Each connection has a schema of its own. Choose another one: --schema.",
            ));
        }
        let place = format!("{} of {}", params.db_key, params.app);
        Ok(satisfied(match self.tables(context, params).await {
            Some(None) => gone(params, &place),
            Some(Some(tables)) => there(params, &place, Some(tables)),
            None if is_its_own => there(params, &place, None),
            None => not_seen(params, &place),
        }))
    }
}

impl SchemaThere {
    /// The number of tables in the schema, `Some(None)` where there is no such schema; nothing where it can't be seen: then
    /// the step that checks whether the database can be reached says why.
    async fn tables(&self, context: &Context, params: &Params) -> Option<Option<u64>> {
        let session = self.0.session(context, params.by_sql.new_database()?).await.ok()?;
        mapped::tables_in(&session, &params.schema).await.ok()
    }
}

/// Another connection of the app with this schema in this database.
async fn other_with(context: &Context, params: &Params) -> Result<Option<String>, Fault> {
    let connect = &context.clients.connect;
    for found in connect.search(&params.app, None).await? {
        let other: Connection = connect.connection(&connect.address(&found)?).await?;
        if other.id != params.connection
            && other.db_key.as_ref() == Some(&params.db_key)
            && other.schema_name.as_ref() == Some(&params.schema)
        {
            return Ok(Some(name(&other).to_owned()));
        }
    }
    Ok(None)
}

fn there(params: &Params, place: &str, tables: Option<u64>) -> Output {
    let schema = &params.schema;
    let tables = tables.map_or_else(String::new, |tables| format!(" with {}", counted(tables, "table")));
    let told = format!(
        "The schema {schema}{tables} is in {place}, and stays there when the connection is removed. Heroku does not document \
         whether a new connection can be set up on it: a customer reports that Connect wanted it dropped or renamed first \
         (heroku/roadmap, issue 296). Where Connect refuses it, the run stops behind the removal, with everything still off, \
         until it is renamed by hand: `{}`. Then the run goes on and loads each table anew. To have nothing of that, give the \
         new connection another schema from the beginning, where apps then have to read: `--schema {}`.",
        renaming(&params.app, &params.db_key, schema),
        another(schema)
    );
    Output { there: Some(true), before_approval: vec![told.clone()], seen: told }
}

fn gone(params: &Params, place: &str) -> Output {
    let seen = format!("there is no schema {} in {place}: Connect makes it", params.schema);
    Output { there: Some(false), before_approval: Vec::new(), seen }
}

fn not_seen(params: &Params, place: &str) -> Output {
    let told = format!(
        "Whether a schema {} is in {place} already could not be seen: the database was not looked into. Where it is there, \
         Connect may refuse it after the removal.",
        params.schema
    );
    Output { there: None, before_approval: vec![told.clone()], seen: told }
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pointer::{Pointer, name, options};
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::heroku::connect::Connection;
use crate::model::{Effect, Fault, Prior, Seen};

/// Checks which database a connection uses: the add-on behind the attachment that supplies its config var.
///
/// A variable that was set by hand, as a copy of an address, has no attachment: it would not move when attachments move.
/// The host that Connect itself shows is kept as evidence only, since it is not known how soon it follows a changed
/// variable (`reference/procedures.md` section 6).
pub(in crate::actions) struct DbIs;

/// Which connection, and which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The connection's app.
    app: String,
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The config var that it should use; any when absent.
    #[serde(default)]
    db_key: Option<String>,
    /// The add-on that this should mean, by name.
    database: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The config var that the connection uses.
    db_key: String,
    /// The attachment that supplies it.
    attachment: String,
    /// The add-on behind it, by name.
    database: String,
    /// The host that Connect shows for its database, where it does.
    host: Option<String>,
}

impl Action for DbIs {
    const NAME: &'static str = "connect.db-is";
    const SUMMARY: &'static str = "Check which database a connection uses.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        let Some(db_key) = connection.db_key.clone() else { return Ok(without_key(&connection)) };
        if params.db_key.as_ref().is_some_and(|wanted| *wanted != db_key) {
            return Ok(other_key(params, &connection, &db_key));
        }
        let attachments = context.clients.platform.app_attachments(&params.app).await?;
        Ok(match attachments.into_iter().find(|attachment| attachment.url_var() == db_key) {
            None => by_hand(params, &connection, &db_key),
            Some(attachment) if attachment.addon.name == params.database => satisfied(Output {
                db_key,
                attachment: attachment.name,
                database: attachment.addon.name,
                host: connection.database.and_then(|database| database.host),
            }),
            Some(attachment) => other_database(params, &connection, &db_key, &attachment.addon.name),
        })
    }
}

fn without_key(connection: &Connection) -> Seen<Output> {
    blocked(
        format!("{} has no database yet.", name(connection)),
        format!("Set one: `heroku connect:db:set {}`.", options(connection)),
    )
}

fn other_key(params: &Params, connection: &Connection, db_key: &str) -> Seen<Output> {
    let wanted = params.db_key.as_deref().unwrap_or_default();
    blocked(
        format!("{} uses {db_key}; when the plan was made it used {wanted}.", name(connection)),
        format!(
            "Somebody has changed its database setting. Plan again, or set it back: `heroku connect:db:set --db {wanted} {}`.",
            options(connection)
        ),
    )
}

fn by_hand(params: &Params, connection: &Connection, db_key: &str) -> Seen<Output> {
    blocked(
        format!(
            "{} uses {db_key}, but no attachment of {} supplies that config var: it was set by hand, or is gone.",
            name(connection),
            params.app
        ),
        format!(
            "It would not move with the database. Attach the database under that name (`heroku addons:attach {} --as {} -a \
             {}`, after removing the variable), and plan again.",
            params.database,
            db_key.trim_end_matches("_URL"),
            params.app
        ),
    )
}

fn other_database(params: &Params, connection: &Connection, db_key: &str, found: &str) -> Seen<Output> {
    blocked(
        format!("{} uses {db_key}, which means {found} and not {}.", name(connection), params.database),
        format!(
            "Sync must not run on a database that is not the current one. Look at `heroku addons -a {0}`, and attach {1} as \
             {2} (`heroku addons:attach {1} --as {2} -a {0} --confirm {0}`) if that is what it should be.",
            params.app,
            params.database,
            db_key.trim_end_matches("_URL")
        ),
    )
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pointer::{Pointer, name, options};
use crate::leads::{self, Leads, place_of};
use crate::releases;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_heroku::platform::Attachment;
use hcops_model::{Effect, Fault, Place, Prior, Seen};

/// Checks which database a connection uses: the add-on behind the attachment that supplies its config var, where the value of
/// that variable leads, and the database that Connect itself shows.
///
/// A variable that was set by hand, as a copy of an address, has no attachment: it would not move when attachments move.
/// How soon Connect's own setting follows a changed variable is not documented, so that is waited for; where Connect shows
/// none, it is not known, and the variable counts.
pub(crate) struct DbIs;

/// Which connection, and which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
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
pub(crate) struct Output {
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
        match attachments.into_iter().find(|attachment| attachment.url_var() == db_key) {
            None => Ok(by_hand(params, &connection, &db_key)),
            Some(attachment) if attachment.addon.name == params.database => led(context, connection, &attachment).await,
            Some(attachment) => Ok(other_database(params, &connection, &db_key, &attachment.addon.name)),
        }
    }
}

/// The attachment is the database's; now what its variable holds and what Connect shows have to be the same database.
async fn led(context: &Context, connection: Connection, attachment: &Attachment) -> Result<Seen<Output>, Fault> {
    let database = &attachment.addon.name;
    match leads::of_attachment(context, attachment, database, None).await? {
        Leads::There => {}
        wrong => {
            let releases = releases::newest(context, &attachment.app.name).await?;
            return Ok(releases::not_led(context, attachment, &releases, &wrong));
        }
    }
    let wanted = place_of(context, database).await?;
    if let Some(other) = wanted.and_then(|wanted| shown_elsewhere(&connection, &wanted)) {
        let note = format!("{} is {database}, but {} still shows {other}", attachment.url_var(), name(&connection));
        return Ok(underway(note, 10));
    }
    Ok(satisfied(Output {
        db_key: attachment.url_var(),
        attachment: attachment.name.clone(),
        database: database.clone(),
        host: connection.database.and_then(|database| database.host),
    }))
}

/// The database that Connect shows, where it is another one. What it does not show says nothing; of a pooler it may show
/// another port.
pub(super) fn shown_elsewhere(connection: &Connection, wanted: &Place) -> Option<String> {
    let shown = connection.database.as_ref()?;
    let host = shown.host.as_deref().filter(|host| !host.is_empty())?;
    let name = shown.database.as_deref().filter(|name| !name.is_empty());
    let same = host.eq_ignore_ascii_case(&wanted.host) && name.is_none_or(|name| name == wanted.name);
    (!same).then(|| name.map_or_else(|| host.to_owned(), |name| format!("{host}/{name}")))
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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::db_is::shown_elsewhere;
use super::pointer::{Pointer, name, options};
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::leads::{self, Leads, place_of};
use crate::releases;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, SettingsChange};
use hcops_heroku::platform::Attachment;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Makes a connection use another config var for its database, and waits until it shows the new database's host.
pub(crate) struct Repoint;

/// Which connection, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's app.
    app: String,
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The config var that it uses until then.
    from: String,
    /// The config var that it should use.
    db_key: String,
    /// The schema with its tables, which stays.
    schema_name: String,
    /// The add-on that the new config var means, by name.
    database: String,
}

/// What the connection uses now.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The config var.
    db_key: String,
    /// The host that Connect shows for its database, where it does.
    host: Option<String>,
}

impl Action for Repoint {
    const NAME: &'static str = "connect.repoint";
    const SUMMARY: &'static str = "Make a connection use another config var for its database.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let db_key = connection.db_key.clone().unwrap_or_default();
        if db_key == params.db_key {
            return judge_host(context, params, connection).await;
        }
        if db_key != params.from {
            return Ok(drifted(params, &connection, &db_key));
        }
        let attachments = context.clients.platform.app_attachments(&params.app).await?;
        let means = attachments.iter().find(|attachment| attachment.url_var() == params.db_key);
        let Some(attachment) = means.filter(|attachment| attachment.addon.name == params.database) else {
            return Ok(without_attachment(params));
        };
        if let Some(seen) = not_led(context, attachment).await? {
            return Ok(seen);
        }
        let will = format!(
            "make {} use {} ({}) instead of {}",
            name(&connection),
            params.db_key,
            params.database,
            params.from
        );
        Ok(ready_unless_accepted(context, prior, vec![will]))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let change = SettingsChange {
            db_key: Some(params.db_key.clone()),
            schema_name: Some(params.schema_name.clone()),
            name: None,
        };
        let address = pointer(params).address(context)?;
        let answer = context.clients.connect.change_settings(&permit, &address, &change).await?;
        let said = format!("the database setting {} was accepted ({})", params.db_key, answer.status);
        Ok(receipt(&answer, said, json!({"db_key": params.db_key})))
    }
}

/// What is seen where the variable does not lead where its attachment does.
async fn not_led(context: &Context, attachment: &Attachment) -> Result<Option<Seen<Output>>, Fault> {
    let leads = leads::of_attachment(context, attachment, &attachment.addon.name, None).await?;
    if leads == Leads::There {
        return Ok(None);
    }
    let releases = releases::newest(context, &attachment.app.name).await?;
    Ok(Some(releases::not_led(context, attachment, &releases, &leads)))
}

/// The setting is as wanted; then the host that Connect shows has to be the new database's, where both are shown.
async fn judge_host(context: &Context, params: &Params, connection: Connection) -> Result<Seen<Output>, Fault> {
    let shown = connection.database.as_ref().and_then(|database| database.host.clone());
    let wanted = place_of(context, &params.database).await?;
    if let Some(other) = wanted.and_then(|wanted| shown_elsewhere(&connection, &wanted)) {
        return Ok(underway(format!("{} uses {}, but still shows {other}", name(&connection), params.db_key), 10));
    }
    Ok(satisfied(Output { db_key: params.db_key.clone(), host: shown }))
}

fn drifted(params: &Params, connection: &Connection, db_key: &str) -> Seen<Output> {
    blocked(
        format!("{} uses \"{db_key}\"; when the plan was made it used {}.", name(connection), params.from),
        format!(
            "Somebody has changed its database setting. Find out why, then set it (`heroku connect:db:set --db {} {}`) and \
             retry.",
            params.db_key,
            options(connection)
        ),
    )
}

fn without_attachment(params: &Params) -> Seen<Output> {
    blocked(
        format!("{} of {} does not mean {}.", params.db_key, params.app, params.database),
        format!(
            "The connection can only use a database that is attached to its app: `heroku addons:attach {} --as {} -a {}`.",
            params.database,
            params.db_key.trim_end_matches("_URL"),
            params.app
        ),
    )
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}

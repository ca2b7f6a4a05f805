use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::leading::Leading;
use super::subject::Subject;
use crate::leads::{self, Leads};
use crate::quiet;
use crate::reach::Databases;
use crate::sight::satisfied;
use crate::{Action, Context, releases};
use hcops_database::silence::Look;
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen, Steadiness};
use hcops_text::counted;

/// Sees for some minutes after the apps are back that nothing is written any more to the database that they left, and that
/// nothing leads there but what is named: whoever still writes there writes what nobody will read.
///
/// With SQL it is what `postgres.silence` sealed that must stand. Without it there are only Heroku's own numbers: the counter
/// of transactions moves with the server's upkeep too, so only a movement beyond that is a writer.
pub(crate) struct LeftUnwritten(pub(crate) Arc<Databases>);

/// Which databases, and since when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns both databases.
    app: String,
    /// The add-on that was left, by name.
    database: String,
    /// The add-on that took its place, by name.
    successor: String,
    /// The apps that had it; of each only the name is used.
    #[serde(default)]
    apps: Vec<Named>,
    /// The schema of the connection, whose trigger log is looked at too.
    #[serde(default)]
    schema: Option<String>,
    /// What `postgres.silence` put out as `seal`, where the database is looked at by SQL.
    #[serde(default)]
    seal: Option<Value>,
    /// What this action put out as `noted` when the database was silent, where it is not looked at by SQL.
    #[serde(default)]
    noted: Option<Value>,
}

/// An app, as the survey lists it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Named {
    /// The app's name.
    name: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// What leads there still, each with the command that brings it to the new database.
    leading: Vec<String>,
    /// All of it in a sentence.
    seen: String,
}

impl Action for LeftUnwritten {
    const NAME: &'static str = "postgres.left-unwritten";
    const SUMMARY: &'static str = "See for some minutes that nothing writes to a database that was left.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 3, apart: Duration::from_secs(60) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let apps: Vec<String> = params.apps.iter().map(|app| app.name.clone()).collect();
        let leading = Leading::to(context, &params.database, &apps).await?;
        let leads = leading.spoken(&params.app, &params.successor);
        let written = match &params.seal {
            Some(seal) => self.by_sql(context, params, seal).await?,
            None => by_numbers(context, params).await?,
        };
        let unwritten = match written {
            Written::Not(seen) => seen,
            Written::Yes { what, stop } => return Err(written_to(params, &what, &stop, &leads)),
        };
        if let Some(seen) = not_led(context, params).await? {
            return Ok(seen);
        }
        let named = if leads.is_empty() {
            "nothing leads there any more but its own names".to_owned()
        } else {
            format!("what leads there still is {}", leads.join("; "))
        };
        Ok(satisfied(Output { seen: format!("{unwritten}; {named}"), leading: leads }))
    }
}

enum Written {
    /// Nothing, in words.
    Not(String),
    /// What and by whom, and how they are stopped.
    Yes { what: String, stop: String },
}

impl LeftUnwritten {
    async fn by_sql(&self, context: &Context, params: &Params, seal: &Value) -> Result<Written, Fault> {
        let earlier: Look = serde_json::from_value(seal.clone()).map_err(|error| defect(&error))?;
        let session = self.0.session(context, Subject { app: &params.app, database: &params.database }).await?;
        let found = quiet::since(context, &session, params.schema.as_deref(), &earlier).await?;
        let minutes = found.silence.seconds / 60.0;
        if found.silence.silent {
            return Ok(Written::Not(format!("nothing was written to {} in {minutes:.0} minutes", params.database)));
        }
        let stop = found.silence.remedies.iter().map(|text| format!("{}. ", text.trim_end_matches('.'))).collect();
        Ok(Written::Yes { what: format!("in {minutes:.0} minutes {}", quiet::spoken(&found.silence)), stop })
    }
}

/// What Heroku shows of a database that tells of writing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Numbers {
    at: Timestamp,
    transaction: Option<i64>,
}

impl Numbers {
    pub(super) async fn of(context: &Context, database: &str) -> Result<Self, Fault> {
        let shown = context.clients.data.database(database).await?;
        Ok(Self { at: context.clock.now(), transaction: shown.current_transaction })
    }

    pub(super) fn spoken(&self, database: &str) -> String {
        self.transaction.map_or_else(
            || format!("Heroku does not count the transactions of {database}"),
            |transaction| format!("{database} is at transaction {transaction}"),
        )
    }
}

/// Transactions that the server's own upkeep may take, once and each minute.
const UPKEEP: (i64, i64) = (100, 10);

async fn by_numbers(context: &Context, params: &Params) -> Result<Written, Fault> {
    let noted: Option<Numbers> =
        params.noted.clone().map(serde_json::from_value).transpose().map_err(|error| defect(&error))?;
    let now = Numbers::of(context, &params.database).await?;
    let Some((before, (then, shown))) =
        noted.and_then(|before| Some((before.clone(), before.transaction.zip(now.transaction)?)))
    else {
        let name = &params.database;
        return Ok(Written::Not(format!(
            "whether {name} is written to cannot be told: Heroku does not count its transactions"
        )));
    };
    let (minutes, moved) = (now.at.duration_since(before.at).as_mins(), shown.saturating_sub(then));
    let time = counted(minutes.unsigned_abs(), "minute");
    if moved > UPKEEP.0 + UPKEEP.1 * minutes {
        let who = format!("heroku pg:ps {} -a {}", params.database, params.app);
        return Ok(Written::Yes {
            what: format!("Heroku counts {} in {time}", counted(moved.unsigned_abs(), "transaction")),
            stop: format!("See who it is: `{who}`; stop them where they run. "),
        });
    }
    let count = counted(u64::try_from(moved).unwrap_or_default(), "transaction");
    Ok(Written::Not(format!(
        "Heroku counts {count} on {} in {time}, no more than the server's own upkeep may be (only SQL tells for certain)",
        params.database
    )))
}

/// Where the value of an attachment of the new database leads elsewhere.
async fn not_led(context: &Context, params: &Params) -> Result<Option<Seen<Output>>, Fault> {
    for attachment in context.clients.platform.addon_attachments(&params.successor).await? {
        let led = leads::of_attachment(context, &attachment, &params.successor, Some(&params.database)).await;
        let leads = match led {
            Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Unauthorized) => continue,
            looked => looked?,
        };
        if leads != Leads::There {
            let releases = releases::newest(context, &attachment.app.name).await?;
            return Ok(Some(releases::not_led(context, &attachment, &releases, &leads)));
        }
    }
    Ok(None)
}

fn written_to(params: &Params, what: &str, stop: &str, leads: &[String]) -> Fault {
    let Params { app, database, successor, .. } = params;
    let named =
        if leads.is_empty() { String::new() } else { format!(" What leads there still: {}.", leads.join("; ")) };
    Fault::new(
        FaultKind::Verification,
        format!("{database} was left, and is written to still: {what}.{named}"),
        format!("Apps and sync work with {successor}: what is written to {database} is seen by nobody, and lost with it."),
        format!(
            "{stop}Then bring what they wrote to {successor} by hand (`heroku pg:psql {database} -a {app}` shows it). Keep \
             {database} until then; a seal that is broken stays so: when nothing is missing any more, skip this step with that \
             as the reason."
        ),
    )
    .with_command(format!("heroku pg:ps {database} -a {app}"))
}

fn defect(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("what was seen of the silence cannot be carried from step to step: {error}"),
        "It tells whether anything was written since.",
        "Report this as a defect of hcops.",
    )
}

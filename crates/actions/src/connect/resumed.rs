use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::baseline::Before;
use super::by_sql::BySql;
use super::condition::{self, Condition};
use super::pointer::{Pointer, name, options};
use super::sign::{Sign, Standing};
use super::signs_while_live::SinceResumed;
use super::{mappings, signs_by_api, signs_by_sql};
use crate::reach::Databases;
use crate::sight::{blocked, satisfied, underway_with_part};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, Validating};
use hcops_model::{Effect, Fault, Part, Prior, Seen, Steadiness};

/// Waits until sync has really resumed, by the seven signs of docs/heroku/procedures.md, "Resumed sync": (a) `IDLE`
/// again, (b) each mapping in sync, (c) what waited in the trigger log is sent, (d) changes of Salesforce arrive, (e)
/// no new complaint, (f) nothing goes to the former database, (g) a diagnosis without red.
///
/// (c), (d) and (f) are looked at by SQL, where that is wanted; what was not looked at is said. (d) can only show where
/// something changes in Salesforce, so it is told and not waited for. While the apps are live (a) and (b) count that were seen at
/// any time since the resumption, since new writes are pending all the time. Seen twice, because right after a resumption the
/// mappings may still show the state from before the pause (docs/heroku/procedures.md, "Accepted is not done").
pub(crate) struct Resumed(pub(crate) Arc<Databases>);

/// Which connection, and what was there before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// Its databases.
    by_sql: BySql,
    /// What `connect.baseline` noted.
    before: Before,
    /// What was mapped when the plan was made.
    #[serde(default)]
    mapped: Vec<Mapped>,
    /// Whether the apps write meanwhile: then a sign counts that was seen at any time since the resumption.
    #[serde(default)]
    live: bool,
}

/// What one look leaves for the next.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Memo {
    since: SinceResumed,
    /// The diagnosis that was begun.
    diagnosis: Option<Validating>,
}

/// A mapping of the plan's facts.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Mapped {
    /// The object's API name.
    pub(crate) object_name: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Each of the seven signs with its value.
    signs: Vec<Sign>,
    /// All of them in a sentence.
    seen: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 5;

impl Action for Resumed {
    const NAME: &'static str = "connect.resumed";
    const SUMMARY: &'static str = "Wait until sync has really resumed, by the seven signs of it.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        match Condition::of(&connection.state) {
            Condition::Broken => return Ok(condition::broken(&connection)),
            Condition::Unknown => return Ok(condition::unknown(&connection)),
            Condition::Idle | Condition::Working | Condition::Changing | Condition::Paused => {}
        }
        if let Some(fault) = mappings::fault(&connection) {
            return Ok(fault);
        }
        let signs = self.signs(context, params, &pointer, &connection, prior).await?;
        Ok(judge(&connection, signs))
    }
}

impl Resumed {
    async fn signs(
        &self,
        context: &Context,
        params: &Params,
        pointer: &Pointer<'_>,
        connection: &Connection,
        prior: &Prior,
    ) -> Result<Vec<Sign>, Fault> {
        let address = pointer.address(context)?;
        let errors = context.clients.connect.write_errors(&address).await?;
        let notifications = context.clients.connect.notifications(&address).await?;
        let mut memo: Memo = prior.memo.as_ref().and_then(|memo| Memo::deserialize(memo).ok()).unwrap_or_default();
        memo.since.take(connection, context.clock.now());
        let (state, synced) = if params.live {
            (memo.since.state(connection), memo.since.synced(connection))
        } else {
            (signs_by_api::state(connection), signs_by_api::synced(connection))
        };
        let synced = signs_by_api::gone(connection, &params.mapped).unwrap_or(synced);
        let mut signs = vec![state, synced, signs_by_api::complaints(&errors, &notifications, &params.before)];
        signs.extend(signs_by_sql::all(context, &self.0, &params.by_sql, &params.before).await?);
        signs.push(diagnosis(context, pointer, &signs, &mut memo).await?);
        context.remember(json!(memo));
        signs.sort_by_key(|sign| sign.letter);
        Ok(signs)
    }
}

/// A diagnosis is asked for when the other signs are there: before, it would only show what is still under way.
async fn diagnosis(context: &Context, pointer: &Pointer<'_>, others: &[Sign], memo: &mut Memo) -> Result<Sign, Fault> {
    if others.iter().any(|sign| matches!(sign.standing, Standing::Awaited | Standing::Against)) {
        return Ok(Sign::new('g', Standing::Awaited, "the diagnosis is asked for when the other signs are there"));
    }
    let (sign, begun) = signs_by_api::diagnosis(context, pointer, memo.diagnosis.take()).await?;
    memo.diagnosis = begun;
    Ok(sign)
}

fn judge(connection: &Connection, signs: Vec<Sign>) -> Seen<Output> {
    let of = |standing: Standing| -> Vec<String> {
        signs.iter().filter(|sign| sign.standing == standing).map(Sign::spoken).collect()
    };
    let (against, awaited) = (of(Standing::Against), of(Standing::Awaited));
    if !against.is_empty() {
        return blocked(format!("{}.", against.join(". ")), remedy(connection, &signs));
    }
    if !awaited.is_empty() {
        let part =
            Part { done: (signs.len() - awaited.len()) as u64, of: signs.len() as u64, unit: "signs".to_owned() };
        return underway_with_part(format!("{}; {}", awaited.join("; "), hint(connection)), part, LOOK_AGAIN);
    }
    let seen = signs.iter().map(Sign::spoken).collect::<Vec<_>>().join("; ");
    satisfied(Output { signs, seen })
}

/// What helps when it takes long.
fn hint(connection: &Connection) -> String {
    let options = options(connection);
    match Condition::of(&connection.state) {
        Condition::Paused => format!("where somebody paused it again, `heroku connect:resume {options}` resumes it"),
        _ => {
            let app = connection.app_name.as_deref().unwrap_or("APP");
            format!("when it stays so, the log says why: `heroku logs -d herokuconnect -a {app}`")
        }
    }
}

fn remedy(connection: &Connection, signs: &[Sign]) -> String {
    let options = options(connection);
    let against = signs.iter().filter(|sign| sign.standing == Standing::Against);
    let remedies = against.map(|sign| match sign.letter {
        'b' => mappings::map_again(connection),
        'e' => format!(
            "`heroku connect:write-errors {options}` and `heroku connect:notifications {options}` show all of them; a \
             refused write is not repeated by itself."
        ),
        'f' => {
            "Stop whoever writes to the former database: what they wrote is not in the new one and has to be brought \
                there by hand."
                .to_owned()
        }
        _ => format!("`heroku connect:diagnose {options}` shows it with what to do."),
    });
    let remedies: Vec<String> = remedies.collect();
    format!(
        "{} Where it has nothing to do with the new database of {}, skip this step with that reason.",
        remedies.join(" "),
        name(connection)
    )
}

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::subject::Subject;
use crate::quiet::{self, Since};
use crate::reach::Databases;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_database::Session;
use hcops_database::silence::{Look, look};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Proves that nothing writes to a database: two looks apart, by transactions, rows, structure and trigger log. Whoever
/// still writes is named, with the way to stop them.
///
/// As a step it waits for two silent looks ten seconds apart, and gives up after three that were not. As a standing
/// condition it looks twice within two seconds; once a break of it is final, it looks at everything that was written since
/// the act that made it so.
pub(crate) struct Silence(pub(crate) Arc<Databases>);

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The schema of the connection, whose trigger log is looked at too.
    #[serde(default)]
    schema: Option<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Seconds between the two looks, by the server's clock.
    seconds: f64,
    /// Rows that were written in between: none.
    rows: u64,
    /// Transaction ids that the server's own upkeep, or another database of the server, took in between, where that is
    /// known.
    upkeep: Option<u64>,
    /// Who is connected without writing.
    connected: Vec<String>,
    /// All of that in a sentence.
    seen: String,
    /// The database as it was at the second look: shows later whether anything was written since.
    seal: Value,
}

/// Seconds between two looks of a step.
const LOOK_AGAIN: u64 = 10;
/// Between the two looks of a standing condition.
const AT_ONCE: Duration = Duration::from_secs(2);
/// Looks in a row that may show a writer before a person is asked: what was silenced a moment ago may still end its work.
const ENDURED: u64 = 3;

impl Action for Silence {
    const NAME: &'static str = "postgres.silence";
    const SUMMARY: &'static str = "Prove that nothing writes to a database, or name who does.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let subject = Subject { app: &params.app, database: &params.database };
        let session = self.0.session(context, subject).await?;
        let schema = params.schema.as_deref();
        if prior.step.is_none() {
            let earlier = match then(prior) {
                Some(then) => then,
                None => look_first(context, &session, schema).await?,
            };
            let found = quiet::since(context, &session, schema, &earlier).await?;
            return if found.silence.silent { silent(params, &found) } else { Ok(noisy(params, &found)) };
        }
        let Some((earlier, endured)) = memory(prior) else {
            context.remember(noted(&look(&session, schema).await?, 0));
            return Ok(underway(format!("looked at {} once; the second look follows", params.database), LOOK_AGAIN));
        };
        let found = quiet::since(context, &session, schema, &earlier).await?;
        judge(context, params, &found, endured)
    }
}

/// How the database was right before the act from which on nothing may be written.
fn then(prior: &Prior) -> Option<Look> {
    serde_json::from_value(prior.baseline.as_ref()?["seal"].clone()).ok()
}

/// The first of two looks, long enough before the second.
async fn look_first(context: &Context, session: &Session, schema: Option<&str>) -> Result<Look, Fault> {
    let earlier = look(session, schema).await?;
    context.clock.sleep(AT_ONCE).await;
    Ok(earlier)
}

fn judge(context: &Context, params: &Params, found: &Since, endured: u64) -> Result<Seen<Output>, Fault> {
    if found.silence.silent {
        return silent(params, found);
    }
    if endured + 1 < ENDURED {
        context.remember(noted(&found.now, endured + 1));
        let note = format!("something still writes to {}: {}", params.database, quiet::spoken(&found.silence));
        return Ok(underway(note, LOOK_AGAIN));
    }
    context.remember(noted(&found.now, 0));
    Ok(noisy(params, found))
}

fn noted(look: &Look, endured: u64) -> serde_json::Value {
    json!({"look": look.seal(), "endured": endured})
}

fn memory(prior: &Prior) -> Option<(Look, u64)> {
    let memo = prior.memo.as_ref()?;
    Some((serde_json::from_value(memo["look"].clone()).ok()?, memo["endured"].as_u64()?))
}

fn silent(params: &Params, found: &Since) -> Result<Seen<Output>, Fault> {
    let connected: Vec<String> = found.now.sessions.iter().map(quiet::visitor).collect();
    let seconds = found.silence.seconds;
    let visitors = match connected.as_slice() {
        [] => "nobody else is connected".to_owned(),
        some => format!("connected without writing: {}", some.join("; ")),
    };
    let seen = format!("nothing was written to {} in {seconds:.1} seconds; {visitors}", params.database);
    let seal = serde_json::to_value(found.now.seal()).map_err(|error| unwritable(&error))?;
    Ok(satisfied(Output { seconds, rows: 0, upkeep: found.silence.transactions, connected, seen, seal }))
}

fn noisy(params: &Params, found: &Since) -> Seen<Output> {
    let remedies = found.silence.remedies.join(". ");
    let remedies = if remedies.is_empty() { String::new() } else { format!("{}. ", remedies.trim_end_matches('.')) };
    blocked(
        format!(
            "Something writes to {}: within {:.1} seconds {}.",
            params.database,
            found.silence.seconds,
            quiet::spoken(&found.silence)
        ),
        format!("{remedies}`heroku pg:ps {} -a {}` shows who is connected; then retry.", params.database, params.app),
    )
}

fn unwritable(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("how the silent database is cannot be noted: {error}"),
        "It tells later whether anything was written since.",
        "Report this as a defect of hcops.",
    )
}

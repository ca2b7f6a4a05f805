use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Made;
use super::subject::Subject;
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::compare::{self, NotCompared};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Names what a comparison with the new database will not reach, while nothing is off yet: tables that the credential may
/// not read or that row-level security hides, and, where a follower becomes the new database, unlogged tables, which reach
/// it empty. As a report it only tells; otherwise a person attests to each by its name.
pub(crate) struct Uncompared(pub(crate) Arc<Databases>);

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The add-on with the database as it is, by name.
    database: String,
    /// How the new database will come to be.
    origin: Made,
    /// What is wanted.
    want: Want,
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Want {
    /// Only to know it.
    Report,
    /// That a person attests to each.
    Attested,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// What a person has attested to, by name; empty in a report.
    attested: Vec<String>,
    /// All of it in a sentence.
    seen: String,
    /// The same for the plan, where there is anything to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
}

impl Action for Uncompared {
    const NAME: &'static str = "postgres.uncompared";
    const SUMMARY: &'static str = "Name what a comparison will not reach, and have a person attest to it.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Params { app, database, origin, want } = params;
        let session = match self.0.session(context, Subject { app, database }).await {
            Ok(session) => session,
            // A report beforehand leaves it to the check for that to say that the database is out of reach.
            Err(fault) if *want == Want::Report && fault.kind != FaultKind::Bug => {
                return Ok(satisfied(not_read(&fault)));
            }
            Err(fault) => return Err(fault),
        };
        let found = compare::beforehand(&session, (*origin).into()).await?;
        let unseen: Vec<&NotCompared> = found.iter().filter(|it| it.may_differ).collect();
        if *want == Want::Report {
            return Ok(satisfied(report(params, &found)));
        }
        if let Some(question) = question("the new database", &unseen, prior) {
            return Ok(question);
        }
        Ok(satisfied(Output { attested: unseen.iter().map(|it| it.what.clone()).collect(), ..report(params, &found) }))
    }
}

fn not_read(fault: &Fault) -> Output {
    let seen = format!("what no comparison will reach could not be read: {}", fault.saw);
    Output { attested: Vec::new(), seen, shown: None }
}

fn report(params: &Params, found: &[NotCompared]) -> Output {
    let database = &params.database;
    let told = |may_differ: bool| -> Vec<String> {
        found.iter().filter(|it| it.may_differ == may_differ).map(ToString::to_string).collect()
    };
    let (unseen, known) = (told(true), told(false));
    let mut parts = Vec::new();
    if !unseen.is_empty() {
        parts.push(format!(
            "No comparison can show that the new database will hold this of {database}: {}",
            unseen.join(", ")
        ));
    }
    if !known.is_empty() {
        parts.push(format!("Expected to differ: {}", known.join(", ")));
    }
    let shown = (!parts.is_empty()).then(|| parts.join(". ") + ".");
    let seen = shown.clone().unwrap_or_else(|| format!("everything in {database} can be compared"));
    Output { attested: Vec::new(), seen, shown }
}

/// What a person is still to be asked about what is not compared; nothing when there is nothing, or it was attested to.
pub(super) fn question<T>(place: &str, unseen: &[&NotCompared], prior: &Prior) -> Option<Seen<T>> {
    let statements: Vec<String> = unseen
        .iter()
        .map(|it| format!("{}: {}. Whether it is in {place} is known otherwise, or does not matter.", it.what, it.why))
        .collect();
    if statements.is_empty() {
        return None;
    }
    // Numbers of rows may drift a little between the question and the next look; anything else is asked anew.
    match prior.answer_up_to(&statements) {
        None => Some(Seen::Unclear {
            why: format!("{} could not be compared, so nobody knows whether {place} holds it.", names(unseen)),
            ask: statements,
        }),
        Some(answer) if is_refusal(answer) => Some(blocked(
            format!("The answer was \"{answer}\": it is not acceptable that this is not compared: {}.", names(unseen)),
            "Let the credential read it, set an unlogged table to LOGGED (ALTER TABLE … SET LOGGED) before anything is copied, or \
             find out by hand whether it is the same in both databases; then answer again with yes. Before the point of no \
             return `hcops abort` restores what was before.",
        )),
        Some(_) => None,
    }
}

fn names(unseen: &[&NotCompared]) -> String {
    unseen.iter().map(|it| it.what.as_str()).collect::<Vec<_>>().join(", ")
}

/// Whether an answer to statements is a no.
pub(super) fn is_refusal(answer: &str) -> bool {
    ["no", "n", "refuse", "refused"].iter().any(|refusal| answer.eq_ignore_ascii_case(refusal))
}

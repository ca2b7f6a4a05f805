use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::status::{is_paused, pause, say, unfinished};
use crate::cli::app_name;
use crate::cli::arguments::{AppChoice, Form};
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::inputs::Inputs;
use crate::cli::methods;
use crate::cli::pauses::BY_SOMEBODY_ELSE;
use crate::cli::planning::objection;
use crate::cli::reach::Reach;
use crate::engine::journal::Listing;
use crate::model::{Exit, Fault, Plan, PlannedStep};
use crate::runbook::{self, Input, Runbook};
use crate::screen::{Tone, clean};
use crate::survey::{self, Survey, Target};

/// Look for what is in the way of maintenance, and say what to do about it; changes nothing
///
/// Makes the checks that each procedure makes before it begins. Exit 0 when nothing is in the way, 11 when something is.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    app: AppChoice,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    severity: Severity,
    what: String,
    remedy: String,
    /// The procedure that it stands against.
    concerns: String,
    /// The command that helps.
    command: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Severity {
    /// A procedure refuses to begin.
    Blocks,
    /// Somebody should look at it.
    Attention,
    /// Good to know.
    Note,
}

/// Looks and tells.
///
/// # Errors
/// When the account cannot be read.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let app = app_name::chosen(&arguments.app, desk)?;
    let reach = Reach::online(desk).await?;
    let target = Target { app: app.clone(), resource: arguments.app.resource.clone() };
    let survey = survey::survey(&reach.clients, &*reach.clock, &target).await?;
    let mut findings = of_procedures(&reach, &survey).await?;
    findings.extend(survey.notices.iter().map(|notice| note(notice)));
    findings.extend(of_pause(&app, &survey, &reach.origin, desk)?);
    findings.extend(unfinished(&app, &reach.origin, desk)?.iter().map(of_run));
    findings.sort_by_key(|finding| finding.severity);
    let blocked = findings.iter().any(|finding| finding.severity == Severity::Blocks);
    tell(&app, &findings, desk);
    Ok(if blocked { Exit::Blocked } else { Exit::Done })
}

async fn of_procedures(reach: &Reach, survey: &Survey) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for embedded in runbook::library() {
        let book = runbook::parse(embedded.file_name, embedded.text)?;
        let concerns = format!("{} by {}", book.procedure.value, book.method.value);
        if !could_begin(&book, survey) {
            continue;
        }
        match likely_plan(reach, &book, survey) {
            Ok(plan) => findings.extend(of_checks(reach, &plan, &concerns).await?),
            Err(why) => findings.push(Finding {
                severity: Severity::Note,
                what: format!("{concerns} cannot be planned: {why}"),
                remedy: String::new(),
                concerns,
                command: None,
            }),
        }
    }
    Ok(findings)
}

/// Whether a procedure is worth checking: the method is for the database's tier, sync is to be resumed only where it is
/// paused, and nothing has to be said beforehand that only the operator can choose.
fn could_begin(book: &Runbook, survey: &Survey) -> bool {
    let for_tier = methods::fits(book, &survey.facts);
    let to_resume = book.procedure.value != "sync-resume" || is_paused(survey);
    let sayable =
        |input: &Input| input.default.is_some() || input.optional || likely(&input.name.value, survey).is_some();
    for_tier && to_resume && book.inputs.iter().all(sayable)
}

/// What the operator would most likely say.
fn likely(input: &str, survey: &Survey) -> Option<String> {
    match input {
        "to" => survey.facts["database"]["version"].as_u64().map(|version| (version + 1).to_string()),
        "reason" => Some("checked by hcops doctor".to_owned()),
        _ => None,
    }
}

/// The plan with the inputs that are most likely: the next version, and defaults.
fn likely_plan(reach: &Reach, book: &Runbook, survey: &Survey) -> Result<Plan, String> {
    let names = book.inputs.iter().map(|input| input.name.value.clone());
    let inputs: Inputs = names.filter_map(|name| Some((name.clone(), likely(&name, survey)?))).collect();
    let tool = env!("CARGO_PKG_VERSION");
    let (facts, noted) = (&survey.facts, &survey.noted);
    let plan = runbook::plan(book, &inputs, facts, noted, Vec::new(), &*reach.actions, tool, reach.clock.now());
    plan.map_err(|found| found.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("; "))
}

async fn of_checks(reach: &Reach, plan: &Plan, concerns: &str) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for step in plan.steps.iter().filter(|step| step.preflight && step.omitted.is_none()) {
        let found = objection(reach, step).await?;
        findings.extend(found.map(|fault| stands_against(step, fault, concerns)));
    }
    Ok(findings)
}

fn stands_against(step: &PlannedStep, fault: Fault, concerns: &str) -> Finding {
    let (what, remedy, command) = (fault.saw, fault.remedy, fault.command);
    // A database out of reach is in the way of what is usual only: the operator may do without looking into it.
    let severity = if step.action == "postgres.reachable" { Severity::Attention } else { Severity::Blocks };
    Finding { severity, what, remedy, concerns: concerns.to_owned(), command }
}

fn note(notice: &str) -> Finding {
    let (what, nothing) = (notice.to_owned(), String::new());
    Finding { severity: Severity::Note, what, remedy: nothing.clone(), concerns: nothing, command: None }
}

/// A paused connection with who paused it, as far as this machine's journals know.
fn of_pause(app: &str, survey: &Survey, origin: &str, desk: &Desk) -> Result<Option<Finding>, Failure> {
    if !is_paused(survey) {
        return Ok(None);
    }
    let pause = pause(survey, origin, desk)?;
    let (by, command) = match &pause {
        Some(pause) if pause.unfinished => (pause.spoken(desk), format!("hcops show {}", pause.run)),
        Some(pause) => (pause.spoken(desk), format!("hcops run sync-resume -a {app}")),
        None => (BY_SOMEBODY_ELSE.to_owned(), format!("hcops plan sync-resume -a {app}")),
    };
    let name = survey.facts["connection"]["name"].as_str().unwrap_or("the connection");
    Ok(Some(Finding {
        severity: Severity::Attention,
        what: format!("{name} is PAUSED: {by}"),
        remedy: "Resume sync when the reason is gone: the backlog grows with the pause.".to_owned(),
        concerns: String::new(),
        command: Some(command),
    }))
}

fn of_run(listing: &Listing) -> Finding {
    Finding {
        severity: Severity::Attention,
        what: format!("run {} is not finished", listing.run),
        remedy: "Finish it or turn it back before another procedure begins.".to_owned(),
        concerns: String::new(),
        command: Some(format!("hcops show {}", listing.run)),
    }
}

fn tell(app: &str, findings: &[Finding], desk: &Desk) {
    for finding in findings {
        match desk.form {
            Form::Json => desk.say_json("finding", json!(finding)),
            Form::Text => tell_one(finding, desk),
        }
    }
    if desk.form == Form::Text && findings.iter().all(|finding| finding.severity == Severity::Note) {
        desk.say(&[desk.appearance.dress(Tone::Good, &format!("Nothing is in the way of maintenance of {app}."))]);
    }
}

fn tell_one(finding: &Finding, desk: &Desk) {
    let label = match finding.severity {
        Severity::Blocks => "BLOCKS",
        Severity::Attention => "attention",
        Severity::Note => "note",
    };
    say(desk, label, &finding.what);
    if !finding.remedy.is_empty() {
        say(desk, "  remedy", &finding.remedy);
    }
    if !finding.concerns.is_empty() {
        say(desk, "  concerns", &clean(&finding.concerns));
    }
    if let Some(command) = &finding.command {
        say(desk, "  run", &clean(command));
    }
}

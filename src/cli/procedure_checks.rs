//! The checks that each procedure makes before it begins, made for `doctor --procedures` without beginning any.

use super::failure::Failure;
use super::inputs::Inputs;
use super::methods;
use super::planning::objection;
use super::reach::Reach;
use hcops_health::{Finding, Grade, of_procedure};
use hcops_model::{Fault, FaultKind, Plan, PlannedStep};
use hcops_runbook::{self as runbook, Input, Runbook};
use hcops_survey::{self as survey, Survey, Target};

/// What stands against each procedure that could be wanted.
///
/// # Errors
/// When the account cannot be read so far as a plan needs it.
pub(super) async fn findings(reach: &Reach, target: &Target) -> Result<Vec<Finding>, Failure> {
    let survey = survey::survey(&reach.clients, &*reach.clock, target).await?;
    let mut findings = Vec::new();
    for embedded in runbook::library() {
        let book = runbook::parse(embedded.file_name, embedded.text)?;
        let about = format!("{} by {}", book.procedure.value, book.method.value);
        if !could_begin(&book, &survey) {
            continue;
        }
        match likely_plan(reach, &book, &survey) {
            Ok(plan) => findings.extend(of_checks(reach, &plan, &about).await?),
            Err(why) => findings.push(of_procedure(Grade::Note, &about, cannot_be_planned(&why))),
        }
    }
    Ok(findings)
}

/// Whether a procedure is worth checking: the method is for the database's tier, sync is to be resumed only where it is
/// paused, and nothing has to be said beforehand that only the operator can choose.
fn could_begin(book: &Runbook, survey: &Survey) -> bool {
    let for_tier = methods::fits(book, &survey.facts);
    let to_resume = book.procedure.value != "sync-resume" || survey.noted["connection_state"] == "PAUSED";
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

fn cannot_be_planned(why: &str) -> Fault {
    Fault::new(FaultKind::Refused, format!("it cannot be planned: {why}"), "", "")
}

async fn of_checks(reach: &Reach, plan: &Plan, about: &str) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for step in plan.steps.iter().filter(|step| step.preflight && step.omitted.is_none()) {
        let found = objection(reach, step).await?;
        findings.extend(found.map(|fault| of_procedure(grade(step), about, fault)));
    }
    Ok(findings)
}

/// A database out of reach is in the way of what is usual only: the operator may do without looking into it.
fn grade(step: &PlannedStep) -> Grade {
    if step.action == "postgres.reachable" { Grade::Note } else { Grade::Attention }
}

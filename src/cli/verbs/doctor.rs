use clap::Args;
use serde_json::{Value, json};

use crate::cli::arguments::{AppsChoice, Form, LookChoice};
use crate::cli::checkups::{self, AppHealth, Checkups, Looked};
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::procedure_checks;
use crate::cli::reach::Reach;
use crate::cli::told::{self, say};
use hcops_health::{BLIND_SPOTS, Finding, Grade, ONLY_BY_SQL};
use hcops_model::Exit;
use hcops_survey::Target;
use hcops_survey::checkup::{Depth, Unseen};
use hcops_terminal::{Tone, fault_lines};

/// Look for what is broken or will be soon, and say which procedure helps; changes nothing
///
/// Made for a weekly job: findings are graded ok, note, attention or broken, each with a stable id, and the exit code tells
/// the worst: 0 nothing from --fail-on upwards, 30 something wants attention, 31 something is broken now, 32 a part could
/// not be looked at, so that it is not known to be well. What was not seen counts more than what wants attention.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    apps: AppsChoice,
    #[command(flatten)]
    look: LookChoice,
    /// Make the checks of each procedure as well that it makes before it begins
    #[arg(long)]
    procedures: bool,
    /// Tell what is well, too
    #[arg(long)]
    all: bool,
}

/// Looks and tells.
///
/// # Errors
/// When nothing can be looked at.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let looked = checkups::look(&arguments.apps, &arguments.look, desk).await;
    let (reach, mut found) = looked.map_err(Failure::of_look)?;
    if arguments.procedures {
        let checks = add_procedures(&reach, &mut found, arguments.apps.resource.as_ref());
        desk.patiently("making the checks of the procedures", checks).await;
    }
    let fail_on = checkups::fail_on(arguments.look.fail_on);
    let exit = found.verdict().exit(fail_on);
    match desk.form {
        Form::Json => desk.say_json("doctor", document(&found, exit)),
        Form::Text => tell(&found, arguments.all, desk),
    }
    Ok(exit)
}

/// What a plan cannot be made without may be what could not be seen; then that is told as not seen.
async fn add_procedures(reach: &Reach, found: &mut Checkups, resource: Option<&String>) {
    for looked in &mut found.apps {
        let Looked::Seen(health) = looked else { continue };
        let target = Target { app: health.checkup.app.clone(), resource: resource.cloned() };
        match procedure_checks::findings(reach, &target).await {
            Ok(more) => health.findings.extend(more),
            Err(failure) => {
                let (what, why) = ("the checks of the procedures".to_owned(), failure.fault.saw);
                health.checkup.unseen.push(Unseen { what, why });
            }
        }
        health.findings.sort_by_key(|finding| std::cmp::Reverse(finding.grade));
    }
}

fn document(found: &Checkups, exit: Exit) -> Value {
    let verdict = found.verdict();
    json!({
        "grade": verdict.grade, "incomplete": verdict.incomplete, "exit": exit.code(),
        "apps": found.apps.iter().map(app_document).collect::<Value>(), "not_shown": BLIND_SPOTS,
    })
}

fn app_document(looked: &Looked) -> Value {
    let verdict = looked.verdict();
    match looked {
        Looked::Seen(health) => json!({
            "app": health.checkup.app, "at": health.checkup.at, "grade": verdict.grade,
            "incomplete": verdict.incomplete, "findings": health.findings, "unseen": health.checkup.unseen,
        }),
        Looked::Unseen { app, fault } => json!({
            "app": app, "at": null, "grade": null, "incomplete": true, "findings": [],
            "unseen": [{ "what": format!("the app {app}"), "why": fault.saw }],
        }),
    }
}

fn tell(found: &Checkups, all: bool, desk: &Desk) {
    for looked in &found.apps {
        if found.apps.len() > 1 {
            desk.say(&[desk.appearance.dress(Tone::Heading, looked.app())]);
        }
        match looked {
            Looked::Seen(health) => tell_app(health, all, desk),
            Looked::Unseen { fault, .. } => {
                desk.say(&told::call(desk, "not seen", "the whole app"));
                desk.say(&fault_lines(fault, &desk.appearance));
            }
        }
        if found.apps.len() > 1 {
            desk.say(&[String::new()]);
        }
    }
    let deeper = found.apps.iter().any(|one| matches!(one, Looked::Seen(seen) if seen.checkup.depth == Depth::Api));
    let further = deeper.then_some(ONLY_BY_SQL);
    let blind: Vec<&str> = BLIND_SPOTS.iter().copied().chain(further).collect();
    say(desk, "not shown", &format!("No look from here tells {}.", blind.join("; ")));
}

fn tell_app(health: &AppHealth, all: bool, desk: &Desk) {
    for finding in health.findings.iter().filter(|finding| all || finding.grade != Grade::Ok) {
        tell_one(finding, desk);
    }
    for unseen in &health.checkup.unseen {
        desk.say(&told::call(desk, "not seen", &format!("{}: {}", unseen.what, unseen.why)));
    }
    let well = health.findings.iter().filter(|finding| finding.grade == Grade::Ok).count();
    if !all && well > 0 {
        say(desk, "ok", &format!("{well} things were looked at and are well (--all tells them)."));
    }
    let (tone, sentence) = summary(health);
    desk.say(&[desk.appearance.dress(tone, &desk.appearance.tell(&sentence))]);
}

fn summary(health: &AppHealth) -> (Tone, String) {
    let verdict = health.verdict();
    let app = &health.checkup.app;
    let seen = match verdict.grade {
        Grade::Broken => (Tone::Danger, format!("{app}: something is broken now")),
        Grade::Attention => (Tone::Warning, format!("{app}: something wants attention")),
        Grade::Note | Grade::Ok => (Tone::Good, format!("{app}: nothing wants attention")),
    };
    match verdict.incomplete {
        true => (Tone::Danger, format!("{}; a part could not be looked at, and may hide more.", seen.1)),
        false => (seen.0, format!("{}.", seen.1)),
    }
}

fn tell_one(finding: &Finding, desk: &Desk) {
    desk.say(&told::finding(desk, finding));
    if finding.grade == Grade::Ok {
        return;
    }
    say(desk, "  why", finding.why);
    if !finding.remedy.is_empty() {
        say(desk, "  remedy", &finding.remedy);
    }
    if let Some(command) = &finding.command {
        desk.say(&[told::command(desk, command)]);
    }
    say(desk, "  rule", &format!("{} ({})", finding.id, finding.source));
}

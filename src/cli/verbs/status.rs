use clap::Args;
use serde_json::{Value, json};

use crate::cli::arguments::{AppsChoice, Form, LookChoice};
use crate::cli::checkups::{self, AppHealth, Checkups, Looked};
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::{status_screen, told};
use hcops_health::Grade;
use hcops_model::Exit;
use hcops_terminal::fault_lines;

/// Show how an app, its connections and their databases stand, on one screen; changes nothing
///
/// Exit 0 when everything could be looked at, 32 when a part could not. With --fail-on the findings decide the exit code
/// as they do for `hcops doctor`, which tells more about each of them.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    apps: AppsChoice,
    #[command(flatten)]
    look: LookChoice,
}

/// Shows it.
///
/// # Errors
/// When nothing can be looked at.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let found = checkups::look(&arguments.apps, &arguments.look, desk).await.map_err(Failure::of_look)?.1;
    for (nth, looked) in found.apps.iter().enumerate() {
        match desk.form {
            Form::Json => desk.say_json("status", document(looked, &found)),
            Form::Text => {
                if nth > 0 {
                    desk.say(&[String::new()]);
                }
                tell(looked, &found, desk);
            }
        }
    }
    Ok(found.verdict().exit(checkups::fail_on(arguments.look.fail_on)))
}

fn tell(looked: &Looked, found: &Checkups, desk: &Desk) {
    match looked {
        Looked::Seen(health) => desk.say(&status_screen::lines(health, &found.notices, desk)),
        Looked::Unseen { app, fault } => {
            desk.say(&told::call(desk, "not seen", &format!("the app {app}")));
            desk.say(&fault_lines(fault, &desk.appearance));
        }
    }
}

fn document(looked: &Looked, found: &Checkups) -> Value {
    let verdict = looked.verdict();
    match looked {
        Looked::Seen(health) => json!({
            "app": health.checkup.app, "grade": verdict.grade, "incomplete": verdict.incomplete,
            "checkup": health.checkup, "announced": found.notices, "local": health.local,
            "findings": worth_telling(health),
        }),
        Looked::Unseen { app, fault } => json!({
            "app": app, "grade": null, "incomplete": true, "checkup": null, "fault": fault,
        }),
    }
}

fn worth_telling(health: &AppHealth) -> Value {
    health.findings.iter().filter(|finding| finding.grade != Grade::Ok).map(|finding| json!(finding)).collect()
}

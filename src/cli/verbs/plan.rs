use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::app_name;
use crate::cli::arguments::{AppChoice, Form, ProcedureChoice};
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::inputs::Inputs;
use crate::cli::methods;
use crate::cli::planning::{self, Wish};
use crate::cli::reach::Reach;
use hcops_model::{Exit, Plan};
use hcops_runbook as runbook;
use hcops_terminal::{plan_lines, plan_page, wrap};

/// Show what a procedure would do; changes nothing
///
/// Every step with what it does, why, how long it usually takes and the way back; the point of no return; what happens
/// to each attachment. Only reads are sent. Checks that can be made beforehand are made: exit 11 when one stands against
/// the plan.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The procedure: `hcops runbook list` names them
    procedure: String,
    #[command(flatten)]
    app: AppChoice,
    #[command(flatten)]
    choice: ProcedureChoice,
    /// Write the plan to this file, for `hcops run FILE --approve DIGEST`
    #[arg(short, long = "out", value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the plan as a Markdown page to this file as well, for a comment on a pull request
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// Plans, checks, shows.
///
/// # Errors
/// When no plan can be made, or something stands against it.
pub(in crate::cli) async fn run(arguments: Arguments, inputs: Inputs, desk: &Desk) -> Result<Exit, Failure> {
    let app = app_name::chosen(&arguments.app, desk)?;
    let reach = Reach::online(desk).await.map_err(Failure::of_look)?.for_looks();
    let wish = Wish::new(&arguments.procedure, &arguments.choice, inputs.clone(), app, arguments.app.resource.clone());
    let plan = desk.patiently("surveying the app", planning::plan(&reach, &wish)).await.map_err(Failure::of_look)?;
    let checks = desk.patiently("making the plan's own checks", planning::check(&reach, &plan)).await;
    let shown = checks.map_err(Failure::of_look)?;
    if let Some(path) = &arguments.out {
        std::fs::write(path, runbook::save_plan(&plan)).map_err(|error| Failure::file("write", path, &error))?;
    }
    if let Some(path) = &arguments.markdown {
        let next = next_command(&plan, &arguments, &inputs);
        let page = plan_page(&plan, &shown, &next, &desk.appearance);
        std::fs::write(path, page).map_err(|error| Failure::file("write", path, &error))?;
    }
    show(&plan, &shown, &arguments, &inputs, desk);
    Ok(Exit::Done)
}

fn show(plan: &Plan, checked: &[String], arguments: &Arguments, given: &Inputs, desk: &Desk) {
    let methods =
        if arguments.choice.runbook.is_none() { methods::table(&plan.procedure, &plan.facts) } else { Vec::new() };
    if desk.form == Form::Json {
        return desk.say_json(
            "plan",
            json!({ "digest": plan.digest(), "plan": plan, "methods": methods, "checked": checked }),
        );
    }
    desk.say(&plan_lines(plan, &desk.appearance));
    for sentence in checked {
        let checked = format!("Checked: {sentence}");
        desk.say(&wrap(&desk.appearance.tell(&checked), desk.appearance.columns, "", "  "));
    }
    methods::tell(&methods, &plan.method, desk);
    let next = next_command(plan, arguments, given);
    let next = format!("  {}", desk.appearance.typed(&next));
    let unchanged = desk.appearance.tell("Nothing was changed. To carry it out:");
    desk.say(&[String::new(), unchanged.into_owned(), next]);
}

/// The command that carries the plan out.
fn next_command(plan: &Plan, arguments: &Arguments, given: &Inputs) -> String {
    match &arguments.out {
        Some(path) => format!("hcops run {} --approve {}", path.display(), plan.digest()),
        None => format!("hcops run {} -a {}{}", plan.procedure, plan.app, options(plan, arguments, given)),
    }
}

/// What was said for this plan, said again; the connection by its name, so that a second one makes no difference.
fn options(plan: &Plan, arguments: &Arguments, given: &Inputs) -> String {
    let choice = &arguments.choice;
    let chosen = [
        ("resource", plan.resource.clone()),
        ("method", choice.method.clone().or_else(|| proposed_of_several(plan, choice.runbook.is_some()))),
        ("runbook", choice.runbook.as_ref().map(|file| file.display().to_string())),
    ];
    let chosen = chosen.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let as_options = given.iter().map(|(name, value)| (name.replace('_', "-"), value.clone()));
    let further = choice.input.iter().map(|(name, value)| ("input".to_owned(), format!("{name}={value}")));
    as_options.chain(further).chain(chosen).map(|(name, value)| format!(" --{name} {}", quoted(&value))).collect()
}

/// The method, where it was proposed among several: what was planned is what is run, whatever would be proposed then.
fn proposed_of_several(plan: &Plan, by_file: bool) -> Option<String> {
    let several = !by_file && runbook::methods_of(&plan.procedure).len() > 1;
    several.then(|| plan.method.clone())
}

/// As a shell takes it for one word.
fn quoted(value: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=,@%+".contains(character);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_shell_would_split_is_quoted() {
        assert_eq!(quoted("heroku-postgresql:standard-0"), "heroku-postgresql:standard-0");
        assert_eq!(quoted("two words"), "'two words'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}

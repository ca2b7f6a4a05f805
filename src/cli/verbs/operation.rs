use std::path::Path;

use serde_json::Value;

use crate::cli::app_name;
use crate::cli::arguments::{Form, ProcedureChoice};
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::operations::Operation;
use crate::cli::planning::Wish;
use hcops_model::{Entry, Exit, RunId, kept_document};

/// Plans an operation and carries it out. One that only looks then says what it saw: its output's `lines` as data, and by
/// the exit code whether its output counts anything that was `found` to be wrong. (With `--json` the event of the settled
/// step has the whole output.)
///
/// # Errors
/// When no run could be begun, or what it exported cannot be written where it was wanted.
pub(in crate::cli) async fn run(operation: Operation, desk: &Desk) -> Result<Exit, Failure> {
    let app = app_name::chosen(&operation.app, desk)?;
    let choice = ProcedureChoice::default();
    let wish = Wish::new(&operation.name, &choice, operation.inputs, app, operation.app.resource.clone());
    let only_looks = wish.only_looks()?;
    let begun = super::run::begin(&wish, None, &operation.conduct, &operation.beside, desk).await;
    let (exit, run) = begun.map_err(|failure| if only_looks { failure.of_look() } else { failure })?;
    if exit != Exit::Done {
        return Ok(exit);
    }
    let outputs = outputs(run, desk)?;
    tell(&outputs, desk);
    if let Some(path) = &operation.out {
        write(&outputs, path, desk)?;
    }
    let found = outputs.iter().any(|output| output["found"].as_u64().is_some_and(|found| found > 0));
    Ok(if found { Exit::VerificationFailed } else { Exit::Done })
}

/// What the steps of a run that is over brought.
fn outputs(run: RunId, desk: &Desk) -> Result<Vec<Value>, Failure> {
    let lines = desk.store().open_read(&run.to_string())?.lines;
    let settled = lines.into_iter().filter_map(|line| match line.entry {
        Entry::Settled { output, .. } => Some(output),
        _ => None,
    });
    Ok(settled.collect())
}

fn tell(outputs: &[Value], desk: &Desk) {
    if desk.form == Form::Json {
        return;
    }
    for lines in outputs.iter().filter_map(|output| output["lines"].as_array()) {
        desk.say(&[String::new()]);
        let told = |line: &str| desk.appearance.tell(line).into_owned();
        desk.say(&lines.iter().filter_map(Value::as_str).map(told).collect::<Vec<_>>());
    }
}

/// Writes the document of the first step that has one.
fn write(outputs: &[Value], path: &Path, desk: &Desk) -> Result<(), Failure> {
    let Some((_, document)) = outputs.iter().find_map(kept_document) else { return Ok(()) };
    std::fs::write(path, format!("{document:#}\n")).map_err(|error| Failure::file("write", path, &error))?;
    desk.remark(&desk.appearance.tell(&format!("Written to {}.", path.display())));
    Ok(())
}

use clap::{Args, ValueEnum};

use crate::cli::arguments::Form;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::run_choice::RunChoice;
use crate::model::Exit;
use crate::report;

/// Report on a run: what was done, in which order, by whom, how long writes were off, with the evidence
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Markdown,
    /// For machines.
    Json,
}

/// Prints the report. A journal is all that it needs.
///
/// # Errors
/// When there is no such run, or its journal cannot be read.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let open = desk.store().open_read(&arguments.run.any(desk)?)?;
    let format = arguments.format.unwrap_or(if desk.form == Form::Json { Format::Json } else { Format::Markdown });
    match format {
        Format::Markdown => desk.printer.data(report::markdown(&open.lines)?.trim_end()),
        Format::Json => desk.printer.data(&report::json(&open.lines)?.to_string()),
    }
    Ok(Exit::Done)
}

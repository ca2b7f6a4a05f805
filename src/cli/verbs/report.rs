use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::arguments::Form;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::run_choice::RunChoice;
use hcops_journal::ReadJournal;
use hcops_model::state_dir::StateDir;
use hcops_model::{Entry, Exit, Line};
use hcops_report::{self as report, Kept};

/// Report on a run: what was done, in which order, by whom, how long writes were off, with the evidence
///
/// Made from the journal alone; evidence files that are at hand are held against the digests in it. The HTML form is one
/// file that needs no script and fetches nothing. `docs/report.md` describes the JSON form.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
    /// The form of the report [default: by the ending of FILE, else markdown]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
    /// Write the report to this file instead of standard output
    #[arg(short, long = "out", value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, in a browser or on paper.
    Html,
    /// For people, as text.
    Markdown,
    /// For machines.
    Json,
}

impl Format {
    /// The form that a file's ending stands for.
    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

impl Arguments {
    fn form(&self, desk: &Desk) -> Format {
        let by_file = || self.out.as_deref().and_then(Format::of_file);
        let by_output = if desk.form == Form::Json { Format::Json } else { Format::Markdown };
        self.format.or_else(by_file).unwrap_or(by_output)
    }
}

/// Prints the report, or writes it to a file. A journal is all that it needs.
///
/// # Errors
/// When there is no such run, its journal cannot be read, or the file cannot be written.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let open = desk.store().open_read(&arguments.run.any(desk)?)?;
    for note in &open.notes {
        desk.remark(&desk.appearance.tell(note));
    }
    let lines = within(&open.lines, &desk.appearance.state_dir);
    let text = match arguments.form(desk) {
        Format::Html => report::html(&lines, &kept(&open))?,
        Format::Markdown => report::markdown(&lines, &kept(&open))?,
        Format::Json => report::json(&lines, &kept(&open))?.to_string(),
    };
    match &arguments.out {
        None => desk.printer.data(text.trim_end()),
        Some(path) => {
            let text = format!("{}\n", text.trim_end());
            std::fs::write(path, text).map_err(|error| Failure::file("write", path, &error))?;
            let written = format!("The report of run {} is in {}", open.run, path.display());
            desk.remark(&desk.appearance.tell(&written));
        }
    }
    Ok(Exit::Done)
}

/// The lines with commands that find the run from wherever they are typed.
fn within(lines: &[Line], state_dir: &StateDir) -> Vec<Line> {
    let mut lines = lines.to_vec();
    for line in &mut lines {
        match &mut line.entry {
            Entry::Parked { needs } => *needs = state_dir.within_needs(needs.clone()),
            Entry::Faulted { fault, .. } => {
                fault.remedy = state_dir.within_text(&fault.remedy).into_owned();
                fault.command = fault.command.as_deref().map(|command| state_dir.within(command).into_owned());
            }
            _ => {}
        }
    }
    lines
}

/// The evidence files that the journal names and that are still there. One that cannot be read is told in the report as
/// not at hand.
fn kept(open: &ReadJournal) -> Kept {
    let marks = open.lines.iter().filter_map(|line| match &line.entry {
        Entry::Settled { evidence, .. } => evidence.as_ref(),
        _ => None,
    });
    let plain = |name: &str| Path::new(name).file_name().is_some_and(|file| file == name);
    let names = marks.map(|mark| &mark.name).filter(|name| plain(name));
    let read = |name: &String| Some((name.clone(), std::fs::read(open.directory.join("evidence").join(name)).ok()?));
    names.filter_map(read).collect()
}

use clap::{Args, ValueEnum};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use hcops_model::{Event, Exit};
use hcops_notify::Notice;
use hcops_report as report;

/// Print the JSON Schema of what hcops tells programs
///
/// That of runbook files, for editors, is printed by `hcops runbook schema`.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// Of what
    of: Document,
}

#[derive(Clone, Copy, ValueEnum)]
enum Document {
    /// Each line of `--output json` of a run
    Events,
    /// What `--notify` posts and `--on-event` reads
    Notices,
    /// The JSON form of `hcops report`
    Report,
}

/// What `--output json` prints while a run is carried out, one to a line.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is only described")]
enum Told {
    /// Something of a run.
    Event(Box<Event>),
    /// A command that failed before or outside a run.
    Error(Refusal),
    /// What a rehearsal with real servers counted at its end.
    Audit(Counted),
    /// What became of the faults that a rehearsal was asked for.
    Faults(FaultsTold),
    /// Lines that were left out because nobody took them.
    Gap(LeftOut),
}

/// A command that failed before or outside a run.
#[derive(Serialize, JsonSchema)]
struct Refusal {
    /// Version of the format of events.
    v: u32,
    /// What it is.
    kind: RefusalKind,
    /// The exit code.
    exit: u8,
    /// What was seen.
    saw: String,
    /// Why that matters.
    why: String,
    /// What to do about it.
    remedy: String,
    /// The command that leads on.
    command: Option<String>,
    /// The exchanges that it came from.
    requests: Vec<hcops_model::RequestMark>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it is only described")]
enum RefusalKind {
    /// A refusal.
    Error,
}

/// What a rehearsal with real servers counted at its end.
#[derive(Serialize, JsonSchema)]
struct Counted {
    /// Version of the format of events.
    v: u32,
    /// What it is.
    kind: CountedKind,
    /// Whether nothing was lost and nothing was done twice.
    whole: bool,
    /// What was counted.
    audit: serde_json::Value,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it is only described")]
enum CountedKind {
    /// A count.
    Audit,
}

/// What became of the faults that a rehearsal was asked for.
#[derive(Serialize, JsonSchema)]
struct FaultsTold {
    /// Version of the format of events.
    v: u32,
    /// What it is.
    kind: FaultsKind,
    /// Whether the run is over; else they stay in force when it goes on.
    over: bool,
    /// Those that have not struck, in their short form, with the reason.
    unstruck: Vec<NotStruck>,
}

#[derive(Serialize, JsonSchema)]
struct NotStruck {
    /// The fault in its short form.
    fault: String,
    /// Why it has not struck.
    why: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it is only described")]
enum FaultsKind {
    /// Faults.
    Faults,
}

/// Lines that were left out because their reader had stopped: it stands in their place.
#[derive(Serialize, JsonSchema)]
struct LeftOut {
    /// Version of the format of events.
    v: u32,
    /// What it is.
    kind: LeftOutKind,
    /// How many lines.
    lines: u64,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it is only described")]
enum LeftOutKind {
    /// A gap.
    Gap,
}

/// Prints it.
///
/// # Errors
/// None.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let schema = match arguments.of {
        Document::Events => schema_for!(Told),
        Document::Notices => schema_for!(Notice),
        Document::Report => report::schema(),
    };
    desk.printer.data(&serde_json::to_string_pretty(&schema).unwrap_or_default());
    Ok(Exit::Done)
}

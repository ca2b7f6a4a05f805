//! Operations: each file of `runbooks/operations/` as a command of its own, `connect-pause` as `hcops connect pause`. They
//! go through the same survey, plan, engine and journal as the procedures.

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::arguments::{AppChoice, Conduct};
use super::in_the_way::Beside;
use super::inputs::{self, Inputs};
use hcops_runbook::{self as runbook, Runbook};

/// The first word of an operation's command, and of its name.
pub(super) trait Room {
    /// The word.
    const WORD: &'static str;
}

/// `hcops app …`
pub(super) struct App;
/// `hcops connect …`
pub(super) struct Connect;
/// `hcops postgres …`
pub(super) struct Postgres;

impl Room for App {
    const WORD: &'static str = "app";
}

impl Room for Connect {
    const WORD: &'static str = "connect";
}

impl Room for Postgres {
    const WORD: &'static str = "postgres";
}

/// An operation as it was asked for.
pub(super) struct Operation {
    /// Its runbook.
    pub(super) name: String,
    /// Where.
    pub(super) app: AppChoice,
    /// What its runbook wants to know.
    pub(super) inputs: Inputs,
    /// Answers, and who is told.
    pub(super) conduct: Conduct,
    /// The runs beside which it may begin.
    pub(super) beside: Beside,
    /// Where to write what was exported.
    pub(super) out: Option<PathBuf>,
}

/// Where to write a document.
#[derive(Args)]
struct Out {
    /// Also write the exported configuration to this file, when the command ends with 0
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// An operation of one room: what clap reads it as.
pub(super) struct OperationOf<R>(pub(super) Operation, PhantomData<R>);

impl<R: Room> Subcommand for OperationOf<R> {
    fn augment_subcommands(command: Command) -> Command {
        command.defer(with_operations::<R>)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        books::<R>().any(|(word, _)| word == name)
    }
}

impl<R: Room> FromArgMatches for OperationOf<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (word, matches) = matches.subcommand().ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        let operation = Operation {
            name: format!("{}-{word}", R::WORD),
            app: AppChoice::from_arg_matches(matches)?,
            inputs: inputs::among(matches),
            conduct: Conduct::from_arg_matches(matches)?,
            beside: Beside::from_arg_matches(matches)?,
            out: matches.try_get_one::<PathBuf>("out").ok().flatten().cloned(),
        };
        Ok(Self(operation, PhantomData))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The room's command with one for each operation, once the room is asked for.
fn with_operations<R: Room>(room: Command) -> Command {
    books::<R>().fold(room, |room, (word, book)| room.subcommand(as_command(word, book)))
}

/// The operations of a room by the word that follows the room's.
fn books<R: Room>() -> impl Iterator<Item = (&'static str, &'static Runbook)> {
    runbook::operation_books().filter_map(|book| {
        let (room, word) = book.procedure.value.split_once('-')?;
        (room == R::WORD).then_some((word, book))
    })
}

fn as_command(word: &str, book: &Runbook) -> Command {
    let summary = book.summary.as_deref().unwrap_or_default().trim().replace('\n', " ");
    let first = summary.split_once(". ").map_or(summary.as_str(), |(first, _)| first).trim_end_matches('.').to_owned();
    let command = Conduct::augment_args(AppChoice::augment_args(Command::new(word.to_owned())));
    let command = Beside::augment_args(command);
    let command = if exports(book) { Out::augment_args(command) } else { command };
    let command = command.about(first).long_about(summary).after_help(afterwards(book));
    book.inputs.iter().fold(command, |command, input| {
        let takes = if input.argument {
            inputs::argument(input)
        } else {
            inputs::option(&input.name.value, input.help.clone())
        };
        command.arg(takes)
    })
}

/// Examples, and what the command is beside the procedures.
fn afterwards(book: &Runbook) -> String {
    let examples: String = book.examples.iter().map(|example| format!("  {example}\n")).collect();
    let examples = if examples.is_empty() { examples } else { format!("Examples:\n{examples}\n") };
    let needed = book.inputs.iter().filter(|input| input.default.is_none() && !input.optional);
    let inputs: String = needed.map(|input| format!(" --input {}=…", input.name.value)).collect();
    format!(
        "{examples}It is planned, shown, asked for and journalled like a procedure; `hcops resume`, `abort`, `show` and `report`\n\
         know the run, and exit codes are in `hcops --help`. The same as:\n  hcops run {}{inputs}",
        book.procedure.value
    )
}

/// Whether a configuration is exported on the way.
fn exports(book: &Runbook) -> bool {
    book.steps.iter().any(|step| step.call.action.value == "connect.export")
}

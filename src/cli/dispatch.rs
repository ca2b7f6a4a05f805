use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, FromArgMatches};

use super::arguments::{App, Arguments, Connect, Postgres, Verb};
use super::desk::Desk;
use super::environment::Environment;
use super::failure::Failure;
use super::{completion, help, inputs, trace, verbs};
use hcops_model::Exit;
use hcops_terminal::{Appearance, Printer, Tone};

/// Parses the arguments, runs the verb, and returns the documented exit code (see [`Exit`]).
#[must_use]
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    if let Some(exit) = completion::answer(&words) {
        return ExitCode::from(exit.code());
    }
    let exit = match help::command_for(&words).try_get_matches_from(&words) {
        Ok(matches) => run(&matches, &words),
        Err(error) => refuse(error, &words),
    };
    ExitCode::from(exit.code())
}

/// Help and version are data; everything else that clap says is about a wrong command line.
fn refuse(error: clap::Error, words: &[OsString]) -> Exit {
    let error = without_addresses(error);
    let (printer, said) = (Printer::standard(), error.render());
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let colour = console::Term::stderr().is_term() && Environment::read().get(super::environment::NO_COLOR).is_none();
    let text = if colour { said.ansi().to_string() } else { said.to_string() };
    if asked_for {
        printer.data(text.trim_end());
        return Exit::Done;
    }
    printer.note(text.trim_end());
    let called = Environment::read().owned(super::environment::CALLED);
    let appearance = Appearance { colour, called, ..Appearance::plain() };
    printer.note(&format!("\n    run  {}", appearance.dress(Tone::Command, &help_with(words))));
    Exit::Usage
}

/// The command that explains the one that was typed, as far as its words are known.
fn help_with(words: &[OsString]) -> String {
    let tree = help::command_for(words);
    let (mut command, mut path) = (&tree, vec!["hcops"]);
    for word in words.iter().skip(1).filter_map(|word| word.to_str()).take_while(|word| *word != "--") {
        if let Some(below) = command.find_subcommand(word) {
            path.push(below.get_name());
            command = below;
        }
    }
    format!("{} --help", path.join(" "))
}

/// A word that clap repeats may be a database URL, with its password, or a webhook's address, with its token.
fn without_addresses(mut error: clap::Error) -> clap::Error {
    let is_notify =
        matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(of)) if of.starts_with("--notify"));
    let masked: Vec<(ContextKind, String)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(_) if is_notify && kind == ContextKind::InvalidValue => Some((kind, "***".to_owned())),
            ContextValue::String(text) => Some((kind, format!("{}://***", text.split_once("://")?.0))),
            _ => None,
        })
        .collect();
    for (kind, text) in masked {
        error.insert(kind, ContextValue::String(text));
    }
    error
}

fn run(matches: &ArgMatches, words: &[OsString]) -> Exit {
    let arguments = match Arguments::from_arg_matches(matches) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(error, words),
    };
    let desk = match Desk::set_up(Environment::read(), &arguments.everywhere) {
        Ok(desk) => desk,
        Err(failure) => return tell(&Desk::bare(&arguments.everywhere), failure, words),
    };
    let exit = at_desk(arguments, &desk, matches, words);
    desk.printer.finish();
    exit
}

fn at_desk(arguments: Arguments, desk: &Desk, matches: &ArgMatches, words: &[OsString]) -> Exit {
    let inputs = inputs::given(matches);
    let Some(verb) = arguments.verb else {
        desk.printer.data(&help::overview(desk));
        return Exit::Done;
    };
    carry_out(verb, desk, inputs).unwrap_or_else(|failure| tell(desk, failure, words))
}

/// No refusal ends without something to type: where nothing more exact helps, what explains the command does.
fn tell(desk: &Desk, mut failure: Failure, words: &[OsString]) -> Exit {
    failure.fault.command.get_or_insert_with(|| help_with(words));
    desk.tell_failure(&failure);
    failure.exit
}

fn carry_out(verb: Verb, desk: &Desk, inputs: inputs::Inputs) -> Result<Exit, Failure> {
    match verb {
        Verb::Runs(arguments) => verbs::runs::run(&arguments, desk),
        Verb::Show(arguments) => verbs::show::run(&arguments, desk),
        Verb::Report(arguments) => verbs::report::run(&arguments, desk),
        Verb::Runbook(arguments) => verbs::runbook::run(&arguments, desk),
        Verb::Schema(arguments) => verbs::schema::run(&arguments, desk),
        Verb::Config(arguments) => verbs::config::run(&arguments, desk),
        Verb::Completions(arguments) => verbs::completions::run(&arguments, desk),
        Verb::Man(arguments) => verbs::man::run(&arguments, desk),
        others => in_the_background(carry_out_online(others, desk, inputs)),
    }
}

async fn carry_out_online(verb: Verb, desk: &Desk, inputs: inputs::Inputs) -> Result<Exit, Failure> {
    // What only looks holds nothing up: there a slow reader gets everything.
    if !matches!(
        verb,
        Verb::Plan(_) | Verb::Status(_) | Verb::Windows(_) | Verb::Doctor(_) | Verb::Postgres(Postgres::Compare(_))
    ) {
        desk.printer.never_wait();
    }
    trace::to_standard_error(desk);
    match verb {
        Verb::Plan(arguments) => verbs::plan::run(arguments, inputs, desk).await,
        Verb::Run(arguments) => verbs::run::run(arguments, inputs, desk).await,
        Verb::Resume(arguments) => verbs::resume::run(arguments, desk).await,
        Verb::Abort(arguments) => verbs::abort::run(arguments, desk).await,
        Verb::Answer(arguments) => verbs::answer::run(&arguments, desk).await,
        Verb::Watch(arguments) => verbs::watch::run(arguments, desk).await,
        Verb::Stop(arguments) => verbs::stop::run(arguments, desk).await,
        Verb::Rehearse(arguments) => verbs::rehearse::run(arguments, inputs, desk).await,
        Verb::Status(arguments) => verbs::status::run(&arguments, desk).await,
        Verb::Windows(arguments) => verbs::windows::run(&arguments, desk).await,
        Verb::Doctor(arguments) => verbs::doctor::run(&arguments, desk).await,
        Verb::App(App::Operation(of)) => verbs::operation::run(of.0, desk).await,
        Verb::Connect(Connect::Operation(of)) => verbs::operation::run(of.0, desk).await,
        Verb::Postgres(Postgres::Operation(of)) => verbs::operation::run(of.0, desk).await,
        Verb::Postgres(Postgres::Compare(arguments)) => verbs::postgres_compare::run(&arguments, desk).await,
        Verb::Simulator(arguments) => verbs::simulator::run(arguments, desk).await,
        _ => Ok(Exit::Done),
    }
}

/// Runs what needs the network, timers or signals. Prompts get threads of their own, so one thread is enough here.
fn in_the_background(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::usage(
            format!("cannot start: {error}"),
            "Timers, signals and the network need the operating system's help.",
            "Check the limits on open files and processes (`ulimit -a`).",
        )
    })?;
    let ended = runtime.block_on(work);
    // A prompt that still waits for a key must not keep the process alive.
    runtime.shutdown_background();
    ended
}

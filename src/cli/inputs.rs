//! Inputs of runbooks as options of the commands that plan: `--to 17`. They are read from the embedded runbooks, so a
//! new runbook brings its own.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, ArgMatches, Command, ValueHint};

use hcops_runbook::{self as runbook, Input, InputKind};

/// Inputs by name, as they were typed.
pub(super) type Inputs = BTreeMap<String, String>;

/// The commands that take inputs.
const TAKERS: [&str; 3] = ["plan", "run", "rehearse"];

/// Gives the commands that plan one option for each input of each embedded runbook. Only those among `words` are given
/// them: the others begin without having read a runbook.
pub(super) fn with_options(command: Command, words: &[OsString]) -> Command {
    let asked_for = TAKERS.iter().filter(|taker| words.iter().any(|word| word == *taker));
    asked_for.fold(command, |command, taker| command.mut_subcommand(taker, take_options))
}

/// The same for each of these commands.
pub(super) fn with_all_options(command: Command) -> Command {
    with_options(command, &TAKERS.map(OsString::from))
}

fn take_options(taker: Command) -> Command {
    options().into_iter().fold(taker, |taker, option| {
        let taken = taker.get_arguments().any(|known| known.get_long() == option.get_long());
        if taken { taker } else { taker.arg(option) }
    })
}

/// The inputs that were given as options.
pub(super) fn given(matches: &ArgMatches) -> Inputs {
    matches.subcommand().map_or_else(Inputs::new, |(_, matches)| among(matches))
}

/// The inputs among the options of one command.
pub(super) fn among(matches: &ArgMatches) -> Inputs {
    let value = |id: &str| {
        let values: Vec<String> = matches.try_get_many::<String>(id).ok().flatten()?.cloned().collect();
        Some(values.join(","))
    };
    let names = matches.ids().filter_map(|id| Some((id.as_str(), id.as_str().strip_prefix(PREFIX)?)));
    names.filter_map(|(id, name)| Some((name.to_owned(), value(id)?))).collect()
}

/// Keeps inputs apart from the commands' own options.
const PREFIX: &str = "input:";

/// The input that an option or argument of this id stands for.
pub(super) fn name_of(id: &str) -> Option<&str> {
    id.strip_prefix(PREFIX)
}

fn options() -> Vec<Arg> {
    let mut inputs: BTreeMap<&str, &str> = BTreeMap::new();
    for input in runbook::procedure_books().into_iter().flatten().flat_map(|book| &book.inputs) {
        inputs.entry(&input.name.value).or_insert(&input.help);
    }
    inputs.into_iter().map(|(name, help)| option(name, help.to_owned())).collect()
}

/// The place without a flag for an input; a list takes one word or more.
pub(super) fn argument(input: &Input) -> Arg {
    let needed = input.default.is_none() && !input.optional;
    let argument = Arg::new(format!("{PREFIX}{}", input.name.value))
        .value_name(input.name.value.to_uppercase())
        .help(input.help.clone())
        .required(needed);
    match input.kind {
        InputKind::List => argument.num_args(1..),
        InputKind::Json => argument.value_hint(ValueHint::FilePath),
        _ => argument,
    }
}

/// The option for an input.
pub(super) fn option(name: &str, help: String) -> Arg {
    Arg::new(format!("{PREFIX}{name}"))
        .long(name.replace('_', "-"))
        .value_name(name.to_uppercase())
        .help(help)
        .help_heading("Inputs")
}

//! Which option or argument takes which values.

use std::sync::{Arc, Mutex, PoisonError};

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use super::names::{Names, Service};
use super::typed::Typed;
use super::{question, refresh, runs};
use crate::cli::inputs;
use crate::cli::verbs::runbook::{first_sentence, summary};
use hcops_runbook::{self as runbook, InputKind};
use hcops_simulator::{Drift, Fault, Scenario, Takes};
use hcops_text::plain::plain;

/// A value, and what is said about it where the shell shows that.
pub(super) struct Candidate {
    pub(super) value: String,
    pub(super) about: Option<String>,
}

impl Candidate {
    pub(super) fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), about: None }
    }

    pub(super) fn about(self, about: impl Into<String>) -> Self {
        Self { about: Some(about.into()), ..self }
    }
}

/// Where the values of an argument are found.
type Find = fn(&Typed) -> Vec<Candidate>;

/// The tree with candidates for the values of its arguments.
pub(super) fn with_candidates(mut command: Command, typed: Typed) -> Command {
    // Operations are put into the tree when it is built.
    command.build();
    let inputs = typed.books().into_iter().flat_map(|book| book.inputs).map(|input| input.name.value).collect();
    let shared = Shared { typed: Arc::new(Mutex::new(typed)), inputs };
    shared.below(command, "")
}

/// What every argument's candidates are made from.
struct Shared {
    typed: Arc<Mutex<Typed>>,
    /// Inputs of the procedure that is named.
    inputs: Vec<String>,
}

impl Shared {
    fn below(&self, command: Command, path: &str) -> Command {
        let command = command.mut_args(|argument| self.dressed(argument, path));
        command.mut_subcommands(|below| {
            let path = format!("{path} {}", below.get_name());
            self.below(below, &path)
        })
    }

    fn dressed(&self, argument: Arg, path: &str) -> Arg {
        let id = argument.get_id().to_string();
        let input = inputs::name_of(&id).map(str::to_owned);
        let strange = !self.inputs.is_empty() && input.as_ref().is_some_and(|name| !self.inputs.contains(name));
        if strange && takes_any_input(path) {
            return argument.hide(true);
        }
        let path = path.to_owned();
        let of_input = input.map(|name| move |typed: &Typed| of_input(&name, &path, typed));
        let typed = self.typed.clone();
        match (of_input, source(&id)) {
            (Some(find), _) => argument.add(candidates(typed, find)),
            (None, Some(find)) if !is_elsewhere(&id, &self.typed) => argument.add(candidates(typed, find)),
            _ => argument,
        }
    }
}

/// Apps and connections of a rehearsal are those of its scenario, not the account's.
fn is_elsewhere(id: &str, typed: &Mutex<Typed>) -> bool {
    matches!(id, "app" | "resource") && typed.lock().unwrap_or_else(PoisonError::into_inner).has("rehearse")
}

/// The commands whose options are the inputs of every procedure.
fn takes_any_input(path: &str) -> bool {
    [" plan", " run", " rehearse"].contains(&path)
}

fn candidates(
    typed: Arc<Mutex<Typed>>,
    find: impl Fn(&Typed) -> Vec<Candidate> + Send + Sync + 'static,
) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let found = find(&typed.lock().unwrap_or_else(PoisonError::into_inner));
        let ordered = found.into_iter().filter(|candidate| is_one_word(&candidate.value)).enumerate();
        ordered
            .map(|(order, candidate)| {
                CompletionCandidate::new(candidate.value)
                    .help(candidate.about.map(|about| plain(&about).into()))
                    .display_order(Some(order))
            })
            .collect()
    })
}

/// Whether a shell takes a value as it stands. What it would split, expand or run is not offered: names are whatever
/// somebody on a server calls things, and shells put them on the command line as they are.
fn is_one_word(value: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:@+=,%".contains(character);
    !value.is_empty() && !value.starts_with('-') && value.chars().all(is_plain)
}

/// The values of an argument, by its id in the tree. What confirms or approves is not among them on purpose: it has to be
/// typed by somebody who has read it.
fn source(id: &str) -> Option<Find> {
    Some(match id {
        "app" => apps,
        "resource" => connections,
        "run" => runs::candidates,
        "id" => question::ids,
        "procedure" | "what" => procedures,
        "method" => methods,
        "scenario" => |_| Scenario::names().into_iter().map(Candidate::new).collect(),
        "fault" => |_| {
            let drifts = Drift::ALL.iter().map(|drift| Candidate::new(format!("{}:{drift}@", Fault::Drift)));
            let faults = Fault::ALL.iter().filter(|fault| !matches!(fault.spec().takes, Takes::Drift));
            faults.map(|fault| Candidate::new(format!("{fault}@"))).chain(drifts).collect()
        },
        "old" | "new" => databases,
        _ => return None,
    })
}

fn procedures(_: &Typed) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for book in runbook::procedure_books().unwrap_or_default() {
        let name = &book.procedure.value;
        if found.iter().all(|candidate| candidate.value != *name) {
            found.push(Candidate::new(name).about(first_sentence(&summary(book))));
        }
    }
    found
}

fn methods(typed: &Typed) -> Vec<Candidate> {
    let method = |book: runbook::Runbook| {
        let about = book.offer.map(|offer| format!("writes off {}; cost: {}", offer.downtime, offer.cost));
        Candidate { value: book.method.value, about }
    };
    typed.books().into_iter().map(method).collect()
}

/// An input's choices, or the databases where it names one.
fn of_input(name: &str, path: &str, typed: &Typed) -> Vec<Candidate> {
    let operation = path.trim().replace(' ', "-");
    let books = runbook::methods(&operation).unwrap_or_else(|_| typed.books());
    let input = books.into_iter().flat_map(|book| book.inputs).find(|input| input.name.value == name);
    match input.map(|input| input.kind) {
        Some(InputKind::Choice(choices)) => choices.into_iter().map(Candidate::new).collect(),
        Some(InputKind::Database { .. }) => databases(typed),
        _ => Vec::new(),
    }
}

fn apps(typed: &Typed) -> Vec<Candidate> {
    known(typed).apps.into_iter().map(Candidate::new).collect()
}

fn connections(typed: &Typed) -> Vec<Candidate> {
    addons(typed, Service::Connect)
}

fn databases(typed: &Typed) -> Vec<Candidate> {
    addons(typed, Service::Postgres)
}

/// Add-ons of the app that is meant; of every app where none is.
fn addons(typed: &Typed, service: Service) -> Vec<Candidate> {
    let app = typed.app();
    let of_app = |owner: &String| app.as_ref().is_none_or(|app| app == owner);
    let addons = known(typed).addons.into_iter().filter(|addon| addon.service == service && of_app(&addon.app));
    addons.map(|addon| Candidate::new(addon.name).about(addon.app)).collect()
}

fn known(typed: &Typed) -> Names {
    refresh::names(&typed.environment).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::is_one_word;

    #[test]
    fn no_shell_is_handed_a_name_that_it_would_run() {
        for name in [
            "acme-crm",
            "postgresql-curved-12345",
            "HEROKU_POSTGRESQL_BLUE_URL",
            "0199c5f0-11",
            "server-error@",
            "17.2",
        ] {
            assert!(is_one_word(name), "{name}");
        }
        let hostile = [
            "$(touch x)",
            "a b",
            "a`id`",
            "a;id",
            "a&b",
            "a|b",
            "~",
            "a'b",
            "a\"b",
            "a\\b",
            "a\nb",
            "-x",
            "",
            "*",
            "a\u{202e}b",
            "a\u{b}b",
        ];
        for name in hostile {
            assert!(!is_one_word(name), "{name:?}");
        }
    }
}

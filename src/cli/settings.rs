//! What holds where a command line leaves something open: a flag, then a variable, then the config file, then the default.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::arguments::{Everywhere, Form};
use super::config::{self, Addresses, ConfigFile, Written};
use super::environment::{self, Environment};
use super::failure::Failure;
use hcops_i18n::Language;

/// The settings of one command.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The config file, read.
    pub(super) file: ConfigFile,
    /// How results are told.
    pub(super) output: Setting<Form>,
    /// Where runs are kept.
    pub(super) journal: Setting<PathBuf>,
    /// Where what matters in a run is posted, when `--notify` does not say.
    pub(super) notify: Setting<Option<Addresses>>,
    /// The language of what is told.
    pub(super) lang: Setting<Language>,
}

/// A value, and what said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) by: SaidBy,
}

/// What a value comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum SaidBy {
    /// This option.
    Option(&'static str),
    /// This variable.
    Variable(&'static str),
    /// A git remote of the current directory.
    Remote,
    /// The config file, on this line.
    Line(usize),
    /// Nobody said anything.
    #[default]
    Default,
}

impl<T> Setting<T> {
    pub(super) const fn new(value: T, by: SaidBy) -> Self {
        Self { value, by }
    }

    fn written(written: Written<T>) -> Self {
        Self::new(written.value, SaidBy::Line(written.line))
    }
}

impl<T> Setting<Option<T>> {
    /// What the config file says, if anything.
    fn maybe(written: Option<Written<T>>) -> Self {
        written.map_or(Self::new(None, SaidBy::Default), |written| {
            Self::new(Some(written.value), SaidBy::Line(written.line))
        })
    }
}

impl Settings {
    /// Reads the config file, and puts flags and variables above it.
    ///
    /// # Errors
    /// When the config file is wrong, or there is no place for runs.
    pub(super) fn read(environment: &Environment, options: &Everywhere) -> Result<Self, Failure> {
        let file = config::read(environment)?;
        let said = file.config.clone();
        Ok(Self {
            output: output(options, said.output),
            journal: journal(environment, options.state_dir.as_deref(), said.journal)?,
            notify: notify(environment, said.notify),
            lang: language(environment, options, said.lang),
            file,
        })
    }

    /// Whether others on this machine can read the addresses that notices go to, from the config file.
    pub(super) fn notify_is_readable_by_others(&self) -> bool {
        self.file.open_to_others && matches!(self.notify.by, SaidBy::Line(_))
    }

    /// Those of a command that ends before any are read: only flags hold.
    pub(super) fn of_flags(options: &Everywhere) -> Self {
        let lang = language(&Environment::read(), options, None);
        Self { output: output(options, None), lang, ..Self::default() }
    }
}

fn output(options: &Everywhere, written: Option<Written<Form>>) -> Setting<Form> {
    match (options.json, options.output) {
        (true, _) => Setting::new(Form::Json, SaidBy::Option("--json")),
        (false, Some(form)) => Setting::new(form, SaidBy::Option("--output")),
        (false, None) => written.map_or_else(Setting::default, Setting::written),
    }
}

fn notify(environment: &Environment, written: Option<Written<Addresses>>) -> Setting<Option<Addresses>> {
    match environment.owned(environment::NOTIFY) {
        Some(address) => Setting::new(Some(Addresses(vec![address])), SaidBy::Variable(environment::NOTIFY)),
        None => Setting::maybe(written),
    }
}

/// What hcops' own file says goes before the locale, which is about the whole system.
fn language(environment: &Environment, options: &Everywhere, written: Option<Written<Language>>) -> Setting<Language> {
    match (options.lang, written, environment.language()) {
        (Some(tongue), _, _) => Setting::new(tongue.into(), SaidBy::Option("--lang")),
        (None, Some(written), _) => Setting::written(written),
        (None, None, Some((language, name))) => Setting::new(language, SaidBy::Variable(name)),
        (None, None, None) => Setting::default(),
    }
}

fn journal(
    environment: &Environment,
    option: Option<&Path>,
    written: Option<Written<PathBuf>>,
) -> Result<Setting<PathBuf>, Failure> {
    if let Some(named) = option {
        return directory(named, SaidBy::Option("--state-dir"));
    }
    if let Some(named) = environment.get(environment::STATE_DIR) {
        return directory(Path::new(named), SaidBy::Variable(environment::STATE_DIR));
    }
    if let Some(written) = written {
        return Ok(Setting::written(written));
    }
    let places = etcetera::choose_base_strategy().map_err(|error| {
        Failure::usage(
            format!("there is no place for runs: {error}"),
            "The journal of a run is kept on disk, so that another process can go on with it.",
            "Name a directory with --state-dir.",
        )
    })?;
    let usual = places.state_dir().unwrap_or_else(|| places.data_dir()).join("hcops");
    Ok(Setting::new(usual, SaidBy::Default))
}

/// A database's address would become a directory of that name, and nobody else would find the runs in it.
fn directory(named: &Path, by: SaidBy) -> Result<Setting<PathBuf>, Failure> {
    if named.to_str().is_some_and(config::is_address) {
        return Err(Failure::usage(
            "runs cannot be kept in a database yet: that is not built",
            "The address would be taken for the name of a directory.",
            "Name a directory with --state-dir, HCOPS_STATE_DIR or `journal` in the config file.",
        ));
    }
    Ok(Setting::new(named.to_owned(), by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::Tongue;

    fn from_file() -> Option<Written<PathBuf>> {
        Some(Written { value: PathBuf::from("/from/file"), line: 3 })
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_the_file() {
        let environment = Environment::of(&[(environment::STATE_DIR, "/from/variable")]);
        let nothing = Environment::of(&[]);
        let option = Some(Path::new("/from/option"));
        for (environment, option, path, by) in [
            (&environment, option, "/from/option", SaidBy::Option("--state-dir")),
            (&environment, None, "/from/variable", SaidBy::Variable(environment::STATE_DIR)),
            (&nothing, None, "/from/file", SaidBy::Line(3)),
        ] {
            let journal = journal(environment, option, from_file()).unwrap();
            assert_eq!(journal, Setting::new(PathBuf::from(path), by));
        }
    }

    #[test]
    fn the_language_of_the_file_goes_before_the_locale() {
        let locale = Environment::of(&[(environment::LANG, "ja_JP.UTF-8")]);
        let asked = Everywhere { lang: Some(Tongue::En), ..Everywhere::default() };
        let in_file = |value| Some(Written { value, line: 2 });
        let nothing = Everywhere::default();
        for (options, written, language, by) in [
            (&asked, in_file(Language::Japanese), Language::English, SaidBy::Option("--lang")),
            (&nothing, in_file(Language::English), Language::English, SaidBy::Line(2)),
            (&nothing, None, Language::Japanese, SaidBy::Variable(environment::LANG)),
        ] {
            assert_eq!(super::language(&locale, options, written), Setting::new(language, by));
        }
        assert_eq!(super::language(&Environment::of(&[]), &nothing, None), Setting::default());
    }

    #[test]
    fn no_database_is_taken_for_a_directory() {
        for address in ["postgres://ada:hunter2@db.example/runs", "postgresql://db.example/runs"] {
            let environment = Environment::of(&[(environment::STATE_DIR, address)]);
            let refused = journal(&environment, None, from_file()).unwrap_err();
            assert!(refused.fault.saw.contains("not built") && !format!("{refused:?}").contains("hunter2"));
        }
    }
}

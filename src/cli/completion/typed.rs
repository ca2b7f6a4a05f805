//! What the words so far say about the one that is to come: the procedure, the app, where runs are kept.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::app_name;
use crate::cli::arguments::Everywhere;
use crate::cli::desk::Desk;
use crate::cli::environment::Environment;
use hcops_runbook::{self as runbook, Runbook};

/// The words so far. What is read from files or asked of git is read when it is first needed.
pub(super) struct Typed {
    words: Vec<String>,
    pub(super) environment: Environment,
    desk: OnceCell<Option<Desk>>,
}

impl Typed {
    /// Words that are not text count as nothing.
    pub(super) fn new(line: &[OsString], environment: Environment) -> Self {
        let words = line.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
        Self { words, environment, desk: OnceCell::new() }
    }

    /// The desk at which the command would be carried out; nothing where its config file is wrong.
    pub(super) fn desk(&self) -> Option<&Desk> {
        let state_dir = self.option("--state-dir", None).map(PathBuf::from);
        let options = Everywhere { state_dir, ..Everywhere::default() };
        self.desk.get_or_init(|| Desk::set_up(self.environment.clone(), &options).ok()).as_ref()
    }

    /// The runbooks of the procedure that is named, of every method.
    pub(super) fn books(&self) -> Vec<Runbook> {
        self.words.iter().find_map(|word| runbook::methods(word).ok()).unwrap_or_default()
    }

    /// The app that is named, else the one that would be taken.
    pub(super) fn app(&self) -> Option<String> {
        self.option("--app", Some("-a")).or_else(|| {
            let remote = self.option("--remote", Some("-r"));
            app_name::found(remote.as_deref(), self.desk()?).ok().flatten().map(|app| app.value)
        })
    }

    /// Whether a word stands there.
    pub(super) fn has(&self, wanted: &str) -> bool {
        self.words.iter().any(|word| word == wanted)
    }

    /// The words so far, without the one that is being typed.
    pub(super) fn before(&self) -> &[String] {
        self.words.split_last().map_or(&[], |(_, before)| before)
    }

    /// The value of an option: `--app NAME`, `--app=NAME`, `-a NAME` or `-aNAME`. The last word is still being typed.
    fn option(&self, long: &str, short: Option<&str>) -> Option<String> {
        let mut words = self.before().iter();
        let mut found = None;
        while let Some(word) = words.next() {
            let glued = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
            let glued =
                glued.or_else(|| short.and_then(|short| word.strip_prefix(short)).filter(|rest| !rest.is_empty()));
            found = match glued {
                Some(value) => Some(value.to_owned()),
                None if word == long || Some(word.as_str()) == short => words.next().cloned(),
                None => found,
            };
        }
        found.filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Typed {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Typed::new(&words, Environment::of(&[]))
    }

    #[test]
    fn an_option_is_read_in_each_of_its_forms() {
        for line in ["hcops run -a acme x", "hcops run -aacme x", "hcops --app acme run x", "hcops run --app=acme x"] {
            assert_eq!(typed(line).app().as_deref(), Some("acme"), "{line}");
        }
        assert_eq!(typed("hcops run -a one -a two x").app().as_deref(), Some("two"));
    }

    #[test]
    fn the_word_that_is_being_typed_says_nothing_yet() {
        assert_eq!(typed("hcops run --app=acm").option("--app", None), None);
        assert_eq!(typed("hcops run -a ").option("--app", Some("-a")), None);
    }

    #[test]
    fn the_procedure_is_found_among_the_words() {
        assert!(typed("hcops plan -a acme version-upgrade --method ").books().len() > 1);
        assert!(typed("hcops plan nonsense ").books().is_empty());
    }
}

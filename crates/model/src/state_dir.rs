//! Where runs are kept, in the commands that are printed.

use std::borrow::Cow;
use std::path::Path;

use crate::{Needs, WritesOff};

/// Where runs are kept, where the person said so with `--state-dir`: a command that is printed for them finds no run
/// without it. A variable or the config file holds for the next command by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateDir(Option<String>);

/// The commands that read or keep runs.
const ABOUT_RUNS: [&str; 16] = [
    "abort", "answer", "app", "connect", "doctor", "plan", "postgres", "rehearse", "report", "resume", "run", "runs",
    "show", "status", "stop", "watch",
];

impl StateDir {
    /// The place that follows from a variable, the config file, or nothing at all.
    #[must_use]
    pub const fn usual() -> Self {
        Self(None)
    }

    /// The folder that `--state-dir` named; whole, because commands are typed elsewhere too.
    #[must_use]
    pub fn named(folder: &Path) -> Self {
        Self(Some(shell_quoted(&folder.display().to_string())))
    }

    /// A command of `hcops` that finds the runs that are meant here. Any other command stays as it is.
    #[must_use]
    pub fn within<'a>(&self, command: &'a str) -> Cow<'a, str> {
        let Some(folder) = &self.0 else { return Cow::Borrowed(command) };
        let mut words = command.split(' ');
        let is_about_runs =
            words.next() == Some("hcops") && words.next().is_some_and(|verb| ABOUT_RUNS.contains(&verb));
        let is_whole = !words.any(|word| matches!(word, "--state-dir" | "--help" | "|"));
        if is_about_runs && is_whole { Cow::Owned(format!("{command} --state-dir {folder}")) } else { command.into() }
    }

    /// A sentence whose commands in backticks find the runs that are meant here.
    #[must_use]
    pub fn within_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.0.is_none() || !text.contains("`hcops ") {
            return Cow::Borrowed(text);
        }
        let pieces: Vec<&str> = text.split('`').collect();
        let quoted = |at: usize| at % 2 == 1 && at + 1 < pieces.len();
        let told =
            pieces.iter().enumerate().map(|(at, piece)| if quoted(at) { self.within(piece) } else { (*piece).into() });
        Cow::Owned(told.collect::<Vec<_>>().join("`"))
    }

    /// What brings writes back, with its command as it is typed here.
    #[must_use]
    pub fn within_writes_off(&self, off: WritesOff) -> WritesOff {
        WritesOff { command: self.within(&off.command).into_owned(), ..off }
    }

    /// What a run needs, with commands that find it from wherever they are typed.
    #[must_use]
    pub fn within_needs(&self, mut needs: Needs) -> Needs {
        needs.writes_off = needs.writes_off.map(|off| self.within_writes_off(off));
        let ways = needs.ways.iter_mut().map(|way| &mut way.command);
        for command in needs.commands.iter_mut().chain(ways) {
            *command = self.within(command).into_owned();
        }
        for shown in &mut needs.question.shown {
            *shown = self.within_text(shown).into_owned();
        }
        needs
    }
}

/// A word as a shell takes it.
#[must_use]
pub fn shell_quoted(word: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./".contains(character);
    let is_plain = !word.is_empty() && word.chars().all(plain);
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::StateDir;

    #[test]
    fn every_command_about_runs_names_the_folder_once() {
        let named = StateDir::named(Path::new("/var/my runs"));
        for (command, told) in [
            ("hcops resume 0192 --confirm new", "hcops resume 0192 --confirm new --state-dir '/var/my runs'"),
            ("hcops runs", "hcops runs --state-dir '/var/my runs'"),
            ("hcops runbook list", "hcops runbook list"),
            ("hcops show X --state-dir /there", "hcops show X --state-dir /there"),
            ("hcops resume | abort", "hcops resume | abort"),
            ("heroku ps -a acme", "heroku ps -a acme"),
        ] {
            assert_eq!(named.within(command), told);
            assert_eq!(StateDir::usual().within(command), command);
        }
        assert_eq!(
            named.within_text("Then `hcops abort X`; `heroku ps` and hcops stay."),
            "Then `hcops abort X --state-dir '/var/my runs'`; `heroku ps` and hcops stay."
        );
    }
}

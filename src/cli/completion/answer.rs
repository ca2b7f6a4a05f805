//! The answer to a shell that wants to know what may come next.

use std::ffi::OsString;

use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use super::candidates;
use super::refresh;
use super::typed::Typed;
use crate::cli::environment::{self, Environment};
use crate::cli::help;
use hcops_model::Exit;
use hcops_terminal::Printer;

/// Answers when a completion script calls, or when this process is to fetch names for one; nothing otherwise.
pub(in crate::cli) fn answer(words: &[OsString]) -> Option<Exit> {
    let environment = Environment::read();
    let asks = environment.owned(environment::COMPLETE)?;
    if asks == refresh::ASKED {
        refresh::fetch(&environment);
        return Some(Exit::Done);
    }
    let shell = shell(&asks)?;
    // The program's own name, then `--`, then the words of the command line.
    let line: Vec<OsString> = words.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
    if !line.is_empty() {
        offer(shell, line, environment);
    }
    Some(Exit::Done)
}

fn shell(name: &str) -> Option<&'static dyn EnvCompleter> {
    const SHELLS: [&dyn EnvCompleter; 5] = [&Bash, &Elvish, &Fish, &Powershell, &Zsh];
    SHELLS.into_iter().find(|shell| shell.is(name))
}

fn offer(shell: &dyn EnvCompleter, line: Vec<OsString>, environment: Environment) {
    let wants_options = line.last().is_some_and(|word| word.to_string_lossy().starts_with('-'));
    let command = help::command_for(&line);
    let mut command = candidates::with_candidates(command, Typed::new(&line, environment));
    let here = std::env::current_dir().ok();
    let mut told = Vec::new();
    if shell.write_complete(&mut command, line, here.as_deref(), &mut told).is_ok() {
        let told = String::from_utf8_lossy(&told);
        let told = if wants_options { told.into_owned() } else { without_options(&told) };
        Printer::standard().as_it_is(told.trim_end_matches('\n'));
    }
}

/// What separates two candidates: the vertical tab is what bash's script asks for.
const BETWEEN: [char; 2] = ['\n', '\u{b}'];

/// The engine offers options beside values. Whoever wants an option types its dash; without it one Tab completes the only
/// value there is.
fn without_options(told: &str) -> String {
    told.split_inclusive(BETWEEN).filter(|candidate| !candidate.starts_with('-')).collect()
}

#[cfg(test)]
mod tests {
    use super::without_options;

    #[test]
    fn options_are_left_to_those_who_type_a_dash() {
        assert_eq!(without_options("acme\tan app\n--json\tas JSON\nother\n"), "acme\tan app\nother\n");
        assert_eq!(without_options("acme\u{b}--json"), "acme\u{b}");
        assert_eq!(without_options("--json\n-h"), "");
    }
}

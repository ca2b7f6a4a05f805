//! The whole command with everything that help, completions and the manual page say.

use std::fmt::Write as _;

use clap::{Command, CommandFactory};

use super::arguments::Arguments;
use super::{environment, inputs};
use crate::model::Exit;

/// What `hcops` alone prints.
pub(super) const OVERVIEW: &str = "\
hcops carries out maintenance of Heroku Connect and of the Heroku Postgres
database under it, step by step. A step is done when the world shows it, a run
can be taken up again after a crash, and up to a marked point it can be undone.

Try it without touching anything:
  hcops rehearse version-upgrade    the whole procedure against a local Heroku

For an app:
  hcops status -a APP               how everything stands, on one screen
  hcops doctor -a APP               what is or will be broken, and what helps
  hcops windows                     announced maintenance: safe to start now?
  hcops plan version-upgrade -a APP --to 17
                                    every step, and how long; changes nothing
  hcops run version-upgrade -a APP --to 17
                                    the same, then asks, then does it

While a run is going on, from any terminal:
  hcops show | watch                where it is, why it waits, what comes next
  hcops resume | abort              go on, or turn back
  hcops answer RUN ID VALUE         answer what it asks
  hcops report                      what was done, by whom, writes off how long

More: hcops --help, and hcops COMMAND --help.
";

/// The command with the inputs of the embedded runbooks, the environment and the exit codes.
pub(super) fn command() -> Command {
    inputs::with_options(Arguments::command()).after_long_help(after())
}

fn after() -> String {
    let mut text = String::from("Exit codes:\n");
    for (exit, meaning) in Exit::ALL {
        let _ = writeln!(text, "  {:>3}  {meaning}", exit.code());
    }
    text.push_str("\nEnvironment:\n");
    for (name, meaning) in environment::ALL {
        let _ = writeln!(text, "  {name:<25}{meaning}");
    }
    text
}

//! The whole command with everything that help, completions and the manual page say.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::{Command, CommandFactory};

use super::arguments::Arguments;
use super::desk::Desk;
use super::run_list::{most_pressing, next_step};
use super::{environment, inputs};
use hcops_journal::Listing;
use hcops_model::Exit;
use hcops_terminal::{Appearance, Tone, wrap};

/// What `hcops` alone prints, with the commands as the person types them: what to do next, where a run of this machine is
/// not over, and the commands that are needed most.
pub(super) fn overview(desk: &Desk) -> String {
    let appearance = &desk.appearance;
    let (about, commands) = OVERVIEW.split_once("\n\n").unwrap_or((OVERVIEW, ""));
    let told = |text: &str| text.lines().map(|line| overview_line(line, appearance)).collect::<Vec<_>>();
    let parts = [told(about), vec![String::new()], next_lines(desk), told(commands)];
    parts.concat().join("\n")
}

/// The most useful next command, from what the journals of this machine say. Journals that cannot be listed are told by
/// `hcops runs`.
fn next_lines(desk: &Desk) -> Vec<String> {
    let listed = desk.store().list().unwrap_or_default();
    let Some(next) = most_pressing(&listed).and_then(|listing| next_step(listing, desk)) else { return Vec::new() };
    let appearance = &desk.appearance;
    let heading = appearance.dress(Tone::Heading, &appearance.tell("Next:"));
    let others = listed.iter().filter(|listing| is_unfinished(listing)).count().saturating_sub(1);
    let mut lines = vec![heading];
    lines.extend(wrap(&appearance.tell(&next.sentence), appearance.columns, "  ", "  "));
    let more = (others > 0).then(|| "hcops runs --unfinished".to_owned());
    for command in next.commands.into_iter().chain(more) {
        lines.push(format!("    {}", appearance.dress(Tone::Command, &command)));
    }
    lines.push(String::new());
    lines
}

fn is_unfinished(listing: &Listing) -> bool {
    matches!(&listing.summary, Ok(summary) if summary.standing.is_unfinished())
}

/// A command that becomes longer gets a line of its own before what it is for.
fn overview_line(line: &str, appearance: &Appearance) -> String {
    if let Some(more) = line.strip_prefix("More: ") {
        let commands: Vec<String> = more.split(", and ").map(|command| appearance.typed(command)).collect();
        return format!("More: {}", commands.join(", and "));
    }
    let Some(told) = line.strip_prefix("  ").filter(|told| told.starts_with("hcops ")) else { return line.to_owned() };
    let (command, purpose) = told.split_once("  ").unwrap_or((told, ""));
    match appearance.typed(command) {
        typed if typed == command => line.to_owned(),
        typed if purpose.is_empty() => format!("  {typed}"),
        typed => format!("  {typed}\n{:36}{}", "", purpose.trim_start()),
    }
}

const OVERVIEW: &str = "\
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
  hcops stop                        have it stop at its next safe point
  hcops resume | abort              go on, or turn back
  hcops answer RUN ID VALUE         answer what it asks
  hcops report                      what was done, by whom, writes off how long

More: hcops --help, and hcops COMMAND --help.
";

/// The command with the inputs of the embedded runbooks, the environment and the exit codes.
pub(super) fn command() -> Command {
    inputs::with_all_options(Arguments::command()).after_long_help(after())
}

/// The same as far as a command line of these words needs it.
pub(super) fn command_for(words: &[OsString]) -> Command {
    inputs::with_options(Arguments::command(), words).after_long_help(after())
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

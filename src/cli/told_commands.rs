//! Whatever a text tells people to type exists.

use std::collections::BTreeSet;

use clap::Command;

/// Flags of other programs that texts name: the official client's, cargo's.
const OF_OTHERS: &[&str] = &[
    "--as",
    "--credential",
    "--db",
    "--follow",
    "--help",
    "--lib",
    "--name",
    "--permissions",
    "--schema",
    "--target-version",
];

fn texts() -> impl Iterator<Item = &'static str> {
    include_str!("../../crates/i18n/src/en.ftl").lines().filter(|line| !line.starts_with('#'))
}

fn all_flags(command: &Command, flags: &mut BTreeSet<String>) {
    flags.extend(command.get_arguments().filter_map(|argument| argument.get_long()).map(|long| format!("--{long}")));
    command.get_subcommands().for_each(|below| all_flags(below, flags));
}

#[test]
fn every_flag_that_is_told_exists() {
    let mut flags: BTreeSet<String> = OF_OTHERS.iter().map(|flag| (*flag).to_owned()).collect();
    all_flags(&super::help::command(), &mut flags);
    let flag = regex::Regex::new(r"(?:^|[ (`])(--[a-z][a-z-]*)").unwrap();
    let told = texts().flat_map(|line| flag.captures_iter(line).map(|found| found[1].to_owned()).collect::<Vec<_>>());
    let missing: BTreeSet<String> = told.filter(|told| !flags.contains(told)).collect();
    assert!(missing.is_empty(), "texts name flags that do not exist: {missing:?}");
}

#[test]
fn every_command_that_is_told_exists() {
    let command = super::help::command();
    let quoted = regex::Regex::new(r"`hcops ([^`]*)`").unwrap();
    for line in texts() {
        for found in quoted.captures_iter(line) {
            let mut below = &command;
            for word in found[1].split(' ').take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
            {
                let Some(next) = below.find_subcommand(word) else {
                    let takes_words = below.get_positionals().next().is_some() || word.starts_with('-');
                    let single_step = format!("{}-{word}.toml", below.get_name());
                    let exists = hcops_runbook::operations().iter().any(|step| step.file_name == single_step);
                    assert!(takes_words || exists, "`hcops {}`: there is no {word}", &found[1]);
                    break;
                };
                below = next;
            }
        }
    }
}

//! The command as its users meet it: arguments in; standard output, standard error and exit code out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "parts/harm.rs"]
mod harm;

mod cli {
    mod accounts;
    mod bad_input;
    mod beforehand;
    mod browser;
    mod ci;
    mod completions;
    mod completions_in_shells;
    mod configured;
    mod every_procedure;
    mod faults;
    mod health;
    mod help;
    mod heroku_command;
    mod heroku_plugin;
    mod holding;
    mod hostile;
    mod house;
    mod importing;
    mod in_place;
    mod japanese;
    mod killing;
    mod large_files;
    mod naming;
    mod netrc;
    mod nothing_lost;
    mod operations;
    mod pages;
    mod pausing;
    mod postgres_compare;
    mod real_databases;
    mod recovering;
    mod recreating;
    mod refusals;
    mod rehearsing;
    mod replacing;
    mod reporting;
    mod rules;
    mod runs;
    mod schemas;
    mod screens;
    mod secrets;
    mod simulated;
    mod spoiled_files;
    mod stalled;
    mod stopping;
    mod telling;
    mod terminal;
    mod told_commands;
    mod two_points;
    mod unseen_characters;
    mod unusual_answers;
    mod versions;
    mod watching;
    mod windows;
    mod working_folder;
}

//! The command line: the clap tree, one file per verb. It puts the parts together and nobody imports it.

mod app_name;
mod arguments;
mod audience;
mod checkups;
mod clock;
mod comparison;
mod completion;
mod config;
mod database_name;
mod desk;
mod dispatch;
mod document;
mod elsewhere;
mod environment;
mod execution;
mod failure;
mod fitting_world;
mod flags;
mod git_remote;
mod help;
mod heroku_plugin;
mod in_the_way;
mod inputs;
mod interrupt;
mod methods;
mod operations;
mod pauses;
mod permissions;
mod planning;
mod procedure_checks;
mod reach;
mod rehearsal;
mod run_choice;
mod run_list;
mod scene;
mod servers;
mod settings;
mod status_screen;
mod stopping;
mod told;
#[cfg(test)]
mod told_commands;
mod trace;
mod verbs;
mod version;

pub use dispatch::main;

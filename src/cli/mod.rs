//! The command line: the clap tree, one file per verb. It puts the parts together and nobody imports it.

mod app_name;
mod arguments;
mod audience;
mod checkups;
mod clock;
mod comparison;
mod database_name;
mod desk;
mod dispatch;
mod elsewhere;
mod environment;
mod execution;
mod failure;
mod fitting_world;
mod flags;
mod git_remote;
mod help;
mod heroku_plugin;
mod inputs;
mod interrupt;
mod methods;
mod operations;
mod pauses;
mod planning;
mod procedure_checks;
mod reach;
mod rehearsal;
mod run_choice;
mod servers;
mod status_screen;
mod told;
mod trace;
mod verbs;

pub use dispatch::main;

//! hcops at home in the `heroku` command: the plugin's package, and the real command that runs it.

#![cfg(unix)]

mod help;
mod installing;
mod journal;
mod output;
mod package;
mod props;
mod terminal;
mod token;

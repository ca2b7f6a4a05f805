use std::path::PathBuf;

use clap::Args;

use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::{help, heroku_plugin};
use crate::model::Exit;

/// Print the manual page, or write one for each command
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// Write a page for each command into this directory, which must exist
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Print the same as the manifest of the plugin for the heroku command (`plugin/oclif.manifest.json`)
    #[arg(long, conflicts_with = "directory")]
    heroku_plugin: bool,
}

/// Prints or writes the pages.
///
/// # Errors
/// When the pages cannot be written.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    if arguments.heroku_plugin {
        desk.printer.data(&serde_json::to_string_pretty(&heroku_plugin::manifest()).unwrap_or_default());
        return Ok(Exit::Done);
    }
    if let Some(directory) = &arguments.directory {
        clap_mangen::generate_to(help::command(), directory)
            .map_err(|error| Failure::file("write to", directory, &error))?;
        return Ok(Exit::Done);
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(help::command()).render(&mut page);
    rendered.map_err(|error| Failure::file("write", &PathBuf::from("the manual page"), &error))?;
    desk.printer.data(String::from_utf8_lossy(&page).trim_end());
    Ok(Exit::Done)
}

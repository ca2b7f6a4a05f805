use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::{help, heroku_plugin, version};
use hcops_model::Exit;

/// Print the manual page, or write one for each command
///
/// For example: hcops man --directory ~/.local/share/man/man1
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// Write a page for each command into this directory; it is made where it is not there
    #[arg(long, visible_alias = "dir", value_name = "DIR")]
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
    let mut command = help::command();
    command.build();
    if let Some(directory) = &arguments.directory {
        std::fs::create_dir_all(directory).map_err(|error| Failure::file("make", directory, &error))?;
        write_below(&command, directory)?;
        return Ok(Exit::Done);
    }
    let (_, text) = page(&command);
    desk.printer.data(text.trim_end());
    Ok(Exit::Done)
}

fn write_below(command: &Command, directory: &Path) -> Result<(), Failure> {
    let (name, text) = page(command);
    let path = directory.join(name);
    std::fs::write(&path, text).map_err(|error| Failure::file("write", &path, &error))?;
    let shown = command.get_subcommands().filter(|below| !below.is_hide_set());
    shown.into_iter().try_for_each(|below| write_below(below, directory))
}

/// A command's page, and the name of its file.
fn page(command: &Command) -> (String, String) {
    let man = Man::new(command.clone())
        .date(version::DATE)
        .source(format!("hcops {}", env!("CARGO_PKG_VERSION")))
        .manual("hcops");
    let mut text = Vec::new();
    // Writing into memory does not fail.
    let _infallible = man.render(&mut text);
    (man.get_filename(), String::from_utf8_lossy(&text).into_owned())
}

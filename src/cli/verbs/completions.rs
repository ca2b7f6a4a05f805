use clap::Args;
use clap_complete::Shell;

use crate::cli::completion;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use hcops_model::Exit;

/// Print the completion script of a shell
///
/// Besides commands and options it offers what this machine and the account know: apps, connections, databases, runs. Names
/// of the account are fetched within a second or not at all, and kept for three minutes.
///
/// For example: hcops completions bash > ~/.local/share/bash-completion/completions/hcops
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// Never: there is a script for each shell that the option takes.
#[expect(clippy::unnecessary_wraps, reason = "all verbs have this form")]
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    desk.printer.data(&completion::script(arguments.shell));
    Ok(Exit::Done)
}

use clap::Args;
use clap_complete::Shell;

use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::model::Exit;

/// Print the completion script of a shell
///
/// For example: hcops completions bash > /etc/bash_completion.d/hcops
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
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut help::command(), "hcops", &mut script);
    desk.printer.data(String::from_utf8_lossy(&script).trim_end());
    Ok(Exit::Done)
}

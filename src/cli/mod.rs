//! The command line: the clap tree, one file per verb. It puts the parts together and nobody imports it.

use std::process::ExitCode;

/// Parses the arguments, runs the verb, and returns the documented exit code.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}

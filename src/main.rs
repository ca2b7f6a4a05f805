//! The `hcops` command. Everything is in the library; this only hands over.

use std::process::ExitCode;

fn main() -> ExitCode {
    hcops::cli::main()
}

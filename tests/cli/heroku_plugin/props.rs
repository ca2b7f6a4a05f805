//! What the tests put in place of the real things.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::cli::house::House;

/// The house with a shell script in the place of hcops, which tells the right version and then does as it says.
pub(super) fn with_program(house: House, script: &str) -> House {
    let program = house.path("program");
    let version = env!("CARGO_PKG_VERSION");
    let answer = format!("[ \"$*\" = --version ] && echo 'hcops {version}' && exit");
    fs::write(&program, format!("#!/bin/sh\n{answer}\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    house.with("HCOPS_BIN", program.to_str().unwrap())
}

pub(super) fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-R").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

//! The ways to install the plugin, and the hcops that it finds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::props::copy;
use crate::cli::heroku_command::{Heroku, plugin};
use crate::cli::house::House;

#[test]
fn without_an_hcops_or_with_another_one_nothing_is_done() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new()).with("HCOPS_BIN", "");
    let told = heroku.run(&house, &["connect:ops:runs"]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    assert!(told.stderr.contains("hcops was not found") && told.stderr.contains("cargo install"), "{told}");
    let program = house.path("another");
    fs::write(&program, "#!/bin/sh\necho hcops 99.1.0\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let told = heroku.run(&house.with("HCOPS_BIN", program.to_str().unwrap()), &["connect:ops:runs"]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    assert!(told.stderr.contains("hcops 99.1.0 at HOUSE/another does not fit this plugin"), "{told}");
}

#[test]
fn linked_it_is_as_quiet_when_heroku_is_told_so() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let (source, data) = (house.path("source"), house.path("data"));
    copy(&plugin(), &source);
    let house = house.with("XDG_DATA_HOME", data.to_str().unwrap());
    let told = heroku.run(&house, &["plugins:link", "--no-install", source.to_str().unwrap()]);
    assert_eq!(told.exit, 0, "{told}");
    let of_others = heroku.run(&house, &["help", "connect:ops:runs"]);
    assert_eq!(of_others.stderr, "", "only our own commands load the package");
    let house = house.with("OCLIF_DISABLE_LINKED_ESM_WARNING", "1");
    let told = heroku.run(&house, &["connect:ops:runbook:list"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
    assert_eq!(told.stdout, house.hcops(&["runbook", "list"]).stdout);
}

#[test]
fn a_folder_can_be_installed_as_it_is() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let (source, data) = (house.path("source"), house.path("data"));
    copy(&plugin(), &source);
    let house = house.with("XDG_DATA_HOME", data.to_str().unwrap());
    let told = heroku.run(&house, &["plugins:install", &format!("file://{}", source.display())]);
    assert_eq!(told.exit, 0, "{told}");
    let told = heroku.run(&house, &["connect:ops:runbook:list"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
}

//! What is checked in is what it should be.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::cli::heroku_command::plugin;
use crate::cli::house::House;

#[test]
fn the_manifest_is_current() {
    let told = House::new().hcops(&["man", "--heroku-plugin"]);
    let kept = fs::read_to_string(plugin().join("oclif.manifest.json")).unwrap();
    assert!(kept == told.stdout, "not current; remedy: cargo run -- man --heroku-plugin > plugin/oclif.manifest.json");
}

#[test]
fn the_package_is_of_our_version() {
    let package: Value = serde_json::from_str(&kept("package.json")).unwrap();
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_readme_names_every_command() {
    let manifest: Value = serde_json::from_str(&kept("oclif.manifest.json")).unwrap();
    let shown = manifest["commands"].as_object().unwrap().values().filter(|command| command["hidden"] != true);
    let rows: Vec<String> = shown.map(row).collect();
    let readme = kept("README.md");
    let table: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `heroku connect:ops")).collect();
    assert!(table == rows, "the table of plugin/README.md is not current; it should be\n{}", rows.join("\n"));
}

/// A command in the table of the README.
fn row(command: &Value) -> String {
    let text = |name: &str| command[name].as_str().unwrap().lines().next().unwrap_or_default().to_owned();
    let usage = text("usage").replace("[OPTIONS] ", "").replace(" [OPTIONS]", "").replace('|', "\\|");
    format!("| `heroku {usage}` | {} |", text("description"))
}

pub(super) fn kept(name: &str) -> String {
    fs::read_to_string(plugin().join(name)).unwrap()
}

#[test]
fn the_package_passes_its_own_tests() {
    match Command::new("node").arg("--test").current_dir(plugin()).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(error) => hcops_testing::missing("heroku", &format!("node is missing: {error}")),
    }
}

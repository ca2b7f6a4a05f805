//! Help and completion, as the `heroku` command gives them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::package::kept;
use crate::cli::heroku_command::Heroku;
use crate::cli::house::House;

#[test]
fn help_is_what_hcops_says() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new()).with("COLUMNS", "200");
    let told = heroku.run(&house, &["connect:ops:run", "--help"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
    for words in
        ["$ heroku connect:ops:run [OPTIONS] <PROCEDURE|PLAN.json>", "-a, --app=APP", "--to=TO", "GLOBAL FLAGS"]
    {
        assert!(told.stdout.contains(words), "{words} is missing in {told}");
    }
    let told = heroku.run(&house, &["help", "connect:ops"]);
    for words in ["connect:ops:postgres ", "connect:ops:resume ", "130  interrupted; the run can be resumed"] {
        assert!(told.stdout.contains(words), "{words} is missing in {told}");
    }
}

/// Each by itself would take more than a minute, so one process of the same packages shows them all.
#[test]
fn every_command_has_help() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let (script, packages) = (house.path("help.mjs"), heroku.packages());
    fs::write(&script, HELP_OF_ALL).unwrap();
    let words = [script.to_str().unwrap(), packages.to_str().unwrap()];
    let output = house.command_of(Path::new("node"), &words).output().unwrap();
    let told = house.told(&output);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
    let manifest: Value = serde_json::from_str(&kept("oclif.manifest.json")).unwrap();
    for (id, command) in manifest["commands"].as_object().unwrap() {
        let usage = format!("$ heroku {}", command["usage"].as_str().unwrap());
        let compact = |text: &str| text.split_whitespace().collect::<String>();
        assert!(compact(&told.stdout).contains(&compact(&usage)), "{id}: {usage} is missing");
    }
}

const HELP_OF_ALL: &str = "
import { createRequire } from 'node:module'
const root = `${process.argv[2]}/heroku`
const { Config, Help } = createRequire(`${root}/package.json`)('@oclif/core')
const config = await Config.load({ root })
const ids = config.commandIDs.filter((id) => /^connect:ops(:|$)/.test(id))
for (const id of ids) await new Help(config).showHelp([id])
";

#[test]
fn heroku_completes_the_commands_and_their_flags() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let told = heroku.run(&house, &["autocomplete:create"]);
    assert_eq!(told.exit, 0, "{told}");
    let made = |name: &str| fs::read_to_string(house.path(&format!("cache/heroku/autocomplete/{name}"))).unwrap();
    let for_bash = made("commands");
    let line = for_bash.lines().find(|line| line.starts_with("connect:ops:run ")).unwrap();
    assert!(line.contains(" --app ") && line.contains(" --to"), "{line}");
    assert!(!for_bash.contains("connect:ops:completions"), "what is about hcops itself is not offered");
    let for_zsh = made("commands_setters");
    let ours: Vec<&str> = for_zsh.split("_set_connect_ops_run_flags () {").nth(1).unwrap().lines().take(30).collect();
    assert!(ours.iter().any(|line| line.starts_with("\"--app=-[(autocomplete) The app")), "{ours:?}");
    let offered = for_zsh.lines().filter(|line| line.starts_with(r#""connect\:ops"#));
    for line in offered.chain(ours) {
        assert!(!line.contains(['`', '$']), "the shell would carry this out: {line}");
    }
}

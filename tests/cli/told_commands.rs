//! Commands that are printed for people: they find the run from where they are typed, answers stand apart from other ways,
//! and a rehearsal gives nothing to type that would touch a real app.

use std::path::Path;

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;

use super::house::{House, Told};

const UPGRADE: [&str; 6] = ["rehearse", "version-upgrade", "--databases", "none", "--non-interactive", "--state-dir"];

/// The lines of commands of hcops, and the commands in backticks.
fn commands(told: &Told) -> Vec<String> {
    let text = format!("{}{}", told.stdout, told.stderr);
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("run  ").trim_start_matches("- "));
    let lines = lines.map(|line| line.trim_start_matches("Report: ").trim_matches('`'));
    lines.filter(|line| line.starts_with("hcops ")).map(str::to_owned).collect()
}

/// Every one of them names the folder.
fn all_name(folder: &str, told: &Told) -> Vec<String> {
    let commands = commands(told);
    assert!(!commands.is_empty(), "{told}");
    for command in &commands {
        assert_eq!(command.matches(&format!(" --state-dir {folder}")).count(), 1, "{command}: {told}");
    }
    commands
}

#[test]
fn with_a_state_dir_every_command_that_is_printed_finds_the_run() {
    let house = House::new();
    let folder = "'HOUSE/other runs'";
    let with = |command: &[&str]| house.hcops(&[command, &["--state-dir", "other runs"]].concat());
    let parked = house.hcops(&[&UPGRADE[..], &["other runs"]].concat());
    assert_eq!(parked.exit, 10, "{parked}");
    let printed = all_name(folder, &parked);
    assert!(printed.iter().any(|command| command.starts_with("hcops abort RUN --state-dir")), "{parked}");
    all_name(folder, &with(&["show"]));
    all_name(folder, &with(&["report"]));
    let overview = with(&[]);
    assert!(overview.stdout.contains(&format!("hcops show RUN --state-dir {folder}")), "{overview}");
    all_name(folder, &with(&["resume", "--confirm", "other-db"]));
    for (command, kind) in [(&["watch", "--json"][..], "needs"), (&["resume", "--confirm", "x", "--json"], "error")] {
        let told = with(command);
        let events = told.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let event = events.into_iter().find(|event| event["kind"] == kind).unwrap_or_else(|| panic!("{told}"));
        let needs = event["needs"]["commands"].as_array().into_iter().flatten();
        let ways = event["needs"]["ways"].as_array().into_iter().flatten().map(|way| &way["command"]);
        let told: Vec<&str> = needs.chain(ways).chain(event.get("command")).filter_map(Value::as_str).collect();
        assert!(!told.is_empty() && told.iter().all(|command| command.ends_with(folder)), "{told:?}");
    }
    let aborted = as_copied(&house, "abort", &with(&["show"]));
    assert_eq!(aborted.exit, 20, "a rehearsal approves its way back by itself: {aborted}");
    all_name(folder, &aborted);
    assert!(!house.path("state/runs").exists(), "nothing was looked for elsewhere");
}

/// The printed command of this verb as a shell in another folder takes it.
fn as_copied(house: &House, verb: &str, told: &Told) -> Told {
    let run = std::fs::read_dir(house.path("other runs/runs")).unwrap().next().unwrap().unwrap();
    let (run, place) = (run.file_name().into_string().unwrap(), house.path("").display().to_string());
    let start = format!("hcops {verb} ");
    let command = commands(told).into_iter().find(|command| command.starts_with(&start)).unwrap();
    let command = command.replace("RUN", &run).replace("HOUSE", place.trim_end_matches('/'));
    let hcops = cargo_bin("hcops").display().to_string();
    let command = format!("{hcops}{} --non-interactive", command.strip_prefix("hcops").unwrap());
    let mut shell = house.command_of(Path::new("/bin/sh"), &["-c", &command]);
    house.told(&shell.current_dir("/").output().unwrap())
}

/// What a variable or the config file names holds for the next command by itself.
#[test]
fn without_the_option_no_command_names_a_state_dir() {
    let house = House::new();
    let parked = house.hcops(&UPGRADE[..5]);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(!format!("{parked}").contains("--state-dir"), "{parked}");
}

/// The commands below the heading.
fn below<'a>(heading: &str, told: &'a Told) -> Vec<&'a str> {
    let lines = told.stderr.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect()
}

#[test]
fn only_answers_stand_under_to_answer_and_each_once() {
    let house = House::new();
    let fault = "accepted-never-done@POST /actions/pause";
    let stuck =
        ["rehearse", "sync-pause", "--reason", "x", "--databases", "none", "--non-interactive", "--fault", fault];
    let told = house.hcops(&stuck);
    assert_eq!(told.exit, 11, "{told}");
    let answers = below("To answer, one of:", &told);
    assert!(answers.len() > 1 && answers.iter().all(|answer| answer.starts_with("hcops answer RUN ")), "{told}");
    assert_eq!(below("To go on without an answer (it looks again first):", &told), ["hcops resume RUN"], "{told}");
    assert_eq!(below("To turn back, and restore what was before:", &told), ["hcops abort RUN"], "{told}");
    let all = commands(&told);
    let unique: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!(unique.len(), all.len(), "each stands there once: {told}");
}

#[test]
fn a_rehearsal_marks_what_is_for_the_real_app() {
    let house = House::new();
    let fault = ["--fault", "schema-refused", "--confirm", "herokuconnect-tidal-40217"];
    let recreate = ["rehearse", "connection-recreate", "--databases", "none", "--non-interactive"];
    let told = house.hcops(&[&recreate[..], &fault].concat());
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("heroku pg:psql"), "it names the command that renames the schema: {told}");
    assert!(said.contains("This is a rehearsal: a `heroku` command is what one would run for the real app"), "{told}");
    for line in told.stderr.lines() {
        let is_to_be_copied = line.starts_with("  heroku ") || line.trim_start().starts_with("run  heroku ");
        assert!(!is_to_be_copied, "{line}: {told}");
    }
    let report = house.hcops(&["report"]);
    let left: Vec<&str> = report.stdout.lines().filter(|line| line.trim_start().starts_with("- `heroku ")).collect();
    assert!(left.is_empty() || report.stdout.contains("not after a rehearsal"), "{report}");
}

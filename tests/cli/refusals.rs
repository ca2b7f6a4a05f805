//! Every refusal ends with something to type.

use super::house::{House, Told};

/// The command that a refusal names on a line of its own.
fn command_of(told: &Told) -> Option<&str> {
    let commands = told.stderr.lines().filter_map(|line| line.trim_start().strip_prefix("run  "));
    commands.map(str::trim).find(|command| command.starts_with("hcops ") || command.starts_with("heroku "))
}

fn assert_helps(house: &House, words: &[&str]) {
    let told = house.hcops(words);
    assert!(told.exit != 0, "{words:?} is no refusal: {told}");
    assert!(command_of(&told).is_some(), "{words:?} names no command:\n{told}");
}

/// Command lines that are refused before anything is asked of Heroku.
const REFUSED: [&[&str]; 40] = [
    &["upgrade"],
    &["rnus"],
    &["--no-such-option"],
    &["connect"],
    &["connect", "puase"],
    &["runbook"],
    &["plan"],
    &["plan", "no-such-procedure", "-a", "acme-crm"],
    &["plan", "version-upgrade"],
    &["plan", "version-upgrade", "-a", "acme-crm"],
    &["plan", "version-upgrade", "-a", "acme-crm", "--to", "seventeen"],
    &["plan", "version-upgrade", "-a", "acme-crm", "--method", "magic"],
    &["plan", "version-upgrade", "-a", "acme-crm", "--input", "novalue"],
    &["plan", "version-upgrade", "-a", "acme-crm", "--runbook", "missing.toml"],
    &["plan", "version-upgrade", "-a", "acme-crm", "-r", "heroku"],
    &["plan", "version-upgrade", "-r", "nowhere"],
    &["run", "missing-plan.json", "-a", "acme-crm"],
    &["run", "version-upgrade", "-a", "acme-crm", "--notify", "ftp://somewhere"],
    &["rehearse", "version-upgrade", "--scenario", "moon"],
    &["rehearse", "version-upgrade", "--fault", "gremlins@GET /"],
    &["rehearse", "version-upgrade", "--speed", "-1"],
    &["rehearse", "no-such-procedure"],
    &["rehearse", "version-upgrade", "-a", "no-such-app"],
    &["show"],
    &["watch"],
    &["stop"],
    &["resume"],
    &["abort"],
    &["report"],
    &["show", "0199"],
    &["answer", "0199", "approve", "yes"],
    &["answer", "0199"],
    &["status", "-a", "acme-crm"],
    &["doctor", "-a", "acme-crm"],
    &["windows", "-a", "acme-crm"],
    &["postgres", "compare", "OLD"],
    &["runbook", "show", "no-such-procedure"],
    &["runbook", "lint", "missing.toml"],
    &["schema", "no-such-schema"],
    &["completions", "no-such-shell"],
];

#[test]
fn every_refusal_without_a_network_names_a_command() {
    let house = House::new();
    for words in REFUSED {
        assert_helps(&house, words);
    }
}

#[test]
fn without_a_place_for_runs_something_can_be_typed_too() {
    let house = House::new();
    let mut command = house.command(&["runs"]);
    command.env_remove("HOME").env_remove("HCOPS_STATE_DIR");
    let told = house.told(&command.output().unwrap());
    if told.exit != 0 {
        assert!(command_of(&told).is_some(), "{told}");
    }
    std::fs::write(house.path("file"), "").unwrap();
    assert_helps(&house, &["runs", "--state-dir", "file/below"]);
}

#[test]
fn a_run_that_does_not_answer_or_may_not_be_taken_names_the_next_command() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    let run = house.only_run();
    assert_helps(&house, &["answer", &run, "no-such-question", "yes"]);
    assert_helps(&house, &["answer", &run, "promote", "another-name"]);
    let lease = std::fs::File::open(house.path(&format!("state/runs/{run}/lease"))).unwrap();
    lease.lock().unwrap();
    assert_helps(&house, &["resume", &run, "--non-interactive"]);
    assert_helps(&house, &["abort", &run, "--non-interactive"]);
    lease.unlock().unwrap();
    std::fs::write(house.path(&format!("state/runs/{run}/journal.jsonl")), "{}\n{}\n").unwrap();
    assert_helps(&house, &["show", &run]);
    assert_helps(&house, &["resume", &run]);
}

#[test]
fn an_ambiguous_name_lists_what_it_could_mean() {
    let house = House::new();
    for _ in 0..2 {
        assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    }
    let told = house.hcops(&["show", "0"]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    assert!(told.stderr.contains("`0` fits 2 runs"), "{told}");
    let candidates = told.stderr.lines().filter(|line| line.contains("acme-crm") && line.contains("version-upgrade"));
    assert_eq!(candidates.count(), 2, "{told}");
    assert!(command_of(&told).is_some(), "{told}");
    // Every name that is shown names its run, with hyphens or without.
    let listed = house.command(&["runs"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> = listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names.len(), 2, "{listed}");
    for name in names {
        assert_eq!(house.hcops(&["show", name]).exit, 0, "{name}");
        assert_eq!(house.hcops(&["show", &name.replace('-', "")]).exit, 0, "{name}");
    }
}

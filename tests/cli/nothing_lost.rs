//! The version upgrade, the copy and the plan change on real PostgreSQL servers, while an app and Connect write, with `kill -9` again and again: and then
//! every row is counted. Where the servers are not installed the tests say so and pass.

#![cfg(unix)]

use serde_json::Value;

use super::house::{House, cached_servers};
use super::killing::Running;
use super::simulated::{Simulator, planned_as, planned_with};

/// Lines of events that each process lives to write before it is killed; the last one may finish.
const LIVES: [usize; 6] = [12, 25, 25, 30, 30, 30];

/// A simulator with servers of these majors, or nothing where they are not installed.
fn simulator(scenario: &str, majors: &[&str], more: &[&str]) -> Option<Simulator> {
    let servers = cached_servers(majors)?;
    let arguments = [&["--databases", "required", "--rows", "2000"], more].concat();
    Some(Simulator::start_in(&House::new().with("HCOPS_POSTGRES", &servers), scenario, &arguments))
}

/// Carries the plan out in many processes, each of which but the last is killed.
fn done_in_many_lives(house: &House, digest: &str, name: &str) {
    let answers = ["--approve", digest, "--confirm", name, "--json"];
    let begin = ["run", "plan.json"];
    Running::after_lines_of(house, &[&begin[..], &answers[..]].concat(), LIVES[0]).kill();
    let run = house.only_run();
    let go_on = [&["resume", run.as_str()], &answers[..]].concat();
    for lines in &LIVES[1..] {
        Running::after_lines_of(house, &go_on, *lines).kill();
    }
    let told = house.hcops(&[&go_on[..], &["--non-interactive"]].concat());
    assert_eq!(told.exit, 0, "{told}");
}

/// Nothing lost, nothing twice, nothing in the wrong place; and that the counting counted something.
fn assert_whole(simulator: &Simulator, new: &str) {
    let audit = simulator.get("/simulator/audit");
    assert_eq!(audit["whole"], true, "{audit:#}");
    let audit = &audit["audit"];
    let count = |part: &Value| part.as_u64().unwrap_or_default();
    assert_eq!(audit["current"], new, "{audit:#}");
    assert!(count(&audit["app"]["rows"]) > 100, "the app wrote: {audit:#}");
    assert!(count(&audit["sent"]["once"]) > 50, "Connect sent: {audit:#}");
    assert!(count(&audit["salesforce"]["rows"]) > 0, "Connect brought: {audit:#}");
    let elsewhere = audit["elsewhere"].as_array().unwrap();
    assert!(!elsewhere.is_empty(), "the old database is still there to be looked into: {audit:#}");
    for other in elsewhere {
        assert_eq!((count(&other["written_since"]), &other["looked_into"]), (0, &Value::Bool(true)), "{audit:#}");
    }
}

fn is_compared(house: &House) {
    let report = house.hcops(&["report", &house.only_run()]);
    assert_eq!(report.exit, 0, "{report}");
    assert!(report.stdout.contains("no difference found in"), "the comparison is in the report: {report}");
}

#[test]
fn from_16_to_17_under_database_url() {
    let Some(simulator) = simulator("standard", &["16", "17"], &[]) else { return };
    let house = simulator.house();
    let (digest, name) = planned_with(&house, &["--to", "17"]);
    done_in_many_lives(&house, &digest, &name);
    assert_whole(&simulator, &name);
    is_compared(&house);
}

#[test]
fn from_15_to_18_under_a_url_of_its_own() {
    let Some(simulator) = simulator("custom-url", &["15", "18"], &[]) else { return };
    let house = simulator.house();
    let (digest, name) = planned_with(&house, &["--to", "18", "--switch", "repoint"]);
    done_in_many_lives(&house, &digest, &name);
    assert_whole(&simulator, &name);
    is_compared(&house);
}

#[test]
fn a_writer_that_was_left_running_is_named_and_stops_the_run() {
    let Some(simulator) = simulator("standard", &["16", "17"], &["--fault", "drift:outside-writer"]) else { return };
    let house = simulator.house();
    let (digest, name) = planned_with(&house, &["--to", "17"]);
    let told = house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--non-interactive"]);
    assert!([11, 14].contains(&told.exit), "{told}");
    assert!(told.stderr.contains("outside"), "the writer is named: {told}");
    let audit = simulator.get("/simulator/audit");
    assert_ne!(audit["audit"]["current"], Value::String(name), "nothing was switched: {audit:#}");
}

#[test]
fn an_essential_database_is_copied_to_another_tier_and_a_newer_major() {
    let Some(simulator) = simulator("essential", &["16", "18"], &[]) else { return };
    let house = simulator.house();
    let inputs = ["--to-plan", "heroku-postgresql:standard-0", "--version", "18"];
    let (digest, name) = planned_as(&house, ["essential-copy", "copy"], &inputs);
    done_in_many_lives(&house, &digest, &name);
    assert_whole(&simulator, &name);
    is_compared(&house);
}

#[test]
fn a_version_is_upgraded_by_a_copy_under_a_url_of_its_own() {
    let Some(simulator) = simulator("custom-url", &["15", "17"], &[]) else { return };
    let house = simulator.house();
    let (digest, name) = planned_as(&house, ["version-upgrade", "copy"], &["--to", "17", "--switch", "repoint"]);
    done_in_many_lives(&house, &digest, &name);
    assert_whole(&simulator, &name);
    is_compared(&house);
}

#[test]
fn a_plan_is_changed_through_a_follower() {
    let Some(simulator) = simulator("standard", &["16"], &[]) else { return };
    let house = simulator.house();
    let inputs = ["--plan", "heroku-postgresql:standard-2"];
    let (digest, name) = planned_as(&house, ["plan-change", "follower"], &inputs);
    done_in_many_lives(&house, &digest, &name);
    assert_whole(&simulator, &name);
    is_compared(&house);
}

#[test]
fn a_writer_that_begins_during_the_copy_stops_the_run_before_the_switch() {
    for compare in ["full", "counts"] {
        let fault = ["--fault", "drift:outside-writer@POST /transfers#1"];
        let Some(simulator) = simulator("essential", &["16"], &fault) else { return };
        let house = simulator.house();
        let inputs = ["--to-plan", "heroku-postgresql:standard-0", "--compare", compare];
        let (digest, name) = planned_as(&house, ["essential-copy", "copy"], &inputs);
        let told = house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--non-interactive"]);
        assert_eq!(told.exit, 11, "{told}");
        assert!(told.stderr.contains("was written to in the"), "that it was written to meanwhile is told: {told}");
        assert!(told.stderr.contains("outside"), "the writer is named: {told}");
        let audit = simulator.get("/simulator/audit");
        assert_ne!(audit["audit"]["current"], Value::String(name), "nothing was switched: {audit:#}");
    }
}

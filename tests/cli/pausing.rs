//! Pausing and resuming sync by themselves, and who is told about it.

use serde_json::Value;

use super::house::{House, Told};
use super::simulated::Simulator;

/// Plans, and carries exactly that plan out.
pub(crate) fn reviewed(house: &House, what: &[&str], answers: &[&str]) -> Told {
    let plan = house.path("reviewed.json");
    let arguments = [&["plan"], what, &["-a", "acme-crm", "-o", plan.to_str().unwrap(), "--json"]].concat();
    let output = house.command(&arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let planned: Value = serde_json::from_slice(&output.stdout).unwrap();
    let digest = planned["digest"].as_str().unwrap();
    house.hcops(&[&["run", "reviewed.json", "--approve", digest, "--non-interactive"], answers].concat())
}

const PAUSE: [&str; 3] = ["sync-pause", "--reason", "Salesforce is down on Sunday"];

#[test]
fn a_paused_connection_remembers_who_when_and_why() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let paused = reviewed(&house, &PAUSE, &[]);
    assert_eq!(paused.exit, 0, "{paused}");
    let status = house.hcops(&["status", "-a", "acme-crm"]);
    let status = format!("{status}").split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["is PAUSED", "paused by ops@acme.example at 2026-11-22", "Salesforce is down on Sunday"] {
        assert!(status.contains(words), "{words}: {status}");
    }
    let told = house.hcops(&["status", "-a", "acme-crm", "--json"]);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let [pause] = told["local"]["pauses"].as_object().unwrap().values().collect::<Vec<_>>()[..] else {
        panic!("{told}")
    };
    assert_eq!((&pause["by"], &pause["unfinished"]), (&"ops@acme.example".into(), &false.into()));
    let doctor = house.hcops(&["doctor", "-a", "acme-crm"]);
    assert!(doctor.stdout.contains("hcops run sync-resume -a acme-crm"), "{doctor}");
    let report = house.hcops(&["report"]);
    assert!(report.stdout.contains("Salesforce is down on Sunday"), "{report}");
}

#[test]
fn another_machine_is_told_that_it_does_not_know() {
    let simulator = Simulator::start("paused");
    let status = simulator.house().hcops(&["status", "-a", "acme-crm"]);
    assert!(status.stdout.contains("no run of this machine paused it"), "{status}");
}

#[test]
fn a_resumption_ends_when_what_had_collected_is_sent() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(reviewed(&house, &PAUSE, &[]).exit, 0);
    let resumed = reviewed(&house, &["sync-resume"], &["--output", "json"]);
    assert_eq!(resumed.exit, 0, "{resumed}");
    let lines = resumed.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let settled = lines.into_iter().find(|line| line["kind"] == "settled" && line["step"] == "drained");
    let output = settled.expect("it waited for the backlog")["output"].clone();
    assert!(output["had_collected"].as_i64().unwrap() > 0, "something had collected during the pause: {output}");
    assert!(output["sent_at_least"].as_i64() >= output["had_collected"].as_i64(), "{output}");
    let status = house.hcops(&["status", "-a", "acme-crm", "--json"]);
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(status["local"]["pauses"], serde_json::json!({}));
}

#[test]
fn sync_is_not_resumed_in_the_middle_of_another_run() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let upgrade =
        reviewed(&house, &["version-upgrade", "--method", "follower", "--to", "17", "--compare", "none"], &[]);
    assert_eq!(upgrade.exit, 10, "it waits at its crossing with sync paused: {upgrade}");
    let refused = reviewed(&house, &["sync-resume"], &[]);
    assert_eq!(refused.exit, 13, "{refused}");
    assert!(refused.stderr.contains("hcops show RUN"), "the command that leads on: {refused}");
}

#[test]
fn a_reason_is_needed() {
    let told = Simulator::start("standard").house().hcops(&["plan", "sync-pause", "-a", "acme-crm"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stderr.contains("--reason"), "{told}");
}

#[test]
fn both_can_be_rehearsed() {
    for (procedure, scenario) in [("sync-pause", "busy-connection"), ("sync-resume", "paused")] {
        let told = House::new().hcops(&["rehearse", procedure, "--scenario", scenario, "--non-interactive"]);
        assert_eq!(told.exit, 0, "{procedure}: {told}");
    }
}

#[test]
fn a_pause_that_is_accepted_and_never_made_is_no_success_and_can_be_turned_back() {
    let house = House::new();
    let fault = "accepted-never-done@POST /actions/pause";
    let parked = house.hcops(&["rehearse", "sync-pause", "--non-interactive", "--fault", fault]);
    assert_eq!(parked.exit, 11, "{parked}");
    let aborted = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!(aborted.exit, 20, "{aborted}");
}

#[test]
fn resuming_is_planned_in_a_state_that_nobody_knows_and_asked_for_on_a_persons_word() {
    let simulator = Simulator::start("paused");
    let mut world = simulator.get("/simulator/world");
    world["connections"][0]["state"] = "QUIESCING".into();
    simulator.put("/simulator/world", &world);
    let house = simulator.house();
    let planned = house.hcops(&["plan", "sync-resume", "-a", "acme-crm", "--compare", "none"]);
    assert_eq!(planned.exit, 0, "{planned}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&planned.stdout).contains("is QUIESCING, a state that this version does not know"), "{planned}");
    assert!(!planned.stdout.contains("sync does not run"), "{planned}");
    let parked = reviewed(&house, &["sync-resume", "--compare", "none"], &[]);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(words(&parked.stderr).contains("is to be resumed although its state is \"QUIESCING\""), "{parked}");
    let run = house.only_run();
    assert_eq!(house.hcops(&["answer", &run, "resume", "yes"]).exit, 0);
    let refused = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(refused.exit, 1, "the simulator's Connect resumes only what is paused: {refused}");
    assert!(words(&refused.stderr).contains("can't be resumed; it is QUIESCING"), "{refused}");
    world["connections"][0]["state"] = "PAUSED".into();
    simulator.put("/simulator/world", &world);
    let resumed = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(resumed.exit, 0, "{resumed}");
}

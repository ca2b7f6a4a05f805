//! The version upgrade in place: the question that preparing raises, and how each answer ends.

use serde_json::Value;

use super::house::{House, Told};
use super::pausing::reviewed;
use super::simulated::Simulator;

const UPGRADE: [&str; 7] = ["version-upgrade", "--method", "in-place", "--to", "17", "--compare", "none"];
const DATABASE: &str = "postgresql-flat-11007";

fn rehearsed(house: &House, further: &[&str]) -> Told {
    let arguments = ["rehearse", "version-upgrade", "--method", "in-place", "--non-interactive"];
    house.hcops(&[&arguments, further].concat())
}

/// One line, whatever the width of the terminal was.
fn unfolded(told: &Told) -> String {
    format!("{told}").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_plan_proposes_a_method_and_shows_the_others() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let told = house.hcops(&["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none"]);
    assert_eq!(told.exit, 0, "{told}");
    let text = unfolded(&told);
    for words in [
        "follower (this plan): writes off about 30 minutes",
        "in-place (also possible): writes off about 5 to 10 minutes; way back: none but a rollback",
        "--method follower",
    ] {
        assert!(text.contains(words), "{words}: {told}");
    }
    let told = house.hcops(&[&["plan"], &UPGRADE[..], &["-a", "acme-crm"]].concat());
    let text = unfolded(&told);
    assert!(!text.contains("Keeping a second database") && !text.contains("Attachments of the old"), "{told}");
}

#[test]
fn an_essential_database_is_upgraded_in_place_without_being_named() {
    let house = House::new();
    let arguments =
        ["rehearse", "version-upgrade", "--scenario", "essential", "--non-interactive", "--confirm", DATABASE];
    let told = house.hcops(&arguments);
    assert_eq!(told.exit, 0, "{told}");
    let refused = House::new().hcops(&[&arguments[..], &["--method", "follower"]].concat());
    assert_eq!(refused.exit, 11, "{refused}");
    assert!(unfolded(&refused).contains("--method in-place"), "{refused}");
}

#[test]
fn approving_a_plan_attests_neither_the_trial_nor_the_decision() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let parked = reviewed(&house, &UPGRADE, &["--confirm", DATABASE]);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(parked.stderr.contains("hcops answer RUN dry-run-result passed"), "{parked}");
    let run = house.only_run();
    let wrong = house.hcops(&["answer", &run, "dry-run-result", "yes"]);
    assert_eq!(wrong.exit, 2, "{wrong}");
    assert_eq!(house.hcops(&["answer", &run, "dry-run-result", "passed"]).exit, 0);
    let parked = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(parked.exit, 10, "{parked}");
    let text = unfolded(&parked);
    assert!(text.contains("Heroku runs the upgrade by itself at 2026-11-23T"), "the exact time: {parked}");
    for answer in ["run", "cancel", "leave"] {
        assert!(text.contains(&format!("hcops answer RUN decide {answer}")), "{answer}: {parked}");
    }
}

#[test]
fn each_answer_ends_as_it_says() {
    for (answer, scheduled, version) in [("run", false, "17.6"), ("cancel", false, "16.9"), ("leave", true, "16.9")] {
        let house = House::new();
        let decided = format!("decide={answer}");
        let answers = ["--answer", "dry-run-result=passed", "--answer", &decided, "--confirm", DATABASE];
        let told = rehearsed(&house, &answers);
        assert_eq!(told.exit, 0, "{answer}: {told}");
        let kept = house.path(&format!("state/runs/{}/simulator.json", house.only_run()));
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
        let database = &kept["world"]["databases"][0];
        assert_eq!(database["version"], version, "{answer}");
        assert_eq!(database["upgrade"]["state"] == "scheduled", scheduled, "{answer}: {}", database["upgrade"]);
        let report = house.hcops(&["report"]);
        assert!(report.stdout.contains("decide"), "the answer is recorded: {report}");
    }
}

#[test]
fn an_abort_cancels_the_schedule() {
    let house = House::new();
    let parked = rehearsed(&house, &["--answer", "dry-run-result=passed"]);
    assert_eq!(parked.exit, 10, "{parked}");
    let aborted = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!(aborted.exit, 20, "{aborted}");
    let kept = house.path(&format!("state/runs/{}/simulator.json", house.only_run()));
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
    assert_eq!(kept["world"]["databases"][0]["upgrade"], Value::Null);
}

#[test]
fn a_schedule_that_somebody_cancelled_stops_the_run_before_it_crosses() {
    let house = House::new();
    let answers = ["--answer", "dry-run-result=passed", "--answer", "decide=run", "--confirm", DATABASE];
    let fault = ["--fault", "drift:cancel-upgrade@POST /actions/pause"];
    let told = rehearsed(&house, &[&answers[..], &fault].concat());
    assert_eq!(told.exit, 14, "{told}");
    assert!(unfolded(&told).contains("No upgrade of postgresql-flat-11007 is scheduled any more"), "{told}");
    assert_eq!(house.hcops(&["abort", "--non-interactive"]).exit, 20);
}

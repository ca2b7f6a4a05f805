//! Announced maintenance: shown, judged for a run, ridden out.

use serde_json::Value;

use super::house::House;
use super::pausing::reviewed;
use super::simulated::Simulator;

#[test]
fn windows_say_whether_a_run_is_safe_to_start() {
    let simulator = Simulator::start("announced-maintenance");
    let house = simulator.house();
    let now = house.hcops(&["windows"]);
    assert_eq!(now.exit, 11, "it begins in ten minutes: {now}");
    for words in ["OVERLAPS", "2026-11-22 01:10:00 UTC to", "2026-11-22 01:25:00 UTC", "(trust)", "(status)"] {
        assert!(now.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}: {now}");
    }
    let later = house.hcops(&["windows", "--at", "2026-11-22T01:25:00Z", "--hours", "8"]);
    assert_eq!(later.exit, 0, "{later}");
    let told = house.hcops(&["windows", "--json"]);
    let lines: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[2]["kind"], &lines[2]["safe"]), (3, &"windows".into(), &false.into()), "{told}");
    assert!(lines[..2].iter().all(|line| line["overlaps"] == true), "{told}");
    let calm = Simulator::start("standard").house().hcops(&["windows"]);
    assert_eq!(calm.exit, 0, "{calm}");
}

#[test]
fn what_is_announced_for_another_part_of_the_world_is_not_in_the_way() {
    let simulator = Simulator::start("announced-maintenance");
    let house = simulator.house();
    for (choice, exit) in [
        (["--region", "eu"], 0),
        (["--region", "frankfurt"], 0),
        (["--region", "us"], 11),
        (["--region", "atlantis"], 11),
        (["-a", "acme-crm"], 11),
    ] {
        let told = house.hcops(&[&["windows"], &choice[..]].concat());
        assert_eq!(told.exit, exit, "{choice:?}: {told}");
        assert_eq!(told.stdout.contains("elsewhere"), exit == 0, "what is passed over is told: {told}");
    }
    let both = house.hcops(&["windows", "-a", "acme-crm", "--region", "us"]);
    assert_eq!(both.exit, 2, "{both}");
}

#[test]
fn windows_are_told_in_local_time_and_utc() {
    let simulator = Simulator::start("announced-maintenance");
    let told = simulator.house().with("TZ", "Asia/Tokyo").hcops(&["windows"]);
    let words = told.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2026-11-22 10:10:00 JST (2026-11-22 01:10:00 UTC)"), "{told}");
}

#[test]
fn a_time_or_a_span_that_makes_no_sense_is_refused() {
    for arguments in [["windows", "--at", "tomorrow"], ["windows", "--hours", "0"]] {
        assert_eq!(House::new().hcops(&arguments).exit, 2, "{arguments:?}");
    }
}

#[test]
fn a_window_is_waited_through_and_sync_is_seen_whole_afterwards() {
    let simulator = Simulator::start("announced-maintenance");
    let told = reviewed(&simulator.house(), &["connect-maintenance"], &["--output", "json"]);
    assert_eq!(told.exit, 0, "{told}");
    let lines = told.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let settled: Vec<Value> = lines.into_iter().filter(|line| line["kind"] == "settled").collect();
    let at = |step: &str| settled.iter().find(|line| line["step"] == step).unwrap()["at"].as_str().unwrap().to_owned();
    assert!(at("wait").as_str() >= "2026-11-22T01:25:00Z" && at("drained") > at("wait"), "{told}");
    let calm = House::new().hcops(&["rehearse", "connect-maintenance", "--non-interactive"]);
    assert_eq!(calm.exit, 0, "with nothing announced it only checks: {calm}");
}

#[test]
fn a_plan_is_changed_with_both_prices_and_no_connect_step() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let change = ["plan-change", "--plan", "heroku-postgresql:standard-2"];
    let planned = house.hcops(&[&["plan", "-a", "acme-crm"], &change[..]].concat());
    let shown = planned.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("$50.00 a month before, $200.00 after"), "{planned}");
    let told = reviewed(&house, &change, &["--confirm", "postgresql-flat-11007"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.contains("hcops resume"), "nobody has to stay attached: {told}");
    let again = house.hcops(&[&["plan", "-a", "acme-crm"], &change[..]].concat());
    assert_eq!(again.exit, 11, "{again}");
}

#[test]
fn a_plan_that_cannot_be_reached_is_refused_with_the_way_that_leads_there() {
    let refused = |scenario: &str, plan: &str| {
        House::new().hcops(&["rehearse", "plan-change", "--scenario", scenario, "--plan", plan, "--non-interactive"])
    };
    for (scenario, plan, words) in [
        ("essential", "heroku-postgresql:standard-0", "essential-copy"),
        ("essential", "heroku-postgresql:essential-0", "holds 2 GB"),
        ("standard", "heroku-postgresql:essential-2", "cannot be changed to an Essential plan"),
        ("standard", "heroku-postgresql:standard-0", "already"),
        ("standard", "heroku-postgresql:gigantic-1", "gigantic-1"),
    ] {
        let told = refused(scenario, plan);
        assert_eq!(told.exit, 11, "{scenario} {plan}: {told}");
        assert!(told.stderr.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}: {told}");
    }
}

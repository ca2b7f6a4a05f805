//! A run that another process drives, watched from here.

#![cfg(unix)]

use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{Eof, Expect, Session};
use serde_json::Value;

use super::house::{House, Told};
use super::stopping::Rehearsing;

fn parked() -> House {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    house
}

fn facts(told: &str) -> Vec<Value> {
    let events = told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["seq"].is_u64()).collect()
}

fn last(told: &Told) -> Value {
    serde_json::from_str(told.stdout.lines().last().unwrap()).unwrap()
}

#[test]
fn the_watching_of_a_parked_run_ends_with_what_it_needs_and_its_exit_code() {
    let house = parked();
    let told = house.hcops(&["watch"]);
    assert_eq!((told.exit, told.stdout.as_str()), (10, ""), "{told}");
    assert!(told.stderr.contains("This run needs a person."), "{told}");
    assert!(told.stderr.contains("  hcops resume RUN --confirm "), "{told}");
}

#[test]
fn as_json_it_tells_the_run_s_own_facts() {
    let house = House::new();
    let words = ["rehearse", "version-upgrade", "--databases", "none", "--non-interactive", "--json"];
    let run = house.hcops(&words);
    let watched = house.hcops(&["watch", "--json"]);
    assert_eq!((run.exit, watched.exit), (10, 10));
    assert_eq!(facts(&run.stdout), facts(&watched.stdout));
    assert_eq!(last(&run), last(&watched), "what it needs is told at the end of both");
}

#[test]
fn a_run_whose_process_is_gone_is_told_with_the_command_that_goes_on() {
    let house = House::new();
    Rehearsing::begun(&house).until("waiting").kill();
    let told = house.hcops(&["watch"]);
    assert_eq!(told.exit, 130, "{told}");
    assert!(told.stderr.contains("its process is gone") && told.stderr.contains("To go on: hcops resume "), "{told}");
    let left = last(&house.hcops(&["watch", "--json"]));
    assert_eq!((&left["kind"], &left["exit"]), (&"left".into(), &130.into()));
}

#[test]
fn the_watching_of_a_run_that_is_over_ends_as_the_run_did() {
    let house = parked();
    let needs: Value = last(&house.hcops(&["watch", "--json"]));
    let name = needs["needs"]["question"]["name"].as_str().unwrap();
    assert_eq!(house.hcops(&["resume", "--confirm", name, "--non-interactive"]).exit, 0);
    assert_eq!(house.hcops(&["watch"]).exit, 0);
    let house = parked();
    assert_eq!(house.hcops(&["abort", "--non-interactive"]).exit, 20);
    assert_eq!(house.hcops(&["watch"]).exit, 20);
}

#[test]
fn waits_are_seen_while_they_last() {
    let house = House::new();
    let running = Rehearsing::begun(&house).until("waiting");
    let watching = Rehearsing::watching(&house).until("waiting");
    watching.kill();
    running.kill();
}

#[test]
fn a_key_asks_the_run_to_stop_and_another_ends_the_watching_alone() {
    let house = House::new().with("TERM", "xterm");
    let running = Rehearsing::begun(&house).until("waiting");
    let watch = || {
        let mut terminal = Session::spawn(house.command(&["watch"])).unwrap();
        terminal.set_expect_timeout(Some(Duration::from_secs(60)));
        terminal.expect("`q` ends the watching").unwrap();
        terminal.expect("is provisioning").unwrap();
        terminal
    };
    let mut first = watch();
    first.send("q").unwrap();
    first.expect("the run goes on").unwrap();
    first.expect(Eof).unwrap();
    assert!(matches!(first.get_process().wait().unwrap(), WaitStatus::Exited(_, 130)));
    let mut second = watch();
    second.send("s").unwrap();
    second.expect("y/n").unwrap();
    second.send("n").unwrap();
    second.expect("Not asked").unwrap();
    second.send("s").unwrap();
    second.expect("y/n").unwrap();
    second.send("y").unwrap();
    second.expect("Requested of ada on engine-room").unwrap();
    second.expect("asked it to stop").unwrap();
    second.expect("To go on: ").unwrap();
    second.expect(Eof).unwrap();
    assert_eq!(running.end().1, Some(130));
}

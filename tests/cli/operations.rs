//! Single steps as commands of their own: `hcops connect pause` and its like.

use serde_json::Value;

use super::house::{House, Told};
use super::simulated::Simulator;

/// Carries an operation out: parked for approval first, then approved by the digest that the parked run names.
fn approved(house: &House, words: &[&str]) -> Told {
    let unapproved = [words, &["-a", "acme-crm", "--non-interactive"]].concat();
    let parked = house.command(&unapproved).output().unwrap();
    assert_eq!(parked.status.code(), Some(10), "{words:?}: {}", String::from_utf8_lossy(&parked.stderr));
    let said = String::from_utf8(parked.stderr).unwrap();
    let digest = said.split("--approve ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let digest = digest.expect("the command that approves is told").to_owned();
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    house.hcops(&[unapproved.as_slice(), &["--approve", &digest]].concat())
}

/// Carries out an operation that must succeed.
fn done(house: &House, words: &[&str]) -> Told {
    let told = approved(house, words);
    assert_eq!(told.exit, 0, "{words:?}: {told}");
    told
}

fn status(house: &House) -> String {
    house.hcops(&["status", "-a", "acme-crm"]).stdout
}

#[test]
fn sync_is_paused_and_resumed_with_a_journal_of_each() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let told = done(&house, &["connect", "pause"]);
    assert!(told.stdout.contains("Report: hcops report"), "{told}");
    assert!(status(&house).contains("PAUSED"));
    let report = house.hcops(&["report", &house.only_run()]);
    assert!(report.stdout.contains("Pause sync on herokuconnect-tidal-40217"), "{report}");
    done(&house, &["connect", "resume"]);
    assert!(!status(&house).contains("PAUSED"));
}

#[test]
fn what_is_already_so_is_done_without_a_request() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let first = done(&house, &["app", "maintenance-on"]);
    let again = done(&house, &["app", "maintenance-on"]);
    assert!(first.stderr.contains("maintenance mode is on"), "what Heroku answered is told: {first}");
    assert!(!again.stderr.contains("maintenance mode is on"), "nothing was asked of it again: {again}");
    assert!(status(&house).to_lowercase().contains("maintenance"), "{}", status(&house));
    done(&house, &["app", "maintenance-off"]);
}

#[test]
fn a_look_needs_no_approval_and_says_what_is_in_the_way() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let told = house.hcops(&["connect", "state", "-a", "acme-crm", "--non-interactive", "--json"]);
    assert_eq!(told.exit, 0, "{told}");
    let kinds: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(kinds.iter().all(|event| event["kind"] != "intended"), "{told}");
    assert_eq!(kinds.last().unwrap()["kind"], "closed", "{told}");
    done(&house, &["connect", "pause"]);
    let paused = house.hcops(&["connect", "state", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(paused.exit, 11, "{paused}");
    assert!(paused.stderr.contains("PAUSED"), "{paused}");
}

#[test]
fn a_process_type_is_scaled_and_an_unfinished_operation_can_be_turned_back() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    done(&house, &["app", "formation", "--type", "worker", "--quantity", "5", "--size", "Standard-2X"]);
    assert!(status(&house).contains("worker"), "{}", status(&house));
    let gone = approved(&house, &["app", "formation", "--type", "clock", "--quantity", "1", "--size", "Standard-1X"]);
    assert_eq!(gone.exit, 11, "{gone}");
    assert!(gone.stderr.contains("no process type clock"), "{gone}");
    let refused = house.hcops(&["app", "formation", "-a", "acme-crm", "--type", "worker", "--quantity", "many"]);
    assert_eq!(refused.exit, 2, "{refused}");
}

#[test]
fn a_follower_is_made_upgraded_and_promoted_step_by_step() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    done(&house, &["postgres", "follow", "--follower-name", "fresh-pg"]);
    let told = approved(&house, &["postgres", "upgrade", "--database", "fresh-pg", "--to", "17"]);
    assert_eq!(told.exit, 10, "the follower's point of no return waits for its name: {told}");
    assert!(told.stderr.contains("--confirm fresh-pg"), "{told}");
    let run = house.only_run();
    let ended = house.hcops(&["resume", &run, "--confirm", "fresh-pg", "--non-interactive"]);
    assert_eq!(ended.exit, 0, "{ended}");
    let waited = house.hcops(&["postgres", "wait", "-a", "acme-crm", "--database", "fresh-pg", "--non-interactive"]);
    assert_eq!(waited.exit, 0, "{waited}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    let told = approved(&house, &["postgres", "promote", "--database", "fresh-pg"]);
    assert_eq!(told.exit, 10, "{told}");
    let ended = house.hcops(&["resume", &house.only_run(), "--confirm", "fresh-pg", "--non-interactive"]);
    assert_eq!(ended.exit, 0, "{ended}");
    assert!(status(&house).contains("fresh-pg"), "{}", status(&house));
}

#[test]
fn scaling_down_and_repointing_have_their_way_back() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    done(&house, &["app", "scale-down"]);
    let words =
        ["connect", "repoint", "--db-key", "HEROKU_POSTGRESQL_COBALT_URL", "--database", "postgresql-flat-11007"];
    let running = approved(&house, &words);
    assert_eq!(running.exit, 14, "a connection that is not paused is not repointed: {running}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    done(&house, &["connect", "pause"]);
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    done(&house, &words);
}

#[test]
fn help_of_a_room_names_every_operation() {
    let house = House::new();
    for (room, words) in [
        ("app", ["maintenance-on", "maintenance-off", "scale-down", "formation"].as_slice()),
        ("connect", &["pause", "resume", "state", "repoint"]),
        ("postgres", &["compare", "follow", "upgrade", "promote", "wait"]),
    ] {
        let told = house.hcops(&[room, "--help"]);
        assert_eq!(told.exit, 0, "{told}");
        for word in words {
            assert!(told.stdout.contains(word), "{room} {word}: {told}");
        }
    }
    let told = house.hcops(&["connect", "pause", "--help"]);
    assert!(told.stdout.contains("Waits until the connection is IDLE"), "{told}");
    assert!(told.stdout.contains("hcops run connect-pause"), "{told}");
}

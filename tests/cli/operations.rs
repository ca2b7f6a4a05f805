//! Single steps as commands of their own: `hcops connect pause` and its like.

use serde_json::{Value, json};

use super::house::{House, Told};
use super::simulated::Simulator;

/// Carries an operation out: parked for approval first, then approved by the digest that the parked run names.
pub(crate) fn approved(house: &House, words: &[&str]) -> Told {
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
    assert!(gone.stderr.contains("no such process type any more: clock"), "{gone}");
    let refused = house.hcops(&["app", "formation", "-a", "acme-crm", "--type", "worker", "--quantity", "many"]);
    assert_eq!(refused.exit, 2, "{refused}");
}

#[test]
fn a_follower_is_made_upgraded_and_promoted_step_by_step() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    done(&house, &["postgres", "follow", "--follower-name", "fresh-pg"]);
    let told = approved(&house, &["postgres", "upgrade", "fresh-pg", "--to", "17"]);
    assert_eq!(told.exit, 10, "the follower's point of no return waits for its name: {told}");
    assert!(told.stderr.contains("--confirm fresh-pg"), "{told}");
    let run = house.only_run();
    let ended = house.hcops(&["resume", &run, "--confirm", "fresh-pg", "--non-interactive"]);
    assert_eq!(ended.exit, 0, "{ended}");
    let waited = house.hcops(&["postgres", "wait", "fresh-pg", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(waited.exit, 0, "{waited}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    let told = approved(&house, &["postgres", "promote", "fresh-pg"]);
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
        (
            "connect",
            &["pause", "resume", "export", "import", "reload", "repoint", "authorize", "validate", "errors", "state"],
        ),
        ("postgres", &["compare", "follow", "wait", "unfollow", "upgrade", "copy", "promote", "info"]),
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
    let told = house.hcops(&["connect", "reload", "--help"]);
    assert!(told.stdout.contains("Usage: hcops connect reload [OPTIONS] <MAPPINGS>..."), "{told}");
    assert!(told.stdout.contains("Examples:\n  hcops connect reload Account -a acme-crm"), "{told}");
}

/// Changes the simulated world behind everybody's back.
fn change_world(simulator: &Simulator, change: impl FnOnce(&mut Value)) {
    let mut world = simulator.get("/simulator/world");
    change(&mut world);
    simulator.put("/simulator/world", &world);
}

#[test]
fn refused_writes_are_listed_and_counted_by_the_exit_code() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let words = ["connect", "errors", "-a", "acme-crm", "--non-interactive"];
    assert_eq!(house.hcops(&words).exit, 0, "there are none");
    change_world(&simulator, |world| {
        world["connections"][0]["errors"] = json!([{
            "id": "4711", "table_name": "contact", "record_id": "17", "message": "REQUIRED_FIELD_MISSING: LastName",
            "created_at": world["settled_at"],
        }]);
    });
    let told = house.hcops(&words);
    assert_eq!(told.exit, 15, "{told}");
    assert!(told.stdout.contains("contact 17  REQUIRED_FIELD_MISSING: LastName  (log entry 4711)"), "{told}");
    let told = house.hcops(&[words.as_slice(), &["--json"]].concat());
    assert_eq!(told.exit, 15, "{told}");
    let events = told.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let settled = events.into_iter().find(|event| event["kind"] == "settled").expect("it is looked at");
    assert_eq!(settled["output"]["errors"][0]["id"], "4711", "{told}");
}

#[test]
fn a_diagnosis_lists_what_is_doubtful_and_fails_on_what_is_broken() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let words = ["connect", "validate", "-a", "acme-crm", "--non-interactive"];
    let told = house.hcops(&words);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.contains("warning  herokuconnect-tidal-40217: Salesforce API Version"), "{told}");
    change_world(&simulator, |world| {
        world["connections"][0]["mappings"][1]["findings"] = json!({ "Required Fields": "LastName is not mapped." });
    });
    let told = house.hcops(&words);
    assert_eq!(told.exit, 15, "{told}");
    assert!(told.stdout.contains("error  Contact: Required Fields: LastName is not mapped."), "{told}");
}

#[test]
fn what_is_exported_can_be_imported_again_and_the_one_before_is_kept() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (file, before) = (house.path("acme.json"), house.path("before.json"));
    let told = house.hcops(&["connect", "export", "-a", "acme-crm", "--non-interactive", "-o", file.to_str().unwrap()]);
    assert_eq!(told.exit, 0, "{told}");
    let mut document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(document["mappings"].as_array().unwrap().len(), 4, "{document}");
    document["mappings"][0]["config"]["fields"]["Fax"] = json!({});
    std::fs::write(&file, document.to_string()).unwrap();
    let words = ["connect", "import", file.to_str().unwrap(), "-o", before.to_str().unwrap()];
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    let parked = approved(&house, &words);
    assert_eq!(parked.exit, 10, "its point of no return waits for the connection's name: {parked}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    let told = approved(&house, &[words.as_slice(), &["--confirm", "herokuconnect-tidal-40217"]].concat());
    assert_eq!(told.exit, 0, "{told}");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&before).unwrap()).unwrap();
    assert_eq!(kept["mappings"][0]["config"]["fields"]["Fax"], Value::Null, "it is the one of before");
    let fields = &simulator.get("/simulator/world")["connections"][0]["mappings"][0]["fields"];
    assert!(fields.to_string().contains("Fax"), "{fields}");
}

#[test]
fn a_file_that_is_no_configuration_is_refused_before_anything_happens() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    std::fs::write(house.path("empty.json"), "{\"version\": 1, \"mappings\": []}").unwrap();
    std::fs::write(house.path("prose.json"), "not JSON").unwrap();
    let import = |name: &str| house.hcops(&["connect", "import", name, "-a", "acme-crm", "--non-interactive"]);
    let told = import("empty.json");
    assert_eq!(told.exit, 11, "{told}");
    assert!(told.stderr.contains("it has no mappings"), "{told}");
    assert_eq!(import("prose.json").exit, 2);
    assert_eq!(import("nowhere.json").exit, 2);
    assert!(!house.path("state/runs").exists(), "no run was opened");
}

#[test]
fn mappings_are_reloaded_one_by_one_each_confirmed_by_its_name() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let words = ["connect", "reload", "User", "Account", "--answer", "budget=yes", "--confirm", "User"];
    let told = approved(&house, &words);
    assert_eq!(told.exit, 10, "Account was not confirmed: {told}");
    assert!(told.stderr.contains("--confirm Account"), "{told}");
    let ended =
        house.hcops(&["resume", &house.only_run(), "--confirm", "Account", "--confirm", "User", "--non-interactive"]);
    assert_eq!(ended.exit, 0, "{ended}");
    for mapping in simulator.get("/simulator/world")["connections"][0]["mappings"].as_array().unwrap() {
        let wanted = ["User", "Account"].contains(&mapping["object_name"].as_str().unwrap());
        assert_eq!(mapping["reloaded_at"].is_string(), wanted, "{mapping}");
    }
    let told = house.hcops(&["connect", "reload", "Lead", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stderr.contains("Account, Contact, Order__c, User"), "what there is is named: {told}");
}

#[test]
fn a_login_is_waited_for_and_the_one_of_before_does_not_count() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    change_world(&simulator, |world| world["behaviour"]["absent_person"] = json!(true));
    let told = approved(&house, &["connect", "authorize", "--confirm", "herokuconnect-tidal-40217"]);
    assert_eq!(told.exit, 10, "{told}");
    assert!(told.stderr.contains("heroku connect:sf:auth -a acme-crm"), "the way to the login is told: {told}");
    assert!(!told.to_string().contains("authorize?conn="), "the log of a build machine keeps no address of it: {told}");
    let run = house.only_run();
    let said = house.hcops(&["resume", &run, "--answer", "log-in=no", "--non-interactive"]);
    assert_eq!(said.exit, 11, "an idle connection alone is no new login: {said}");
    change_world(&simulator, |world| world["connections"][0]["authorized_at"] = world["settled_at"].clone());
    let ended = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(ended.exit, 0, "{ended}");
}

#[test]
fn a_database_is_shown_and_a_follower_becomes_one_of_its_own() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    done(&house, &["postgres", "follow", "--follower-name", "fresh-pg"]);
    let told = house.hcops(&["postgres", "info", "fresh-pg", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.contains("Behind By:"), "{told}");
    assert!(!told.stdout.contains("canary"), "{told}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    let told = approved(&house, &["postgres", "unfollow", "fresh-pg", "--confirm", "fresh-pg"]);
    assert_eq!(told.exit, 0, "{told}");
    let told = house.hcops(&["postgres", "info", "fresh-pg", "-a", "acme-crm", "--non-interactive", "--json"]);
    let events = told.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let settled = events.into_iter().find(|event| event["kind"] == "settled").unwrap();
    assert_eq!(settled["output"]["following"], Value::Null, "{told}");
    let filled =
        house.hcops(&["postgres", "copy", "postgresql-flat-11007", "fresh-pg", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(filled.exit, 11, "it is not empty: {filled}");
}

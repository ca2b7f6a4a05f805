//! The version upgrade, the copy and the plan change on real PostgreSQL servers, while an app and Connect write, with `kill -9` again and again: and then
//! every row is counted. Where the servers are not installed the tests say so and pass.

#![cfg(unix)]

use serde_json::Value;

use super::house::House;
use super::killing::Running;
use super::real_databases::cached_servers;
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
    // Where the app's default and the connection's own variable both move there are two points of no return.
    in_many_lives(house, &["--approve", digest, "--confirm", name, "--confirm", name, "--go", "--json"]);
}

fn in_many_lives(house: &House, answers: &[&str]) {
    let begin = ["run", "plan.json"];
    Running::after_lines_of(house, &[&begin[..], answers].concat(), LIVES[0]).kill();
    let run = house.only_run();
    let go_on = [&["resume", run.as_str()], answers].concat();
    for lines in &LIVES[1..] {
        Running::after_lines_of(house, &go_on, *lines).kill();
    }
    let mut told = house.hcops(&[&go_on[..], &["--non-interactive"]].concat());
    if told.exit == 12 {
        // It was killed between an intent and its act. The simulator shows each act at once, so a world without a sign of
        // it says that there was none; at Heroku only a person may say so.
        let answered = house.hcops(&["answer", &run, "upgrade", "did-not-happen"]);
        assert_eq!(answered.exit, 0, "{answered}");
        told = house.hcops(&[&go_on[..], &["--non-interactive"]].concat());
    }
    assert_eq!(told.exit, 0, "{told}");
}

/// Nothing lost, nothing twice; and that the counting counted something.
fn counted(simulator: &Simulator, current: &str) -> Value {
    let audit = simulator.get("/simulator/audit");
    assert_eq!(audit["whole"], true, "{audit:#}");
    let audit = audit["audit"].clone();
    let count = |part: &Value| part.as_u64().unwrap_or_default();
    assert_eq!(audit["current"], current, "{audit:#}");
    assert!(count(&audit["app"]["rows"]) > 100, "the app wrote: {audit:#}");
    assert!(count(&audit["sent"]["once"]) > 50, "Connect sent: {audit:#}");
    assert!(count(&audit["salesforce"]["rows"]) > 0, "Connect brought: {audit:#}");
    audit
}

/// The same, and nothing in the wrong place.
fn assert_whole(simulator: &Simulator, new: &str) {
    let audit = counted(simulator, new);
    let count = |part: &Value| part.as_u64().unwrap_or_default();
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

const LEADER: &str = "postgresql-flat-11007";

#[test]
fn the_only_copy_is_upgraded_in_place_with_every_row() {
    let Some(simulator) = simulator("standard", &["16", "17"], &[]) else { return };
    let house = simulator.house();
    let words = ["version-upgrade", "--method", "in-place", "--to", "17", "--dry-run", "skip"];
    let approved = approved(&house, &words);
    let digest = approved.last().unwrap().as_str();
    in_many_lives(&house, &["--approve", digest, "--answer", "decide=run", "--confirm", LEADER, "--go", "--json"]);
    assert_eq!(counted(&simulator, LEADER)["elsewhere"], Value::Array(Vec::new()), "there is one database");
    let report = house.hcops(&["report", &house.only_run()]);
    assert!(report.stdout.contains("each with as many as before"), "the rows are in the report: {report}");
    assert!(report.stdout.contains("nothing was written to postgresql-flat-11007"), "so is the silence: {report}");
    assert!(report.stdout.contains("nothing else than before"), "so is the structure: {report}");
    let version = simulator.get("/simulator/world")["databases"][0]["version"].clone();
    assert!(version.as_str().unwrap().starts_with("17."), "{version}");
}

#[test]
fn what_a_rollback_gives_up_is_counted_shown_and_not_called_lost() {
    let Some(simulator) = simulator("standard", &["16"], &[]) else { return };
    simulator.advance(1_200);
    let house = simulator.house();
    let words = ["rollback-recovery", "--moment", "2026-11-22T01:10:00Z", "--new-name", "acme-past"];
    let approved = approved(&house, &words);
    let approved: Vec<&str> = approved.iter().map(String::as_str).collect();
    let answers = ["--answer", "budget=yes", "--answer", "unsent=yes", "--confirm", "acme-past", "--go"];
    let parked = house.hcops(&[&approved[..], &answers].concat());
    assert_eq!(parked.exit, 10, "the losses are acknowledged by nobody beforehand: {parked}");
    assert!(parked.stderr.contains("Only in postgresql-flat-11007"), "{parked}");
    let run = house.only_run();
    let told = house.hcops(&[&["resume", &run, "--non-interactive", "--answer", "losses=yes"], &answers[..]].concat());
    assert_eq!(told.exit, 0, "{told}");
    let audit = counted(&simulator, "acme-past");
    assert!(audit["app"]["given_up"].as_u64().unwrap() > 100, "it was given up on purpose: {audit:#}");
    let kept = house.path(&format!("state/runs/{run}/evidence/lost-with-acme-past.json"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&kept).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let lost: Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
    assert!(lost["captured_since"]["changes"].as_array().unwrap().len() > 50, "{lost}");
}

/// While sync is paused changes collect in the trigger log. A database of that time shows them as open, although Salesforce
/// has had them since.
#[test]
fn what_was_sent_since_the_moment_of_a_rollback_is_not_sent_again() {
    let Some(simulator) = simulator("standard", &["16"], &[]) else { return };
    simulator.advance(600);
    carried_out(&simulator.house(), &["sync-pause", "--reason", "a test"], &[]);
    simulator.advance(300);
    carried_out(&simulator.house(), &["sync-resume"], &[]);
    simulator.advance(300);
    let house = simulator.house();
    let words = ["rollback-recovery", "--moment", "2026-11-22T01:14:00Z", "--new-name", "acme-past"];
    let answers = [
        "--answer",
        "budget=yes",
        "--answer",
        "unsent=yes",
        "--answer",
        "losses=yes",
        "--confirm",
        "acme-past",
        "--go",
    ];
    let approved = approved(&house, &words);
    let run: Vec<&str> = approved.iter().map(String::as_str).collect();
    let told = house.hcops(&[&run[..], &answers].concat());
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.contains("changes marked IGNORE"), "{told}");
    counted(&simulator, "acme-past");
}

/// Plans into `plan.json`; the words that approve exactly that.
fn approved(house: &House, words: &[&str]) -> Vec<String> {
    let plan = house.path("plan.json");
    let written = ["-a", "acme-crm", "-o", plan.to_str().unwrap(), "--json"];
    let told = house.command(&[&["plan"], words, &written].concat()).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let planned: Value = serde_json::from_slice(&told.stdout).unwrap();
    let digest = planned["digest"].as_str().unwrap();
    ["run", "plan.json", "--non-interactive", "--approve", digest].map(str::to_owned).to_vec()
}

/// Plans, and carries exactly that out to its end.
fn carried_out(house: &House, words: &[&str], answers: &[&str]) {
    let approved = approved(house, words);
    let run: Vec<&str> = approved.iter().map(String::as_str).collect();
    let told = house.hcops(&[&run, answers].concat());
    assert_eq!(told.exit, 0, "{told}");
}

#[test]
fn what_a_pause_has_held_back_is_sent_before_the_resumption_ends() {
    let Some(simulator) = simulator("standard", &["16"], &[]) else { return };
    simulator.advance(600);
    let house = simulator.house();
    carried_out(&house, &["sync-pause", "--reason", "a test"], &[]);
    simulator.advance(1_200);
    let held = simulator.get("/simulator/audit")["audit"]["sent"]["waiting"].as_u64().unwrap();
    assert!(held > 50, "the app wrote while sync was paused: {held}");
    carried_out(&house, &["sync-resume"], &[]);
    let audit = counted(&simulator, LEADER);
    assert!(audit["sent"]["once"].as_u64().unwrap() > held, "{audit:#}");
    let report = house.hcops(&["report"]);
    assert!(report.stdout.contains("nothing of what had been captured before is open"), "{report}");
}

const CONNECT: &str = "herokuconnect-tidal-40217";

#[test]
fn a_recreated_connection_goes_on_with_the_tables_and_sends_what_is_written_later() {
    let Some(simulator) = simulator("standard", &["16"], &[]) else { return };
    simulator.advance(600);
    let house = simulator.house();
    let answers = ["--answer", "collaborators=nobody else", "--confirm", CONNECT, "--go"];
    let approved = approved(&house, &["connection-recreate", "--new-name", "acme-again"]);
    let approved: Vec<&str> = approved.iter().map(String::as_str).collect();
    let parked = house.hcops(&[&approved[..], &answers].concat());
    assert_eq!(parked.exit, 10, "{parked}");
    let run = house.only_run();
    for step in ["log-in", "collaborators-set"] {
        assert_eq!(house.hcops(&["answer", &run, step, "yes"]).exit, 0, "{step}");
        let told = house.hcops(&["resume", &run, "--non-interactive"]);
        assert_eq!(told.exit, if step == "log-in" { 10 } else { 0 }, "{told}");
    }
    simulator.advance(1_200);
    counted(&simulator, LEADER);
    let report = house.hcops(&["report", &run]);
    assert!(report.stdout.contains("4 mapped tables, each with as many as before"), "{report}");
}

#[test]
fn a_column_is_really_dropped_and_made_anew_with_its_values() {
    let Some(simulator) = simulator("field-changed", &["16"], &[]) else { return };
    simulator.advance(600);
    let house = simulator.house();
    let words = ["field-change", "--method", "complex", "--object", "Order__c", "--field", "Amount__c"];
    carried_out(&house, &words, &["--confirm", "Order__c.Amount__c"]);
    let report = house.hcops(&["report"]);
    let told = "order__c.amount__c is double precision";
    assert!(report.stdout.contains(told) && report.stdout.contains("character varying(40)"), "{report}");
    simulator.advance(600);
    counted(&simulator, LEADER);
}

/// What has changed is seen in the database, and the method follows it; a column that Connect leaves too long is told.
#[test]
fn a_changed_field_is_held_against_its_real_column() {
    let Some(simulator) = simulator("field-changed", &["16"], &[]) else { return };
    simulator.advance(600);
    let house = simulator.house();
    let planned = |field: &str| {
        let told = house.hcops(&["plan", "field-change", "-a", "acme-crm", "--object", "Order__c", "--field", field]);
        assert_eq!(told.exit, 0, "{told}");
        told.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let longer = planned("Status__c");
    assert!(
        longer.contains("by simple") && longer.contains("character varying(80): the field has become longer"),
        "{longer}"
    );
    let other = planned("Amount__c");
    assert!(other.contains("by complex") && other.contains("the field has another type"), "{other}");
    let mut world = simulator.get("/simulator/world");
    let mappings = world["connections"][0]["mappings"].as_array_mut().unwrap();
    let order = mappings.iter_mut().find(|mapping| mapping["object_name"] == "Order__c").unwrap();
    order["definitions"]["Status__c"] = "string(40)".into();
    simulator.put("/simulator/world", &world);
    let shorter = planned("Status__c");
    assert!(shorter.contains("by complex") && shorter.contains("the field has become shorter"), "{shorter}");
    let simple = |further: &[&str]| {
        let words = ["field-change", "--method", "simple", "--object", "Order__c", "--field", "Status__c"];
        let approved = approved(&house, &[&words, further].concat());
        let approved: Vec<&str> = approved.iter().map(String::as_str).collect();
        house.hcops(&[&approved[..], &["--confirm", "Order__c.Status__c"]].concat())
    };
    let asked = simple(&[]);
    assert_eq!(asked.exit, 10, "nothing is saved before somebody has said so: {asked}");
    let said = asked.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the column may stay as it is") && said.contains("hcops answer"), "{asked}");
    assert_eq!(house.hcops(&["abort", &house.only_run(), "--non-interactive"]).exit, 20);
    let told = simple(&["--kind", "shorter"]);
    assert_eq!(told.exit, 11, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Connect has left the column longer"), "{told}");
    assert!(said.contains("hcops plan field-change --method complex --object Order__c --field Status__c"), "{told}");
}

#[test]
fn a_writer_that_was_left_running_is_named_and_stops_the_run() {
    let Some(simulator) = simulator("standard", &["16", "17"], &["--fault", "drift:outside-writer"]) else { return };
    let house = simulator.house();
    let (digest, name) = planned_with(&house, &["--to", "17"]);
    let told =
        house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
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
        let told =
            house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
        assert_eq!(told.exit, 11, "{told}");
        assert!(told.stderr.contains("was written to in the"), "that it was written to meanwhile is told: {told}");
        assert!(told.stderr.contains("outside"), "the writer is named: {told}");
        let audit = simulator.get("/simulator/audit");
        assert_ne!(audit["audit"]["current"], Value::String(name), "nothing was switched: {audit:#}");
    }
}

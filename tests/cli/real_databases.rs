//! With real PostgreSQL servers under the simulated databases. Where these are not installed the tests say so and pass.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::every_procedure::check_report;
use super::house::{House, Told};

/// The folder with PostgreSQL servers for `HCOPS_POSTGRES`, or nothing, with the reason printed, where one of these majors
/// is missing.
pub(crate) fn cached_servers(majors: &[&str]) -> Option<String> {
    let cache = hcops_testing::cached_servers();
    let missing = majors.iter().find(|major| !cache.join(major).join("bin/postgres").is_file());
    if let Some(major) = missing {
        let why = format!("PostgreSQL {major} is not in .cache/postgres; `scripts/postgres {major}` fetches it");
        hcops_testing::missing("postgres", &why);
        return None;
    }
    Some(cache.to_str().unwrap().to_owned())
}

/// A house in which servers are found.
fn house() -> Option<House> {
    Some(House::new().with("HCOPS_POSTGRES", &cached_servers(&["16", "17"])?))
}

/// Reads so many lines of what a command tells, then kills it as `kill -9` does.
fn killed_after(house: &House, arguments: &[&str], lines: usize) {
    let mut process: Child = house.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut told = BufReader::new(process.stdout.take().unwrap());
    for _ in 0..lines {
        told.read_line(&mut String::new()).unwrap();
    }
    process.kill().unwrap();
    process.wait().unwrap();
}

fn crossing_name(house: &House, run: &str) -> String {
    let shown: Value = serde_json::from_str(&house.hcops(&["show", run, "--json"]).stdout).unwrap();
    shown["needs"]["question"]["name"].as_str().expect("the run waits at its crossing").to_owned()
}

fn databases(house: &House, run: &str) -> std::path::PathBuf {
    house.path(&format!("state/runs/{run}/databases"))
}

#[test]
fn a_rehearsal_that_is_killed_twice_loses_nothing_and_doubles_nothing() {
    let Some(house) = house() else { return };
    let begin = ["rehearse", "version-upgrade", "--databases", "required", "--non-interactive", "--json"];
    killed_after(&house, &begin, 60);
    let run = house.only_run();
    assert!(databases(&house, &run).is_dir(), "the databases wait for another process");
    let parked: Told = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(parked.exit, 10, "{parked}");
    let name = crossing_name(&house, &run);
    killed_after(&house, &["resume", &run, "--confirm", &name, "--non-interactive", "--json"], 25);
    let done = house.hcops(&["resume", &run, "--confirm", &name, "--non-interactive"]);
    assert_eq!(done.exit, 0, "{done}");
    for words in
        ["each exactly once with its last value", "reached Salesforce exactly once", "Nothing was written into"]
    {
        assert!(done.stderr.replace("\n  ", " ").contains(words), "{words} is missing in {done}");
    }
    assert!(!databases(&house, &run).exists(), "a run that is over keeps no servers");
    let again = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(again.exit, 0, "{again}");
}

/// Procedures that compare no two databases and read one all the same.
#[test]
fn a_report_names_the_databases_that_were_read_and_denies_none() {
    for procedure in ["sync-pause", "sync-resume"] {
        let Some(house) = house() else { return };
        let told = house.hcops(&["rehearse", procedure, "--databases", "required", "--non-interactive"]);
        assert_eq!(told.exit, 0, "{told}");
        let report = house.hcops(&["report"]);
        let said = ": no two databases were compared; read by SQL: acme-crm/postgresql-flat-11007 (before";
        assert!(report.stdout.contains(said), "{report}");
        assert!(!report.stdout.contains("made no connection"), "{report}");
        assert!(!report.stdout.contains("SQL acme-crm"), "it is no request: {report}");
        check_report(&house, &house.only_run());
    }
}

#[test]
fn the_servers_of_a_simulator_that_is_killed_are_gone() {
    let Some(house) = house() else { return };
    let arguments = ["simulator", "--databases", "required", "--rows", "100", "--port", "0", "--paused", "--json"];
    let mut process = house.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let told: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(told["databases"], true, "{told}");
    let origin = told["origin"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    let world = get(&origin, "/simulator/world");
    let audit = get(&origin, "/simulator/audit");
    assert_eq!(audit["whole"], true, "{audit}");
    let port = u16::try_from(world["databases"][0]["port"].as_u64().unwrap()).unwrap();
    TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    process.kill().unwrap();
    process.wait().unwrap();
    // Another process ends the servers, and nothing tells when it has.
    let attempts =
        "for attempt in $(seq 200); do (: </dev/tcp/127.0.0.1/$0) 2>/dev/null || exit 0; sleep 0.1; done; exit 1";
    let ended = Command::new("bash").args(["-c", attempts, &port.to_string()]).status().unwrap();
    assert!(ended.success(), "the server on port {port} lives on");
}

fn get(address: &str, path: &str) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[test]
fn servers_that_are_required_and_not_there_are_a_mistake_with_a_remedy() {
    let house = House::new();
    // No PostgreSQL has this one.
    let told =
        house.hcops(&["rehearse", "version-upgrade", "--databases", "required", "--to", "99", "--non-interactive"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stderr.contains("scripts/postgres"), "{told}");
    assert!(!house.path("state/runs").exists(), "nothing was begun");
}

#[test]
fn without_servers_a_rehearsal_says_what_it_could_not_rehearse() {
    let house = House::new();
    let told = house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    assert!(told.stderr.contains("Databases: simulated only (--databases none)."), "{told}");
    assert!(told.stderr.contains("every check by SQL"), "{told}");
}

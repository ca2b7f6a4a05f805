//! A run that is asked to stop, suspended, or left by its terminal: it stands still at a safe point, says why, and goes on.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Expect, Regex, Session};
use serde_json::Value;

use super::house::{House, Told};

/// A rehearsal in a process of its own, whose simulated time goes on while nobody does anything.
pub(crate) struct Rehearsing {
    process: Child,
    lines: BufReader<ChildStdout>,
}

/// Slow enough that a step is still waited for when another command has begun, and fast enough that a test ends.
pub(crate) const UNHURRIED: [&str; 6] = ["rehearse", "version-upgrade", "--databases", "none", "--speed", "20"];

impl Rehearsing {
    pub(crate) fn begun(house: &House) -> Self {
        Self::of(house, &[&UNHURRIED[..], &["--non-interactive", "--json"]].concat())
    }

    pub(crate) fn watching(house: &House) -> Self {
        Self::of(house, &["watch", "--json"])
    }

    fn of(house: &House, arguments: &[&str]) -> Self {
        let mut process = house.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// Reads until it tells this kind of event.
    pub(crate) fn until(mut self, kind: &str) -> Self {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended without {kind}");
            let event: Value = serde_json::from_str(&line).unwrap();
            if event["kind"] == kind {
                return self;
            }
        }
    }

    /// The events up to its end, and its exit code.
    pub(crate) fn end(mut self) -> (Vec<Value>, Option<i32>) {
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        let events = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (events, self.process.wait().unwrap().code())
    }

    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn directory(house: &House) -> PathBuf {
    house.path("state/runs").join(house.only_run())
}

pub(crate) fn journal(house: &House) -> Vec<Value> {
    let text = std::fs::read_to_string(directory(house).join("journal.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn acts(house: &House) -> Vec<Value> {
    let lines = journal(house).into_iter();
    lines.filter(|line| line["kind"] == "intended").map(|line| line["step"].clone()).collect()
}

fn standing(house: &House) -> Value {
    serde_json::from_str(&house.hcops(&["show", "--json"]).stdout).unwrap()
}

/// Goes on to the point of no return, where a rehearsal waits for its name: as far as it comes by itself.
fn goes_on_and_does_nothing_twice(house: &House) {
    let told = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    let mut acts: Vec<String> = acts(house).iter().map(ToString::to_string).collect();
    let count = acts.len();
    acts.sort();
    acts.dedup();
    assert_eq!(acts.len(), count, "nothing is done twice");
}

#[test]
fn a_request_takes_effect_at_the_next_safe_point_and_both_sides_say_so() {
    let house = House::new();
    let running = Rehearsing::begun(&house).until("waiting");
    let told = house.hcops(&["stop"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.starts_with("Requested of ada on engine-room (process "), "{told}");
    assert!(told.stdout.contains("In effect: it stands still (interrupted: ada on engine-room asked"), "{told}");
    assert!(told.stdout.contains("  hcops resume "), "{told}");
    let (events, exit) = running.end();
    assert_eq!(exit, Some(130));
    let stopped = events.iter().find(|event| event["kind"] == "stopped").unwrap();
    assert_eq!((&stopped["cause"], &stopped["by"]), (&"requested".into(), &"ada".into()));
    let shown = standing(&house);
    assert_eq!((&shown["standing"], &shown["stop_requested"]), (&"interrupted".into(), &Value::Null));
    assert_eq!(shown["stopped"]["wish"]["machine"], "engine-room");
    let left: Vec<_> = std::fs::read_dir(directory(&house)).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name == "stop.json" || name == "progress.json"), "{left:?}");
    goes_on_and_does_nothing_twice(&house);
}

#[test]
fn without_waiting_the_request_is_left_and_json_tells_its_states_apart() {
    let house = House::new();
    let running = Rehearsing::begun(&house).until("waiting");
    let state =
        |told: &Told| serde_json::from_str::<Value>(told.stdout.lines().last().unwrap()).unwrap()["state"].clone();
    let told = house.hcops(&["stop", "--no-wait", "--json"]);
    assert_eq!((told.exit, state(&told)), (0, "requested".into()), "{told}");
    assert_eq!(running.end().1, Some(130));
    let told = house.hcops(&["stop", "--json"]);
    assert_eq!((told.exit, state(&told)), (0, "already".into()), "{told}");
}

#[test]
fn a_run_that_nobody_drives_stands_still_already_and_no_request_is_left() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    let told = house.hcops(&["stop"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
    assert!(told.stdout.starts_with("It stands still already (parked: "), "{told}");
    assert!(!directory(&house).join("stop.json").exists());
    assert_eq!(House::new().hcops(&["stop"]).exit, 2, "there is no run");
}

#[test]
fn a_stale_request_never_stops_the_next_process() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    let file = directory(&house).join("stop.json");
    let stale = r#"{"by":"bob","machine":"tower","at":"2026-11-22T01:00:00Z","fence":1}"#;
    std::fs::write(&file, stale).unwrap();
    let told = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    assert!(!file.exists());
}

#[test]
fn killed_while_a_request_lies_there_it_is_resumed_as_if_nobody_had_asked() {
    let house = House::new();
    let running = Rehearsing::begun(&house).until("waiting");
    running.kill();
    let holder: Value = serde_json::from_slice(&std::fs::read(directory(&house).join("holder.json")).unwrap()).unwrap();
    let request =
        serde_json::json!({"by": "bob", "machine": "tower", "at": "2026-11-22T01:00:00Z", "fence": holder["fence"]});
    std::fs::write(directory(&house).join("stop.json"), request.to_string()).unwrap();
    let runs = house.hcops(&["runs"]);
    assert!(runs.stdout.contains("interrupted") && runs.stderr.contains("its process was gone after "), "{runs}");
    goes_on_and_does_nothing_twice(&house);
}

/// A shell with job control at a pseudo-terminal, in which an unhurried rehearsal waits for something.
fn shell(house: &House) -> OsSession {
    let command = house.command_of(Path::new("bash"), &["--norc", "--noprofile", "-i"]);
    let mut terminal = Session::spawn(command).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    terminal
}

fn wait_at(terminal: &mut OsSession) {
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("is provisioning").unwrap();
}

fn unhurried(house: &House) -> std::process::Command {
    house.command(&UNHURRIED)
}

#[test]
fn suspended_it_leaves_the_terminal_and_goes_on_after_another_look() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1");
    let mut terminal = shell(&house);
    terminal.send_line(format!("{} {}", cargo_bin("hcops").display(), UNHURRIED.join(" "))).unwrap();
    wait_at(&mut terminal);
    terminal.send("\u{1a}").unwrap();
    terminal.expect(Regex(r"Suspended where it is \(process [0-9]+\)")).unwrap();
    terminal.expect(Regex("hcops stop [0-9a-f-]+\r\n *hcops resume ")).unwrap();
    terminal.expect("Stopped").unwrap();
    let refused = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(refused.exit, 13, "it still holds the run: {refused}");
    assert!(refused.stderr.contains("run  hcops stop "), "{refused}");
    terminal.send_line("fg").unwrap();
    terminal.expect("looks at the world again first").unwrap();
    terminal.expect("is provisioning").unwrap();
    terminal.send("\u{1a}").unwrap();
    terminal.expect("Suspended where it is").unwrap();
    terminal.expect("Stopped").unwrap();
    // Whoever asks a suspended process to stop wakes it.
    let told = house.hcops(&["stop"]);
    assert_eq!(told.exit, 0, "{told}");
    goes_on_and_does_nothing_twice(&house);
}

#[test]
fn a_closed_terminal_stops_the_run_at_a_safe_point_and_the_journal_says_so() {
    let house = House::new().with("TERM", "xterm");
    let mut terminal = Session::spawn(unhurried(&house)).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    wait_at(&mut terminal);
    terminal.get_process_mut().set_terminate_delay(Duration::from_secs(2));
    drop(terminal);
    let stopped = journal(&house).pop().unwrap();
    assert_eq!((&stopped["kind"], &stopped["cause"]), (&"stopped".into(), &"terminal-closed".into()), "{stopped}");
    let shown = house.hcops(&["show"]);
    assert!(shown.stdout.contains("standing  interrupted: its terminal was closed at "), "{shown}");
    assert!(shown.stdout.contains("Next:\n  hcops resume "), "{shown}");
    goes_on_and_does_nothing_twice(&house);
}

#[test]
fn ctrl_c_stops_and_the_process_ends_with_130() {
    let house = House::new().with("TERM", "xterm");
    let mut terminal = Session::spawn(unhurried(&house)).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    wait_at(&mut terminal);
    terminal.send("\u{3}").unwrap();
    terminal.expect("To go on: ").unwrap();
    terminal.expect(expectrl::Eof).unwrap();
    assert!(matches!(terminal.get_process().wait().unwrap(), WaitStatus::Exited(_, 130)));
    assert_eq!(journal(&house).pop().unwrap()["cause"], "interrupt");
}

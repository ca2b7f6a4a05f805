//! Real processes that really die, and others that go on where they were.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::house::House;
use super::simulated::{Simulator, planned};

/// A run in a process of its own, of which so many lines have been read. It cannot be far ahead of them: what it prints
/// has to be read.
pub(crate) struct Running {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    fn after_lines(house: &House, digest: &str, name: &str, count: usize) -> Self {
        Self::after_lines_of(
            house,
            &["run", "plan.json", "--approve", digest, "--confirm", name, "--go", "--json"],
            count,
        )
    }

    pub(crate) fn after_lines_of(house: &House, arguments: &[&str], count: usize) -> Self {
        let mut process = house.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        for _ in 0..count {
            lines.read_line(&mut String::new()).unwrap();
        }
        Self { process, lines }
    }

    /// As `kill -9` does; a run that has already ended is left as it is.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn interrupt(&self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    fn end(mut self) -> Option<i32> {
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        self.process.wait().unwrap().code()
    }
}

/// What an operator sees at the end, without times and numbers of releases.
fn essence(simulator: &Simulator) -> Value {
    simulator.get("/simulator/essence")
}

fn finish(house: &House, digest: &str, name: &str) {
    let run = house.only_run();
    let told = house.hcops(&["resume", &run, "--approve", digest, "--confirm", name, "--go", "--non-interactive"]);
    assert_eq!(told.exit, 0, "{told}");
}

#[test]
fn killed_at_any_moment_it_ends_in_the_same_world() {
    let undisturbed = {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        let (digest, name) = planned(&house);
        assert_eq!(Running::after_lines(&house, &digest, &name, 0).end(), Some(0));
        essence(&simulator)
    };
    for lines in [4, 20, 45, 90, 150] {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        let (digest, name) = planned(&house);
        Running::after_lines(&house, &digest, &name, lines).kill();
        finish(&house, &digest, &name);
        assert_eq!(essence(&simulator), undisturbed, "killed after {lines} lines");
    }
}

#[test]
fn interrupted_once_it_stops_at_a_safe_point_and_can_be_taken_up_again() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, name) = planned(&house);
    let running = Running::after_lines(&house, &digest, &name, 4);
    running.interrupt();
    assert_eq!(running.end(), Some(130));
    finish(&house, &digest, &name);
}

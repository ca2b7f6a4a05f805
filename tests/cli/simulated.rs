//! Over HTTP, against `hcops simulator` in another process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::house::House;

/// A simulator process whose time moves when a client waits.
pub(crate) struct Simulator {
    process: Child,
    pub(crate) origin: String,
}

impl Simulator {
    pub(crate) fn start(scenario: &str) -> Self {
        Self::start_in(&House::new(), scenario, &["--databases", "none"])
    }

    /// A simulator that a house's variables and further options reach.
    pub(crate) fn start_in(house: &House, scenario: &str, options: &[&str]) -> Self {
        let arguments = ["simulator", "--scenario", scenario, "--port", "0", "--paused", "--json"];
        let mut process = house.command(&[&arguments, options].concat());
        let mut process = process.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let told: Value = serde_json::from_str(&first).expect("the simulator tells where it is");
        Self { process, origin: told["origin"].as_str().unwrap().to_owned() }
    }

    /// What the simulator answers to a look at its control interface.
    pub(crate) fn get(&self, path: &str) -> Value {
        let address = self.origin.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// Tells its control interface something.
    pub(crate) fn post(&self, path: &str, body: &str) {
        let address = self.origin.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// Refuses the next request of this sort, as Heroku does.
    pub(crate) fn refuse_once(&self, method: &str, path: &str, (status, id): (u16, &str)) {
        let body = json!({ "id": id, "message": "no" });
        let fault = json!({ "method": method, "path": path, "times": 1, "status": status, "body": body });
        self.post("/simulator/faults", &fault.to_string());
    }

    /// Puts something into the control interface.
    pub(crate) fn put(&self, path: &str, body: &Value) {
        let address = self.origin.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let body = body.to_string();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        );
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// Lets so many simulated seconds pass.
    pub(crate) fn advance(&self, seconds: u64) {
        let address = self.origin.strip_prefix("http://").unwrap();
        let body = format!("{{\"seconds\": {seconds}}}");
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!("POST /simulator/advance HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// A house whose commands are led to this simulator.
    pub(crate) fn house(&self) -> House {
        House::new().with("HEROKU_HOST", &self.origin).with("HEROKU_API_KEY", "simulated")
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Plans into `plan.json`, and returns the digest and the name of the crossing.
pub(crate) fn planned(house: &House) -> (String, String) {
    planned_with(house, &["--to", "17", "--compare", "none"])
}

/// The same with these inputs.
pub(crate) fn planned_with(house: &House, inputs: &[&str]) -> (String, String) {
    planned_as(house, ["version-upgrade", "follower"], inputs)
}

/// The same by this procedure and method.
pub(crate) fn planned_as(house: &House, procedure: [&str; 2], inputs: &[&str]) -> (String, String) {
    let plan = house.path("plan.json");
    let [procedure, method] = procedure;
    let words = ["plan", procedure, "--method", method, "-a", "acme-crm", "-o", plan.to_str().unwrap(), "--json"];
    let output = house.command(&[&words, inputs].concat()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let planned: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&planned["digest"]), text(&planned["plan"]["facts"]["follower_name"]))
}

#[test]
fn a_reviewed_plan_is_carried_out_by_its_digest() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, name) = planned(&house);
    let arguments =
        ["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive", "--output", "json"];
    let told = house.hcops(&arguments);
    assert_eq!(told.exit, 0, "{told}");
    let last: Value = serde_json::from_str(told.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(last["kind"], "closed", "{told}");
    let again = house.hcops(&arguments);
    assert_eq!(again.exit, 11, "the world has changed since: {again}");
    assert!(again.stderr.contains("→"), "the difference is told: {again}");
}

#[test]
fn another_digest_begins_nothing() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (_, name) = planned(&house);
    let told = house.hcops(&[
        "run",
        "plan.json",
        "--approve",
        &"0".repeat(64),
        "--confirm",
        &name,
        "--go",
        "--non-interactive",
    ]);
    assert_eq!(told.exit, 11, "{told}");
    assert!(!house.path("state/runs").exists());
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, _) = planned(&house);
    let text = std::fs::read_to_string(house.path("plan.json")).unwrap().replace("\"acme-crm\"", "\"acme-prod\"");
    std::fs::write(house.path("plan.json"), text).unwrap();
    let told = house.hcops(&["run", "plan.json", "--approve", &digest, "--non-interactive"]);
    assert_eq!(told.exit, 2, "{told}");
}

#[test]
fn status_and_doctor_only_look() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let status = house.hcops(&["status", "-a", "acme-crm"]);
    assert_eq!(status.exit, 0, "{status}");
    assert!(status.stdout.contains("IDLE"), "{status}");
    let doctor = house.hcops(&["doctor", "-a", "acme-crm"]);
    assert_eq!(doctor.exit, 0, "{doctor}");
    assert!(doctor.stdout.contains("acme-crm: nothing wants attention."), "{doctor}");
}

#[test]
fn an_abort_needs_the_digest_of_the_way_back() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, _) = planned(&house);
    let parked = house.hcops(&["run", "plan.json", "--approve", &digest, "--non-interactive"]);
    assert_eq!(parked.exit, 10, "{parked}");
    let unapproved = house.command(&["abort", "--non-interactive"]).output().unwrap();
    assert_eq!(unapproved.status.code(), Some(10));
    let said = String::from_utf8(unapproved.stderr).unwrap();
    let of_the_way_back = said.split("--approve ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let of_the_way_back = of_the_way_back.expect("the command that approves is told");
    assert_ne!(of_the_way_back, digest);
    let aborted = house.hcops(&["abort", "--non-interactive", "--approve", of_the_way_back]);
    assert_eq!(aborted.exit, 20, "{aborted}");
}

#[test]
fn a_rehearsal_is_no_unfinished_run_of_the_real_app() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--non-interactive"]).exit, 10);
    let rehearsed = house.only_run();
    for verb in ["status", "doctor"] {
        let told = house.command(&[verb, "-a", "acme-crm"]).output().unwrap();
        assert!(!String::from_utf8(told.stdout).unwrap().contains(&rehearsed), "{verb}");
    }
}

#[test]
fn the_command_that_carries_a_plan_out_has_every_option_that_was_given() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let given = ["--to", "17", "--compare", "none", "--follower-name", "fresh-pg"];
    let told = house.hcops(&[&["plan", "version-upgrade", "-a", "acme-crm"], given.as_slice()].concat());
    let command = "hcops run version-upgrade -a acme-crm --compare none --follower-name fresh-pg --to 17 --resource ";
    assert!(told.stdout.contains(command), "{told}");
    assert!(told.stdout.contains("app.scale-down app=acme-crm"), "what is scaled is shown: {told}");
    assert!(told.stdout.contains("43 steps. Step 24 is the point of no return"), "{told}");
}

//! `rehearse --fault`: what can't strike is refused when it is given, and what never struck is told at the end.

use hcops_simulator::{Drift, Fault, Scenario};
use serde_json::{Value, json};

use super::house::{House, Told};

fn rehearsed(fault: &str, more: &[&str]) -> Told {
    let arguments = ["rehearse", "sync-pause", "--non-interactive", "--databases", "none", "--fault", fault];
    House::new().hcops(&[&arguments[..], more].concat())
}

#[test]
fn what_is_not_there_is_refused_with_the_names_there_are() {
    for (fault, words) in [
        ("drift:nonsense", &["nonsense", "maintenance-off", "rename-addon"][..]),
        ("drift:maintenance-on=acme-jbos", &["acme-jbos", "acme-crm", "acme-jobs"]),
        ("drift:rename-addon=postgresql-none-1@POST /actions/pause", &["postgresql-none-1", "postgresql-flat-"]),
        ("drift:break-mapping=Acount", &["Acount", "Account"]),
        ("drift:pause-connection=acme-crm", &["acme-crm", "herokuconnect-"]),
        ("drift:detach=DATABASE_ULR", &["DATABASE_ULR", "DATABASE"]),
        ("drift:unfollow", &["drift:unfollow cannot strike", "nothing that it could be done to"]),
        ("drift:maintenance-off", &["drift:maintenance-off cannot strike", "nothing would change"]),
        ("schema-refused:later", &["later", "import"]),
        ("unknown-connection-state:IDLE", &["\"IDLE\" can't stand for an unknown state", "any word except", "PAUSED"]),
        ("copy-with-warnings=0", &["would change nothing", "use 1 or more warnings"]),
        ("server-error=404", &["isn't a server error", "from 500 to 599"]),
        ("html@PSOT /actions/pause", &["PSOT", "POST"]),
        ("accepted-never-done@GET /actions", &["accepted-never-done", "GET"]),
    ] {
        let told = rehearsed(fault, &[]);
        assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{fault}: {told}");
        let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(said.contains(word), "{fault}: {word} is missing in {told}");
        }
    }
}

#[test]
fn what_never_struck_is_told_at_the_end() {
    for (fault, why) in [
        ("server-error@POST /actions/puase", "no request POST /actions/puase was sent"),
        ("server-error@POST /actions/pause#7", "one request POST /actions/pause was sent, and it was for number 7"),
        ("drift:resume-connection@POST /actions/pause#1", "Heroku would refuse it: The connection can't be resumed"),
        ("drift:maintenance-off@POST /actions/pause#1", "nothing would change: it is so already"),
        ("copy-fails", "no copy came to its end"),
        ("upgrade-fails", "no version upgrade came as far as its fourth step"),
        ("release-phase-fails@POST /actions/pause", "no release phase of an attachment that is moved was run"),
        ("replay-disagrees", "no real server took part"),
        ("absent-person", "nobody was sent to a browser"),
        ("stuck-state@/addons", "no request that changes something of /addons was sent"),
    ] {
        let told = rehearsed(fault, &[]);
        assert_eq!(told.exit, 0, "{fault}: {told}");
        let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = format!("Not rehearsed: the fault `{fault}`, which was asked for and never struck: {why}");
        assert!(said.contains(&wanted), "{wanted} is missing in {told}");
        let told = rehearsed(fault, &["--json"]);
        let mut last = told.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let event = last.rfind(|event| event["kind"] == "faults").expect("an event");
        assert_eq!((&event["over"], &event["unstruck"][0]["fault"]), (&json!(true), &json!(fault)), "{event}");
        assert!(event["unstruck"][0]["why"].as_str().unwrap().contains(why), "{event}");
    }
}

#[test]
fn what_struck_is_not_called_unrehearsed() {
    for fault in ["server-error=503@POST /actions/pause#1", "connect-maintenance=60@POST /actions/pause", "api-lag=5"] {
        let told = rehearsed(fault, &[]);
        assert!(!told.stderr.contains("the fault `"), "{fault}: {told}");
        let told = rehearsed(fault, &["--json"]);
        let event = told.stdout.lines().find(|line| line.contains("\"faults\"")).expect("an event");
        assert!(event.contains("\"unstruck\":[]"), "{event}");
    }
    let told = rehearsed("server-error@POST /actions/pause#1", &["--fault", "html@GET /nowhere"]);
    let said = told.stderr.matches("the fault `").count();
    assert_eq!(said, 1, "only the one that never struck: {told}");
}

#[test]
fn a_run_that_is_parked_says_that_a_fault_has_not_struck_so_far() {
    let house = House::new();
    let fault = ["--fault", "cut-after-effect@DELETE /addons"];
    let base = ["rehearse", "version-upgrade", "--non-interactive", "--databases", "none"];
    let told = house.hcops(&[&base[..], &fault].concat());
    assert_eq!(told.exit, 10, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = "Not rehearsed so far: the fault `cut-after-effect@DELETE /addons`, which was asked for and has not \
                  struck";
    assert!(said.contains(wanted), "{told}");
}

#[test]
fn the_help_lists_every_fault_and_every_drift_with_its_target() {
    let told = House::new().hcops(&["rehearse", "--help"]);
    assert_eq!(told.exit, 0, "{told}");
    for fault in Fault::ALL {
        assert!(told.stdout.contains(&format!("  {fault}")), "{fault} is missing");
    }
    for drift in Drift::ALL {
        let line = format!("  {drift} (TARGET: {})", drift.target().words());
        assert!(told.stdout.lines().any(|other| other == line), "{line} is missing in {told}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says whether the tables are written")]
fn the_page_about_the_simulator_lists_every_fault_drift_and_scenario() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/simulator.md");
    let page = std::fs::read_to_string(path).unwrap();
    let faults = Fault::ALL.iter().map(|fault| format!("| `{fault}` | {} |\n", fault.summary()));
    let drift = |drift: &Drift| format!("| `drift:{drift}` | {} | {} |\n", drift.target().words(), drift.summary());
    let made = with_rows(&page, "| name | what it does |\n|---|---|\n", faults.collect());
    let made =
        with_rows(&made, "| kind | target | what it does |\n|---|---|---|\n", Drift::ALL.iter().map(drift).collect());
    if std::env::var_os("HCOPS_UPDATE").is_some() {
        std::fs::write(path, &made).unwrap();
    } else {
        assert!(page == made, "docs/simulator.md is out of date: HCOPS_UPDATE=1 cargo test --test cli the_page_about");
    }
    for scenario in Scenario::names() {
        assert!(page.contains(&format!("| `{scenario}` |")), "docs/simulator.md does not name {scenario}");
    }
}

/// The page with these rows in the table under this head.
fn with_rows(page: &str, head: &str, rows: String) -> String {
    let (before, table) = page.split_once(head).expect("the table");
    let (_, after) = table.split_once("\n\n").expect("text behind the table");
    format!("{before}{head}{rows}\n{after}")
}

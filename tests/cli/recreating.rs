//! Removing a connection and making it anew: rehearsed, carried out in several processes, turned back.

use serde_json::Value;

use super::house::{House, Told};
use super::pausing::reviewed;
use super::simulated::Simulator;

const OLD: &str = "herokuconnect-tidal-40217";

fn rehearsed(arguments: &[&str]) -> (House, Told) {
    let house = House::new();
    let told = house.hcops(&[&["rehearse", "connection-recreate", "--non-interactive"], arguments].concat());
    (house, told)
}

#[test]
fn it_ends_on_a_new_connection_with_the_old_configuration_in_a_file() {
    let (house, told) = rehearsed(&["--confirm", OLD]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.contains("4 mappings, configured as before"), "{told}");
    let evidence = house.path(&format!("state/runs/{}/evidence", house.only_run()));
    let text = std::fs::read_to_string(evidence.join(format!("acme-crm-{OLD}.json"))).unwrap();
    let exported: Value = serde_json::from_str(&text).expect("the export parses");
    assert_eq!((&exported["version"], exported["mappings"].as_array().map(Vec::len)), (&1.into(), Some(4)));
    for kept in [format!("settings-of-{OLD}.json"), format!("unsent-of-{OLD}.json")] {
        assert!(evidence.join(&kept).exists(), "{kept}");
    }
    let report = house.hcops(&["report"]);
    assert!(report.stdout.contains("as this rehearsal has it"), "what was noted is in the report: {report}");
}

#[test]
fn the_removal_is_confirmed_by_the_name_of_the_connection_and_by_no_other() {
    let (_, told) = rehearsed(&["--confirm", "acme-crm"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stderr.contains(&format!("goes by {OLD}")), "{told}");
    let (house, told) = rehearsed(&[]);
    assert_eq!(told.exit, 10, "{told}");
    for words in ["POINT OF NO RETURN", &format!("--confirm {OLD}"), "The connection is gone for good"] {
        assert!(told.stderr.contains(words), "{words} is missing in {told}");
    }
    let aborted = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!(aborted.exit, 20, "{aborted}");
    assert!(aborted.stdout.contains("what was before is restored"), "{aborted}");
}

#[test]
fn behind_the_removal_no_way_leads_back() {
    let (house, told) = rehearsed(&["--confirm", OLD, "--fault", "absent-person"]);
    assert_eq!(told.exit, 11, "nobody logs in, whatever is answered: {told}");
    assert!(told.stderr.contains("NEED_AUTHENTICATION"), "{told}");
    let refused = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!(refused.exit, 1, "{refused}");
    assert!(refused.stderr.contains("point of no return"), "{refused}");
}

/// Whitespace and the marks of the text form do not count.
fn words(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ")
}

const RENAMING: &str =
    "heroku pg:psql DATABASE_URL -a acme-crm -c 'alter schema \"salesforce\" rename to \"salesforce_before\"'";

#[test]
fn that_the_schema_stays_is_told_before_the_removal_with_every_way() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let plan = ["plan", "connection-recreate", "-a", "acme-crm", "--compare", "none"];
    let planned = house.hcops(&plan);
    assert_eq!(planned.exit, 0, "{planned}");
    let told = words(&planned.stdout);
    for part in ["The schema salesforce is in DATABASE_URL", "issue 296", RENAMING, "--schema salesforce_2"] {
        assert!(told.contains(part), "{part}: {planned}");
    }
    let other = house.hcops(&[&plan[..], &["--schema", "salesforce_2"]].concat());
    assert_eq!(other.exit, 0, "{other}");
    assert!(words(&other.stdout).contains("Whether a schema salesforce_2 is in DATABASE_URL"), "{other}");
    let (_, parked) = rehearsed(&["--compare", "none"]);
    let at_the_crossing = words(&parked.stderr);
    for part in [RENAMING, "it refuses salesforce"] {
        assert!(at_the_crossing.contains(part), "{part}: {parked}");
    }
}

#[test]
fn a_schema_that_is_refused_stops_the_run_with_the_statement_and_a_way_on() {
    for (fault, step) in [("schema-refused", "configure"), ("schema-refused:import", "import")] {
        let without = ["--databases", "none", "--compare", "none"];
        let (house, told) = rehearsed(&[&without[..], &["--confirm", OLD, "--fault", fault]].concat());
        assert_eq!(told.exit, 1, "{told}");
        let said = words(&told.stderr);
        for part in [RENAMING, "exists already", &format!("hcops answer RUN {step} retry")] {
            assert!(said.contains(part), "{part}: {told}");
        }
        assert_eq!(said.contains("--schema salesforce_2 -a acme-crm"), step == "configure", "{told}");
        let resumed = house.hcops(&["resume", "--non-interactive"]);
        assert_eq!(resumed.exit, 0, "the person has renamed it meanwhile: {resumed}");
        let absent = ["--fault", "absent-person"];
        let (_, nobody) = rehearsed(&[&without[..], &["--confirm", OLD, "--fault", fault], &absent].concat());
        assert_ne!(nobody.exit, 0, "{nobody}");
    }
}

/// All files below a folder, one after the other.
fn everything_in(folder: &std::path::Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            if path.is_dir() {
                everything_in(&path)
            } else {
                String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into()
            }
        })
        .collect()
}

#[test]
fn a_build_machine_parks_with_the_way_to_the_login_and_keeps_no_address_of_it() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let planned = house.hcops(&[
        "plan",
        "connection-recreate",
        "-a",
        "acme-crm",
        "--compare",
        "none",
        "-o",
        "plan.json",
        "--json",
    ]);
    assert_eq!(planned.exit, 0, "{planned}");
    let text = std::fs::read_to_string(house.path("plan.json")).unwrap();
    let digest = hcops_runbook::load_plan("plan.json", &text).unwrap().digest().to_string();
    let noted = "collaborators=ann@acme.example: all notifications";
    let run =
        ["run", "plan.json", "--approve", &digest, "--confirm", OLD, "--answer", noted, "--go", "--non-interactive"];
    let parked = house.hcops(&run);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(words(&parked.stderr).contains("heroku connect:sf:auth -a acme-crm --resource"), "{parked}");
    let id = house.only_run();
    let told = [parked.to_string(), house.hcops(&["show", &id]).to_string(), house.hcops(&["report", &id]).to_string()];
    let resumed = house.hcops(&["resume", &id, "--non-interactive", "--json"]);
    let kept = everything_in(&house.path("state"));
    for text in told.iter().chain([&resumed.to_string(), &kept]) {
        assert!(!text.contains("fake-salesforce/authorize?"), "the state of a login is told: {text}");
    }
    assert!(kept.contains("connect.login-address"), "the journal was looked at");
    let given = house.hcops(&["answer", &id, "log-in", "yes"]);
    assert_eq!(given.exit, 0, "{given}");
    let next = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(next.exit, 10, "what only a person can set is asked one by one: {next}");
    assert!(next.stderr.contains("all notifications"), "what was noted is shown to whoever sets it: {next}");
    let given = house.hcops(&["answer", &id, "collaborators-set", "yes"]);
    assert_eq!(given.exit, 0, "{given}");
    let resumed = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(resumed.exit, 0, "{resumed}");
    let report = house.hcops(&["report"]);
    assert!(report.stdout.contains("ann@acme.example: all notifications"), "{report}");
}

#[test]
fn a_configuration_that_changes_after_its_export_stops_the_removal() {
    let (house, _) = rehearsed(&[]);
    let world = house.path(&format!("state/runs/{}/simulator.json", house.only_run()));
    let text = std::fs::read_to_string(&world).unwrap();
    std::fs::write(&world, text.replacen("\"External_Id__c\",", "", 1)).unwrap();
    let told = house.hcops(&["resume", "--non-interactive", "--confirm", OLD]);
    assert_eq!(told.exit, 14, "{told}");
    assert!(told.stderr.contains("export-unchanged"), "{told}");
}

#[test]
fn accelerated_polling_that_an_import_leaves_out_is_told_before_sync_goes_on() {
    let simulator = Simulator::start("standard");
    let mut world = simulator.get("/simulator/world");
    world["behaviour"]["import_leaves_out_acceleration"] = true.into();
    simulator.put("/simulator/world", &world);
    let house = simulator.house();
    let recreate = ["connection-recreate", "--compare", "none"];
    let noted = ["--confirm", OLD, "--answer", "collaborators=nobody else", "--go"];
    let parked = reviewed(&house, &recreate, &noted);
    assert_eq!(parked.exit, 10, "{parked}");
    let run = house.only_run();
    assert_eq!(house.hcops(&["answer", &run, "log-in", "yes"]).exit, 0);
    let told = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    assert!(words(&told.stderr).contains("Order__c: sf_notify_enabled was true, and is false"), "{told}");
}

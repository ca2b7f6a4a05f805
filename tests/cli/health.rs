//! `status` and `doctor`: what they show, how they end, and that they only look.

use serde_json::{Value, json};

use super::house::{House, Told};
use super::pausing::reviewed;
use super::simulated::Simulator;

fn looked(scenario: &str, verb: &str) -> Told {
    Simulator::start(scenario).house().hcops(&[verb, "-a", "acme-crm"])
}

fn in_one_line(told: &Told) -> String {
    told.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The only line of standard output, as JSON; and the exit code.
fn document(house: &House, arguments: &[&str]) -> (Value, i32) {
    let output = house.command(&[arguments, &["--json"]].concat()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
}

fn grades(app: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = app["findings"].as_array().unwrap().iter().filter(|finding| finding["grade"] != "ok");
    findings.map(|finding| (text(&finding["id"]), text(&finding["grade"]))).collect()
}

#[test]
fn a_healthy_app_on_one_screen() {
    insta::assert_snapshot!(looked("standard", "status"), @r"
    exit 0
    --- stdout
    app         acme-crm in us, seen at 2026-11-22 01:00:00 UTC
      runs      acme-crm: maintenance off, web=2 worker=3
      runs      acme-jobs: maintenance off, worker=1
    connection  herokuconnect-tidal-40217 is IDLE, enterprise plan (paid),
                Salesforce API 62.0
      uses      DATABASE_URL (postgresql-flat-11007), schema salesforce
      mappings  4 of 4 DATA_SYNCED
      writes    0 wait, 0 refused in 24 hours, 0 notification(s)
    database    postgresql-flat-11007 is Available, standard-0
      version   Postgres 16.9: no end announced that hcops knows of
      size      1.64 GB / 64 GB (2.56%) (In compliance)
      upkeep    window Tuesdays 20:30 to Wednesdays 00:30 UTC
      rollback  earliest from 2026-11-18 01:00 UTC
      attached  acme-crm::DATABASE, acme-crm::DATABASE_CONNECTION_POOL (pooler),
                acme-crm::HEROKU_POSTGRESQL_COBALT, acme-jobs::DATABASE
    note        1 more to know: `hcops doctor -a acme-crm`
    Nothing wants attention.
    --- stderr
    ");
}

#[test]
fn an_app_that_nobody_looked_after_on_one_screen() {
    insta::assert_snapshot!(looked("neglected", "status"), @r"
    exit 31
    --- stdout
    app         acme-crm in us, seen at 2026-11-22 01:00:00 UTC
      runs      acme-crm: maintenance off, web=2 worker=3
      runs      acme-jobs: maintenance on, worker=1
    connection  herokuconnect-tidal-40217 is IDLE, enterprise plan (paid),
                Salesforce API 38.0
      uses      CONNECT_DB_URL (postgresql-flat-11007, by a config var set by hand),
                schema salesforce
      mappings  3 of 4 DATA_SYNCED, User BAD_CONFIG
      writes    0 wait, 3 refused in 24 hours, 1 notification(s)
    database    postgresql-flat-11007 is Available, standard-0
      version   Postgres 16.9: no end announced that hcops knows of
      size      1.64 GB / 64 GB (2.56%) (In compliance)
      upkeep    window Tuesdays 20:30 to Wednesdays 00:30 UTC
      rollback  earliest from 2026-11-18 01:00 UTC
      attached  acme-crm::DATABASE, acme-crm::DATABASE_CONNECTION_POOL (pooler),
                acme-crm::HEROKU_POSTGRESQL_COBALT, acme-jobs::DATABASE
    BROKEN      the mapping User of herokuconnect-tidal-40217 is BAD_CONFIG
      run       heroku connect:diagnose -a acme-crm
    attention   herokuconnect-tidal-40217 uses CONNECT_DB_URL, which was set by hand
                to the address of postgresql-flat-11007; no attachment keeps it up
                to date
      run       heroku connect:db:set -a acme-crm --db DATABASE_URL --schema salesforce
    attention   herokuconnect-tidal-40217 had 3 refused writes in 24 hours; most
                often (2): REQUIRED_FIELD_MISSING: LastName
      run       heroku connect:write-errors -a acme-crm
    attention   the address of postgresql-flat-11007 is held by hand in
                CONNECT_DB_URL of acme-crm
    attention   acme-jobs is in maintenance mode, and no run of this machine is
                about it
      run       hcops app maintenance-off -a acme-jobs
    note        3 more to know: `hcops doctor -a acme-crm`
    Something is broken now.
    --- stderr
    ");
}

#[test]
fn the_doctor_says_what_to_do_about_an_old_version() {
    insta::assert_snapshot!(looked("old-version", "doctor"), @r"
    exit 30
    --- stdout
    attention   postgresql-flat-11007 runs Postgres 15: Heroku's mails name two
                dates to upgrade it by, and your own mail decides: 2026-12-20, in 28
                days, or 2027-01-28, in 67 days; afterwards Heroku does it by
                itself; it ends on 2027-01-20 or 2027-02-28
      why       After the deadline Heroku upgrades by itself, with the app and
                Connect live and nobody having paused sync; after the end it may
                remove what is left.
      remedy    Rehearse the upgrade, plan it, and carry it out at a time of your
                own; the plan shows the methods.
      run       hcops plan version-upgrade -a acme-crm --to 18
      rule      postgres-version (Dev Center: Heroku Postgres Version Support;
                Heroku changelog 2722)
    note        postgresql-flat-11007 is attached to other apps, too:
                acme-jobs::DATABASE
      why       A promotion moves `DATABASE` on one app only: the others stay on the
                old database, and keep writing to it, until their attachments are
                moved too.
      remedy    hcops silences and moves them with the others; whoever owns them has
                to know of it.
      rule      other-apps (the heroku command, pg:promote)
    ok          24 things were looked at and are well (--all tells them).
    acme-crm: something wants attention.
    not shown   No look from here tells the result of an upgrade's dry run: it comes
                by e-mail only; writers outside Heroku, Scheduler jobs and
                autoscalers; since when a connection is in its state, and runs and
                pauses that another machine made; Salesforce's own maintenance and
                API limits; the age of the backlog, failed rows in the trigger log,
                the schema of hstore, the number of schemas and objects: add --sql.
    --- stderr
    ");
}

#[test]
fn an_old_version_of_the_salesforce_api_is_told_with_the_command_that_shows_what_a_newer_one_changes() {
    let simulator = Simulator::start("neglected");
    let (told, _) = document(&simulator.house(), &["doctor", "-a", "acme-crm"]);
    let findings = told["apps"][0]["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["id"] == "salesforce-api-version").unwrap();
    assert_eq!((&found["grade"], &found["about"]), (&json!("note"), &json!("herokuconnect-tidal-40217")));
    assert_eq!(
        found["command"], "heroku connect:manage-sf-api-version -a acme-crm --target-version 66.0",
        "it changes nothing without --confirm"
    );
    let told = in_one_line(&simulator.house().hcops(&["doctor", "-a", "acme-crm"]));
    assert!(
        told.contains("uses version 38.0 of the Salesforce API, which Salesforce deprecates with its Summer '27"),
        "{told}"
    );
}

#[test]
fn the_screen_names_both_dates_of_a_version_whose_end_heroku_announced_twice() {
    let told = looked("old-version", "status");
    let words = "upgrade it by 2026-12-20, in 28 days, or by 2027-01-28, in 67 days: your mail from Heroku decides; it ends on \
                 2027-01-20 or 2027-02-28";
    assert!(in_one_line(&told).contains(words), "{told}");
    assert_eq!(told.exit, 30, "{told}");
}

#[test]
fn each_scenario_is_graded_and_ends_so() {
    for (scenario, exit, worst) in [
        ("standard", 0, ("other-apps", "note")),
        ("old-version", 30, ("postgres-version", "attention")),
        ("scheduled-upgrade", 30, ("upgrade-scheduled", "attention")),
        ("demo", 30, ("demo-rows", "attention")),
        ("iced", 31, ("connection-state", "broken")),
        ("neglected", 31, ("mapping-state", "broken")),
        ("paused", 30, ("connection-paused", "attention")),
        ("announced-maintenance", 30, ("maintenance-announced", "attention")),
        ("no-connection", 0, ("connection-state", "note")),
    ] {
        let simulator = Simulator::start(scenario);
        let (told, code) = document(&simulator.house(), &["doctor", "-a", "acme-crm"]);
        let app = &told["apps"][0];
        let found = grades(app);
        assert_eq!((code, &told["exit"]), (exit, &exit.into()), "{scenario}: {found:?} {}", app["unseen"]);
        assert_eq!(found[0], (worst.0.to_owned(), worst.1.to_owned()), "{scenario}: {found:?}");
    }
}

#[test]
fn the_threshold_decides_which_grade_counts() {
    let simulator = Simulator::start("old-version");
    let house = simulator.house();
    let exit = |arguments: &[&str]| house.hcops(&[&["doctor", "-a", "acme-crm"], arguments].concat()).exit;
    assert_eq!([exit(&[]), exit(&["--fail-on", "broken"]), exit(&["--fail-on", "never"])], [30, 0, 0]);
    assert_eq!([exit(&["--days", "20"]), exit(&["--days", "20", "--fail-on", "note"])], [0, 30]);
    let status = |arguments: &[&str]| house.hcops(&[&["status", "-a", "acme-crm"], arguments].concat()).exit;
    assert_eq!([status(&[]), status(&["--fail-on", "broken"])], [30, 0]);
    for wrong in [["--fail-on", "anything"], ["--days", "0"]] {
        assert_eq!(exit(&wrong), 2, "{wrong:?}");
    }
}

#[test]
fn several_apps_are_one_document_and_the_worst_of_them_counts() {
    let simulator = Simulator::start("neglected");
    let house = simulator.house();
    let (told, exit) = document(&house, &["doctor", "-a", "acme-jobs", "-a", "acme-crm", "-a", "acme-jobs"]);
    let names: Vec<&str> = told["apps"].as_array().unwrap().iter().map(|app| app["app"].as_str().unwrap()).collect();
    assert_eq!((names, exit), (vec!["acme-jobs", "acme-crm"], 31));
    assert_eq!(told["apps"][0]["grade"], "attention", "{}", told["apps"][0]);
    let (told, exit) = document(&house, &["doctor", "-a", "acme-jobs", "-a", "acme-nothing", "--fail-on", "broken"]);
    assert_eq!((exit, &told["incomplete"]), (32, &true.into()), "an app that is not there is not well: {told}");
    let single = house.hcops(&["doctor", "-a", "acme-nothing"]);
    assert_eq!(single.exit, 2, "{single}");
    let both = house.hcops(&["doctor", "-a", "acme-crm", "-a", "acme-jobs", "--resource", "x"]);
    assert_eq!(both.exit, 2, "{both}");
}

#[test]
fn a_region_that_does_not_answer_hides_neither_the_rest_nor_itself() {
    let simulator = Simulator::start("announced-maintenance");
    let house = simulator.house();
    simulator.post("/simulator/advance", r#"{"seconds": 900}"#);
    for verb in ["status", "doctor"] {
        let told = house.hcops(&[verb, "-a", "acme-crm", "--fail-on", "broken"]);
        assert_eq!(told.exit, 32, "{told}");
        let words = in_one_line(&told);
        assert!(words.contains("NOT SEEN the list of the connections of acme-crm"), "{told}");
        assert!(words.contains("postgresql-flat-11007"), "the database is shown: {told}");
    }
    simulator.post("/simulator/advance", r#"{"seconds": 900}"#);
    let told = house.hcops(&["doctor", "-a", "acme-crm"]);
    assert_eq!(told.exit, 0, "afterwards it is as before: {told}");
}

#[test]
fn the_inside_of_databases_counts_only_where_it_was_asked_for() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let told = house.hcops(&["doctor", "-a", "acme-crm", "--sql"]);
    assert_eq!(told.exit, 32, "without servers there is no inside to look at: {told}");
    assert!(in_one_line(&told).contains("NOT SEEN the inside of postgresql-flat-11007 (by SQL)"), "{told}");
}

#[test]
fn an_unfinished_run_is_told_with_the_command_that_goes_on_with_it() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let upgrade =
        reviewed(&house, &["version-upgrade", "--method", "follower", "--to", "17", "--compare", "none"], &[]);
    assert_eq!(upgrade.exit, 10, "{upgrade}");
    let (told, exit) = document(&house, &["doctor", "-a", "acme-crm"]);
    let ids: Vec<String> = grades(&told["apps"][0]).into_iter().map(|(id, _)| id).collect();
    assert_eq!(exit, 30, "{told}");
    for id in ["run-unfinished", "connection-paused"] {
        assert!(ids.iter().any(|found| found == id), "{id}: {ids:?}");
    }
    let status = house.hcops(&["status", "-a", "acme-crm"]);
    assert!(in_one_line(&status).contains("hcops resume RUN"), "{status}");
    assert!(status.stdout.contains("follower"), "{status}");
}

#[test]
fn the_procedures_own_checks_are_made_when_they_are_asked_for() {
    let simulator = Simulator::start("release-phase");
    let house = simulator.house();
    let (plain, _) = document(&house, &["doctor", "-a", "acme-crm"]);
    let (told, _) = document(&house, &["doctor", "-a", "acme-crm", "--procedures"]);
    let of_procedures =
        |told: &Value| grades(&told["apps"][0]).into_iter().filter(|(id, _)| id == "procedure-check").count();
    assert_eq!(of_procedures(&plain), 0);
    assert!(of_procedures(&told) > 0, "{told}");
}

#[test]
fn looking_changes_nothing_in_any_scenario() {
    let scenarios = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/crates/simulator/src/scenarios")).unwrap();
    let mut looked_at = 0;
    for scenario in scenarios.map(|entry| entry.unwrap().path()) {
        let name = scenario.file_stem().unwrap().to_str().unwrap().to_owned();
        let simulator = Simulator::start(&name);
        let house = simulator.house();
        let world = simulator.get("/simulator/world");
        let app = world["apps"][0]["name"].as_str().unwrap();
        let before = simulator.get("/simulator/essence");
        for arguments in [["status", "-a", app], ["doctor", "-a", app], ["windows", "-a", app]] {
            let told = house.hcops(&arguments);
            assert!([0, 11, 30, 31, 32].contains(&told.exit), "{name}: {told}");
        }
        let requests = simulator.get("/simulator/requests");
        let requests = requests.as_array().unwrap();
        assert!(requests.len() > 10, "{name}");
        assert!(requests.iter().all(|request| request["effect"] == "read"), "{name}: {requests:?}");
        assert_eq!(before, simulator.get("/simulator/essence"), "{name}");
        looked_at += 1;
    }
    assert!(looked_at >= 15, "{looked_at}");
}

#[test]
fn no_line_is_wider_than_80_columns_but_commands() {
    for scenario in ["standard", "neglected", "demo", "two-connections", "announced-maintenance"] {
        let told = looked(scenario, "status");
        let wide = told.stdout.lines().find(|line| line.chars().count() > 80 && !line.starts_with("  run"));
        assert_eq!(wide, None, "{scenario}: {told}");
    }
}

#[test]
fn the_catalogue_in_the_documentation_is_the_programs() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/health.md")).unwrap();
    let catalogue = page.split("## What is looked at").nth(1).unwrap().split("## JSON").next().unwrap();
    let rows: Vec<&str> = catalogue.lines().filter(|line| line.starts_with("| `")).collect();
    let documented: Vec<&str> = rows.iter().map(|row| row.split('`').nth(1).unwrap()).collect();
    let known: Vec<&str> = hcops_health::RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(documented, known);
    for (row, rule) in rows.iter().zip(hcops_health::RULES) {
        assert!(row.contains(rule.looks_at) && row.contains(rule.source), "{row}");
    }
}

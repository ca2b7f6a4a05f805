//! Databases and plans are named as with the official client, wherever a command takes one.

use serde_json::Value;

use super::house::{House, Told};
use super::simulated::Simulator;

/// The plan of a command, as `hcops plan … --json` prints it.
fn planned(house: &House, words: &[&str]) -> Value {
    let told = house.hcops(&[&["plan"], words, &["-a", "acme-crm", "--json"]].concat());
    assert_eq!(told.exit, 0, "{words:?}: {told}");
    let line = told.stdout.lines().find(|line| line.contains("\"plan\"")).expect("a plan is printed");
    serde_json::from_str::<Value>(line).unwrap()["plan"].clone()
}

fn settled(told: &Told) -> Value {
    let events = told.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.into_iter().find(|event| event["kind"] == "settled").unwrap_or_else(|| panic!("{told}"))["output"].clone()
}

const DATABASE: &str = "postgresql-flat-11007";

#[test]
fn every_name_of_a_database_means_its_add_on() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let world = simulator.get("/simulator/world");
    let id = world["addons"].as_array().unwrap().iter().find(|addon| addon["name"] == DATABASE).unwrap()["id"].clone();
    let names = [
        "DATABASE",
        "DATABASE_URL",
        "HEROKU_POSTGRESQL_COBALT",
        "HEROKU_POSTGRESQL_COBALT_URL",
        "acme-crm::DATABASE",
        "acme-jobs::DATABASE_URL",
        DATABASE,
        id.as_str().unwrap(),
    ];
    for name in names {
        for operation in ["info", "wait"] {
            let told = house.hcops(&["postgres", operation, name, "-a", "acme-crm", "--non-interactive", "--json"]);
            assert_eq!(told.exit, 0, "{operation} {name}: {told}");
            if operation == "info" {
                assert_eq!(settled(&told)["database"], DATABASE, "{name}");
            }
        }
        for (words, step) in [
            (["postgres-upgrade", "to=17"].as_slice(), "upgrade"),
            (&["postgres-promote"], "promote"),
            (&["postgres-unfollow"], "unfollow"),
        ] {
            let named = format!("database={name}");
            let inputs: Vec<&str> =
                words[1..].iter().copied().chain([named.as_str()]).flat_map(|it| ["--input", it]).collect();
            let told = house.hcops(&[&["plan", words[0], "-a", "acme-crm", "--json"], inputs.as_slice()].concat());
            if step == "promote" {
                assert_eq!(told.exit, 0, "{name}: {told}");
                let plan: Value = serde_json::from_str(told.stdout.lines().last().unwrap()).unwrap();
                let steps = plan["plan"]["steps"].as_array().unwrap();
                let found = steps.iter().find(|one| one["id"] == step).unwrap();
                assert_eq!(found["with"]["database"], DATABASE, "{words:?} {name}");
            } else {
                assert_eq!(told.exit, 11, "{words:?} {name}: {told}");
                assert!(told.stderr.contains("postgresql-flat-11007 follows nothing"), "{words:?} {name}: {told}");
            }
        }
    }
}

#[test]
fn a_name_that_means_nothing_ends_a_command_at_once_and_names_what_there_is() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    for words in [
        ["info", "NOTHING"].as_slice(),
        &["wait", "NOTHING"],
        &["wait", "database"],
        &["promote", "HEROKUCONNECT"],
        &["unfollow", "acme-crm::NOTHING"],
        &["upgrade", "NOTHING", "--to", "17"],
        &["copy", "DATABASE", "NOTHING"],
    ] {
        let told = house.hcops(&[&["postgres"], words, &["-a", "acme-crm", "--non-interactive"]].concat());
        assert_eq!(told.exit, 2, "{words:?}: {told}");
        assert!(told.stderr.contains("HEROKU_POSTGRESQL_COBALT_URL"), "{words:?}: {told}");
        assert!(!house.path("state/runs").exists(), "{words:?}: no run was opened");
    }
    let elsewhere = house.hcops(&["postgres", "info", "nowhere::DATABASE", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(elsewhere.exit, 2, "{elsewhere}");
    assert!(elsewhere.stderr.contains("there is no app nowhere"), "{elsewhere}");
}

#[test]
fn an_address_is_no_name_and_is_not_repeated() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    for address in ["postgres://u:hunter2@db.example/n", "postgres:/u:hunter2@db.example", "u:hunter2@db.example"] {
        let told = house.hcops(&["postgres", "info", address, "-a", "acme-crm", "--non-interactive"]);
        assert_eq!(told.exit, 2, "{told}");
        assert!(!format!("{told}").contains("hunter2"), "{told}");
    }
}

#[test]
fn a_plan_is_named_with_or_without_its_service() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    for name in ["standard-2", "heroku-postgresql:standard-2", "postgres:standard-2", "postgresql:standard-2"] {
        let plan = planned(&house, &["plan-change", "--method", "upgrade", "--plan", name]);
        assert_eq!(plan["inputs"]["plan"], "heroku-postgresql:standard-2", "{name}");
    }
    for name in ["heroku-redis:premium-0", "standard 2", ":standard-2", ""] {
        let told = house.hcops(&["plan", "plan-change", "--method", "upgrade", "--plan", name, "-a", "acme-crm"]);
        assert_eq!(told.exit, 2, "{name}: {told}");
        assert!(told.stderr.contains("a plan of Heroku Postgres such as standard-0"), "{name}: {told}");
    }
}

#[test]
fn an_existing_rollback_database_is_named_by_its_attachment() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let words =
        ["plan", "rollback-recovery", "--take", "existing", "--moment", "2026-11-22T00:30:00Z", "-a", "acme-crm"];
    let told = house.hcops(&[words.as_slice(), &["--new-name", "acme-crm::DATABASE"]].concat());
    assert_eq!(told.exit, 11, "it is the database itself: {told}");
    assert!(told.stderr.contains(DATABASE), "the add-on is named: {told}");
    let nothing = house.hcops(&[words.as_slice(), &["--new-name", "acme-crm::NOTHING"]].concat());
    assert_eq!(nothing.exit, 2, "{nothing}");
}

//! Answers of Heroku's that are as good as the usual ones, or that speak of what hcops does not maintain.

use serde_json::{Value, json};

use super::house::{House, Told};
use super::simulated::{Simulator, planned_as};

/// A simulator whose world was changed, and a house that is led to it.
fn changed(scenario: &str, change: impl FnOnce(&mut Value)) -> (Simulator, House) {
    let simulator = Simulator::start(scenario);
    let mut world = simulator.get("/simulator/world");
    change(&mut world);
    simulator.put("/simulator/world", &world);
    let house = simulator.house();
    (simulator, house)
}

fn status_and_plan(house: &House, procedure: &[&str]) -> (Told, Told) {
    let plan = [&["plan"], procedure, &["-a", "acme-crm", "--compare", "none"]].concat();
    (house.hcops(&["status", "-a", "acme-crm"]), house.hcops(&plan))
}

#[test]
fn a_database_whose_answer_lacks_optional_keys_is_a_leader_for_looks_and_procedures() {
    for (scenario, method) in [("standard", "follower"), ("essential", "in-place")] {
        let (_simulator, house) = changed(scenario, |world| {
            world["behaviour"]["leaves_out_what_is_optional"] = json!(true);
        });
        let status = house.hcops(&["status", "-a", "acme-crm"]);
        assert_eq!(status.exit, 0, "{status}");
        assert!(status.stdout.contains("Postgres 16.9") && !status.stdout.contains("unknown"), "{status}");
        let inputs = ["--to", "17", "--compare", "none"];
        let (digest, follower) = planned_as(&house, ["version-upgrade", method], &inputs);
        let name = if method == "in-place" { "postgresql-flat-11007" } else { &follower };
        let run = ["run", "plan.json", "--approve", &digest, "--confirm", name, "--go", "--non-interactive"];
        let done = house.hcops(&run);
        assert_eq!(done.exit, 0, "{scenario}: {done}");
    }
}

#[test]
fn an_advanced_database_is_seen_and_no_procedure_is_planned_on_it() {
    let (_simulator, house) = changed("standard", |world| {
        let addons = world["addons"].as_array_mut().unwrap();
        let database = addons.iter_mut().find(|addon| addon["name"] == "postgresql-flat-11007").unwrap();
        database["plan"] = json!("heroku-postgresql:advanced");
    });
    let (status, plan) = status_and_plan(&house, &["version-upgrade", "--method", "follower", "--to", "17"]);
    assert_eq!(status.exit, 0, "{status}");
    assert!(status.stdout.contains("postgresql-flat-11007 is of unknown status, advanced"), "{status}");
    let doctor = house.hcops(&["doctor", "-a", "acme-crm"]);
    assert!(doctor.stdout.contains("Advanced databases are followed and upgraded by other commands"), "{doctor}");
    assert_eq!((plan.exit, plan.stdout.as_str()), (11, ""), "{plan}");
    let told = plan.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("is on the plan heroku-postgresql:advanced: Advanced databases are followed"), "{plan}");
    assert!(told.contains("No statement of Heroku's was found") && told.contains("heroku data:pg:info"), "{plan}");
    let pause = house.hcops(&["plan", "sync-pause", "-a", "acme-crm", "--reason", "x"]);
    assert_eq!(pause.exit, 11, "{pause}");
}

#[test]
fn an_app_on_fir_is_refused_with_what_is_known() {
    let (_simulator, house) = changed("standard", |world| world["apps"][0]["generation"] = json!("fir"));
    let (_, plan) = status_and_plan(&house, &["version-upgrade", "--method", "follower", "--to", "17"]);
    assert_eq!(plan.exit, 11, "{plan}");
    assert!(plan.stderr.contains("acme-crm runs on the Fir generation"), "{plan}");
}

#[test]
fn a_connection_of_events_is_left_aside() {
    let (_simulator, house) = changed("standard", |world| world["behaviour"]["discovers_events"] = json!(true));
    let (status, plan) = status_and_plan(&house, &["version-upgrade", "--method", "follower", "--to", "17"]);
    assert_eq!((status.exit, plan.exit), (0, 0), "{status} {plan}");
    assert!(!status.stdout.contains("herokuevents") && !plan.stdout.contains("herokuevents"), "{status} {plan}");
}

#[test]
fn a_major_that_heroku_does_not_offer_is_refused_in_the_plan() {
    let (simulator, house) = changed("standard", |_| {});
    let refused = |procedure: &[&str], why: &str| {
        let told = house.hcops(&[&["plan"], procedure, &["-a", "acme-crm", "--compare", "none"]].concat());
        assert_eq!((told.exit, told.stdout.as_str()), (11, ""), "{procedure:?}: {told}");
        let words = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(why), "{procedure:?}: {told}");
        words
    };
    for method in ["follower", "in-place", "copy"] {
        for to in ["19", "71", "99"] {
            let words = refused(&["version-upgrade", "--method", method, "--to", to], "15 to 18");
            assert!(words.contains("--majors any") && words.contains("Postgres 18"), "{words}");
        }
    }
    let any = ["plan", "version-upgrade", "--method", "follower", "--to", "19", "--majors", "any", "-a", "acme-crm"];
    let told = house.hcops(&[&any[..], &["--compare", "none"]].concat());
    assert_eq!(told.exit, 0, "{told}");
    assert_eq!(simulator.get("/simulator/requests").as_array().map_or(0, |all| changes(all)), 0, "plans only look");
}

fn changes(requests: &[Value]) -> usize {
    requests.iter().filter(|request| request["effect"] == "applied").count()
}

#[test]
fn a_copy_on_a_barred_major_is_refused_with_the_version_to_take_instead() {
    let (_simulator, house) = changed("essential", |world| {
        world["databases"][0]["version"] = json!("15.14");
    });
    let copy = ["plan", "essential-copy", "--to-plan", "standard-0", "-a", "acme-crm", "--compare", "none"];
    let told = house.hcops(&copy);
    let words = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(told.exit, 11, "{told}");
    assert!(words.contains("on Postgres 15 since 2026-10-20") && words.contains("Take Postgres 18"), "{told}");
    let newer = house.hcops(&[&copy[..], &["--version", "16"]].concat());
    assert_eq!(newer.exit, 0, "{newer}");
}

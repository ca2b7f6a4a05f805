//! Whose token it is: looks need nobody, runs name whoever it is, and an account that Heroku refuses stops a plan.

use serde_json::{Value, json};

use super::house::House;
use super::simulated::{Simulator, planned};

fn change_account(simulator: &Simulator, change: &[(&str, Value)]) {
    let mut world = simulator.get("/simulator/world");
    for (name, value) in change {
        world["account"][*name] = value.clone();
    }
    simulator.put("/simulator/world", &world);
}

const LOOKS: [&[&str]; 5] = [
    &["status", "-a", "acme-crm"],
    &["doctor", "-a", "acme-crm"],
    &["windows", "--hours", "2"],
    &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none"],
    &["connect", "state", "-a", "acme-crm"],
];

#[test]
fn looks_need_no_account() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    for hidden in [("out_of_scope", json!(true)), ("without_email", json!(true))] {
        change_account(&simulator, &[hidden]);
        for look in LOOKS {
            let told = house.hcops(look);
            assert_eq!(told.exit, 0, "{look:?}: {told}");
        }
    }
}

#[test]
fn status_and_windows_do_not_ask_whose_token_it_is_and_windows_needs_none() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    for look in &LOOKS[..3] {
        assert_eq!(house.hcops(look).exit, 0);
    }
    assert!(!simulator.get("/simulator/requests").to_string().contains("\"/account\""));
    let nobody = House::new().with("HEROKU_HOST", &simulator.origin);
    let told = nobody.hcops(&["windows", "--hours", "2"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
    let told = nobody.hcops(&["windows", "-a", "acme-crm"]);
    assert_eq!(told.exit, 0, "every region counts: {told}");
    assert!(told.stderr.contains("the region of acme-crm could not be seen"), "{told}");
    assert_eq!(nobody.hcops(&["status", "-a", "acme-crm"]).exit, 1, "an app is nobody else's business");
}

#[test]
fn a_run_of_an_account_that_is_not_shown_names_its_operator_unknown_and_says_so() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    change_account(&simulator, &[("out_of_scope", json!(true))]);
    let (digest, name) = planned(&house);
    let told =
        house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.contains("the operator is told as “unknown”"), "{told}");
    let report = house.hcops(&["report", "--format", "json"]);
    assert!(report.stdout.contains("\"unknown\""), "{report}");
}

#[test]
fn an_account_that_heroku_refuses_stops_a_plan_with_the_remedy_that_fits() {
    let since = json!("2026-11-01T00:00:00Z");
    for (field, words) in
        [("delinquent_at", "dashboard.heroku.com/account/billing"), ("suspended_at", "help.heroku.com")]
    {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        change_account(&simulator, &[(field, since.clone())]);
        for verb in ["plan", "run"] {
            let told = house.hcops(&[verb, "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none"]);
            assert_eq!(told.exit, 11, "{field} {verb}: {told}");
            assert!(told.stderr.contains(words) && told.stderr.contains("2026-11-01"), "{field} {verb}: {told}");
        }
        assert_eq!(house.hcops(&["status", "-a", "acme-crm"]).exit, 0, "{field}: looking is free");
        assert!(!house.path("state/runs").exists(), "nothing was begun");
    }
}

#[test]
fn what_heroku_refuses_in_a_run_has_its_remedy_and_the_run_goes_on_afterwards() {
    for (fault, words) in [
        (Some((402, "delinquent")), "account/billing"),
        (Some((403, "suspended")), "help.heroku.com"),
        (None, "/apps/acme-crm/pre-authorizations"),
    ] {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        let (digest, name) = planned(&house);
        match fault {
            Some(refusal) => simulator.refuse_once("POST", "/addons", refusal),
            None => change_account(&simulator, &[("asks_second_factor", json!(true))]),
        }
        let told =
            house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
        assert_eq!(told.exit, 1, "{words}: {told}");
        assert!(told.stderr.replace(['\n', ' '], "").contains(words), "{words}: {told}");
        change_account(&simulator, &[("asks_second_factor", json!(false))]);
        let told = house.hcops(&["resume", "--non-interactive", "--go", "--confirm", &name]);
        assert_eq!(told.exit, 0, "{words}: {told}");
    }
}

/// A refusal in the middle leaves apps silent until somebody with more rights comes.
#[test]
fn an_account_that_may_not_do_what_the_plan_does_is_told_beforehand() {
    for (permissions, named) in [
        (
            json!({ "acme-crm": ["view", "deploy"] }),
            "on acme-crm the permissions view, deploy only, and operate is needed",
        ),
        (
            json!({ "acme-jobs": ["view", "deploy"] }),
            "on acme-jobs the permissions view, deploy only, and operate is needed",
        ),
    ] {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        change_account(&simulator, &[("permissions", permissions)]);
        let told = house.hcops(&["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none"]);
        assert_eq!(told.exit, 11, "{told}");
        let flat = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(named) && flat.contains("`heroku access:update ops@acme.example"), "{told}");
        assert_eq!(house.hcops(&["status", "-a", "acme-crm"]).exit, 0, "looking is free");
    }
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    change_account(
        &simulator,
        &[("permissions", json!({ "acme-crm": ["view", "operate"], "acme-jobs": ["view", "operate"] }))],
    );
    let told = house.hcops(&["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none"]);
    assert_eq!(told.exit, 0, "{told}");
}

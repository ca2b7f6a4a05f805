//! Changed fields, copies and rollbacks, as their users meet them.

use super::house::{House, Told};
use super::simulated::Simulator;

fn rehearsed(arguments: &[&str]) -> (House, Told) {
    let house = House::new();
    let told = house.hcops(&[&["rehearse"], arguments, &["--non-interactive"]].concat());
    (house, told)
}

/// The name that a parked rehearsal asks for.
fn asked_name(told: &Told) -> String {
    let rest = told.stderr.split("--confirm ").nth(1).unwrap_or_else(|| panic!("it asks for no name: {told}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn a_longer_field_is_saved_and_a_field_of_another_type_is_taken_out_and_put_in() {
    for (method, field) in [("simple", "Status__c"), ("complex", "Amount__c")] {
        let name = format!("Order__c.{field}");
        let change = ["field-change", "--method", method, "--scenario", "field-changed", "--field", field];
        let (_, parked) = rehearsed(&change);
        assert_eq!((parked.exit, asked_name(&parked)), (10, name.clone()), "{parked}");
        let (_, told) = rehearsed(&[&change[..], &["--confirm", &name]].concat());
        assert_eq!(told.exit, 0, "{told}");
        assert!(told.stderr.contains("310022 before, 310022 now"), "{told}");
    }
}

#[test]
fn a_mapping_that_somebody_else_saves_meanwhile_is_not_overwritten() {
    let fault = "drift:save-mapping=Order__c@GET /schemas/Order__c#6";
    let (_, told) =
        rehearsed(&["field-change", "--method", "simple", "--confirm", "Order__c.Status__c", "--fault", fault]);
    assert_eq!(told.exit, 11, "{told}");
    assert!(told.stderr.contains("somebody else has saved it"), "{told}");
}

#[test]
fn a_field_that_is_not_mapped_or_carries_the_mapping_is_refused_beforehand() {
    let (_, told) = rehearsed(&["field-change", "--method", "simple", "--field", "status__c"]);
    assert_eq!(told.exit, 11, "{told}");
    assert!(told.stderr.contains("Did you mean --field Status__c?"), "{told}");
    let (_, told) = rehearsed(&["field-change", "--method", "complex", "--field", "External_Id__c"]);
    assert_eq!(told.exit, 11, "{told}");
}

#[test]
fn an_essential_database_is_copied_and_its_connection_follows() {
    let (house, parked) = rehearsed(&["essential-copy"]);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(parked.stderr.contains("done, and seen to be done"), "{parked}");
    let name = asked_name(&parked);
    assert!(name.contains("-pg-"), "the new database is confirmed by its own name: {name}");
    let resumed = house.hcops(&["resume", "--non-interactive", "--confirm", &name]);
    assert_eq!(resumed.exit, 0, "{resumed}");
    assert!(resumed.stderr.contains("addons:destroy postgresql-flat-11007"), "{resumed}");
}

#[test]
fn a_copy_with_warnings_or_without_success_is_turned_back_and_never_switched_to() {
    for (fault, words) in [("copy-with-warnings", "ended with 3 warnings"), ("copy-fails", "The copy failed")] {
        let (house, told) = rehearsed(&["essential-copy", "--fault", fault, "--answer", "promote=there"]);
        assert_eq!(told.exit, 11, "{told}");
        assert!(told.stderr.contains(words), "{words} is missing in {told}");
        assert!(told.stderr.contains("pg_restore"), "the log's end is shown: {told}");
        let aborted = house.hcops(&["abort", "--non-interactive"]);
        assert_eq!(aborted.exit, 20, "{aborted}");
    }
}

#[test]
fn a_rollback_reloads_every_mapping_in_the_chosen_order() {
    let recovery = ["rollback-recovery", "--order", "User,Account", "--at-once", "2"];
    let (house, parked) = rehearsed(&recovery);
    assert_eq!(parked.exit, 10, "{parked}");
    let name = asked_name(&parked);
    let resumed = house.hcops(&["resume", "--non-interactive", "--confirm", &name]);
    assert_eq!(resumed.exit, 0, "{resumed}");
    let place = |text: &str| resumed.stderr.find(text).unwrap_or_else(|| panic!("{text} is missing in {resumed}"));
    let accepted = |object: &str| place(&format!("reload@{object}  the server answered"));
    assert!(accepted("User") < accepted("Account") && accepted("Account") < accepted("Contact"), "{resumed}");
    assert!(resumed.stderr.contains("waits for its turn"), "{resumed}");
}

#[test]
fn a_moment_that_heroku_does_not_keep_is_refused_beforehand() {
    for moment in ["2026-11-01T00:00:00Z", "2027-01-01T00:00:00Z", "yesterday"] {
        let (_, told) = rehearsed(&["rollback-recovery", "--moment", moment]);
        assert_eq!(told.exit, 11, "{moment}: {told}");
    }
    let (_, told) = rehearsed(&["rollback-recovery", "--order", "Nobody"]);
    assert_eq!(told.exit, 2, "{told}");
}

#[test]
fn the_plan_proposes_the_method_that_the_change_needs_and_the_operator_decides() {
    let simulator = Simulator::start("field-changed");
    let house = simulator.house();
    let planned = |further: &[&str]| {
        let words = ["plan", "field-change", "-a", "acme-crm", "--object", "Order__c", "--field", "Status__c"];
        let told = house.hcops(&[&words[..], &["--compare", "none"], further].concat());
        assert_eq!(told.exit, 0, "{told}");
        told.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (further, method, told) in [
        (&[][..], "simple", "Say which it is: --kind longer, shorter or type"),
        (&["--kind", "longer"], "simple", "Nothing need be done"),
        (&["--kind", "shorter"], "complex", "the field has to be taken out"),
        (&["--kind", "type"], "complex", "the field is taken out"),
        (&["--kind", "shorter", "--method", "simple"], "simple", "The method complex is proposed"),
        (&["--kind", "longer", "--method", "complex"], "complex", "the method simple is enough"),
    ] {
        let plan = planned(further);
        assert!(plan.contains(&format!("field-change by {method}")), "{further:?}: {plan}");
        assert!(plan.contains(told) && plan.contains("pull request 292"), "{further:?}: {plan}");
    }
}

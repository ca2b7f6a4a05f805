//! Methods that end on a new database, as their users meet them: a copy to a newer version, a follower on another plan.

use super::house::{House, Told};

const BY_COPY: [&str; 4] = ["version-upgrade", "--method", "copy", "--databases=none"];
const BY_FOLLOWER: [&str; 4] = ["plan-change", "--method", "follower", "--databases=none"];

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

fn in_one_line(told: &Told) -> String {
    told.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn both_park_at_their_crossing_and_go_on_with_its_name() {
    for arguments in [BY_COPY, BY_FOLLOWER] {
        let (house, parked) = rehearsed(&arguments);
        assert_eq!(parked.exit, 10, "{parked}");
        let name = asked_name(&parked);
        let resumed = house.hcops(&["resume", "--non-interactive", "--confirm", &name]);
        assert_eq!(resumed.exit, 0, "{resumed}");
        assert!(resumed.stderr.contains("addons:destroy postgresql-flat-11007"), "{resumed}");
    }
}

#[test]
fn both_are_turned_back_before_their_crossing() {
    for arguments in [BY_COPY, BY_FOLLOWER] {
        let (house, parked) = rehearsed(&arguments);
        assert_eq!(parked.exit, 10, "{parked}");
        let aborted = house.hcops(&["abort", "--non-interactive"]);
        assert_eq!(aborted.exit, 20, "{aborted}");
        let said = aborted.stdout + &aborted.stderr;
        assert!(said.contains("Destroy the"), "{said}");
    }
}

#[test]
fn a_follower_is_not_recommended_for_a_plan_change_and_that_is_said_with_the_reason() {
    let (_, told) = rehearsed(&BY_FOLLOWER);
    let said = in_one_line(&told);
    assert!(said.contains("through a follower (not recommended)"), "{told}");
    let page = House::new().hcops(&["runbook", "show", "plan-change", "--method", "follower"]);
    let page = page.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("Not recommended: `addons:upgrade`"), "{page}");
    assert!(page.contains("not recommended, because the method upgrade needs under one"), "{page}");
}

#[test]
fn an_unfollow_that_is_accepted_and_never_happens_ends_before_the_promotion() {
    let faults: Vec<String> = (1..=20).map(|nth| format!("--fault=accepted-never-done@PUT /unfollow#{nth}")).collect();
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    let (_, first) = rehearsed(&BY_FOLLOWER);
    let name = asked_name(&first);
    let (house, told) = rehearsed(&[&BY_FOLLOWER[..], &faults, &["--confirm", &name]].concat());
    assert_ne!(told.exit, 0, "{told}");
    assert!(!told.stderr.contains("POINT OF NO RETURN passed"), "{told}");
    let aborted = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!(aborted.exit, 20, "{aborted}");
}

#[test]
fn what_a_copy_or_a_follower_can_not_do_is_refused_beforehand() {
    let essential = "--scenario=essential";
    for (arguments, words) in [
        (&[&BY_COPY[..], &["--to", "16"]].concat()[..], "is on Postgres 16 already"),
        (&[&BY_COPY[..], &["--plan", "heroku-postgresql:essential-0"]].concat(), "at most 1 GB"),
        (&[&BY_COPY[..], &["--plan", "heroku-postgresql:shield-0"]].concat(), "can't be copied with pg:copy"),
        (
            &[&BY_COPY[..], &["--plan", "heroku-postgresql:standard-99"]].concat(),
            "No plan heroku-postgresql:standard-99",
        ),
        (
            &[&BY_FOLLOWER[..], &["--plan", "heroku-postgresql:standard-0"]].concat(),
            "on heroku-postgresql:standard-0 already",
        ),
        (
            &[&BY_FOLLOWER[..], &["--plan", "heroku-postgresql:essential-2"]].concat(),
            "cannot be changed to an Essential plan",
        ),
        (&[&BY_FOLLOWER[..], &[essential]].concat(), "--method upgrade"),
    ] {
        let (house, told) = rehearsed(arguments);
        assert_eq!(told.exit, 11, "{told}");
        assert!(in_one_line(&told).contains(words), "{words} is missing in {told}");
        assert!(!house.path("state/runs").exists(), "nothing was begun");
    }
}

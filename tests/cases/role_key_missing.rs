use crate::case::Case;
use crate::stage::{APP, Stage};

/// A scenario whose answers leave out what the folder's stub leaves out, and whatever else the official clients' types call
/// optional.
fn without_optional_keys(scenario: &str) -> Stage {
    let stage = Stage::start(scenario);
    stage.simulator.change(|world| world.behaviour.leaves_out_what_is_optional = true);
    stage
}

/// The commands of the folder's `run.sh`.
fn done(scenario: &str, inputs: &[&[&str]]) {
    let Some(_case) = Case::open("role-key-missing") else { return };
    let stage = without_optional_keys(scenario);
    let status = stage.hcops(&["status", "-a", APP]);
    assert_eq!(status.exit, 0, "{status}");
    for words in inputs {
        let planned = stage.planned(words);
        let told = stage.run(&planned, &[]);
        assert_eq!(told.exit, 0, "{words:?}: {told}");
    }
}

#[test]
fn a_leader_without_the_key_is_a_leader() {
    done("standard", &[&["version-upgrade", "--to", "17", "--compare", "none"]]);
}

#[test]
fn an_essential_database_without_the_key_is_a_leader() {
    done("essential", &[&["essential-copy", "--to-plan", "heroku-postgresql:standard-0", "--compare", "none"]]);
}

#[test]
fn a_version_is_upgraded_in_place_without_the_key() {
    let Some(_case) = Case::open("role-key-missing") else { return };
    for scenario in ["standard", "essential"] {
        let stage = without_optional_keys(scenario);
        stage.planned(&["version-upgrade", "--to", "17", "--compare", "none", "--method", "in-place"]);
    }
}

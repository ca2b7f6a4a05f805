//! The runbooks that are built in fit the actions that exist.

use crate::actions::catalogue;
use crate::model::Actions;
use crate::runbook::{library, lint, parse};

#[test]
fn every_built_in_runbook_is_understood_and_fits_the_actions() {
    let actions = catalogue().expect("a catalogue");
    let library = library();
    assert!(!library.is_empty());
    for embedded in library {
        let book = parse(embedded.file_name, embedded.text).unwrap_or_else(|problems| panic!("{problems}"));
        let problems = lint(&book, &actions);
        assert!(problems.is_empty(), "{problems}");
    }
}

#[test]
fn actions_are_sorted_and_found_by_their_names() {
    let actions = catalogue().expect("a catalogue");
    let names: Vec<&str> = actions.all().iter().map(|action| action.name()).collect();
    assert!(names.is_sorted() && names.len() >= 30);
    for name in names {
        let found = actions.find(name).expect("found");
        assert_eq!(found.name(), name);
        assert!(found.summary().ends_with('.') && found.parameters()["additionalProperties"] == false, "{name}");
    }
}

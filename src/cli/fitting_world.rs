//! The world in which a procedure is rehearsed when none was named, and the inputs that fit there.

use super::inputs::Inputs;

/// Scenarios in which a procedure has something to do; every other begins in `standard`, or in `essential` when it is only
/// for that tier.
const SCENARIOS: [(&str, &str); 3] =
    [("sync-resume", "paused"), ("field-change", "field-changed"), ("connect-maintenance", "announced-maintenance")];

/// Answers of a rehearsal to inputs that have no default; what is said on the command line wins.
const INPUTS: [(&str, &str); 7] = [
    ("to", "17"),
    ("reason", "rehearsal"),
    ("object", "Order__c"),
    ("change", "what this rehearsal is about"),
    ("plan", "heroku-postgresql:standard-2"),
    ("to_plan", "heroku-postgresql:standard-0"),
    // When the scenarios begin: real servers hold nothing older.
    ("moment", "2026-11-22T01:00:00Z"),
];

/// Inputs that fit one procedure, or one method of it, only.
const OWN_INPUTS: [(&str, Option<&str>, &str, &str); 2] =
    [("field-change", Some("complex"), "field", "Amount__c"), ("field-change", None, "field", "Status__c")];

/// The scenario that gives the procedure something to do.
pub(super) fn scenario(procedure: &str) -> Option<&'static str> {
    SCENARIOS.iter().find(|(named, _)| *named == procedure).map(|(_, scenario)| *scenario)
}

/// The inputs that are assumed where nothing was said.
pub(super) fn inputs(procedure: &str, method: Option<&str>) -> Inputs {
    let mut inputs = Inputs::from(INPUTS.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let own = OWN_INPUTS.iter().filter(|(named, of, ..)| *named == procedure && (of.is_none() || *of == method));
    for (_, _, name, value) in own {
        inputs.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
    }
    inputs
}

//! The runbooks that are built in fit the actions that exist.

use serde_json::{Value, json};

use crate::catalogue;
use hcops_model::{Actions, DowntimeEdge, Plan, PlannedStep};
use hcops_runbook::{find, library, lint, operations, parse, plan};

#[test]
fn every_built_in_runbook_is_understood_and_fits_the_actions() {
    let actions = catalogue().expect("a catalogue");
    assert!(!library().is_empty());
    for embedded in library().into_iter().chain(operations()) {
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

/// What a survey of an app with a worker, a second app and a pooler finds.
fn facts(db_key: &str, attachment: &str, is_default: bool) -> Value {
    let attached = |app: &str, name: &str, namespace: Value| {
        json!({
            "app": app, "name": name, "namespace": namespace, "config_var": format!("{name}_URL"), "database": "old",
            "role": "other-app", "fate": "moved", "because": "",
        })
    };
    let further = json!([
        attached("jobs", "DATABASE", Value::Null),
        attached("crm", "POOL", json!("connection-pooling:default"))
    ]);
    let app = |name: &str, maintenance: bool| {
        json!({
            "name": name, "maintenance": maintenance, "has_release_phase": false,
            "formation": [{"type": "web", "quantity": 1, "size": "Basic"}, {"type": "worker", "quantity": 2, "size": null}],
            "nonweb": [{"type": "worker", "quantity": 2}],
        })
    };
    json!({
        "app": {"name": "crm", "id": "a", "region": "us", "space": null, "team": null, "maintenance": false},
        "connection": {
            "id": "c1", "name": "herokuconnect-tidal-1", "display_name": "crm", "region_url": "https://connect.heroku.com",
            "db_key": db_key, "schema_name": "salesforce", "organization_id": null, "plan": "enterprise", "mappings": [],
        },
        "database": {
            "name": "old", "id": "d", "plan": "heroku-postgresql:standard-0", "tier": "standard", "version": 16,
            "owner_app": "crm", "attachment": attachment, "is_default": is_default, "gigabytes": 5, "monthly_cents": 5000,
            "credentials": ["default"], "followers": [],
        },
        "attachments": further, "further": further, "by_credential": [],
        "apps": [app("crm", false), app("jobs", true)],
        "needs_alias": true, "follower_name": "crm-pg-abc123", "follower_alias": "HCOPS_ABC123",
        "leader_alias": "HCOPS_OLD_ABC123",
    })
}

/// The steps that the plan would take, of those that switch something or depend on the switch.
fn switching(facts: &Value, inputs: &[(&str, &str)]) -> Vec<String> {
    let actions = catalogue().expect("a catalogue");
    let book = find("version-upgrade", Some("follower")).unwrap_or_else(|problems| panic!("{problems}"));
    let given = inputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let now = "2026-11-22T01:00:00Z".parse().expect("a time");
    let plan = plan(&book, &given, facts, &Value::Null, Vec::new(), &actions, "test", now)
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert_reversible(&plan);
    let switch = |step: &&PlannedStep| {
        let id = step.id.as_str();
        step.omitted.is_none() && (step.crossing.is_some() || id.starts_with("attach-") || id.starts_with("release-"))
    };
    plan.steps.iter().filter(switch).map(|step| step.id.0.clone()).collect()
}

/// Every act before the first crossing has a way back.
fn assert_reversible(plan: &Plan) {
    let taken = || plan.steps.iter().filter(|step| step.omitted.is_none());
    for step in taken().take_while(|step| step.crossing.is_none()).filter(|step| step.effect.changes_the_world()) {
        assert!(step.undo.is_some() || step.undone_by.is_some(), "{}", step.id);
    }
    let after = taken().skip_while(|step| step.crossing.is_none()).filter(|step| step.effect.changes_the_world());
    assert!(after.count() >= 4, "a crossing, the resumption, and the restoring");
}

const FURTHER: [&str; 2] = ["release-further@jobs::DATABASE", "release-further@crm::POOL"];

#[test]
fn a_connection_on_the_default_database_is_switched_by_promoting() {
    let found = switching(&facts("DATABASE_URL", "DATABASE", true), &[("to", "17")]);
    assert_eq!(found, ["promote", "release-promote", FURTHER[0], FURTHER[1]]);
}

#[test]
fn a_connection_on_a_name_of_its_own_is_switched_by_attaching_or_repointing() {
    let custom = facts("CRM_DB_URL", "CRM_DB", false);
    assert_eq!(switching(&custom, &[("to", "17")]), ["attach-as", "release-attach", FURTHER[0], FURTHER[1]]);
    let repointed = switching(&custom, &[("to", "17"), ("switch", "repoint")]);
    assert_eq!(repointed, ["attach-for-repoint", "repoint", FURTHER[0], FURTHER[1]]);
    let both = switching(&facts("CRM_DB_URL", "CRM_DB", true), &[("to", "17")]);
    assert_eq!(both, ["promote", "attach-as", "release-promote", "release-attach", FURTHER[0], FURTHER[1]]);
}

#[test]
fn an_app_that_was_in_maintenance_stays_there() {
    let actions = catalogue().expect("a catalogue");
    let book = find("version-upgrade", Some("follower")).unwrap_or_else(|problems| panic!("{problems}"));
    let given = [("to".to_owned(), "17".to_owned())].into();
    let now = "2026-11-22T01:00:00Z".parse().expect("a time");
    let facts = facts("DATABASE_URL", "DATABASE", true);
    let plan = plan(&book, &given, &facts, &Value::Null, Vec::new(), &actions, "test", now)
        .unwrap_or_else(|problems| panic!("{problems}"));
    for app in ["crm", "jobs"] {
        let step = |id: &str| plan.step(&format!("{id}@{app}").as_str().into()).expect("a step for each app").clone();
        assert_eq!(
            step("maintenance-on").with["on"],
            true,
            "whatever the plan saw, it is on while the database changes"
        );
        assert_eq!(step("maintenance-off").with["on"], format!("${{steps.maintenance-on@{app}.was}}"));
        let restored = format!("${{steps.scale-down@{app}.formation}}");
        assert_eq!(step("restore-formation").with["formation"], restored);
        assert_eq!(step("scale-down").undo.expect("a way back").with["formation"], restored);
    }
}

/// Acts between the beginning of the downtime and its end that rest on no condition, and why.
const RESTS_ON_NOTHING: [(&str, &str); 12] = [
    ("maintenance-on", "it makes the silence"),
    ("scale-down", "it makes the silence"),
    ("pause", "it makes the silence"),
    ("restore-formation", "it ends the silence"),
    ("maintenance-off", "it ends the silence"),
    ("statistics", "it writes nothing but what the planner knows, into the database that nobody uses yet"),
    ("create", "a rollback is made of the past: nothing that is written now changes it"),
    (
        "find-connection",
        "only the connection that was made anew is configured, which writes nothing before it is resumed",
    ),
    ("configure", "the same"),
    ("login-address", "the same"),
    ("pause-new", "the same"),
    ("resume", "of a connection that was made anew: its configuration was compared right before"),
];

/// Settings of a connection that was made anew and is still paused.
const SETTINGS: [&str; 1] = ["api-version"];

#[test]
fn every_act_of_a_downtime_names_what_it_rests_on() {
    let actions = catalogue().expect("a catalogue");
    let mut excused = std::collections::BTreeSet::new();
    for embedded in library() {
        let book = parse(embedded.file_name, embedded.text).expect("a runbook");
        let at = |wanted: DowntimeEdge| move |step: &hcops_runbook::Step| step.downtime == Some(wanted);
        let begins = book.steps.iter().position(at(DowntimeEdge::Starts));
        let ends = book.steps.iter().rposition(at(DowntimeEdge::Ends));
        let (Some(begins), Some(ends)) = (begins, ends) else { continue };
        for step in &book.steps[begins..=ends] {
            let id = step.id.value.as_str();
            let acts = actions.find(&step.call.action.value).expect("an action").effect().changes_the_world();
            if acts && step.holds.is_empty() {
                let is_excused = SETTINGS.contains(&id) || RESTS_ON_NOTHING.iter().any(|(excused, _)| *excused == id);
                assert!(is_excused, "{}: {id} names no hold", embedded.file_name);
                excused.insert(id.to_owned());
            }
        }
    }
    let unused = RESTS_ON_NOTHING.iter().map(|(id, _)| *id).chain(SETTINGS).filter(|id| !excused.contains(*id));
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<&str>::new(), "nobody needs these exceptions any more");
}

#[test]
fn from_the_act_on_that_leaves_a_database_every_act_holds_what_is_final() {
    let actions = catalogue().expect("a catalogue");
    let mut leaving = 0;
    for embedded in library() {
        let book = parse(embedded.file_name, embedded.text).expect("a runbook");
        let finals: Vec<_> = book.holds.iter().filter(|hold| hold.finality.is_some()).collect();
        let of_the_database = finals.iter().filter(|hold| hold.name.value.starts_with("old-database-"));
        let needed: Vec<&str> = of_the_database.map(|hold| hold.name.value.as_str()).collect();
        let Some(from) = finals.first().and_then(|hold| hold.finality.as_ref()) else { continue };
        assert!(needed.len() >= 2, "{}: one by SQL and one without", embedded.file_name);
        leaving += 1;
        let place = |id: &str| book.steps.iter().position(|step| step.id.value == id).expect("a step");
        for step in &book.steps[place(&from.from.value)..=place("resume")] {
            let acts = actions.find(&step.call.action.value).expect("an action").effect().changes_the_world();
            if !acts || step.id.value == "statistics" {
                continue;
            }
            let missing = needed.iter().filter(|name| step.holds.iter().all(|hold| hold.value != **name));
            let missing: Vec<_> = missing.collect();
            assert!(missing.is_empty(), "{}: {} does not name {missing:?}", embedded.file_name, step.id.value);
        }
    }
    assert_eq!(leaving, 4, "runbooks that leave a database behind which had everything");
}

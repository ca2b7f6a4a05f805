//! The runbooks that are built in fit the actions that exist.

use serde_json::{Value, json};

use crate::actions::catalogue;
use crate::model::{Actions, Plan, PlannedStep};
use crate::runbook::{find, library, lint, operations, parse, plan};

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
        "attachments": further, "further": further,
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
    let taken = |id: &str| plan.steps.iter().any(|step| step.id.as_str() == id && step.omitted.is_none());
    assert!(taken("maintenance-on@crm") && taken("maintenance-off@crm") && taken("scale-down@jobs"));
    assert!(!taken("maintenance-on@jobs") && !taken("maintenance-off@jobs"));
}

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use hcops_model::Plan;

use super::super::book::Runbook;
use super::super::diagnostic::Diagnostics;
use super::super::parse::parse;
use super::super::plan::plan;
use super::Scripted;

/// A runbook that uses everything the format has.
pub(in super::super) const EXAMPLE: &str = include_str!("example.toml");

/// The example, read.
pub(in super::super) fn example() -> Runbook {
    parse("example.toml", EXAMPLE).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A survey of two apps, one of them in maintenance already.
pub(in super::super) fn facts() -> Value {
    json!({
        "app": {"name": "acme-crm", "id": "a-1", "region": "eu", "space": null, "team": null, "maintenance": false},
        "connection": {
            "id": "c-1", "name": "herokuconnect-rigid-1", "display_name": "CRM", "region_url": "https://connect.example",
            "db_key": "DATABASE_URL", "schema_name": "salesforce", "organization_id": null, "plan": "herokuconnect:demo",
            "mappings": [{"id": "m-1", "object_name": "Account", "access": "read_write"}],
        },
        "database": {
            "name": "postgresql-old-1", "id": "d-1", "plan": "heroku-postgresql:standard-0", "tier": "standard",
            "version": 16, "owner_app": "acme-crm", "attachment": "DATABASE", "is_default": true, "monthly_cents": 5000,
            "credentials": ["default"], "followers": [],
        },
        "attachments": [attachment("acme-crm", "DATABASE"), attachment("acme-web", "DATABASE")],
        "further": [attachment("acme-web", "DATABASE"), attachment("acme-crm", "POOL")],
        "by_credential": [],
        "apps": [
            {"name": "acme-crm", "maintenance": false, "has_release_phase": false,
             "formation": [{"type": "web", "quantity": 2, "size": "Standard-1X"}], "nonweb": []},
            {"name": "acme-web", "maintenance": true, "has_release_phase": true,
             "formation": [{"type": "worker", "quantity": 1, "size": "Standard-1X"}], "nonweb": [{"type": "worker", "quantity": 1}]},
        ],
        "needs_alias": false, "follower_name": "acme-crm-pg-0a1b2c", "follower_alias": "HCOPS_0A1B2C", "leader_alias": null,
    })
}

fn attachment(app: &str, name: &str) -> Value {
    json!({
        "app": app, "name": name, "namespace": null, "config_var": format!("{name}_URL"), "database": "postgresql-old-1",
        "role": "default", "fate": "moved", "because": "it points to the old database",
    })
}

/// Inputs as a command line gives them.
pub(in super::super) fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The example planned with these inputs over these facts.
pub(in super::super) fn planned(pairs: &[(&str, &str)], facts: &Value) -> Result<Plan, Diagnostics> {
    let noted = json!({"state": "IDLE"});
    plan(
        &example(),
        &given(pairs),
        facts,
        &noted,
        vec!["Two databases cost twice.".to_owned()],
        &Scripted::all(),
        "0.1.0",
        made(),
    )
}

/// When the plans of the tests are made.
pub(in super::super) fn made() -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("a moment of this century")
}

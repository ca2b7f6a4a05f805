//! What a run changes. Two runs that change the same thing take each other's doing for their own, so only one at a time may.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use hcops_model::{Plan, PlannedStep};

/// The things that a run changes: databases, connections and apps. A run that only looks claims nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// What people call each thing, by what identifies it.
    things: BTreeMap<Key, String>,
    made: BTreeSet<String>,
}

/// What identifies a thing. A database that a run makes has no id yet: its add-on's name counts as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Addon(String),
    AddonNamed(String),
    Connection(String),
    App(String),
}

impl Claims {
    /// What a run of this plan changes, by the facts that the plan was made from.
    #[must_use]
    pub fn of_plan(plan: &Plan) -> Self {
        let mut claims = Self::default();
        if only_looks(plan) {
            return claims;
        }
        let (database, connection) = (&plan.facts["database"], &plan.facts["connection"]);
        claims.add(text(&database["id"]).map(Key::Addon), database_named(&database["name"]));
        claims.add(text(&database["name"]).map(Key::AddonNamed), database_named(&database["name"]));
        claims.add(text(&connection["id"]).map(Key::Connection), connection_named(connection));
        for app in apps(plan) {
            claims.add(Some(Key::App(app.clone())), format!("the app {app}"));
        }
        for step in changing(plan) {
            let named = &step.with["database"];
            claims.add(text(named).map(Key::AddonNamed), database_named(named));
            if let Some(made) = made_by(step) {
                claims.add(Some(Key::AddonNamed(made.clone())), format!("the database {made}"));
                claims.made.insert(made);
            }
        }
        claims
    }

    /// An app alone, by its name.
    #[must_use]
    pub fn of_app(app: &str) -> Self {
        let mut claims = Self::default();
        claims.add(Some(Key::App(app.to_owned())), format!("the app {app}"));
        claims
    }

    /// Whether nothing is claimed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// What both claim, as people call it, each thing once.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Vec<String> {
        let mut names = Vec::new();
        for (_, name) in self.things.iter().filter(|(key, _)| other.things.contains_key(key)) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether both claim the same database.
    #[must_use]
    pub fn share_a_database(&self, other: &Self) -> bool {
        let is_database = |key: &Key| matches!(key, Key::Addon(_) | Key::AddonNamed(_));
        self.things.keys().any(|key| is_database(key) && other.things.contains_key(key))
    }

    /// A database that both would make under the same name: each would take the other's for its own, and destroy it on
    /// its way back.
    #[must_use]
    pub fn made_by_both<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        self.made.intersection(&other.made).next().map(String::as_str)
    }

    fn add(&mut self, key: Option<Key>, name: String) {
        if let Some(key) = key {
            self.things.entry(key).or_insert(name);
        }
    }
}

/// Whether no step of the plan changes anything.
#[must_use]
pub fn only_looks(plan: &Plan) -> bool {
    changing(plan).next().is_none()
}

fn changing(plan: &Plan) -> impl Iterator<Item = &PlannedStep> {
    plan.steps.iter().filter(|step| step.omitted.is_none() && step.effect.changes_the_world())
}

fn apps(plan: &Plan) -> impl Iterator<Item = String> {
    let surveyed = plan.facts["apps"].as_array().into_iter().flatten().filter_map(|app| text(&app["name"]));
    std::iter::once(plan.app.clone()).chain(surveyed)
}

/// The database that a step makes: what its way back destroys.
fn made_by(step: &PlannedStep) -> Option<String> {
    let undo = step.undo.as_ref().filter(|undo| undo.action == "postgres.destroy")?;
    text(&undo.with["database"])
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.contains("${")).map(str::to_owned)
}

fn database_named(name: &Value) -> String {
    format!("the database {}", name.as_str().unwrap_or("under the connection"))
}

fn connection_named(connection: &Value) -> String {
    let name = [&connection["name"], &connection["id"]].into_iter().find_map(Value::as_str);
    format!("the connection {}", name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use hcops_testing::plans::{Sentence as _, plan, step};

    fn upgrade_of(database: &str, connection: &str, app: &str) -> Plan {
        let mut plan = plan(vec![step("a").sets("a", true)]);
        plan.app = app.to_owned();
        plan.facts = json!({
            "database": { "id": format!("id-{database}"), "name": database },
            "connection": { "id": connection, "name": format!("name-{connection}") },
            "apps": [{ "name": app }],
        });
        plan
    }

    fn shared(one: &Plan, other: &Plan) -> Vec<String> {
        Claims::of_plan(one).shared_with(&Claims::of_plan(other))
    }

    #[test]
    fn a_run_claims_database_connection_and_apps_and_a_look_claims_nothing() {
        let upgrade = upgrade_of("flat", "c1", "acme-crm");
        assert_eq!(shared(&upgrade, &upgrade_of("flat", "c2", "acme-web")), ["the database flat"]);
        assert_eq!(shared(&upgrade, &upgrade_of("other", "c1", "acme-web")), ["the connection name-c1"]);
        assert_eq!(shared(&upgrade, &upgrade_of("other", "c2", "acme-crm")), ["the app acme-crm"]);
        assert!(shared(&upgrade, &upgrade_of("other", "c2", "acme-web")).is_empty());
        let mut look = upgrade.clone();
        look.steps[0].effect = hcops_model::Effect::ReadOnly;
        assert!(Claims::of_plan(&look).is_empty() && shared(&upgrade, &look).is_empty());
        let mut left_out = upgrade.clone();
        left_out.steps[0].omitted = Some("the fact says so".into());
        assert!(Claims::of_plan(&left_out).is_empty());
    }

    #[test]
    fn other_apps_of_the_database_and_what_a_run_makes_are_claimed_too() {
        let mut upgrade = upgrade_of("flat", "c1", "acme-crm");
        upgrade.facts["apps"] = json!([{ "name": "acme-crm" }, { "name": "acme-web" }]);
        assert_eq!(shared(&upgrade, &upgrade_of("other", "c2", "acme-web")), ["the app acme-web"]);
        upgrade.steps[0].undo = Some(hcops_model::PlannedUndo {
            action: "postgres.destroy".into(),
            with: json!({ "database": "fresh-pg" }),
            title: String::new(),
        });
        let afterwards = upgrade_of("fresh-pg", "c2", "elsewhere");
        assert_eq!(shared(&upgrade, &afterwards), ["the database fresh-pg"]);
        assert_eq!(Claims::of_plan(&upgrade).made_by_both(&Claims::of_plan(&afterwards)), None);
        assert_eq!(Claims::of_plan(&upgrade).made_by_both(&Claims::of_plan(&upgrade)), Some("fresh-pg"));
    }
}

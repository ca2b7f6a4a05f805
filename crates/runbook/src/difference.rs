use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use hcops_model::Plan;

use super::label::label;

/// Something that differs between the plan that was approved and what would be planned now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Where: `database.version`, `inputs.to`, `steps.pause.with.connection`. Facts stand without a word in front.
    pub path: String,
    /// What was approved; absent when it was not there.
    pub approved: Option<Value>,
    /// What would be planned now; absent when it is gone.
    pub now: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} → {}", self.path, shown(self.approved.as_ref()), shown(self.now.as_ref()))
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "(not there)".to_owned(),
        Some(Value::String(text)) if !text.is_empty() && !text.contains(char::is_control) => text.clone(),
        // A whole step would fill the screen; its title says what came or went.
        Some(Value::Object(fields)) if fields.get("title").is_some_and(Value::is_string) => shown(fields.get("title")),
        Some(value) => value.to_string(),
    }
}

/// What differs between two plans, one difference for each value: facts first, then inputs, steps and the rest. Empty
/// exactly when their digests are equal. When a plan was made and what was merely noted do not count.
#[must_use]
pub fn difference(approved: &Plan, now: &Plan) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(&approved.facts), Some(&now.facts), &mut found);
    let (one, other) = (without_facts(approved), without_facts(now));
    for key in ["inputs", "steps"] {
        compare(key, one.get(key), other.get(key), &mut found);
    }
    for (key, value) in one.as_object().into_iter().flatten() {
        if key != "inputs" && key != "steps" {
            compare(key, Some(value), other.get(key), &mut found);
        }
    }
    found
}

fn without_facts(plan: &Plan) -> Value {
    let mut value = serde_json::to_value(plan).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|key, _| !["facts", "noted", "made_at"].contains(&key.as_str()));
    }
    value
}

fn compare(path: &str, approved: Option<&Value>, now: Option<&Value>, found: &mut Vec<Difference>) {
    match (approved, now) {
        (Some(one), Some(other)) if one == other => {}
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                compare(&below(path, key), one.get(key), other.get(key), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => compare_lists(path, one, other, found),
        (approved, now) => {
            found.push(Difference { path: path.to_owned(), approved: approved.cloned(), now: now.cloned() })
        }
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Compares lists thing by thing where each thing has a name of its own, else as a whole.
fn compare_lists(path: &str, approved: &[Value], now: &[Value], found: &mut Vec<Difference>) {
    let (Some(one), Some(other)) = (by_name(approved), by_name(now)) else {
        return found.push(whole(path, approved.to_vec().into(), now.to_vec().into()));
    };
    let before = found.len();
    let mut seen = BTreeSet::new();
    for name in approved.iter().chain(now).map(name).filter(|name| seen.insert(name.clone())) {
        compare(&below(path, &name), one.get(&name).copied(), other.get(&name).copied(), found);
    }
    if found.len() == before {
        let names = |things: &[Value]| things.iter().map(name).map(Value::from).collect();
        found.push(whole(&format!("{path} (order)"), names(approved), names(now)));
    }
}

fn whole(path: &str, approved: Value, now: Value) -> Difference {
    Difference { path: path.to_owned(), approved: Some(approved), now: Some(now) }
}

fn by_name(things: &[Value]) -> Option<BTreeMap<String, &Value>> {
    let named: BTreeMap<String, &Value> =
        things.iter().filter(|thing| thing.is_object()).map(|thing| (name(thing), thing)).collect();
    (named.len() == things.len()).then_some(named)
}

/// A step is named by its id, whatever else it has; other things as in steps made for each of them.
fn name(thing: &Value) -> String {
    match (thing.get("id").and_then(Value::as_str), thing.get("action")) {
        (Some(id), Some(_)) => id.to_owned(),
        _ => label(thing),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::testing::{facts, made, planned};
    use super::*;

    static PLAN: LazyLock<Plan> = LazyLock::new(|| plan(&facts()));

    fn plan(facts: &Value) -> Plan {
        planned(&[("to", "17")], facts).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn lines(approved: &Plan, now: &Plan) -> Vec<String> {
        difference(approved, now).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn facts_come_first_then_inputs_then_steps() {
        let mut changed = facts();
        changed["database"]["plan"] = json!("heroku-postgresql:standard-2");
        changed["apps"][1]["maintenance"] = json!(false);
        let found = lines(&plan(&facts()), &planned(&[("to", "18")], &changed).expect("a plan"));
        assert_eq!(found[0], "apps.acme-web.maintenance: true → false");
        assert_eq!(found[1], "database.plan: heroku-postgresql:standard-0 → heroku-postgresql:standard-2");
        assert_eq!(found[2], "inputs.to: 17 → 18");
        assert!(found[3..].contains(&"steps.upgrade.with.version: 17 → 18".to_owned()), "{found:#?}");
        assert!(found.iter().all(|line| !line.contains('\n')));
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_named() {
        let mut changed = facts();
        let gone = changed["further"].as_array_mut().expect("a list").remove(0);
        changed["further"].as_array_mut().expect("a list").push(json!({"app": "acme-bi", "name": "DATABASE"}));
        let found = difference(&plan(&facts()), &plan(&changed));
        let at = |path: &str| found.iter().find(|found| found.path == path).unwrap_or_else(|| panic!("{found:#?}"));
        let (lost, added) = (at("further.acme-web::DATABASE"), at("further.acme-bi::DATABASE"));
        assert_eq!((lost.approved.as_ref(), lost.now.as_ref()), (Some(&gone), None));
        assert!(added.to_string().starts_with("further.acme-bi::DATABASE: (not there) → {"));
        let step = at("steps.move-attachment@acme-web::DATABASE");
        assert_eq!(
            step.to_string(),
            "steps.move-attachment@acme-web::DATABASE: Move DATABASE of acme-web → (not there)"
        );
    }

    #[test]
    fn another_order_is_a_difference() {
        let mut turned = plan(&facts());
        turned.steps.reverse();
        let found = difference(&plan(&facts()), &turned);
        assert_eq!(found.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(), ["steps (order)"]);
    }

    #[test]
    fn when_it_was_made_and_what_was_noted_do_not_count() {
        let mut later = plan(&facts());
        later.made_at = made() + jiff::SignedDuration::from_hours(1);
        later.noted = json!({"state": "POLLING_DB_CHANGES"});
        assert_eq!(difference(&plan(&facts()), &later), []);
    }

    /// Every place of a value that holds neither a list nor a table.
    fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, field)| leaves(field, &format!("{path}/{name}"), found))
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{path}/{index}"), found));
            }
            _ => found.push(path.to_owned()),
        }
    }

    #[test]
    fn each_single_value_counts_for_the_digest_and_for_the_difference() {
        let approved = plan(&facts());
        let mut document = serde_json::to_value(&approved).expect("a document");
        let mut places = Vec::new();
        leaves(&document["facts"].take(), "/facts", &mut places);
        document["facts"] = facts();
        for key in ["inputs", "steps", "holds", "notices", "title", "app", "resource", "tool", "sources"] {
            leaves(&document[key].clone(), &format!("/{key}"), &mut places);
        }
        assert!(places.len() > 200, "only {} places", places.len());
        let mut tried = 0;
        for place in places {
            let mut changed = document.clone();
            let value = changed.pointer_mut(&place).expect("a place of the document");
            *value = match &*value {
                Value::Bool(flag) => json!(!*flag),
                Value::Number(number) => json!(number.as_u64().unwrap_or_default() + 1),
                Value::Null => json!("something"),
                other => json!(format!("{}x", other.as_str().unwrap_or_default())),
            };
            // A few fields have words of their own and refuse any other.
            let Ok(changed) = serde_json::from_value::<Plan>(changed) else { continue };
            tried += 1;
            assert_ne!(approved.digest(), changed.digest(), "the digest does not see {place}");
            assert_ne!(difference(&approved, &changed), [], "the difference does not see {place}");
        }
        assert!(tried > 200, "only {tried} places were tried");
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3_i64).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((prop_oneof![Just("name"), Just("app"), Just("id"), Just("x")], inner), 0..4)
                    .prop_map(|fields| Value::Object(
                        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
                    )),
            ]
        })
    }

    fn with_keys_turned(value: &Value) -> Value {
        match value {
            Value::Object(fields) => Value::Object(
                fields.iter().rev().map(|(name, field)| (name.clone(), with_keys_turned(field))).collect(),
            ),
            Value::Array(items) => items.iter().map(with_keys_turned).collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn plans_differ_exactly_when_their_digests_do(one in any_value(), other in any_value()) {
            let (mut approved, mut now) = (PLAN.clone(), PLAN.clone());
            approved.facts = one;
            now.facts = other;
            prop_assert_eq!(approved.digest() == now.digest(), difference(&approved, &now).is_empty());
        }

        #[test]
        fn the_order_of_keys_counts_for_nothing(value in any_value()) {
            let (mut one, mut other) = (PLAN.clone(), PLAN.clone());
            other.facts = with_keys_turned(&value);
            one.facts = value;
            prop_assert_eq!(one.digest(), other.digest());
            prop_assert_eq!(difference(&one, &other), vec![]);
        }
    }
}

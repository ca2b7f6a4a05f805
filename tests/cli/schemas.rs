//! The published JSON Schemas, and what hcops tells programs held against them.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::house::{House, Told};

/// A schema as it is published in `docs/`.
pub(crate) struct Published {
    name: &'static str,
    validator: Validator,
}

impl Published {
    pub(crate) fn schema(name: &'static str) -> Self {
        let schema: Value = serde_json::from_str(&text(name)).unwrap();
        Self { name, validator: jsonschema::validator_for(&schema).unwrap() }
    }

    /// Holds each line of standard output against it.
    pub(crate) fn accept(&self, told: &Told) {
        told.stdout.lines().for_each(|line| self.accept_text(line));
    }

    pub(crate) fn accept_text(&self, text: &str) {
        let document: Value = serde_json::from_str(text).unwrap();
        let complaints: Vec<_> = self.validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(complaints.is_empty(), "{text}\nis none of the {}: {complaints:#?}", self.name);
    }

    fn refuses(&self, document: &Value) -> bool {
        !self.validator.is_valid(document)
    }
}

fn text(name: &str) -> String {
    let path = format!("{}/docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_default()
}

#[test]
fn the_published_schemas_are_what_the_program_has() {
    for name in ["events", "notices", "report"] {
        let printed = House::new().hcops(&["schema", name]);
        assert_eq!(printed.exit, 0, "{printed}");
        assert!(printed.stdout == text(name), "out of date: hcops schema {name} > docs/{name}.schema.json");
    }
}

#[test]
fn what_is_no_event_is_refused() {
    let events = Published::schema("events");
    let event = json!({"v": 1, "run": "019a0000-0000-7000-8000-000000000000", "at": "2026-11-22T01:00:00Z",
        "kind": "step-started", "step": "pause"});
    assert!(!events.refuses(&event));
    for (field, wrong) in [("kind", json!("step-begun")), ("step", json!(7)), ("run", Value::Null), ("v", json!("1"))] {
        let mut other = event.clone();
        other[field] = wrong;
        assert!(events.refuses(&other), "{field}: {other}");
        other.as_object_mut().unwrap().remove(field);
        assert!(events.refuses(&other), "without {field}: {other}");
    }
}

#[test]
fn lines_that_were_left_out_are_in_the_schema() {
    let printed = House::new().hcops(&["schema", "events"]);
    let schema: Value = serde_json::from_str(&printed.stdout).unwrap();
    let events = Published { name: "events", validator: jsonschema::validator_for(&schema).unwrap() };
    let gap = json!({"v": 1, "kind": "gap", "lines": 12});
    assert!(!events.refuses(&gap));
    for wrong in [json!({"v": 1, "kind": "gap"}), json!({"v": 1, "kind": "hole", "lines": 12})] {
        assert!(events.refuses(&wrong), "{wrong}");
    }
}

#[test]
fn a_refusal_outside_a_run_is_in_the_schema() {
    let told = House::new().hcops(&["show", "0199", "--output", "json"]);
    assert_eq!(told.exit, 2, "{told}");
    Published::schema("events").accept(&told);
}

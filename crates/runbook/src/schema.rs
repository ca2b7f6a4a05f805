use serde_json::{Map, Value, json};

use hcops_model::{Actions, AnyAction, Effect};

/// JSON Schema (2020-12) of a runbook file, for editors: every key with its meaning, and for each action its
/// parameters. A parameter may always be a reference instead.
#[must_use]
pub fn schema(actions: &dyn Actions) -> Value {
    let all = actions.all();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hcops runbook",
        "type": "object",
        "required": ["procedure", "method", "title", "sources", "step"],
        "additionalProperties": false,
        "properties": {
            "procedure": described(name(), "What the operator wants: version-upgrade"),
            "method": described(name(), "The way to do it: follower"),
            "title": text("One line for people; may hold references"),
            "summary": text("When to use it"),
            "examples": texts("Commands as they are typed, for help"),
            "sources": {"type": "array", "items": {"type": "string"}, "description": "Articles that it comes from"},
            "requires": table(json!({"tier": texts("Tiers of database that it can be used on")}), &["tier"]),
            "offer": offer(),
            "inputs": each(json!({"$ref": "#/$defs/input"})),
            "holds": each(json!({"$ref": "#/$defs/hold"})),
            "step": {"type": "array", "items": {"$ref": "#/$defs/step"}},
        },
        "$defs": {
            "input": input(),
            "hold": hold(),
            "step": step(),
            "undo": undo(),
            "condition": condition(&["fact", "input", "answer"]),
            "item_condition": condition(&["item"]),
            "duration": {"type": "string", "pattern": "^[0-9]+[smh]$", "description": "As in 90s, 15m, 2h"},
            "reference": {"type": "string", "pattern": "\\$\\{", "description": "Holds a reference such as ${connection.id}"},
            "action": {"type": "string", "enum": all.iter().map(|action| action.name()).collect::<Vec<_>>()},
            "looking_action": {"type": "string", "enum": looking(&all)},
            "call": {"allOf": all.iter().map(|action| parameters(*action)).collect::<Vec<_>>()},
        },
    })
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = Value::from(description);
    schema
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn texts(description: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": description})
}

fn flag(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

fn name() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"})
}

fn each(schema: Value) -> Value {
    json!({"type": "object", "propertyNames": name(), "additionalProperties": schema})
}

fn table(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn one_or_many(reference: &str) -> Value {
    json!({"anyOf": [{"$ref": reference}, {"type": "array", "items": {"$ref": reference}}]})
}

fn input() -> Value {
    let properties = json!({
        "help": text("What it means"),
        "kind": {"enum": ["integer", "text", "name", "database", "plan", "choice", "list", "json"]},
        "may_be_new": flag("Whether a database may be one that is still to be made"),
        "choices": texts("The words of a choice"),
        "default": {"description": "A value, or a reference to a fact"},
        "optional": flag("Whether it may be left out although it has no default"),
        "argument": flag("Whether an operation's command takes it without a flag"),
    });
    usable(table(properties, &[]), &[], &["help", "kind"])
}

fn offer() -> Value {
    let properties = json!({
        "order": {"type": "integer", "minimum": 0, "description": "Of the methods that fit an app, the lowest is proposed"},
        "downtime": text("How long writes are off"),
        "way_back": text("What leads back afterwards"),
        "cost": text("What it costs"),
    });
    table(properties, &["order", "downtime", "way_back", "cost"])
}

fn hold() -> Value {
    let properties = json!({
        "action": {"$ref": "#/$defs/looking_action"},
        "with": {"type": "object"},
        "why": text("What it protects"),
        "when": one_or_many("#/$defs/condition"),
        "final": finality(),
    });
    usable(calling(table(properties, &[])), &[], &["action", "why"])
}

fn finality() -> Value {
    let properties = json!({
        "from": text("The step whose act makes a break of the hold final"),
        "lost": text("What going on would lose, and how to see it"),
        "proves": {"type": "boolean", "description": "A later look that finds it kept proves that nothing was lost"},
    });
    table(properties, &["from", "lost"])
}

fn undo() -> Value {
    let properties = json!({
        "action": {"$ref": "#/$defs/action"},
        "with": {"type": "object"},
        "title": text("One line for people"),
    });
    calling(table(properties, &["action"]))
}

/// A table that has these keys, or a fragment that brings those that it lacks.
fn usable(mut schema: Value, always: &[&str], otherwise: &[&str]) -> Value {
    let fragment = "A fragment, FILE/NAME as in silence/pause: it brings the keys that are not given here";
    let pattern = "^[^/]+/.+$";
    schema["properties"]["use"] = json!({"type": "string", "pattern": pattern, "description": fragment});
    schema["required"] = json!(always);
    schema["anyOf"] = json!([{"required": ["use"]}, {"required": otherwise}]);
    schema
}

fn calling(mut schema: Value) -> Value {
    schema["$ref"] = Value::from("#/$defs/call");
    schema
}

fn step() -> Value {
    let duration = json!({"$ref": "#/$defs/duration"});
    let per_gigabyte = "Added to the usual duration for each gigabyte of the database: an estimate";
    let expect =
        json!({"usual": duration, "limit": duration, "per_gigabyte": described(duration.clone(), per_gigabyte)});
    let for_each = json!({
        "fact": text("A list among the facts: apps"),
        "as": described(name(), "What references call one thing of it"),
        "where": one_or_many("#/$defs/item_condition"),
        "first": described(name(), "The input whose list names the things that come first"),
        "named": described(name(), "The input whose list names the only things that it is made for"),
    });
    let properties = json!({
        "id": described(name(), "Its name, unique in the runbook"),
        "group": described(name(), "Adjacent steps of the same group run side by side"),
        "action": {"$ref": "#/$defs/action"},
        "with": {"type": "object"},
        "title": text("One line for people; may hold references"),
        "why": text("Why the step is there"),
        "expect": table(expect, &["usual", "limit"]),
        "way_back": text("What can be done about it afterwards"),
        "undo": {"$ref": "#/$defs/undo"},
        "undone_by": text("The earlier step whose undo also takes this one back"),
        "holds": texts("Standing conditions, looked at right before the act"),
        "crossing": table(json!({"name": text("What a person types"), "lost": text("What becomes impossible")}), &["name", "lost"]),
        "when": one_or_many("#/$defs/condition"),
        "for_each": table(for_each, &["fact", "as"]),
        "preflight": flag("Whether hcops plan already makes this check"),
        "may_skip": flag("Whether a person may skip it, with a reason"),
        "downtime": {"enum": ["starts", "ends"], "description": "Where writes go off or come back"},
    });
    usable(calling(table(properties, &[])), &["id"], &["action", "title", "why", "expect"])
}

fn condition(subjects: &[&str]) -> Value {
    let mut properties = Map::new();
    for subject in subjects {
        properties.insert((*subject).to_owned(), json!({"type": "string"}));
    }
    for test in ["is", "is_not"] {
        properties.insert(test.to_owned(), json!(true));
    }
    properties.insert("one_of".to_owned(), json!({"type": "array"}));
    properties.insert("exists".to_owned(), json!({"type": "boolean"}));
    let mut schema = table(Value::Object(properties), &[]);
    let one = |keys: &[&str]| -> Value { keys.iter().map(|key| json!({"required": [key]})).collect() };
    schema["allOf"] = json!([{"oneOf": one(subjects)}, {"oneOf": one(&["is", "is_not", "one_of", "exists"])}]);
    schema
}

fn looking(all: &[&dyn AnyAction]) -> Vec<&'static str> {
    all.iter().filter(|action| action.effect() == Effect::ReadOnly).map(|action| action.name()).collect()
}

/// "When the action is this one, `with` looks so."
fn parameters(action: &dyn AnyAction) -> Value {
    let schema = action.parameters();
    let definitions = schema.get("$defs").cloned();
    let needs_some = schema["required"].as_array().is_some_and(|required| !required.is_empty());
    let mut with = or_references(&schema, definitions.as_ref());
    with["description"] = Value::from(action.summary());
    let mut then = json!({"properties": {"with": with}});
    if needs_some {
        then["required"] = json!(["with"]);
    }
    // Beside a `use` some parameters may come from the fragment.
    let named = json!({"properties": {"action": {"const": action.name()}}, "required": ["action"], "not": {"required": ["use"]}});
    json!({"if": named, "then": then})
}

/// The schema with "or a string that holds a reference" beside every value. Definitions are put in the place where they
/// are used, since this schema becomes part of a larger one.
fn or_references(schema: &Value, definitions: Option<&Value>) -> Value {
    let schema = inlined(schema, definitions, 0);
    let Some(fields) = schema["properties"].as_object() else {
        return schema;
    };
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, field)| (name.clone(), json!({"anyOf": [field, {"$ref": "#/$defs/reference"}]})))
        .collect();
    let mut schema = schema.clone();
    schema["properties"] = Value::Object(properties);
    schema
}

/// Deeper definitions than this are left open: an action's parameters are flat, and a definition may contain itself.
const DEEPEST: usize = 8;

fn inlined(schema: &Value, definitions: Option<&Value>, depth: usize) -> Value {
    match schema {
        _ if depth > DEEPEST => json!(true),
        Value::Array(items) => items.iter().map(|item| inlined(item, definitions, depth)).collect(),
        Value::Object(fields) => {
            let target = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
            if let Some(definition) = target.and_then(|name| definitions.and_then(|all| all.get(name))) {
                return inlined(definition, definitions, depth + 1);
            }
            let kept = fields.iter().filter(|(key, _)| !["$defs", "$schema"].contains(&key.as_str()));
            Value::Object(kept.map(|(key, field)| (key.clone(), inlined(field, definitions, depth))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use jsonschema::Validator;

    use super::super::testing::{EXAMPLE, Scripted};
    use super::*;

    fn validator() -> Validator {
        jsonschema::validator_for(&schema(&Scripted::all())).expect("a schema")
    }

    fn document(text: &str) -> Value {
        let table: toml::Table = text.parse().expect("TOML");
        serde_json::to_value(table).expect("JSON")
    }

    #[test]
    fn the_example_fits_the_schema() {
        let problems: Vec<String> = validator()
            .iter_errors(&document(EXAMPLE))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn a_fragment_stands_for_the_keys_that_are_not_given() {
        let head = "procedure = \"a\"\nmethod = \"b\"\ntitle = \"c\"\nsources = []\n[[step]]\n";
        let step = |keys: &str| validator().is_valid(&document(&format!("{head}{keys}\n")));
        assert!(step("id = \"pause\"\nuse = \"silence/pause\"\nwith = { connection = \"c\" }"));
        for wrong in
            ["use = \"silence/pause\"", "id = \"pause\"\nuse = \"pause\"", "id = \"pause\"", "id = \"a\"\nuse = 1"]
        {
            assert!(!step(wrong), "{wrong:?} fits the schema");
        }
    }

    #[test]
    fn what_the_parser_refuses_does_not_fit_the_schema() {
        let validator = validator();
        for (from, to) in [
            ("undone_by =", "undonne_by ="),
            ("\"connect.pause\"", "\"conect.pause\""),
            ("action = \"connect.paused\"", "action = \"connect.pause\""),
            ("limit = \"4h\"", "limit = \"4d\""),
            ("kind = \"integer\"", "kind = \"number\""),
            ("on = true }", "on = \"yes\" }"),
            ("on = true }", "off = true }"),
            ("{ fact = \"needs_alias\", is = true }", "{ fact = \"needs_alias\" }"),
            ("id       = \"pause\"", "id       = \"Pause it\""),
            (
                "undo     = { action = \"postgres.destroy\", with = { database = \"${inputs.follower_name}\" } }",
                "undo = { action = \"postgres.destroy\" }",
            ),
        ] {
            assert!(EXAMPLE.contains(from), "the example holds no {from:?}");
            assert!(!validator.is_valid(&document(&EXAMPLE.replacen(from, to, 1))), "{to:?} fits the schema");
        }
    }

    #[test]
    fn definitions_of_parameters_are_put_in_place() {
        let schema = json!({
            "$schema": "…", "properties": {"plan": {"$ref": "#/$defs/Plan"}}, "$defs": {"Plan": {"enum": ["a"]}},
        });
        let inlined = or_references(&schema, schema.get("$defs"));
        assert_eq!(
            inlined,
            json!({"properties": {"plan": {"anyOf": [{"enum": ["a"]}, {"$ref": "#/$defs/reference"}]}}})
        );
        let endless =
            json!({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}});
        assert!(
            or_references(&endless, endless.get("$defs")).to_string().len() < 500,
            "a definition that holds itself ends"
        );
    }
}

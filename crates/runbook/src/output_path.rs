use serde_json::Value;

use super::nearest::did_you_mean;

/// Checks that a dotted path leads to a field that values of `schema` have. What a schema leaves open is let pass.
///
/// # Errors
/// One sentence, and what was probably meant.
pub(super) fn check_path(schema: &Value, path: &str) -> Result<(), (String, Option<String>)> {
    let mut here = schema;
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        here = resolve(here, schema);
        let Some(fields) = here.get("properties").and_then(Value::as_object) else {
            return if has_no_parts(here) {
                Err((format!("there is nothing below it to call `{segment}`"), None))
            } else {
                Ok(())
            };
        };
        here = fields.get(segment).ok_or_else(|| {
            (format!("there is no `{segment}` in it"), did_you_mean(segment, fields.keys().map(String::as_str)))
        })?;
    }
    Ok(())
}

fn has_no_parts(schema: &Value) -> bool {
    ["string", "integer", "number", "boolean", "array"].iter().any(|kind| schema["type"] == *kind)
}

/// The schema that `$ref`, or the one branch that is not null, stands for.
fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    if let Some(pointer) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        return root.pointer(pointer).unwrap_or(schema);
    }
    let branches = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array());
    let mut real = branches.into_iter().flatten().filter(|branch| branch["type"] != "null");
    match (real.next(), real.next()) {
        (Some(only), None) => resolve(only, root),
        _ => schema,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check_path;

    #[test]
    fn paths_are_followed_through_references_and_options() {
        let schema = json!({
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "plan": {"anyOf": [{"$ref": "#/$defs/Plan"}, {"type": "null"}]},
                "open": true,
            },
            "$defs": {"Plan": {"type": "object", "properties": {"cents": {"type": "integer"}}}},
        });
        assert_eq!(check_path(&schema, ""), Ok(()));
        assert_eq!(check_path(&schema, "name"), Ok(()));
        assert_eq!(check_path(&schema, "plan.cents"), Ok(()));
        assert_eq!(check_path(&schema, "open.anything"), Ok(()));
        assert_eq!(check_path(&json!(true), "anything"), Ok(()));
        assert_eq!(check_path(&schema, "nmae").expect_err("a slip").1.as_deref(), Some("did you mean `name`?"));
        assert!(check_path(&schema, "plan.dollars").is_err());
        assert!(check_path(&schema, "name.first").is_err());
    }
}

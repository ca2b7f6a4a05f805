//! Late references: `${steps.ID.FIELD}` in a plan, filled from the outputs of steps that have settled.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use hcops_model::StepId;

/// What settled steps put out, by step.
pub type Outputs = BTreeMap<StepId, Value>;

/// `value` with every late reference filled in. A string that is exactly one reference takes the type of what it
/// refers to; inside a longer string, the value's text is put in.
///
/// # Errors
/// One sentence that names the reference which cannot be filled and why.
pub fn fill(value: &Value, outputs: &Outputs) -> Result<Value, String> {
    match value {
        Value::String(text) => fill_text(text, outputs),
        Value::Array(items) => items.iter().map(|item| fill(item, outputs)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| Ok((name.clone(), fill(field, outputs)?)))
            .collect::<Result<Map<String, Value>, String>>()
            .map(Value::Object),
        other => Ok(other.clone()),
    }
}

/// The text with every late reference filled in.
///
/// # Errors
/// As [`fill`].
pub fn fill_string(text: &str, outputs: &Outputs) -> Result<String, String> {
    fill_text(text, outputs).map(|value| as_text(&value))
}

fn fill_text(text: &str, outputs: &Outputs) -> Result<Value, String> {
    if let Some(path) = whole_reference(text) {
        return look_up(path, outputs);
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (path, behind) = after.split_once('}').ok_or_else(|| format!("the reference in `{text}` is not closed"))?;
        filled.push_str(before);
        filled.push_str(&as_text(&look_up(path, outputs)?));
        rest = behind;
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

fn whole_reference(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|path| !path.contains(['{', '}']))
}

fn look_up(path: &str, outputs: &Outputs) -> Result<Value, String> {
    let below_steps = path
        .strip_prefix("steps.")
        .ok_or_else(|| format!("`${{{path}}}` should have been filled in when the plan was made"))?;
    let (output, fields) = outputs
        .iter()
        .filter_map(|(step, output)| Some((output, below_steps.strip_prefix(step.as_str())?)))
        .filter(|(_, fields)| fields.is_empty() || fields.starts_with('.'))
        .min_by_key(|(_, fields)| fields.len())
        .ok_or_else(|| format!("`${{{path}}}` refers to a step that has not settled, so its output is not known"))?;
    let pointer = fields.replace('.', "/");
    output
        .pointer(&pointer)
        .cloned()
        .ok_or_else(|| format!("`${{{path}}}` refers to a field that the step did not put out"))
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outputs() -> Outputs {
        BTreeMap::from([
            (StepId::from("create"), json!({ "name": "follower-1", "size": 3, "parts": [{ "id": "a" }] })),
            (StepId::from("create@app.one"), json!({ "name": "other" })),
        ])
    }

    #[test]
    fn a_whole_reference_takes_the_type_of_its_value() {
        let with = json!({ "n": "${steps.create.size}", "all": "${steps.create}", "id": "${steps.create.parts.0.id}" });
        let filled = fill(&with, &outputs()).unwrap();
        assert_eq!(filled["n"], json!(3));
        assert_eq!(filled["all"]["name"], json!("follower-1"));
        assert_eq!(filled["id"], json!("a"));
    }

    #[test]
    fn a_reference_inside_a_sentence_becomes_text() {
        let text = "move ${steps.create.name} (${steps.create.size}) to ${steps.create@app.one.name}";
        assert_eq!(fill_string(text, &outputs()).unwrap(), "move follower-1 (3) to other");
    }

    #[test]
    fn what_cannot_be_filled_is_named() {
        let unknown = fill(&json!(["${steps.promote.name}"]), &outputs()).unwrap_err();
        assert!(unknown.contains("${steps.promote.name}") && unknown.contains("not settled"), "{unknown}");
        assert!(fill_string("${steps.create.url}", &outputs()).unwrap_err().contains("did not put out"));
        assert!(fill_string("${inputs.to}", &outputs()).unwrap_err().contains("when the plan was made"));
        assert!(fill_string("a ${steps.create", &outputs()).unwrap_err().contains("not closed"));
    }
}

//! Field paths such as `[].plan.name`, and whether an answer has them.

use serde_json::Value;

/// What is at `path` in `answer`; nothing for a place without the field. A path through a list looks in each of its items.
fn find<'a>(answer: &'a Value, path: &str) -> Vec<Option<&'a Value>> {
    let mut at = vec![Some(answer)];
    for step in steps(path) {
        at = at.into_iter().flat_map(|value| take(value, &step)).collect();
    }
    at
}

/// Why `ours` does not do where `theirs` had the field at `path`; nothing when it does.
///
/// The field must be there at least once, and in every item when the recorded answer had it in every item; where both
/// have a value, it must be of the same type.
pub(crate) fn lacks(ours: &Value, theirs: &Value, path: &str) -> Option<String> {
    let theirs = find(theirs, path);
    let wanted: Vec<_> = theirs.iter().copied().flatten().collect();
    let Some(example) = wanted.iter().find(|value| !value.is_null()).or(wanted.first()) else {
        // The client asked for it, and the recorded answer did not have it either.
        return None;
    };
    let found = find(ours, path);
    let everywhere = wanted.len() == theirs.len();
    let there = found.iter().flatten().count();
    if there == 0 || (everywhere && there < found.len()) {
        return Some(format!("`{path}` is missing"));
    }
    let other = found.into_iter().flatten().find(|value| !value.is_null() && kind(value) != kind(example));
    other.filter(|_| !example.is_null()).map(|other| format!("`{path}` is {}, not {}", kind(other), kind(example)))
}

fn steps(path: &str) -> Vec<String> {
    path.replace("[]", ".[]").split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect()
}

fn take<'a>(value: Option<&'a Value>, step: &str) -> Vec<Option<&'a Value>> {
    match (value, step) {
        (Some(Value::Array(items)), "[]") => items.iter().map(Some).collect(),
        (Some(Value::Object(fields)), name) => vec![fields.get(name)],
        _ => vec![None],
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_missed_in_a_list_and_in_an_object() {
        let theirs = json!([{ "plan": { "name": "x" } }, { "plan": { "name": "y" } }]);
        assert_eq!(lacks(&json!([{ "plan": { "name": "z" } }]), &theirs, "[].plan.name"), None);
        assert!(lacks(&json!([]), &theirs, "[].plan.name").is_some());
        assert!(lacks(&json!([{ "plan": "z" }]), &theirs, "[].plan.name").is_some());
        assert!(lacks(&json!([{ "plan": { "name": "z" } }, {}]), &theirs, "[].plan.name").is_some());
    }

    #[test]
    fn a_type_must_agree_but_null_may_stand_for_none() {
        assert_eq!(lacks(&json!({ "leader": null }), &json!({ "leader": "x" }), "leader"), None);
        assert!(lacks(&json!({ "leader": {} }), &json!({ "leader": "x" }), "leader").is_some());
        assert_eq!(lacks(&json!({}), &json!({}), "leader"), None);
    }
}

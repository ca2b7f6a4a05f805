use serde_json::Value;

/// The fields that name a thing, best first.
pub(super) const LABELS: [&str; 4] = ["name", "object_name", "type", "id"];

/// What a thing is called: itself when it is a text, else by its name. A name that is unique only within an app, as an
/// attachment's is, has the app in front as Heroku writes it: `acme-web::DATABASE`.
pub(super) fn label(value: &Value) -> String {
    let field = |name: &str| value.get(name).and_then(Value::as_str);
    match (value, LABELS.iter().find_map(|name| field(name)), field("app")) {
        (Value::String(text), _, _) => text.clone(),
        (_, Some(name), Some(app)) => format!("{app}::{name}"),
        (_, Some(name), None) => name.to_owned(),
        (other, None, _) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::label;

    #[test]
    fn things_are_called_by_their_best_name() {
        assert_eq!(label(&json!("acme")), "acme");
        assert_eq!(label(&json!({"id": "m-1", "object_name": "Account"})), "Account");
        assert_eq!(label(&json!({"app": "acme-web", "name": "DATABASE"})), "acme-web::DATABASE");
        assert_eq!(label(&json!({"quantity": 1})), "{\"quantity\":1}");
    }
}

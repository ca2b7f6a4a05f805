//! A plan is stored, shown and copied into the journal: nothing secret may get into it.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::super::diagnostic::Diagnostic;

/// One problem for each input and each part of the survey that holds a URL with a password. The value is never shown.
pub(super) fn passwords(
    inputs: &BTreeMap<String, Value>,
    facts: &Value,
    noted: &Value,
    notices: &[String],
) -> Vec<Diagnostic> {
    let inputs = inputs.iter().filter(|(_, value)| holds_password(value)).map(|(name, _)| {
        let message = format!("the value of --{} holds a password", name.replace('_', "-"));
        refused(message).help("name the add-on or the config var instead: hcops reads the rest itself")
    });
    let notices = Value::from(notices.to_vec());
    let surveyed = [("facts", facts), ("noted values", noted), ("notices", &notices)];
    let surveyed = surveyed.into_iter().filter(|(_, value)| holds_password(value)).map(|(what, _)| {
        refused(format!("the survey's {what} hold a password")).help("please report this as a defect of hcops")
    });
    inputs.chain(surveyed).collect()
}

fn refused(message: String) -> Diagnostic {
    Diagnostic::error(message).because("a plan is stored and shown, so no secret may get into it")
}

fn holds_password(value: &Value) -> bool {
    match value {
        Value::String(text) => text
            .split_whitespace()
            .any(|word| word.contains("://") && Url::parse(word).is_ok_and(|url| url.password().is_some())),
        Value::Array(items) => items.iter().any(holds_password),
        Value::Object(fields) => fields.values().any(holds_password),
        _ => false,
    }
}

//! What two configurations of a connection say differently (docs/heroku/connect.md, "Export and import").

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Fields of a mapping's configuration that change by themselves and say nothing about what is synced.
const BOOKKEEPING: [&str; 2] = ["applied_at", "revision"];

/// Fields of the connection's part that name the one connection or the one export, or that are set apart from it.
const OF_ONE_EXPORT: [&str; 5] = ["app_name", "exported_at", "name", "features", "api_version"];

/// Longest value that is shown, in characters.
const LONGEST: usize = 200;

/// The configurations of the mappings by object.
pub(super) fn mappings(document: &Value) -> BTreeMap<String, Map<String, Value>> {
    let each = document["mappings"].as_array().map(Vec::as_slice).unwrap_or_default();
    each.iter()
        .filter_map(|mapping| {
            let mut config = mapping["config"].as_object().cloned().unwrap_or_default();
            config.retain(|field, _| !BOOKKEEPING.contains(&field.as_str()));
            Some((mapping["object_name"].as_str()?.to_owned(), config))
        })
        .collect()
}

/// What `new` says differently about the mappings than `old`, one sentence for each difference. Order does not count.
pub(super) fn of_mappings(old: &Value, new: &Value) -> Vec<String> {
    let (old, new) = (mappings(old), mappings(new));
    let objects: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    objects
        .into_iter()
        .flat_map(|object| match (old.get(object), new.get(object)) {
            (Some(old), Some(new)) => of_configs(object, old, new),
            (Some(_), None) => vec![format!("{object} is not mapped any more")],
            _ => vec![format!("{object} is mapped, and was not")],
        })
        .collect()
}

/// What an import of `document` would change of the configuration `now`. Mappings that it does not name are left alone
/// (docs/heroku/connect.md, "Export and import"), and so is a setting of which it says nothing.
pub(in crate::connect) fn mapping_changes(document: &Value, now: &Value) -> Vec<String> {
    let (wanted, now) = (mappings(document), mappings(now));
    wanted
        .iter()
        .flat_map(|(object, config)| match now.get(object) {
            Some(present) => {
                let mut present = present.clone();
                present.retain(|setting, _| config.contains_key(setting));
                of_configs(object, &present, config)
            }
            None => vec![format!("{object} is mapped anew")],
        })
        .collect()
}

/// What the connection's own part says differently, without what is compared elsewhere.
pub(super) fn of_connection(old: &Value, new: &Value) -> Vec<String> {
    let part = |document: &Value| {
        let mut part = document["connection"].as_object().cloned().unwrap_or_default();
        part.retain(|field, _| !OF_ONE_EXPORT.contains(&field.as_str()));
        part
    };
    of_configs("connection", &part(old), &part(new))
}

pub(super) fn of_configs(object: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differ = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    differ.flat_map(|name| of_values(&format!("{object}: {name}"), old.get(name), new.get(name))).collect()
}

/// Two maps are compared key by key, so that one field more does not print all of them.
fn of_values(what: &str, old: Option<&Value>, new: Option<&Value>) -> Vec<String> {
    if let (Some(Value::Object(old)), Some(Value::Object(new))) = (old, new) {
        return of_configs(what, old, new);
    }
    let shown = |value: Option<&Value>| {
        let text = value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let short: String = text.chars().take(LONGEST).collect();
        if short.len() < text.len() { format!("{short}…") } else { text }
    };
    vec![format!("{what} was {}, and is {}", shown(old), shown(new))]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{mapping_changes, of_connection, of_mappings};

    #[test]
    fn order_and_bookkeeping_do_not_count() {
        let mapping = |object: &str, revision: i64| json!({ "object_name": object, "config": { "access": "read_only", "fields": { "Id": {} }, "revision": revision } });
        let old = json!({ "mappings": [mapping("Account", 1), mapping("Contact", 2)] });
        let new = json!({ "mappings": [mapping("Contact", 9), mapping("Account", 9)] });
        assert!(of_mappings(&old, &new).is_empty());
    }

    #[test]
    fn each_difference_is_named() {
        let old = json!({ "mappings": [
            { "object_name": "Account", "config": { "access": "read_write", "fields": { "Id": {}, "Name": {} } } },
            { "object_name": "Lead", "config": {} },
        ] });
        let new = json!({ "mappings": [
            { "object_name": "Account", "config": { "access": "read_only", "fields": { "Id": {} } } },
            { "object_name": "User", "config": {} },
        ] });
        assert_eq!(
            of_mappings(&old, &new),
            [
                "Account: access was \"read_write\", and is \"read_only\"",
                "Account: fields: Name was {}, and is nothing",
                "Lead is not mapped any more",
                "User is mapped, and was not",
            ]
        );
    }

    #[test]
    fn an_import_changes_only_what_it_names() {
        let now = json!({ "mappings": [
            { "object_name": "Account", "config": { "access": "read_only", "sf_polling_seconds": 600, "fields": { "Id": {}, "Fax": {} } } },
            { "object_name": "Lead", "config": { "access": "read_only" } },
        ] });
        let document = json!({ "mappings": [
            { "object_name": "Account", "config": { "access": "read_only", "fields": { "Id": {}, "Name": {} } } },
            { "object_name": "User", "config": { "fields": { "Id": {} } } },
        ] });
        assert_eq!(
            mapping_changes(&document, &now),
            [
                "Account: fields: Fax was {}, and is nothing",
                "Account: fields: Name was nothing, and is {}",
                "User is mapped anew"
            ]
        );
        assert!(mapping_changes(&now, &now).is_empty());
    }

    #[test]
    fn another_organisation_is_told_and_another_export_is_not() {
        let part = |organisation: &str, at: &str| json!({ "connection": { "organization_id": organisation, "exported_at": at } });
        assert!(of_connection(&part("00D1", "then"), &part("00D1", "now")).is_empty());
        let told = of_connection(&part("00D1", "then"), &part("00D2", "now"));
        assert_eq!(told, ["connection: organization_id was \"00D1\", and is \"00D2\""]);
    }
}

//! What an import would change, in sentences for those who approve it: bounded, and the worst first.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::differences::{mappings, of_configs};
use hcops_text::counted;

/// Sentences about single mappings that are told; the rest is counted.
const TOLD: usize = 30;
/// Names that are told of a list.
const NAMES: usize = 40;

/// The configuration of one mapping.
type Config = Map<String, Value>;

/// What an import of `document` into the connection called `name` would change of the configuration `now`.
pub(in crate::connect) fn import_notices(name: &str, document: &Value, now: &Value) -> Vec<String> {
    let (wanted, present) = (mappings(document), mappings(now));
    let both: Vec<(&String, &Config, &Config)> =
        wanted.iter().filter_map(|(object, config)| Some((object, config, present.get(object)?))).collect();
    let added: Vec<(&String, &Config)> = wanted.iter().filter(|(object, _)| !present.contains_key(*object)).collect();
    let (losses, mut changes) = (losses(&both), changes(&both));
    let silent = silent(&both);
    let mut notices: Vec<String> = other_org(name, document, now).into_iter().collect();
    let changed = both.iter().filter(|(_, config, now)| differs(config, now)).count();
    if added.is_empty() && changed == 0 && silent.is_none() {
        notices.push(format!("{name} is configured as the file says already: nothing would be sent."));
        return notices;
    }
    let (all, kept) = (counted(wanted.len() as u64, "mapping"), both.len() - changed);
    let others = counted((present.len() - both.len()) as u64, "mapping");
    notices.push(format!(
        "The file names {all} of {name}: {} would be added, {changed} changed, {kept} left as they are. {others} that it does \
         not name would stay.",
        added.len()
    ));
    notices.extend(silent);
    changes.splice(0..0, losses);
    let untold = changes.len().saturating_sub(TOLD);
    changes.truncate(TOLD);
    notices.append(&mut changes);
    if untold > 0 {
        notices.push(format!(
            "{untold} more changes like these are in the output of the step that checks the file (--json)."
        ));
    }
    notices.extend(additions(&added));
    notices
}

/// Settings that are there and of which the file says nothing, by mapping. Whether Connect keeps them is not documented, so
/// such a file is sent although everything else is so already.
pub(in crate::connect) fn unsaid<'a>(config: &Config, now: &'a Config) -> Vec<&'a str> {
    let is_set = |value: &Value| match value {
        Value::Null => false,
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    let left_out = now.iter().filter(|(name, value)| !config.contains_key(*name) && is_set(value));
    left_out.map(|(name, _)| name.as_str()).collect()
}

fn differs(config: &Config, now: &Config) -> bool {
    config.iter().any(|(setting, value)| now.get(setting) != Some(value))
}

/// Ids of orgs are the same with their last three characters or without.
fn other_org(name: &str, document: &Value, now: &Value) -> Option<String> {
    let org = |of: &Value| of["connection"]["organization_id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    let (of_file, of_connection) = (org(document)?, org(now)?);
    let same = of_file.get(..15).unwrap_or(&of_file) == of_connection.get(..15).unwrap_or(&of_connection);
    (!same).then(|| {
        format!(
            "The file is of the Salesforce org {of_file}, and {name} is of {of_connection}: objects and fields of another org \
             may not exist there."
        )
    })
}

/// Columns that would go.
fn losses(both: &[(&String, &Config, &Config)]) -> Vec<String> {
    let lost = both.iter().filter_map(|(object, config, now)| {
        let wanted = config.get("fields")?.as_object()?;
        let gone: Vec<&str> = fields(now).filter(|field| !wanted.contains_key(*field)).collect();
        (!gone.is_empty()).then(|| {
            format!(
                "{object} would lose {}: their columns are dropped, with what was built on them by SQL.",
                listed(&gone)
            )
        })
    });
    lost.collect()
}

/// Fields that would come, and settings that would be others.
fn changes(both: &[(&String, &Config, &Config)]) -> Vec<String> {
    let of_one = |(object, config, now): &(&String, &Config, &Config)| {
        let new: Vec<&str> = fields(config).filter(|field| fields(now).all(|other| other != *field)).collect();
        let gets = (!new.is_empty()).then(|| format!("{object} would get {}.", listed(&new)));
        let settings = |of: &Config| -> Config {
            let named = of.iter().filter(|(setting, _)| setting.as_str() != "fields" && config.contains_key(*setting));
            named.map(|(setting, value)| (setting.clone(), value.clone())).collect()
        };
        let others = of_configs(object, &settings(now), &settings(config));
        gets.into_iter().chain(others.into_iter().map(|other| format!("{other}.")))
    };
    both.iter().flat_map(of_one).collect()
}

fn fields(config: &Config) -> impl Iterator<Item = &str> {
    config.get("fields").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str())
}

fn silent(both: &[(&String, &Config, &Config)]) -> Option<String> {
    let mut by_setting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (object, config, now) in both {
        for setting in unsaid(config, now) {
            by_setting.entry(setting).or_default().push(object);
        }
    }
    let each: Vec<String> =
        by_setting.iter().map(|(setting, objects)| format!("{setting} ({})", listed(objects))).collect();
    (!each.is_empty()).then(|| {
        format!(
            "The file does not say these settings, which are set: {}. Whether Connect keeps them is not documented; the file \
             would be sent.",
            each.join("; ")
        )
    })
}

fn additions(added: &[(&String, &Config)]) -> Option<String> {
    let with_fields = |(object, config): &(&String, &Config)| {
        format!("{object} ({})", counted(fields(config).count() as u64, "field"))
    };
    let names: Vec<String> = added.iter().map(with_fields).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| format!("Would be added: {}.", listed(&names)))
}

fn listed(names: &[&str]) -> String {
    match names.len().checked_sub(NAMES) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..NAMES].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(org: &str, mappings: &Value) -> Value {
        json!({ "connection": { "organization_id": org }, "mappings": mappings })
    }

    #[test]
    fn what_would_be_lost_comes_first_and_what_is_added_is_named() {
        let now = document(
            "00D5e000001XYzQEAW",
            &json!([
                { "object_name": "Account", "config": { "access": "read_only", "fields": { "Id": {}, "Fax": {} } } },
                { "object_name": "Lead", "config": { "fields": { "Id": {} } } },
            ]),
        );
        let file = document(
            "00D5e000001XYzQ",
            &json!([
                { "object_name": "Account", "config": { "access": "read_write", "fields": { "Id": {}, "Name": {} } } },
                { "object_name": "Case", "config": { "fields": { "Id": {} } } },
            ]),
        );
        assert_eq!(
            import_notices("hc", &file, &now),
            [
                "The file names 2 mappings of hc: 1 would be added, 1 changed, 0 left as they are. 1 mapping that it does not name would stay.",
                "Account would lose Fax: their columns are dropped, with what was built on them by SQL.",
                "Account would get Name.",
                "Account: access was \"read_only\", and is \"read_write\".",
                "Would be added: Case (1 field).",
            ]
        );
    }

    #[test]
    fn another_org_is_told_and_so_is_what_the_file_does_not_say() {
        let config = |indexes: &Value| json!({ "fields": { "Id": {} }, "indexes": indexes });
        let one = |org: &str, config: &Value| document(org, &json!([{ "object_name": "Account", "config": config }]));
        let now = one("00D000000000001", &config(&json!({ "Id": {} })));
        assert!(import_notices("hc", &now, &now)[0].contains("nothing would be sent"));
        let told = import_notices("hc", &one("00D000000000002", &json!({ "fields": { "Id": {} } })), &now);
        assert!(told[0].contains("00D000000000002, and hc is of 00D000000000001"), "{told:?}");
        assert!(told.iter().any(|notice| notice.contains("indexes (Account)")), "{told:?}");
        let unset = one("", &config(&json!({})));
        assert!(import_notices("hc", &one("", &json!({ "fields": { "Id": {} } })), &unset)[0].contains("already"));
    }

    #[test]
    fn six_hundred_mappings_stay_readable() {
        let many = |fields: &Value| {
            let each =
                (0..600).map(|n| json!({ "object_name": format!("Object{n:03}__c"), "config": { "fields": fields } }));
            document("", &each.collect())
        };
        let (one, two) = (many(&json!({ "Id": {} })), many(&json!({ "Id": {}, "Name": {} })));
        for (file, now) in [(&two, &one), (&one, &two), (&one, &document("", &json!([])))] {
            let told = import_notices("hc", file, now);
            assert!(told.len() < 40 && told.join("").len() < 6_000, "{told:#?}");
        }
    }
}

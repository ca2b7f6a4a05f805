//! Answers without whatever is optional in them.
//!
//! What has to be there is what the official clients' own types require: heroku/cli (src/lib/pg/types.ts),
//! heroku/typescript-api-schema (dist/3.sdk/types.d.ts, dist/data/types.d.ts) and heroku-connect-plugin
//! (src/lib/connect/api.ts). Everywhere a key that holds `null` goes. A database, a connection and a mapping also lose the
//! keys that these types call optional, or do not name at all, where another key or answer tells the same.

use serde_json::Value;

/// Keys of a database that both types of the official client require, those of Essential databases and of the others; and
/// two that only a follower has a value for.
const DATABASE: [&str; 12] = [
    "addon_id",
    "created_at",
    "database_name",
    "database_user",
    "following",
    "info",
    "leader",
    "name",
    "num_bytes",
    "plan",
    "resource_url",
    "waiting?",
];

/// Keys of a connection that the plugin's type calls optional or does not name, and that tell nothing of their own.
const OF_CONNECTION: [&str; 14] = [
    "_id",
    "addon_id",
    "app_id",
    "app_name",
    "created_at",
    "internal_name",
    "logplex_log_enabled",
    "mappings_summary_state",
    "metrics",
    "name",
    "organization_id",
    "resource_name",
    "sf_instance",
    "tags",
];

/// Keys of a mapping that the plugin's type does not name, and that tell nothing of their own.
const OF_MAPPING: [&str; 8] =
    ["_id", "access", "actively_writing", "created_at", "is_polling", "state_description", "sync_flags", "updated_at"];

/// Leaves out of the answer to this request what is optional in it.
pub(super) fn leave_out(method: &str, path: &str, body: &mut Value) {
    without_null(body);
    let path = path.split('?').next().unwrap_or(path).trim_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    match (method, segments.as_slice()) {
        ("GET", ["client", "v11", "databases", _]) => retain(body, |key| DATABASE.contains(&key)),
        ("GET", [.., "upgrade", "wait_status"]) => retain(body, |key| key != "step"),
        ("GET", ["api", "v3", "connections", _]) => {
            retain(body, |key| !OF_CONNECTION.contains(&key));
            body["mappings"].as_array_mut().into_iter().flatten().for_each(of_mapping);
        }
        ("GET", ["api", "v3", "mappings", _]) => of_mapping(body),
        _ => {}
    }
}

fn of_mapping(mapping: &mut Value) {
    retain(mapping, |key| !OF_MAPPING.contains(&key));
}

fn retain(body: &mut Value, is_kept: impl Fn(&str) -> bool) {
    if let Value::Object(fields) = body {
        fields.retain(|key, _| is_kept(key));
    }
}

fn without_null(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::leave_out;

    #[test]
    fn a_leader_has_no_following_and_a_follower_keeps_it() {
        let mut leader =
            json!({"name": "a", "following": null, "num_tables": 7, "postgres_version": "PostgreSQL 16.9"});
        leave_out("GET", "/client/v11/databases/a", &mut leader);
        assert_eq!(leader, json!({"name": "a"}));
        let mut follower = json!({"name": "b", "following": "postgres://h/d", "hot_standby?": true});
        leave_out("GET", "/client/v11/databases/b?x=1", &mut follower);
        assert_eq!(follower, json!({"name": "b", "following": "postgres://h/d"}));
    }

    #[test]
    fn null_goes_everywhere_and_what_is_required_stays() {
        let mut app = json!([{"id": "1", "name": "a", "maintenance": false, "team": null, "space": {"id": null}}]);
        leave_out("GET", "/apps", &mut app);
        assert_eq!(app, json!([{"id": "1", "name": "a", "maintenance": false, "space": {}}]));
        let mut mapping = json!({"id": "m", "object_name": "Account", "state": "DATA_SYNCED", "access": "read_only"});
        leave_out("GET", "/api/v3/mappings/m", &mut mapping);
        assert_eq!(mapping, json!({"id": "m", "object_name": "Account", "state": "DATA_SYNCED"}));
    }
}

//! Connections and mappings as JSON. Fields: docs/heroku/connect.md, "Discovery", "Connection" and "Mapping".

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::api::Call;
use crate::world::{Connection, Database, Mapping, Notification, World, WriteError};

/// ISO time with microseconds and `Z`.
pub(super) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// The other format, of a mapping's `times`: a space and a numeric offset.
fn spaced_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S.%6f+00:00").to_string()
}

/// A connection as discovery finds it: with its region, without its state.
pub(super) fn found(world: &World, call: &Call, connection: &Connection) -> Value {
    let app = world.app(&connection.app).map(|app| app.id.clone()).unwrap_or_default();
    let origin = call.origin();
    json!({
        "id": connection.id, "resource_name": world.resource_name(connection), "display_name": connection.name,
        "addon_type": "Sync", "app_name": connection.app, "app_id": app, "region": "us",
        "region_url": origin, "region_flag": "united-states", "region_label": "Virginia (US)", "cell": "virginia-3",
        "cell_label": "Virginia 3 (US)", "detail_url": format!("{origin}/api/v3/connections/{}", connection.id),
    })
}

/// A connection as its region shows it, with mappings when `deep`. Its `detail_url` is relative: a trap that the real
/// API has (docs/heroku/connect.md, "Discovery").
pub(super) fn connection(world: &World, call: &Call, connection: &Connection, deep: bool) -> Value {
    let app = world.app(&connection.app).ok();
    let behind = shown_database(world, connection);
    let path = format!("/api/v3/connections/{}", connection.id);
    let salesforce = &connection.salesforce;
    let healthy = connection.mappings.iter().all(|mapping| !mapping.state.ends_with("ERROR"));
    let mut shown = json!({
        "id": connection.id, "_id": connection.number, "name": connection.name, "addon_id": connection.addon,
        "app_name": connection.app, "team_name": app.and_then(|app| app.team.clone()),
        "enterprise_account_name": null, "app_id": app.map(|app| &app.id), "schema_name": connection.schema_name,
        "db_key": connection.db_key,
        "database": {
            "host": behind.map(|database| &database.host), "database": behind.map(|database| &database.database),
            "port": behind.map(|database| database.port),
        },
        "organization_id": salesforce.organization_id, "state": connection.state,
        "mappings_summary_state": if healthy { "OK" } else { "ERROR" }, "detail_url": path, "tags": [],
        "sf_info": {
            "username": salesforce.username, "organization_id": salesforce.organization_id,
            "environment": salesforce.environment, "domain": salesforce.domain,
            "api_version": salesforce.api_version,
        },
        "created_at": time(connection.created_at), "auth_updated": time(connection.authorized_at.unwrap_or(connection.created_at)),
        "plan": connection.plan, "free_edition": connection.plan == "demo", "dogwood": false, "user_info": null,
        "metrics": { "last_write_activity_time": connection.last_write_at.map(time) }, "logplex_log_enabled": true,
        "deletable": false, "resource_name": world.resource_name(connection), "large_query_threshold": 10_000,
        "bulk_page_size": 150_000, "features": connection.features, "internal_name": connection.app,
        "notifications_url": format!("{path}/notifications"), "odata": null, "soap_batch_size": 200,
        "sf_instance": "NA231", "sf_region": null,
    });
    if deep {
        shown["mappings"] = connection.mappings.iter().map(|found| mapping(world, call, connection, found)).collect();
    }
    shown
}

/// The database that Connect shows, which may lag behind the config var.
fn shown_database<'a>(world: &'a World, connection: &Connection) -> Option<&'a Database> {
    let var = connection.db_key.as_deref().unwrap_or_default();
    if world.behaviour.connect_hides_the_database {
        return None;
    }
    let lag = i64::try_from(world.behaviour.connect_settings_lag).unwrap_or(i64::MAX);
    let moved = world.attachments.iter().find(|attachment| {
        attachment.app == connection.app
            && format!("{}_URL", attachment.name) == var
            && world.settled_at.duration_since(attachment.created_at).as_secs() < lag
    });
    match moved.and_then(|attachment| attachment.replaces.as_deref()) {
        Some(before) => world.database(before).ok(),
        None => world.database_behind(&connection.app, var),
    }
}

pub(super) fn mapping(world: &World, call: &Call, connection: &Connection, mapping: &Mapping) -> Value {
    let path = format!("/api/v3/mappings/{}", mapping.id);
    let polled = mapping.polled_at.unwrap_or(mapping.created_at);
    let writes = mapping.access == "read_write";
    let first_writer = connection.mappings.iter().find(|other| other.access == "read_write");
    let counts_log = first_writer.is_some_and(|first| first.id == mapping.id);
    let pending = if counts_log { connection.trigger_log.pending() } else { 0 };
    let table = mapping.object_name.to_lowercase();
    let errors = connection.errors.iter().filter(|error| error.table_name == table).count();
    json!({
        "id": mapping.id, "_id": mapping.number, "object_name": mapping.object_name, "state": mapping.state,
        "config": config(mapping, true), "detail_url": path, "errors_url": format!("{path}/errors"),
        "schema_url": format!("{}/api/v3/connections/{}/schemas/{}", call.origin(), connection.id, mapping.object_name),
        "created_at": time(mapping.created_at), "updated_at": time(mapping.updated_at),
        "connection": { "id": connection.id }, "sf_notify_enabled": mapping.notify,
        "sf_polling_seconds": mapping.polling_seconds, "access": mapping.access,
        "counts": { "db": rows_in_database(world, connection, mapping), "sf": mapping.rows, "pending": pending, "errors": errors },
        "actively_writing": writes && connection.state == "POLLING_DB_CHANGES",
        "state_description": if mapping.is_synced() { "OK" } else { mapping.state.as_str() }, "sync_flags": {},
        "times": {
            "sf_poll": spaced_time(polled),
            "sf_write": connection.last_write_at.filter(|_| writes).map(spaced_time),
            "db_poll": spaced_time(world.settled_at), "db_write": spaced_time(polled),
        },
        "has_hc_columns": true, "db_count_date": time(polled), "salesforce_count_date": time(polled),
        "is_polling": mapping.state.starts_with("POLLING"), "upsert_field": mapping.upsert_field,
    })
}

/// A database that was restored to a past moment lacks what came after it, until the table is loaded again.
fn rows_in_database(world: &World, connection: &Connection, mapping: &Mapping) -> u64 {
    let behind = world.database_behind(&connection.app, connection.db_key.as_deref().unwrap_or_default());
    let restored = behind.filter(|database| database.rolled_back_to.is_some()).map(|database| database.created_at);
    let stale = restored.is_some_and(|restored| mapping.reloaded_at.is_none_or(|reloaded| reloaded < restored));
    if stale { mapping.rows - mapping.rows / 100 } else { mapping.rows }
}

/// A mapping's configuration; `revision` is in the API's form only, not in exports.
pub(super) fn config(mapping: &Mapping, revision: bool) -> Value {
    let fields: Map<String, Value> = mapping.fields.iter().map(|field| (field.clone(), json!({}))).collect();
    let indexes: Map<String, Value> =
        mapping.indexes.iter().map(|(field, unique)| (field.clone(), json!({ "unique": unique }))).collect();
    let mut config = json!({
        "access": mapping.access, "sf_notify_enabled": mapping.notify, "sf_polling_seconds": mapping.polling_seconds,
        "sf_max_daily_api_calls": 30_000, "fields": fields, "indexes": indexes,
        "applied_at": time(mapping.updated_at),
    });
    if revision {
        config["revision"] = json!(mapping.revision);
    }
    if let Some(field) = &mapping.upsert_field {
        config["upsert_field"] = json!(field);
    }
    config
}

/// What a validation finds on a mapping: docs/heroku/connect.md, "Validations".
pub(super) fn findings(mapping: &Mapping) -> Value {
    let failed = |name: &str, message: &str| json!({ "display_name": name, "message": message, "status": "FAILED" });
    let mut errors: Vec<Value> = mapping.findings.iter().map(|(name, message)| failed(name, message)).collect();
    if mapping.access == "read_write" && mapping.upsert_field.is_none() {
        errors
            .push(failed("Unique Identifier", "A mapping that writes to Salesforce should have a unique identifier."));
    }
    json!({
        "errors": errors, "warnings": [], "passes": [{ "display_name": "Number of Fields", "message": "" }], "skips": [],
    })
}

pub(super) fn errors<'a>(errors: impl Iterator<Item = &'a WriteError>) -> Value {
    let results: Vec<Value> = errors
        .map(|error| {
            json!({
                "id": error.id, "table_name": error.table_name, "record_id": error.record_id,
                "message": error.message, "created_at": time(error.created_at),
            })
        })
        .collect();
    json!({ "count": results.len(), "results": results })
}

pub(super) fn notification(notice: &Notification) -> Value {
    json!({
        "id": notice.id, "created_at": time(notice.created_at), "event_type": notice.event_type,
        "message": notice.message, "acknowledged": false,
    })
}

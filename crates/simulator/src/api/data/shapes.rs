//! The database object: docs/heroku/data.md, "Database".

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{Database, Plan, PlanName, World, id_of};

/// Times as the Data API writes them.
pub(super) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S +0000").to_string()
}

pub(super) fn database(world: &World, database: &Database) -> Value {
    let addon = world.addon(&database.addon).ok();
    let plan = addon.map_or("", |addon| addon.plan.as_str());
    let leader = database.following.as_deref().and_then(|id| world.database(id).ok());
    let leader_name = leader.and_then(|leader| world.addon(&leader.addon).ok()).map(|addon| addon.name.clone());
    let shown_leader = match (&leader_name, world.behaviour.leader_as_object) {
        (Some(name), true) => json!({ "addon_id": database.following, "name": name }),
        (name, _) => json!(name),
    };
    let follows = leader.is_some();
    let committed = database.commits / 1_000;
    json!({
        "addon_id": database.addon, "name": addon.map(|addon| &addon.name), "heroku_resource_id": database.addon,
        "metaas_source": null, "created_at": time(database.created_at),
        "formation": { "id": id_of(&format!("formation {}", database.addon)), "primary": database.addon },
        "plan": plan.rsplit(':').next(), "port": database.port, "database_name": database.database,
        "database_user": database.user, "database_password": database.password, "resource_url": database.url(None),
        "postgres_version": format!("PostgreSQL {}", database.version), "available_for_ingress": true,
        "credentials": database.credentials.len() + 1, "num_bytes": database.bytes, "num_tables": database.tables,
        "num_connections": connections(world, database), "num_connections_waiting": 0,
        "current_transaction": committed,
        "target_transaction": leader.map(|leader| leader.commits / 1_000),
        "forked_from": database.forked_from.as_deref().and_then(|id| Some(world.database(id).ok()?.url(None))),
        "following": leader.map(|leader| leader.url(None)), "leader": shown_leader,
        "hot_standby?": follows, "standalone?": !follows, "is_in_recovery?": follows,
        "waiting?": database.waiting.is_some(), "info": info(world, database, plan, leader),
    })
}

/// Each app that writes and Connect itself hold a few connections.
fn connections(world: &World, database: &Database) -> u64 {
    let attached = world.attachments.iter().filter(|attachment| attachment.addon == database.addon).count();
    2 + 3 * u64::try_from(attached).unwrap_or(0)
}

/// The order in which the real answer has its lines (docs/heroku/data.md, "Database").
const LINES: [&str; 23] = [
    "Plan",
    "Status",
    "HA Status",
    "Data Size",
    "Tables",
    "PG Version",
    "Connections",
    "Connection Pooling",
    "Credentials",
    "Following",
    "Forked From",
    "Behind By",
    "Fork/Follow",
    "Followers",
    "Forks",
    "Rollback",
    "Created",
    "Region",
    "Data Encryption",
    "Continuous Protection",
    "Enhanced Certificates",
    "Maintenance",
    "Maintenance window",
];

fn info(world: &World, database: &Database, plan: &str, leader: Option<&Database>) -> Value {
    let mut lines = of_every_plan(world, database, plan);
    if !plan.is_essential() {
        lines.extend(beyond_essential(world, database, plan, leader));
    }
    for (name, shown) in &database.info {
        lines.retain(|other| other["name"] != name.as_str());
        lines.push(line(name, json!(shown)));
    }
    let place = |line: &Value| LINES.iter().position(|name| line["name"] == *name);
    lines.sort_by_cached_key(|line| place(line).unwrap_or(LINES.len()));
    Value::Array(lines)
}

fn line(name: &str, value: Value) -> Value {
    json!({ "name": name, "values": [value] })
}

fn urls(name: &str, urls: Vec<String>) -> Value {
    json!({ "name": name, "values": urls, "resolve_db_name": true })
}

fn of_every_plan(world: &World, database: &Database, plan: &str) -> Vec<Value> {
    vec![
        line("Plan", json!(plan.human())),
        line("Status", json!(status(database))),
        line("Data Size", json!(data_size(database, plan))),
        line("Tables", json!(database.tables)),
        line("PG Version", json!(database.version)),
        line("Connections", json!(format!("{}/{}", connections(world, database), limits(plan).1))),
        line("Fork/Follow", json!(database.fork_follow(plan))),
        line("Rollback", json!(rollback(world, database, plan))),
        line("Created", json!(database.created_at.strftime("%Y-%m-%d %H:%M").to_string())),
        line("Continuous Protection", json!(if plan.is_essential() { "Off" } else { "On" })),
    ]
}

fn beyond_essential(world: &World, database: &Database, plan: &str, leader: Option<&Database>) -> Vec<Value> {
    let maintenance = match database.maintenance.as_str() {
        "none" | "completed" => "not required",
        other => other,
    };
    let mut lines = vec![
        line("Connection Pooling", json!("Available")),
        line("Credentials", json!(database.credentials.len() + 1)),
        line("Region", json!("us")),
        line("Data Encryption", json!("In Use")),
        line("Enhanced Certificates", json!("Off")),
        line("Maintenance", json!(maintenance)),
        line("Maintenance window", json!(database.maintenance_window)),
    ];
    if plan.is_highly_available() {
        lines.push(line("HA Status", json!("Available")));
    }
    if let Some(origin) = database.forked_from.as_deref().and_then(|id| world.database(id).ok()) {
        lines.push(urls("Forked From", vec![origin.url(None)]));
    }
    match leader {
        Some(leader) => {
            lines.push(urls("Following", vec![leader.url(None)]));
            lines.push(line("Behind By", json!(format!("{} commits", database.behind_by()))));
        }
        None => {
            lines.push(urls("Followers", related(world, |other| &other.following, &database.addon)));
            lines.push(urls("Forks", related(world, |other| &other.forked_from, &database.addon)));
        }
    }
    lines
}

fn related(world: &World, link: impl Fn(&Database) -> &Option<String>, to: &str) -> Vec<String> {
    world.databases.iter().filter(|other| link(other).as_deref() == Some(to)).map(|other| other.url(None)).collect()
}

fn status(database: &Database) -> &'static str {
    if database.waiting.is_some() { "Preparing" } else { "Available" }
}

/// Gigabytes and connections that the plan allows.
fn limits(plan: &str) -> (u64, u64) {
    Plan::find(plan).map_or((64, 120), |plan| (plan.gigabytes, plan.connections))
}

fn data_size(database: &Database, plan: &str) -> String {
    let limit = limits(plan).0;
    let hundredths = database.bytes / 10_000_000;
    // Rounded to the nearest hundredth of a percent.
    let share = (hundredths * 200 / limit.max(1)).div_ceil(2);
    let fraction = format!("{:02}", hundredths % 100);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!(
        "{}{point}{fraction} GB / {limit} GB ({}.{:02}%) (In compliance)",
        hundredths / 100,
        share / 100,
        share % 100
    )
}

fn rollback(world: &World, database: &Database, plan: &str) -> String {
    if plan.is_essential() {
        return "Unsupported".to_owned();
    }
    if database.following.is_some() {
        return "Unavailable on followers".to_owned();
    }
    let earliest = world.earliest_rollback(database);
    format!("earliest from {}", earliest.strftime("%Y-%m-%d %H:%M UTC"))
}

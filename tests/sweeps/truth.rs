//! What is really so in the simulated world, told without the code under test.

use hcops::model::Plan;
use hcops::simulator::World;
use hcops::simulator::world::{Attachment, Database, Upgrade};
use serde_json::Value;

/// Whether a standing condition is kept in this world. A hold that is not known here fails the
/// sweep: a new one has to be told apart first.
pub(crate) fn is_kept(hold: &str, plan: &Plan, world: &World) -> bool {
    match hold {
        "connection-paused" => world.connections.iter().all(|connection| connection.state == "PAUSED"),
        "apps-silent" | "apps-silent-but-releases" => apps_are_silent(plan, world),
        "follower-follows" => new_database(plan, world).following.is_some(),
        "follower-caught-up" => new_database(plan, world).lag == 0,
        "new-database-writable" => {
            let database = new_database(plan, world);
            database.following.is_none() && database.waiting.is_none()
        }
        "connection-on-new-database" => connection_reads(world) == Some(new_database(plan, world).addon.clone()),
        "upgrade-scheduled" => {
            matches!(database(plan, world).upgrade, Some(Upgrade::Scheduled { .. }))
        }
        "database-writable" => {
            let database = database(plan, world);
            database.following.is_none() && database.waiting.is_none()
        }
        "connection-on-this-database" => connection_reads(world) == Some(database(plan, world).addon.clone()),
        other => panic!("tests/sweeps/truth.rs does not know the hold {other}"),
    }
}

/// Commits of the old database that the new one never got, and writers that wrote to the old one after it was left.
/// Nothing where the procedure replaces no database.
pub(crate) fn lost(plan: &Plan, world: &World) -> Vec<String> {
    if !plan.inputs.contains_key("follower_name") {
        return Vec::new();
    }
    let new = new_database(plan, world);
    let mut lost = Vec::new();
    let Some(unfollowed) = &new.unfollowed else { return vec!["it never ceased to follow".to_owned()] };
    if unfollowed.missing_commits > 0 {
        lost.push(format!("{} commits are missing in the new database", unfollowed.missing_commits));
    }
    let old = world.databases.iter().find(|database| database.addon == unfollowed.leader);
    for (writer, writes) in old.iter().flat_map(|old| &old.writes) {
        if writes.last_at > unfollowed.at {
            lost.push(format!("{writer} wrote to the old database at {}, after {}", writes.last_at, unfollowed.at));
        }
    }
    lost
}

/// Where two essences differ, as pointers: short enough for a message.
pub(crate) fn differences(left: &Value, right: &Value) -> Vec<String> {
    let mut found = Vec::new();
    differ(left, right, String::new(), &mut found);
    found
}

fn differ(left: &Value, right: &Value, place: String, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                differ(&left[key], &right[key], format!("{place}/{key}"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differ(a, b, format!("{place}/{index}"), found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{place}: {a} is not {b}")),
    }
}

fn apps_are_silent(plan: &Plan, world: &World) -> bool {
    let named = |name: &str| world.apps.iter().find(|app| app.name == name);
    plan.facts["apps"].as_array().unwrap().iter().all(|facts| {
        let app = named(facts["name"].as_str().unwrap()).unwrap();
        let quiet = |kind: &str| kind == "web" || kind == "release";
        let none_but_web = app.formation.iter().all(|process| process.quantity == 0 || quiet(&process.kind));
        app.maintenance && app.one_offs.is_empty() && none_but_web
    })
}

fn new_database<'w>(plan: &Plan, world: &'w World) -> &'w Database {
    database_named(plan.inputs["follower_name"].as_str().unwrap(), world)
}

/// The database that the connection used when the plan was made.
fn database<'w>(plan: &Plan, world: &'w World) -> &'w Database {
    database_named(plan.facts["database"]["name"].as_str().unwrap(), world)
}

fn database_named<'w>(name: &str, world: &'w World) -> &'w Database {
    let addon = world.addons.iter().find(|addon| addon.name == name).unwrap();
    world.databases.iter().find(|database| database.addon == addon.id).unwrap()
}

fn connection_reads(world: &World) -> Option<String> {
    let connection = world.connections.first()?;
    let name = connection.db_key.as_deref()?.strip_suffix("_URL")?;
    let behind = |attachment: &&Attachment| attachment.app == connection.app && attachment.name == name;
    world.attachments.iter().find(behind).map(|attachment| attachment.addon.clone())
}

//! What is really so in the simulated world, told without the code under test.

use std::collections::{BTreeMap, BTreeSet};

use hcops_model::Plan;
use hcops_simulator::World;
use hcops_simulator::world::{Attachment, Database, Mapping, Upgrade};
use serde_json::Value;

/// Whether a standing condition is kept in this world. A hold that is not known here fails the
/// sweep: a new one has to be told apart first.
pub(crate) fn is_kept(hold: &str, plan: &Plan, world: &World) -> bool {
    match hold {
        "connection-paused" => world.connections.iter().all(|connection| connection.state == "PAUSED"),
        "apps-silent" | "apps-silent-but-releases" => apps_are_silent(plan, world),
        "as-planned" => {
            let old = &database(plan, world).addon;
            let alias = plan.facts["leader_alias"].as_str();
            let planned = plan.facts["attachments"].as_array().unwrap();
            let is_planned = |one: &Attachment| {
                planned.iter().any(|planned| planned["app"] == one.app.as_str() && planned["name"] == one.name.as_str())
            };
            let mut attached = world.attachments.iter().filter(|one| &one.addon == old);
            attached.all(|one| is_planned(one) || Some(one.name.as_str()) == alias)
        }
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
        // It tells what has passed since an earlier look; `lost` judges that by the world.
        "old-database-untouched" => true,
        "target-empty" => new_database(plan, world).tables == 0,
        "copy-whole" => new_database(plan, world).tables == database(plan, world).tables,
        "connection-healthy" => world.connections.iter().all(|connection| connection.is_syncing()),
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
    match plan.procedure.as_str() {
        _ if plan.method == "copy" => lost_by_copying(plan, world),
        "connect-authorize" => named(world.connections[0].authorized_at.is_none(), "nobody has logged in"),
        "connect-import" => named(plan_of_import(plan) != fields_in(world), "the mappings are not as the file says"),
        "connect-reload" => never_reloaded(plan, world),
        // It silences nobody: what is written meanwhile is not in the copy.
        "postgres-copy" => named(new_database(plan, world).copied.is_none(), "it was never copied"),
        _ if plan.method == "operation" => Vec::new(),
        "connection-recreate" => unlike_before(plan, world),
        "field-change" => unlike_salesforce(plan, world),
        "rollback-recovery" => not_reloaded(plan, world),
        _ => lost_by_following(plan, world),
    }
}

/// What a connection that was made anew has otherwise than the one before, or has not loaded.
fn unlike_before(plan: &Plan, world: &World) -> Vec<String> {
    let name = plan.inputs["new_name"].as_str().unwrap();
    let addon = world.addons.iter().find(|addon| addon.name == name).unwrap();
    let new = world.connections.iter().find(|connection| connection.addon == addon.id).unwrap();
    let old = world.removed_connections.last().unwrap();
    let mut lost = Vec::new();
    let mut compare = |what: &str, same: bool| {
        if !same {
            lost.push(format!("{what} is not as before"));
        }
    };
    compare("the plan", new.plan == old.plan);
    compare("the database", (&new.db_key, &new.schema_name) == (&old.db_key, &old.schema_name));
    compare("the API version", new.salesforce.api_version == old.salesforce.api_version);
    compare("the features", new.features == old.features);
    for mapping in &old.mappings {
        let same = |other: &&Mapping| {
            (&other.object_name, &other.access, &other.upsert_field)
                == (&mapping.object_name, &mapping.access, &mapping.upsert_field)
        };
        let found = new.mappings.iter().find(same);
        compare(
            &mapping.object_name,
            found.is_some_and(|found| found.rows == mapping.rows && found.fields.len() == mapping.fields.len()),
        );
    }
    if old.trigger_log.pending() > 0 {
        lost.push("rows of the trigger log were lost with the connection".to_owned());
    }
    lost
}

/// Commits of the old database that the copy never got.
fn lost_by_copying(plan: &Plan, world: &World) -> Vec<String> {
    let Some(copied) = &new_database(plan, world).copied else {
        return vec!["it was never copied".to_owned()];
    };
    let old = world.databases.iter().find(|database| database.addon == copied.from).unwrap();
    let missing = old.commits - copied.commits;
    if missing == 0 { Vec::new() } else { vec![format!("{missing} thousandths of commits are missing in the copy")] }
}

fn named(is_so: bool, loss: &str) -> Vec<String> {
    if is_so { vec![loss.to_owned()] } else { Vec::new() }
}

/// The fields of each mapping that the file names.
fn plan_of_import(plan: &Plan) -> BTreeMap<String, BTreeSet<String>> {
    let mappings = plan.inputs["file"]["mappings"].as_array().unwrap();
    let fields = |mapping: &Value| mapping["config"]["fields"].as_object().unwrap().keys().cloned().collect();
    mappings.iter().map(|mapping| (mapping["object_name"].as_str().unwrap().to_owned(), fields(mapping))).collect()
}

/// The fields of the mappings that the sweep's file names.
fn fields_in(world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let mappings =
        world.connections[0].mappings.iter().filter(|mapping| ["User", "Lead"].contains(&mapping.object_name.as_str()));
    mappings.map(|mapping| (mapping.object_name.clone(), mapping.fields.iter().cloned().collect())).collect()
}

/// Of the mappings that were named, those whose table was never loaded again.
fn never_reloaded(plan: &Plan, world: &World) -> Vec<String> {
    let objects = plan.inputs["mappings"].as_array().unwrap();
    let mappings = world.connections.iter().flat_map(|connection| &connection.mappings);
    let stale = mappings
        .filter(|mapping| objects.contains(&Value::from(mapping.object_name.clone())) && mapping.reloaded_at.is_none());
    stale.map(|mapping| format!("{} was not reloaded", mapping.object_name)).collect()
}

/// Mappings whose table was not loaded again since the rollback database was made.
fn not_reloaded(plan: &Plan, world: &World) -> Vec<String> {
    let made = new_database(plan, world).created_at;
    let mappings = world.connections.iter().flat_map(|connection| &connection.mappings);
    let stale = mappings.filter(|mapping| mapping.reloaded_at.is_none_or(|reloaded| reloaded < made));
    stale.map(|mapping| format!("{} was not reloaded", mapping.object_name)).collect()
}

/// Whether the field's column is not what Salesforce has.
fn unlike_salesforce(plan: &Plan, world: &World) -> Vec<String> {
    let text = |name: &str| plan.inputs[name].as_str().unwrap();
    let mut mappings = world.connections.iter().flat_map(|connection| &connection.mappings);
    let mapping = mappings.find(|mapping| mapping.object_name == text("object")).unwrap();
    let (column, now) = (mapping.columns.get(text("field")), mapping.definitions.get(text("field")));
    if column == now { Vec::new() } else { vec![format!("the column is {column:?}, and Salesforce has {now:?}")] }
}

/// The same where the new database followed the old one.
fn lost_by_following(plan: &Plan, world: &World) -> Vec<String> {
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
    let named =
        plan.inputs.get("follower_name").or_else(|| plan.inputs.get("new_name")).or_else(|| plan.inputs.get("target"));
    database_named(named.and_then(Value::as_str).unwrap(), world)
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

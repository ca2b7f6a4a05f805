//! What another operator may do in the middle of a run.

use crate::simulator::world::{AttachmentOrder, OneOff, Process, Refusal, World};

type Change = fn(&mut World, Option<&str>) -> Result<(), Refusal>;

const KINDS: &[(&str, Change)] = &[
    ("maintenance-off", |world, target| world.set_maintenance(&app(world, target), false)),
    ("maintenance-on", |world, target| world.set_maintenance(&app(world, target), true)),
    ("scale-up", scale_up),
    ("new-process", new_process),
    ("rename-process", rename_process),
    ("rename-addon", rename_addon),
    ("rename-app", rename_app),
    ("new-app", new_app),
    ("one-off-dyno", one_off_dyno),
    ("outside-writer", outside_writer),
    ("resume-connection", |world, target| world.resume(&connection(world, target))),
    ("pause-connection", |world, target| world.pause(&connection(world, target))),
    ("rename-schema", |world, target| {
        world.rename_schema(target.unwrap_or("salesforce"));
        Ok(())
    }),
    ("delete-mapping", delete_mapping),
    ("save-mapping", save_mapping),
    ("break-mapping", break_mapping),
    ("detach", detach),
    ("repoint", repoint),
    ("destroy-follower", |world, target| world.remove_addon(&follower(world, target)).map(|_| ())),
    ("unfollow", |world, target| world.unfollow(&follower(world, target))),
    ("schedule-upgrade", |world, target| world.prepare_upgrade(&leader(world, target), None)),
    ("cancel-upgrade", |world, target| world.cancel_upgrade(&leader(world, target))),
    ("plan-maintenance", |world, target| world.plan_maintenance(&leader(world, target))),
    ("run-maintenance", run_maintenance),
    ("config-change", config_change),
];

/// Checks the kind of a drift.
pub(super) fn check(kind: Option<&str>) -> Result<(), String> {
    if KINDS.iter().any(|(name, _)| Some(*name) == kind) {
        return Ok(());
    }
    let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    let kind = kind.unwrap_or_default();
    Err(format!("there is no drift {kind:?}; write drift:KIND with one of: {}", names.join(", ")))
}

/// Lets the other operator act. What is impossible just then does not happen.
pub(super) fn drift(world: &mut World, kind: &str, target: Option<&str>) {
    if let Some((_, change)) = KINDS.iter().find(|(name, _)| *name == kind) {
        let _impossible_just_then = change(world, target);
    }
}

fn run_maintenance(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let database = leader(world, target);
    world.plan_maintenance(&database)?;
    world.run_maintenance(&database)
}

fn app(world: &World, target: Option<&str>) -> String {
    target.map(str::to_owned).or_else(|| world.apps.first().map(|app| app.name.clone())).unwrap_or_default()
}

fn connection(world: &World, target: Option<&str>) -> String {
    let named = |name: &str| world.connections.iter().find(|c| world.resource_name(c) == name || c.id == name);
    let found = target.map_or_else(|| world.connections.first(), named);
    found.map(|connection| connection.id.clone()).unwrap_or_default()
}

fn follower(world: &World, target: Option<&str>) -> String {
    let first = || world.databases.iter().find(|database| database.following.is_some()).map(|d| d.addon.clone());
    target.map(str::to_owned).or_else(first).unwrap_or_default()
}

fn leader(world: &World, target: Option<&str>) -> String {
    let first = || world.databases.iter().find(|database| database.following.is_none()).map(|d| d.addon.clone());
    target.map(str::to_owned).or_else(first).unwrap_or_default()
}

fn scale_up(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let app = app(world, target);
    let kinds: Vec<String> =
        world.app(&app)?.formation.iter().filter(|p| p.kind != "release").map(|p| p.kind.clone()).collect();
    let worker = kinds.iter().find(|kind| *kind != "web").or(kinds.first()).cloned().unwrap_or_default();
    world.scale(&app, &worker, Some("+1"), None)
}

/// A deploy brings a process type that writes, and somebody has scaled it up.
fn new_process(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let (id, name) = (world.ids.give(), app(world, target));
    let app = world.app_mut(&name)?;
    app.formation.push(Process {
        id,
        kind: "indexer".to_owned(),
        quantity: 2,
        size: "Standard-1X".to_owned(),
        command: "bin/indexer".to_owned(),
        writes_per_second: 2,
    });
    world.release(&name, "Deploy 5e6f7a8b".to_owned());
    Ok(())
}

/// A deploy gives the first process type but web another name; the new one has no dynos yet.
fn rename_process(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let name = app(world, target);
    let process = world.app_mut(&name)?.formation.iter_mut().find(|process| process.kind != "web");
    if let Some(process) = process {
        process.kind = "sidekiq".to_owned();
        process.quantity = 0;
    }
    world.release(&name, "Deploy 9c0d1e2f".to_owned());
    Ok(())
}

/// The database's add-on, or the one given, gets another name.
fn rename_addon(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let addon = world.addon(&leader(world, target))?;
    let (id, name) = (addon.id.clone(), format!("{}-renamed", addon.name));
    world.rename_addon(&id, &name)
}

fn rename_app(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let app = world.app(&app(world, target))?;
    let (id, name) = (app.id.clone(), format!("{}-renamed", app.name));
    world.rename_app(&id, &name)
}

/// Another app gets the database.
fn new_app(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let (id, database) = (world.ids.give(), leader(world, target));
    let Some(mut app) = world.apps.last().cloned() else { return Ok(()) };
    app.id = id;
    app.name = "acme-latecomer".to_owned();
    app.config.clear();
    app.writes_with = "DATABASE_URL".to_owned();
    let name = app.name.clone();
    world.apps.push(app);
    let order = AttachmentOrder {
        addon: database,
        app: name,
        name: Some("DATABASE".to_owned()),
        namespace: None,
        confirm: None,
    };
    world.attach(&order).map(|_| ())
}

fn one_off_dyno(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let id = world.ids.give();
    let app = app(world, target);
    let dyno = OneOff {
        id,
        name: "run.4711".to_owned(),
        size: "Standard-1X".to_owned(),
        command: "bin/backfill".to_owned(),
        writes_per_second: 5,
    };
    world.app_mut(&app)?.one_offs.push(dyno);
    Ok(())
}

fn outside_writer(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let database = leader(world, target);
    world.database_mut(&database)?.outside_writers.insert("etl".to_owned(), 7);
    Ok(())
}

fn delete_mapping(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let connection = connection(world, target);
    let mapping = world.connection(&connection)?.mappings.first().map(|mapping| mapping.id.clone());
    mapping.map_or(Ok(()), |id| world.delete_mapping(&id))
}

/// The mapping of this object, or the first one, is in error from now on: its object was changed in Salesforce.
fn break_mapping(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let connection = connection(world, None);
    let mappings = &mut world.connection_mut(&connection)?.mappings;
    if let Some(mapping) = mappings.iter_mut().find(|mapping| target.is_none_or(|object| mapping.object_name == object))
    {
        "BAD_CONFIG".clone_into(&mut mapping.state);
    }
    Ok(())
}

/// Saves the mapping of this object, or the first one, as it is.
fn save_mapping(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let connection = connection(world, None);
    let mappings = &world.connection(&connection)?.mappings;
    let found = mappings.iter().find(|mapping| target.is_none_or(|object| mapping.object_name == object));
    let Some(mapping) = found else { return Ok(()) };
    let (object, upsert_field) = (mapping.object_name.clone(), mapping.upsert_field.clone());
    let config = serde_json::json!({ "upsert_field": upsert_field });
    world.put_mapping(&connection, &object, &config).map(|_| ())
}

fn detach(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let name = target.unwrap_or("DATABASE");
    world.detach(name).map(|_| ())
}

fn repoint(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let app = app(world, None);
    let addon = target.map_or_else(|| follower(world, None), str::to_owned);
    let name = Some("DATABASE".to_owned());
    world.attach(&AttachmentOrder { addon, app: app.clone(), name, namespace: None, confirm: Some(app) }).map(|_| ())
}

fn config_change(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let app = app(world, target);
    world.set_config(&app, &[("FEATURE_FLAG".to_owned(), Some("on".to_owned()))])
}

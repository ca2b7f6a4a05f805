//! What another operator may do in the middle of a run.

use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray, VariantNames};

use super::{Fault, FaultRule, Takes};
use crate::world::{AttachmentOrder, Mapping, OneOff, Process, Refusal, World};

/// Everything that another operator may do. Help and docs say of each what its comment says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Display, EnumMessage, EnumString, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Drift {
    /// The app leaves maintenance mode.
    MaintenanceOff,
    /// The app enters maintenance mode.
    MaintenanceOn,
    /// One dyno more of the app's first process type but web.
    ScaleUp,
    /// A deploy brings a process type that writes, with two dynos.
    NewProcess,
    /// A deploy gives the first process type but web another name; the new one has no dynos yet.
    RenameProcess,
    /// `-renamed` is added to its name; the old name is answered with 404, the id as before.
    RenameAddon,
    /// `-renamed` is added to its name; the old name is answered with 404, the id as before.
    RenameApp,
    /// Another app, acme-latecomer, gets the database and writes to it.
    NewApp,
    /// Somebody starts a one-off dyno that writes.
    OneOffDyno,
    /// Something outside Heroku writes to the database.
    OutsideWriter,
    /// Somebody resumes sync.
    ResumeConnection,
    /// Somebody pauses sync.
    PauseConnection,
    /// Somebody renames the schema that a removed connection has left behind.
    RenameSchema,
    /// Somebody deletes a mapping.
    DeleteMapping,
    /// Somebody saves a mapping as it is.
    SaveMapping,
    /// A mapping is in error from now on: its object was changed in Salesforce.
    BreakMapping,
    /// Somebody removes an attachment.
    Detach,
    /// Somebody attaches that database to the first app as DATABASE.
    Repoint,
    /// Somebody destroys it.
    DestroyFollower,
    /// Somebody lets it cease to follow.
    Unfollow,
    /// Somebody prepares a version upgrade of it.
    ScheduleUpgrade,
    /// Somebody cancels its prepared upgrade.
    CancelUpgrade,
    /// Heroku plans a maintenance of the database for its weekly window.
    PlanMaintenance,
    /// Heroku begins a maintenance of the database.
    RunMaintenance,
    /// Somebody sets the config var FEATURE_FLAG.
    ConfigChange,
}

/// What a drift may be told to change, behind `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An app.
    App,
    /// The add-on of any database.
    Database,
    /// The add-on of a database that follows another one.
    Follower,
    /// The add-on of a connection.
    Connection,
    /// The object of a mapping.
    Mapping,
    /// An attachment.
    Attachment,
    /// The schema of a connection that was removed.
    Schema,
}

impl Target {
    /// What can be named, and what is meant where nothing is.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::App => "an app; else the first",
            Self::Database => "the add-on of a database; else the first leader",
            Self::Follower => "the add-on of a database; else the first follower",
            Self::Connection => "the add-on of a connection; else the first",
            Self::Mapping => "the object of a mapping; else the first",
            Self::Attachment => "an attachment; else DATABASE",
            Self::Schema => "the schema of a connection; else salesforce",
        }
    }

    /// What there is of it in a world.
    fn names(self, world: &World) -> Vec<String> {
        match self {
            Self::App => world.apps.iter().map(|app| app.name.clone()).collect(),
            Self::Database | Self::Follower => {
                let addons = world.databases.iter().filter_map(|database| world.addon(&database.addon).ok());
                addons.map(|addon| addon.name.clone()).collect()
            }
            Self::Connection => world.connections.iter().map(|one| world.resource_name(one)).collect(),
            Self::Mapping => mappings(world).map(|(_, mapping)| mapping.object_name.clone()).collect(),
            Self::Attachment => world.attachments.iter().map(|attachment| attachment.name.clone()).collect(),
            Self::Schema => {
                let all = world.connections.iter().chain(&world.removed_connections);
                all.map(|connection| connection.schema_name.clone()).collect()
            }
        }
    }

    /// Whether there is what is meant where nothing is named.
    fn is_there(self, world: &World) -> bool {
        match self {
            Self::Follower => world.databases.iter().any(|database| database.following.is_some()),
            Self::Schema => world.removed_connections.iter().any(|connection| connection.schema_name == "salesforce"),
            _ => !self.names(world).is_empty(),
        }
    }

    /// Whether an id means the same as a name.
    fn has_id(self, world: &World, id: &str) -> bool {
        match self {
            Self::App => world.app(id).is_ok(),
            Self::Database | Self::Follower => world.database(id).is_ok(),
            Self::Connection => world.connection(id).is_ok(),
            Self::Attachment => world.attachment(id).is_ok(),
            Self::Mapping | Self::Schema => false,
        }
    }
}

/// Makes a change, of what is named or of the first there is.
type Change = fn(&mut World, Option<&str>) -> Result<(), Refusal>;

impl Drift {
    /// All of them.
    pub const ALL: &'static [Self] = <Self as VariantArray>::VARIANTS;

    /// Its name, behind `drift:`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// One sentence about what it does.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// What it may be done to.
    #[must_use]
    pub fn target(self) -> Target {
        self.spec().0
    }

    fn spec(self) -> (Target, Change) {
        match self {
            Self::MaintenanceOff => (Target::App, |world, target| world.set_maintenance(&app(world, target), false)),
            Self::MaintenanceOn => (Target::App, |world, target| world.set_maintenance(&app(world, target), true)),
            Self::ScaleUp => (Target::App, scale_up),
            Self::NewProcess => (Target::App, new_process),
            Self::RenameProcess => (Target::App, rename_process),
            Self::RenameAddon => (Target::Database, rename_addon),
            Self::RenameApp => (Target::App, rename_app),
            Self::NewApp => (Target::Database, new_app),
            Self::OneOffDyno => (Target::App, one_off_dyno),
            Self::OutsideWriter => (Target::Database, outside_writer),
            Self::ResumeConnection => (Target::Connection, |world, target| world.resume(&connection(world, target))),
            Self::PauseConnection => (Target::Connection, |world, target| world.pause(&connection(world, target))),
            Self::RenameSchema => (Target::Schema, |world, target| {
                world.rename_schema(target.unwrap_or("salesforce"));
                Ok(())
            }),
            Self::DeleteMapping => (Target::Mapping, delete_mapping),
            Self::SaveMapping => (Target::Mapping, save_mapping),
            Self::BreakMapping => (Target::Mapping, break_mapping),
            Self::Detach => (Target::Attachment, detach),
            Self::Repoint => (Target::Follower, repoint),
            Self::DestroyFollower => {
                (Target::Follower, |world, target| world.remove_addon(&follower(world, target)).map(|_| ()))
            }
            Self::Unfollow => (Target::Follower, |world, target| world.unfollow(&follower(world, target))),
            Self::ScheduleUpgrade => {
                (Target::Database, |world, target| world.prepare_upgrade(&leader(world, target), None))
            }
            Self::CancelUpgrade => (Target::Database, |world, target| world.cancel_upgrade(&leader(world, target))),
            Self::PlanMaintenance => (Target::Database, |world, target| world.plan_maintenance(&leader(world, target))),
            Self::RunMaintenance => (Target::Database, run_maintenance),
            Self::ConfigChange => (Target::App, config_change),
        }
    }
}

impl FaultRule {
    /// What another operator does by this rule, if it is about one.
    ///
    /// # Errors
    /// One sentence that lists what there is, when it names something else.
    pub(super) fn drift(&self) -> Result<Option<Drift>, String> {
        match self.fault.spec().takes {
            Takes::Drift => self.kind_of()?.map(Some).ok_or_else(|| {
                format!("write {}:KIND with one of: {}", self.fault, <Drift as VariantNames>::VARIANTS.join(", "))
            }),
            Takes::Nothing | Takes::Number { .. } | Takes::Status | Takes::Kind(_) | Takes::UnknownState => Ok(None),
        }
    }

    /// Checks that what a drift is about is there.
    ///
    /// # Errors
    /// One sentence that lists the names there are.
    pub(crate) fn check_target(&self, world: &World) -> Result<(), String> {
        let (Some(given), Some(drift)) = (self.target.as_deref(), self.drift()?) else { return Ok(()) };
        let target = drift.target();
        let mut names = target.names(world);
        names.sort_unstable();
        names.dedup();
        if names.iter().any(|name| name == given) || target.has_id(world, given) {
            return Ok(());
        }
        let what = target.words().split(';').next().unwrap_or_default();
        let there = if names.is_empty() { "there is none".to_owned() } else { names.join(", ") };
        Err(format!("drift:{drift} takes {what}, and there is no {given:?}; there are: {there}"))
    }
}

impl From<Drift> for FaultRule {
    fn from(drift: Drift) -> Self {
        Self { kind: Some(drift.to_string()), ..Self::from(Fault::Drift) }
    }
}

/// Lets the other operator act.
pub(super) fn act(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    let Some(drift) = rule.drift()? else { return Ok(()) };
    rule.check_target(world)?;
    let (target, change) = drift.spec();
    if rule.target.is_none() && !target.is_there(world) {
        return Err("there is nothing that it could be done to".to_owned());
    }
    let before = world.clone();
    change(world, rule.target.as_deref())
        .map_err(|refusal| format!("Heroku would refuse it: {}", refusal.message().trim_end_matches('.')))?;
    if *world == before { Err("nothing would change: it is so already".to_owned()) } else { Ok(()) }
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

fn rename_process(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let name = app(world, target);
    let process = world.app_mut(&name)?.formation.iter_mut().find(|process| process.kind != "web");
    let process = process.ok_or_else(|| Refusal::not_found("process_type"))?;
    process.kind = "sidekiq".to_owned();
    process.quantity = 0;
    world.release(&name, "Deploy 9c0d1e2f".to_owned());
    Ok(())
}

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

fn new_app(world: &mut World, target: Option<&str>) -> Result<(), Refusal> {
    let (id, database) = (world.ids.give(), leader(world, target));
    let mut app = world.apps.last().cloned().ok_or_else(|| Refusal::not_found("app"))?;
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

fn mappings(world: &World) -> impl Iterator<Item = (&str, &Mapping)> {
    world
        .connections
        .iter()
        .flat_map(|connection| connection.mappings.iter().map(|mapping| (connection.id.as_str(), mapping)))
}

/// The id of a connection, and its mapping of this object, or the first one.
fn mapping(world: &World, object: Option<&str>) -> Result<(String, Mapping), Refusal> {
    let found = mappings(world).find(|(_, mapping)| object.is_none_or(|object| mapping.object_name == object));
    let (connection, mapping) = found.ok_or_else(|| Refusal::connect(404, "Mapping not found"))?;
    Ok((connection.to_owned(), mapping.clone()))
}

fn delete_mapping(world: &mut World, object: Option<&str>) -> Result<(), Refusal> {
    let (_, mapping) = mapping(world, object)?;
    world.delete_mapping(&mapping.id)
}

fn break_mapping(world: &mut World, object: Option<&str>) -> Result<(), Refusal> {
    let (connection, broken) = mapping(world, object)?;
    let mappings = &mut world.connection_mut(&connection)?.mappings;
    for mapping in mappings.iter_mut().filter(|mapping| mapping.id == broken.id) {
        "BAD_CONFIG".clone_into(&mut mapping.state);
    }
    Ok(())
}

fn save_mapping(world: &mut World, object: Option<&str>) -> Result<(), Refusal> {
    let (connection, mapping) = mapping(world, object)?;
    let config = serde_json::json!({ "upsert_field": mapping.upsert_field });
    world.put_mapping(&connection, &mapping.object_name, &config).map(|_| ())
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

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use serde::Deserialize;

use super::latency::Latency;
use super::world::{
    Account, Addon, App, Attachment, Behaviour, Connection, Database, Due, Ids, Mapping, Notification, OneOff, Process,
    RateLimit, Release, SalesforceInfo, StatusSite, Upgrade, World, WriteError, id_of,
};

/// What a scenario's databases have committed before it begins, in thousandths.
const COMMITS_BEFORE: u64 = 884_213_000;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/scenarios");

/// A world as a scenario file describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// One line about it.
    pub title: String,
    /// The simulated time at which it begins.
    pub start: Timestamp,
    account: AccountFile,
    #[serde(default)]
    latency: Latency,
    #[serde(default)]
    behaviour: Behaviour,
    #[serde(default)]
    status: StatusSite,
    #[serde(default, rename = "app")]
    apps: Vec<AppFile>,
    #[serde(default, rename = "addon")]
    addons: Vec<AddonFile>,
    #[serde(default, rename = "connection")]
    connections: Vec<ConnectionFile>,
}

/// Why a scenario can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// There is none of that name.
    #[error("there is no scenario {name:?}; there are: {}", Scenario::names().join(", "))]
    Unknown {
        /// The name that was given.
        name: String,
    },
    /// The text is not a scenario.
    #[error("the scenario can't be read: {0}")]
    Unreadable(Box<toml::de::Error>),
    /// It names something that it does not define.
    #[error("the scenario's {what} names {name:?}, which it does not define")]
    Dangling {
        /// What names it.
        what: String,
        /// What is missing.
        name: String,
    },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountFile {
    id: Option<String>,
    email: String,
    name: String,
    #[serde(default)]
    refused_tokens: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppFile {
    name: String,
    id: Option<String>,
    owner: Option<String>,
    #[serde(default)]
    collaborators: Vec<String>,
    pipeline: Option<String>,
    created_at: Option<Timestamp>,
    team: Option<String>,
    #[serde(default)]
    maintenance: bool,
    #[serde(default)]
    config: BTreeMap<String, String>,
    #[serde(default = "database_url")]
    writes_with: String,
    /// Whether preboot is on.
    #[serde(default)]
    preboot: bool,
    #[serde(default)]
    formation: Vec<ProcessFile>,
    #[serde(default)]
    one_offs: Vec<OneOffFile>,
    #[serde(default)]
    releases: Vec<String>,
}

fn database_url() -> String {
    "DATABASE_URL".to_owned()
}

fn size() -> String {
    "Standard-1X".to_owned()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProcessFile {
    #[serde(rename = "type")]
    kind: String,
    quantity: u64,
    #[serde(default = "size")]
    size: String,
    command: String,
    #[serde(default)]
    writes_per_second: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OneOffFile {
    name: String,
    command: String,
    #[serde(default)]
    writes_per_second: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddonFile {
    name: String,
    id: Option<String>,
    app: String,
    plan: String,
    created_at: Option<Timestamp>,
    #[serde(default)]
    attachments: Vec<AttachmentFile>,
    /// Lines of `heroku pg:info` that show something else than the world would.
    #[serde(default)]
    info: BTreeMap<String, String>,
    // Databases only.
    version: Option<String>,
    host: Option<String>,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    follows: Option<String>,
    backlog: Option<u64>,
    replay_per_second: Option<u64>,
    bytes: Option<u64>,
    tables: Option<u64>,
    #[serde(default)]
    credentials: Vec<String>,
    fork_follow_available: Option<bool>,
    maintenance: Option<String>,
    maintenance_window: Option<String>,
    /// An upgrade that was prepared before and that nobody ran.
    scheduled_upgrade: Option<ScheduledUpgrade>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduledUpgrade {
    /// The major version.
    to: String,
    /// When the maintenance window begins in which it starts by itself.
    at: Timestamp,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentFile {
    name: String,
    app: Option<String>,
    namespace: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConnectionFile {
    addon: String,
    id: Option<String>,
    db_key: Option<String>,
    #[serde(default = "salesforce")]
    schema_name: String,
    name: Option<String>,
    #[serde(default = "idle")]
    state: String,
    #[serde(default)]
    access: Vec<String>,
    #[serde(default)]
    salesforce: SalesforceInfo,
    #[serde(default)]
    features: BTreeMap<String, bool>,
    idle_seconds: Option<u64>,
    poll_seconds: Option<u64>,
    #[serde(default)]
    salesforce_writes_per_second: u64,
    #[serde(default)]
    mappings: Vec<MappingFile>,
    #[serde(default)]
    errors: Vec<WriteError>,
    #[serde(default)]
    notifications: Vec<Notification>,
}

fn salesforce() -> String {
    "salesforce".to_owned()
}

fn idle() -> String {
    "IDLE".to_owned()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    object_name: String,
    id: Option<String>,
    #[serde(default = "read_only")]
    access: String,
    #[serde(default = "synced")]
    state: String,
    #[serde(default)]
    rows: u64,
    #[serde(default)]
    notify: bool,
    #[serde(default = "ten_minutes")]
    polling_seconds: u64,
    #[serde(default = "usual_fields")]
    fields: Vec<String>,
    /// What Salesforce has the fields as now: `Status__c = "string(120)"`.
    #[serde(default)]
    definitions: BTreeMap<String, String>,
    /// What their columns were made as, where that is something else.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    upsert_field: Option<String>,
    api_change: Option<String>,
    #[serde(default)]
    api_change_is_unsafe: bool,
    #[serde(default)]
    findings: BTreeMap<String, String>,
}

fn read_only() -> String {
    "read_only".to_owned()
}

fn synced() -> String {
    "DATA_SYNCED".to_owned()
}

const fn ten_minutes() -> u64 {
    600
}

fn usual_fields() -> Vec<String> {
    ["CreatedDate", "Id", "IsDeleted", "Name", "SystemModstamp"].map(str::to_owned).to_vec()
}

impl Scenario {
    /// The scenario of this name that is part of hcops.
    ///
    /// # Errors
    /// [`ScenarioError::Unknown`], which lists the names.
    pub fn load(name: &str) -> Result<Self, ScenarioError> {
        let file = FILES.get_file(format!("{name}.toml")).and_then(include_dir::File::contents_utf8);
        let text = file.ok_or_else(|| ScenarioError::Unknown { name: name.to_owned() })?;
        let mut scenario = Self::from_toml(text)?;
        name.clone_into(&mut scenario.name);
        Ok(scenario)
    }

    /// The names of the scenarios that are part of hcops, sorted.
    #[must_use]
    pub fn names() -> Vec<String> {
        let stems = FILES.files().filter_map(|file| file.path().file_stem()?.to_str().map(str::to_owned));
        let mut names: Vec<String> = stems.collect();
        names.sort();
        names
    }

    /// Reads a scenario from its text.
    ///
    /// # Errors
    /// [`ScenarioError::Unreadable`] with line and column, [`ScenarioError::Dangling`].
    pub fn from_toml(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(text).map_err(|error| ScenarioError::Unreadable(Box::new(error)))?;
        scenario.check()?;
        Ok(scenario)
    }

    fn check(&self) -> Result<(), ScenarioError> {
        let dangling = |what: String, name: &str| Err(ScenarioError::Dangling { what, name: name.to_owned() });
        let has_app = |name: &str| self.apps.iter().any(|app| app.name == name);
        let has_addon = |name: &str| self.addons.iter().any(|addon| addon.name == name);
        for addon in &self.addons {
            let mut apps = addon.attachments.iter().filter_map(|a| a.app.as_ref()).chain([&addon.app]);
            if let Some(app) = apps.find(|app| !has_app(app)) {
                return dangling(format!("add-on {}", addon.name), app);
            }
            if let Some(leader) = addon.follows.as_ref().filter(|leader| !has_addon(leader)) {
                return dangling(format!("add-on {}", addon.name), leader);
            }
        }
        if let Some(connection) = self.connections.iter().find(|connection| !has_addon(&connection.addon)) {
            return dangling("connection".to_owned(), &connection.addon);
        }
        Ok(())
    }

    /// The world that it describes, with its timers set.
    #[must_use]
    pub fn world(&self, seed: u64) -> World {
        let mut world = World {
            scenario: self.name.clone(),
            settled_at: self.start,
            ids: Ids::new(seed),
            account: self.account.build(),
            apps: self.apps.iter().map(|app| app.build(self)).collect(),
            addons: self.addons.iter().map(|addon| addon.build(self)).collect(),
            attachments: self.addons.iter().flat_map(|addon| addon.attachments(self)).collect(),
            databases: self.addons.iter().filter_map(|addon| addon.database(self)).collect(),
            transfers: Vec::new(),
            connections: Vec::new(),
            removed_connections: Vec::new(),
            status: self.status.clone(),
            latency: self.latency.clone(),
            behaviour: self.behaviour.clone(),
            timers: Vec::new(),
            timers_set: 0,
        };
        for addon in &self.addons {
            addon.schedule_upgrade(self, &mut world);
        }
        for connection in &self.connections {
            let built = connection.build(self);
            schedule(&mut world, &built);
            world.connections.push(built);
        }
        let pending = world
            .databases
            .iter()
            .filter(|database| ["pending", "preparing", "ready"].contains(&database.maintenance.as_str()));
        for addon in pending.map(|database| database.addon.clone()).collect::<Vec<_>>() {
            let _on_essential_it_only_says_so = world.plan_maintenance(&addon);
        }
        world
    }

    fn addon(&self, name: &str) -> Option<&AddonFile> {
        self.addons.iter().find(|addon| addon.name == name)
    }
}

/// A healthy connection polls; its mappings do so in turn.
fn schedule(world: &mut World, connection: &Connection) {
    match connection.state.as_str() {
        "IDLE" => {
            let seconds = connection.idle_seconds;
            world.schedule(seconds, Due::PollBegins { connection: connection.id.clone() });
        }
        "POLLING_DB_CHANGES" => {
            let seconds = connection.poll_seconds;
            world.schedule(seconds, Due::PollEnds { connection: connection.id.clone() });
        }
        _ => return,
    }
    for (mapping, offset) in connection.mappings.iter().zip((40..).step_by(35)) {
        let seconds = offset % mapping.polling_seconds.max(1);
        world.schedule(seconds, Due::MappingPollBegins { mapping: mapping.id.clone() });
    }
}

fn id(given: Option<&String>, kind: &str, name: &str) -> String {
    given.cloned().unwrap_or_else(|| id_of(&format!("{kind} {name}")))
}

impl AccountFile {
    fn build(&self) -> Account {
        Account {
            id: id(self.id.as_ref(), "user", &self.email),
            email: self.email.clone(),
            name: self.name.clone(),
            refused_tokens: self.refused_tokens.clone(),
            expired: false,
            out_of_scope: false,
            without_email: false,
            delinquent_at: None,
            suspended_at: None,
            permissions: BTreeMap::new(),
            asks_second_factor: false,
            scheduled_suspension_time: None,
            scheduled_deletion_time: None,
            rate: RateLimit::default(),
        }
    }
}

impl AppFile {
    fn build(&self, scenario: &Scenario) -> App {
        let created_at = self.created_at.unwrap_or_else(|| before_start(scenario));
        App {
            id: id(self.id.as_ref(), "app", &self.name),
            name: self.name.clone(),
            maintenance: self.maintenance,
            region: "us".to_owned(),
            stack: "heroku-24".to_owned(),
            generation: None,
            space: None,
            team: self.team.clone(),
            owner: self.owner.clone().unwrap_or_else(|| scenario.account.email.clone()),
            collaborators: self.collaborators.clone(),
            pipeline: self.pipeline.clone(),
            created_at,
            config: self.config.clone(),
            writes_with: self.writes_with.clone(),
            formation: self.formation.iter().map(|process| process.build(&self.name)).collect(),
            preboot: self.preboot,
            one_offs: self.one_offs.iter().map(|dyno| dyno.build(&self.name)).collect(),
            releases: self.releases(created_at),
        }
    }

    fn releases(&self, created_at: Timestamp) -> Vec<Release> {
        let usual = ["Initial release".to_owned(), "Enable Logplex".to_owned(), "Deploy 1a2b3c4d".to_owned()];
        let given = if self.releases.is_empty() { usual.to_vec() } else { self.releases.clone() };
        (1..)
            .zip(given)
            .map(|(version, description)| Release {
                id: id_of(&format!("release {} {version}", self.name)),
                version,
                description,
                status: "succeeded".to_owned(),
                created_at: super::world::after(created_at, 60 * version),
                updated_at: created_at,
                attachment: None,
                config: None,
            })
            .collect()
    }
}

/// When things of a scenario that say nothing else were made.
fn before_start(scenario: &Scenario) -> Timestamp {
    super::world::before(scenario.start, 320 * 86_400)
}

impl ProcessFile {
    fn build(&self, app: &str) -> Process {
        Process {
            id: id_of(&format!("process {app} {}", self.kind)),
            kind: self.kind.clone(),
            quantity: self.quantity,
            size: self.size.clone(),
            command: self.command.clone(),
            writes_per_second: self.writes_per_second,
        }
    }
}

impl OneOffFile {
    fn build(&self, app: &str) -> OneOff {
        OneOff {
            id: id_of(&format!("dyno {app} {}", self.name)),
            name: self.name.clone(),
            size: size(),
            command: self.command.clone(),
            writes_per_second: self.writes_per_second,
        }
    }
}

impl AddonFile {
    fn id(&self) -> String {
        id(self.id.as_ref(), "addon", &self.name)
    }

    fn build(&self, scenario: &Scenario) -> Addon {
        let created_at = self.created_at.unwrap_or_else(|| before_start(scenario));
        Addon {
            id: self.id(),
            name: self.name.clone(),
            app: self.app.clone(),
            plan: self.plan.clone(),
            state: "provisioned".to_owned(),
            created_at,
            updated_at: created_at,
        }
    }

    fn attachments(&self, scenario: &Scenario) -> Vec<Attachment> {
        let made = self.build(scenario);
        self.attachments
            .iter()
            .map(|attachment| {
                let app = attachment.app.as_ref().unwrap_or(&self.app);
                Attachment {
                    id: id_of(&format!("attachment {app} {}", attachment.name)),
                    name: attachment.name.clone(),
                    namespace: attachment.namespace.clone(),
                    app: app.clone(),
                    addon: made.id.clone(),
                    created_at: made.created_at,
                    withheld: false,
                    replaces: None,
                }
            })
            .collect()
    }

    fn schedule_upgrade(&self, scenario: &Scenario, world: &mut World) {
        let Some(ScheduledUpgrade { to, at }) = &self.scheduled_upgrade else { return };
        let addon = self.id();
        let seconds = u64::try_from(at.duration_since(scenario.start).as_secs()).unwrap_or(0);
        if let Ok(database) = world.database_mut(&addon) {
            database.upgrade = Some(Upgrade::Scheduled { to: to.clone(), at: *at });
            world.schedule(seconds, Due::UpgradeWindow { addon });
        }
    }

    fn database(&self, scenario: &Scenario) -> Option<Database> {
        let addon = self.build(scenario);
        if !addon.is_postgres() {
            return None;
        }
        let mut database = Database::empty(&addon, "16");
        database.waiting = None;
        database.fork_follow_available = self.fork_follow_available.unwrap_or(self.follows.is_none());
        database.commits = COMMITS_BEFORE;
        database.bytes = self.bytes.unwrap_or(1_643_118_592);
        database.tables = self.tables.unwrap_or(73);
        database.following = self.follows.as_ref().and_then(|leader| scenario.addon(leader)).map(Self::id);
        database.backlog = self.backlog.unwrap_or(database.backlog);
        database.replay_per_second = self.replay_per_second.unwrap_or(database.replay_per_second);
        database.credentials.clone_from(&self.credentials);
        database.info.clone_from(&self.info);
        let texts = [
            (&self.version, &mut database.version),
            (&self.host, &mut database.host),
            (&self.user, &mut database.user),
            (&self.password, &mut database.password),
            (&self.database, &mut database.database),
            (&self.maintenance, &mut database.maintenance),
            (&self.maintenance_window, &mut database.maintenance_window),
        ];
        for (given, place) in texts {
            if let Some(given) = given {
                place.clone_from(given);
            }
        }
        Some(database)
    }
}

impl ConnectionFile {
    fn build(&self, scenario: &Scenario) -> Connection {
        let file = scenario.addon(&self.addon);
        let addon = file.map_or_else(|| unreachable_addon(scenario), |file| file.build(scenario));
        let plan = addon.plan.rsplit(':').next().unwrap_or_default().to_owned();
        let mut built = Connection::unconfigured(&addon, &plan, addon.created_at);
        if let Some(id) = &self.id {
            built.id.clone_from(id);
        }
        let key = self.db_key.as_deref().unwrap_or_default();
        built.name = self.name.clone().unwrap_or_else(|| format!("{}:{key}:{}", addon.app, self.schema_name));
        built.db_key.clone_from(&self.db_key);
        built.schema_name.clone_from(&self.schema_name);
        built.state.clone_from(&self.state);
        built.access.clone_from(&self.access);
        built.salesforce = self.salesforce.clone();
        built.features.clone_from(&self.features);
        built.idle_seconds = self.idle_seconds.unwrap_or(built.idle_seconds);
        built.poll_seconds = self.poll_seconds.unwrap_or(built.poll_seconds);
        built.salesforce_writes_per_second = self.salesforce_writes_per_second;
        built.errors.clone_from(&self.errors);
        built.notifications.clone_from(&self.notifications);
        built.mappings =
            (built.number * 100..).zip(&self.mappings).map(|(number, mapping)| mapping.build(number, &addon)).collect();
        built
    }
}

/// `check` has refused a connection without its add-on, so this stands for nothing that can be asked for.
fn unreachable_addon(scenario: &Scenario) -> Addon {
    let created_at = scenario.start;
    let text = String::new;
    Addon { id: text(), name: text(), app: text(), plan: text(), state: text(), created_at, updated_at: created_at }
}

impl MappingFile {
    fn build(&self, number: u64, addon: &Addon) -> Mapping {
        Mapping {
            id: id(self.id.as_ref(), "mapping", &format!("{} {}", addon.name, self.object_name)),
            number,
            object_name: self.object_name.clone(),
            state: self.state.clone(),
            access: self.access.clone(),
            rows: self.rows,
            notify: self.notify,
            polling_seconds: self.polling_seconds,
            fields: self.fields.clone(),
            columns: self.definitions.clone().into_iter().chain(self.columns.clone()).collect(),
            definitions: self.definitions.clone(),
            upsert_field: self.upsert_field.clone(),
            indexes: BTreeMap::from([("Id".to_owned(), true), ("SystemModstamp".to_owned(), false)]),
            revision: 1,
            altered: 0,
            created_at: addon.created_at,
            updated_at: addon.created_at,
            polled_at: None,
            reloaded_at: None,
            api_change: self.api_change.clone(),
            api_change_is_unsafe: self.api_change_is_unsafe,
            findings: self.findings.clone(),
        }
    }
}

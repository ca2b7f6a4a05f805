use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Addon, Copied, Due, MaintenanceTimes, PastMaintenance, PlanName, Refusal, Upgrade, World, ids};

/// The port that a URL without one means.
const USUAL_PORT: u16 = 5432;

/// A Postgres database behind an add-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// The add-on's id.
    pub addon: String,
    /// Host.
    pub host: String,
    /// Port of the server; the connection pooler listens on the next one.
    pub port: u16,
    /// Address of the machine on which a real server stands behind it, where one does. The host stays the add-on's name,
    /// because Connect shows hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostaddr: Option<String>,
    /// Name of the database.
    pub database: String,
    /// User of the default credential.
    pub user: String,
    /// Password of every credential.
    pub password: String,
    /// `16.9`.
    pub version: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Why it is not ready, if so: the `wait_status`.
    pub waiting: Option<Waiting>,
    /// The leader's add-on id, for a follower.
    pub following: Option<String>,
    /// The origin's add-on id, for a fork.
    pub forked_from: Option<String>,
    /// The moment as of which a rollback made it out of its origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_back_to: Option<Timestamp>,
    /// The earliest moment that a rollback of it can reach, where a real server limits that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_from: Option<Timestamp>,
    /// Whether it may be followed and forked yet.
    pub fork_follow_available: bool,
    /// How far a follower is behind, in thousandths of a commit.
    pub lag: u64,
    /// Commits that a follower of it applies each second.
    pub replay_per_second: u64,
    /// Commits that a new follower of it has to catch up with.
    pub backlog: u64,
    /// Whether replay stands still (a fault).
    pub stalled: bool,
    /// All commits so far, in thousandths.
    pub commits: u64,
    /// Who wrote: apps by name, `connect:RESOURCE`, `outside:NAME`.
    pub writes: BTreeMap<String, Writes>,
    /// Writers outside Heroku by name, with the rows they write each second.
    pub outside_writers: BTreeMap<String, u64>,
    /// Size in bytes.
    pub bytes: u64,
    /// Number of tables.
    pub tables: u64,
    /// Credentials beside the default one.
    pub credentials: Vec<String>,
    /// When it is backed up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    /// The upgrade under way or planned.
    pub upgrade: Option<Upgrade>,
    /// Set when it ceased to follow.
    pub unfollowed: Option<Unfollowed>,
    /// What was copied into it.
    #[serde(default)]
    pub copied: Option<Copied>,
    /// What its maintenance status is: `none`, `pending` …
    pub maintenance: String,
    /// Its maintenance window.
    pub maintenance_window: String,
    /// The times of its maintenance.
    #[serde(default)]
    pub maintenance_times: MaintenanceTimes,
    /// Maintenances that have ended, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_maintenances: Vec<PastMaintenance>,
    /// Lines of its description that show something else than the world would, by name.
    #[serde(default)]
    pub info: BTreeMap<String, String>,
}

/// When a database is backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The config var that it was made for.
    pub name: String,
    /// The hour, two digits.
    pub hour: String,
    /// The zone of the hour.
    pub timezone: String,
}

/// Why a database is not ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Free text.
    pub message: String,
    /// `3/7`, where there are steps.
    pub step: Option<String>,
}

/// What one writer wrote into a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writes {
    /// Commits, in thousandths.
    pub commits: u64,
    /// First moment of writing.
    pub first_at: Timestamp,
    /// Last moment of writing.
    pub last_at: Timestamp,
}

/// How a database ceased to follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfollowed {
    /// When.
    pub at: Timestamp,
    /// The leader's add-on id.
    pub leader: String,
    /// Commits of the leader that it will never get.
    pub missing_commits: u64,
}

impl Database {
    /// A new, empty database behind an add-on, of the newest minor version of `major`.
    pub(crate) fn empty(addon: &Addon, major: &str) -> Self {
        let mark = ids::of(&addon.id).replace('-', "");
        Self {
            addon: addon.id.clone(),
            host: format!("{}.db.simulator.example", addon.name),
            port: USUAL_PORT,
            hostaddr: None,
            database: format!("d{}", &mark[..12]),
            user: format!("u{}", &mark[12..20]),
            password: format!("canary-password-{}", &mark[..8]),
            version: minor_version(major),
            created_at: addon.created_at,
            waiting: Some(Waiting { message: "preparing".to_owned(), step: None }),
            following: None,
            forked_from: None,
            rolled_back_to: None,
            rollback_from: None,
            fork_follow_available: false,
            lag: 0,
            replay_per_second: 500,
            backlog: 60_000,
            stalled: false,
            commits: 0,
            writes: BTreeMap::new(),
            outside_writers: BTreeMap::new(),
            bytes: 8_000_000,
            tables: 0,
            credentials: Vec::new(),
            schedules: Vec::new(),
            upgrade: None,
            unfollowed: None,
            copied: None,
            maintenance: "none".to_owned(),
            maintenance_window: "Tuesdays 20:30 to Wednesdays 00:30 UTC".to_owned(),
            maintenance_times: MaintenanceTimes::default(),
            past_maintenances: Vec::new(),
            info: BTreeMap::new(),
        }
    }

    /// Becomes a follower or a fork of another database.
    pub(crate) fn copy_from(&mut self, source: &Self, follows: bool) {
        self.version.clone_from(&source.version);
        self.bytes = source.bytes;
        self.tables = source.tables;
        self.replay_per_second = source.replay_per_second;
        self.backlog = source.backlog;
        self.commits = source.commits;
        self.stalled = source.stalled;
        if follows {
            self.following = Some(source.addon.clone());
            self.lag = (source.backlog * 1_000).min(source.commits);
            self.commits -= self.lag;
            self.database.clone_from(&source.database);
            self.user.clone_from(&source.user);
            self.password.clone_from(&source.password);
            self.credentials.clone_from(&source.credentials);
        } else {
            self.forked_from = Some(source.addon.clone());
        }
    }

    /// Its address for a credential or pool. Where a real server is behind it, `hostaddr` leads there; libpq and the Rust
    /// driver both know that parameter.
    #[must_use]
    pub fn url(&self, namespace: Option<&str>) -> String {
        let port = if namespace.is_some_and(|name| name.starts_with("connection-pooling:")) {
            self.port + 1
        } else {
            self.port
        };
        let user = match namespace.map_or("default", credential_of) {
            "default" => self.user.as_str(),
            credential => credential,
        };
        let url = format!("postgres://{user}:{}@{}:{port}/{}", self.password, self.host, self.database);
        self.hostaddr.as_ref().map_or_else(|| url.clone(), |address| format!("{url}?hostaddr={address}"))
    }

    /// Whether it has the credential of a namespace: `credential:NAME`, `connection-pooling:NAME`.
    #[must_use]
    pub fn has_namespace(&self, namespace: &str) -> bool {
        let known = namespace.starts_with("credential:") || namespace.starts_with("connection-pooling:");
        let credential = credential_of(namespace);
        known && (credential == "default" || self.credentials.iter().any(|name| name == credential))
    }

    /// Whether a URL leads to this database, whichever credential it has, directly or through its pooler.
    #[must_use]
    pub fn is_at(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| {
            let port = url.port().unwrap_or(USUAL_PORT);
            url.host_str() == Some(self.host.as_str())
                && (port == self.port || port == self.port + 1)
                && url.path().trim_start_matches('/') == self.database
        })
    }

    /// The major version.
    #[must_use]
    pub fn major(&self) -> &str {
        self.version.split('.').next().unwrap_or(&self.version)
    }

    /// Whether it takes writes now.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.following.is_none() && self.upgrade.as_ref().is_none_or(|upgrade| !upgrade.is_running())
    }

    /// Commits that a follower is behind, rounded up: 0 means none at all.
    #[must_use]
    pub const fn behind_by(&self) -> u64 {
        self.lag.div_ceil(1_000)
    }

    /// The status of Fork/Follow, as `heroku pg:info` shows it.
    #[must_use]
    pub fn fork_follow(&self, plan: &str) -> &'static str {
        if plan.is_essential() {
            "Unsupported"
        } else if self.following.is_some() {
            "Unavailable on followers"
        } else if self.fork_follow_available {
            "Available"
        } else {
            "Temporarily Unavailable"
        }
    }

    pub(crate) fn wait(&mut self, message: &str, step: Option<String>) {
        self.waiting = Some(Waiting { message: message.to_owned(), step });
    }

    pub(crate) fn stop_following(&mut self, now: Timestamp) {
        if let Some(leader) = self.following.take() {
            self.unfollowed = Some(Unfollowed { at: now, leader, missing_commits: self.behind_by() });
            self.lag = 0;
            self.fork_follow_available = false;
        }
    }

    pub(crate) fn record(&mut self, writer: &str, commits: u64, from: Timestamp, until: Timestamp) {
        if commits == 0 {
            return;
        }
        self.commits += commits;
        let writes =
            self.writes.entry(writer.to_owned()).or_insert(Writes { commits: 0, first_at: from, last_at: until });
        writes.commits += commits;
        writes.last_at = until;
    }
}

/// The credential that a namespace names.
fn credential_of(namespace: &str) -> &str {
    namespace.split_once(':').map_or(namespace, |(_, credential)| credential)
}

/// The newest minor version of a major one. The list of versions that Heroku offers is not established
/// (docs/heroku/data.md, "Upgrade"); these numbers are made up but plausible.
pub(crate) fn minor_version(major: &str) -> String {
    match major {
        "14" => "14.19".to_owned(),
        "15" => "15.14".to_owned(),
        "16" => "16.10".to_owned(),
        "17" => "17.6".to_owned(),
        "18" => "18.1".to_owned(),
        other => format!("{other}.0"),
    }
}

impl World {
    /// The database of an add-on, by the add-on's name or id.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn database(&self, key: &str) -> Result<&Database, Refusal> {
        let id = self.addon(key).map_or(key, |addon| addon.id.as_str());
        self.databases.iter().find(|database| database.addon == id).ok_or_else(Refusal::no_database)
    }

    pub(crate) fn database_mut(&mut self, key: &str) -> Result<&mut Database, Refusal> {
        let id = self.addon(key).map_or_else(|_| key.to_owned(), |addon| addon.id.clone());
        self.databases.iter_mut().find(|database| database.addon == id).ok_or_else(Refusal::no_database)
    }

    /// The database for the Data API, which does not know it before the add-on is provisioned. That 404 has an empty
    /// body, because only so `heroku pg:wait` goes on waiting (docs/heroku/cli.md, "Answers").
    ///
    /// # Errors
    /// 404.
    pub fn provisioned_database(&self, key: &str) -> Result<&Database, Refusal> {
        let empty = || Refusal { status: 404, headers: Vec::new(), body: serde_json::Value::Null };
        let database =
            self.database(key).map_err(|refusal| if self.behaviour.empty_not_found { empty() } else { refusal })?;
        let addon = self.addon(&database.addon)?;
        let is_elsewhere = addon.state == "provisioning" || hcops_heroku::data::is_advanced(&addon.plan);
        if is_elsewhere { Err(empty()) } else { Ok(database) }
    }

    /// Gives a database one more credential.
    ///
    /// # Errors
    /// 404 for an unknown database; 422 on the Essential tier, which has the default one only, on a follower, whose
    /// credentials are its leader's, and for a name that is taken.
    pub fn create_credential(&mut self, key: &str, name: &str) -> Result<(), Refusal> {
        self.check_credentials_may_change(key)?;
        let database = self.database_mut(key)?;
        if name.is_empty() || database.has_namespace(&format!("credential:{name}")) {
            return Err(Refusal::unprocessable("Name is empty or has been taken."));
        }
        database.credentials.push(name.to_owned());
        Ok(())
    }

    /// Checks that a database has credentials of its own: none of the Essential tier, whose only one is the default, and no
    /// follower, whose credentials are its leader's.
    ///
    /// # Errors
    /// 404 for an unknown database; 422.
    pub fn check_credentials_may_change(&self, key: &str) -> Result<(), Refusal> {
        if self.addon(key).is_ok_and(|addon| addon.plan.is_essential()) {
            return Err(Refusal::unprocessable("You can't perform this operation on Essential-tier databases."));
        }
        if self.database(key)?.following.is_some() {
            return Err(Refusal::unprocessable("You can't change the credentials of a follower."));
        }
        Ok(())
    }

    /// Takes a credential away.
    ///
    /// # Errors
    /// 404 for an unknown database or credential; 422 for the default one, and for one that is attached.
    pub fn destroy_credential(&mut self, key: &str, name: &str) -> Result<(), Refusal> {
        self.check_credentials_may_change(key)?;
        let id = self.database(key)?.addon.clone();
        if name == "default" {
            return Err(Refusal::unprocessable("The default credential can't be destroyed."));
        }
        let namespace = format!("credential:{name}");
        if self.attachments.iter().any(|a| a.addon == id && a.namespace.as_ref() == Some(&namespace)) {
            return Err(Refusal::unprocessable("The credential is attached to an app: detach it first."));
        }
        let credentials = &mut self.database_mut(&id)?.credentials;
        let place =
            credentials.iter().position(|known| known == name).ok_or_else(|| Refusal::not_found("credential"))?;
        credentials.remove(place);
        Ok(())
    }

    /// Gives credentials new passwords: this one, or all. The config vars of their attachments change, which makes a release
    /// of each app that has one.
    ///
    /// # Errors
    /// 404 for an unknown database; 422 on a follower, and with servers, whose passwords are not changed here.
    pub fn rotate_credentials(&mut self, key: &str, name: Option<&str>) -> Result<(), Refusal> {
        let mark = self.ids.give();
        let database = self.database_mut(key)?;
        if database.following.is_some() {
            return Err(Refusal::unprocessable("You can't change the credentials of a follower."));
        }
        if database.hostaddr.is_some() {
            return Err(Refusal::unprocessable("The simulator changes no passwords of real servers."));
        }
        // All credentials of a simulated database have one password.
        database.password = format!("p{}", mark.replace('-', ""));
        let id = database.addon.clone();
        let is_its = |a: &&super::Attachment| {
            let namespace = a.namespace.as_deref().and_then(|namespace| namespace.strip_prefix("credential:"));
            a.addon == id && name.is_none_or(|name| namespace.unwrap_or("default") == name)
        };
        let mut told: Vec<(String, String)> =
            self.attachments.iter().filter(is_its).map(|a| (a.app.clone(), a.name.clone())).collect();
        told.sort();
        for (app, attachment) in told {
            self.release(&app, format!("Update {attachment} by heroku-postgresql"));
        }
        Ok(())
    }

    /// Empties a database.
    ///
    /// # Errors
    /// 404 for an unknown database; 422 on a follower, and with servers, which are not emptied here.
    pub fn reset_database(&mut self, key: &str) -> Result<(), Refusal> {
        let database = self.database_mut(key)?;
        if !database.is_writable() {
            return Err(Refusal::unprocessable("A follower can't be reset."));
        }
        if database.hostaddr.is_some() {
            return Err(Refusal::unprocessable("The simulator empties no real servers."));
        }
        (database.tables, database.bytes) = (0, 8_000_000);
        Ok(())
    }

    pub(crate) fn database_is_ready(&mut self, id: &str) {
        let seconds = self.latency.fork_follow_unavailable;
        let Ok(database) = self.database_mut(id) else { return };
        database.waiting = None;
        if database.following.is_none() {
            self.schedule(seconds, Due::ForkFollowAvailable { addon: id.to_owned() });
        }
    }

    pub(crate) fn fork_follow_is_available(&mut self, id: &str) {
        if let Ok(database) = self.database_mut(id) {
            database.fork_follow_available = true;
        }
    }
}

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Refusal, Release, World};

/// An app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// UUID.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether web requests are answered with the maintenance page.
    pub maintenance: bool,
    /// Region: `us`.
    pub region: String,
    /// Stack: `heroku-24`.
    pub stack: String,
    /// The generation of the platform it runs on; absent for `cedar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// The private space it runs in.
    pub space: Option<String>,
    /// The team that owns it.
    pub team: Option<String>,
    /// The owner's address.
    pub owner: String,
    /// Further collaborators' addresses.
    pub collaborators: Vec<String>,
    /// The pipeline it belongs to.
    pub pipeline: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Config vars of its own; those of attachments are not in here.
    pub config: BTreeMap<String, String>,
    /// The config var with whose database its processes work.
    pub writes_with: String,
    /// Process types with their quantity.
    pub formation: Vec<Process>,
    /// Whether preboot is on: at a release the web dynos of the release before live on beside the new ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preboot: bool,
    /// One-off dynos: `heroku run`, Heroku Scheduler.
    pub one_offs: Vec<OneOff>,
    /// Releases, oldest first.
    pub releases: Vec<Release>,
}

/// A process type of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// UUID.
    pub id: String,
    /// `web`, `worker`, `release` …
    #[serde(rename = "type")]
    pub kind: String,
    /// How many run.
    pub quantity: u64,
    /// Dyno size.
    pub size: String,
    /// Command line.
    pub command: String,
    /// Rows that all its dynos together write each second while any of them runs.
    pub writes_per_second: u64,
}

/// A one-off dyno.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneOff {
    /// UUID.
    pub id: String,
    /// `run.1234`, `scheduler.1234`.
    pub name: String,
    /// Dyno size.
    pub size: String,
    /// Command line.
    pub command: String,
    /// Rows it writes each second.
    pub writes_per_second: u64,
}

/// Seconds for which web dynos of the release before live on with preboot (Dev Center: Preboot: about three minutes).
pub(crate) const PREBOOT_OVERLAP: u64 = 180;

impl App {
    /// The process type under which the platform runs a command at each release.
    const RELEASE_PHASE: &'static str = "release";

    /// Whether the app has a release phase.
    #[must_use]
    pub fn has_release_phase(&self) -> bool {
        self.formation.iter().any(|process| process.kind == Self::RELEASE_PHASE)
    }

    /// The values of its config vars, as they are and as its releases have them.
    pub(crate) fn addresses(&mut self) -> impl Iterator<Item = &mut String> {
        let of_releases = self.releases.iter_mut().filter_map(|release| release.config.as_mut());
        self.config.values_mut().chain(of_releases.flat_map(BTreeMap::values_mut))
    }

    /// The release that the dynos run, if one is behind that failed or is pending: the newest that succeeded before it. A
    /// name that is moved is detached and attached in one stroke, so its detaching alone runs nowhere.
    #[must_use]
    pub fn running(&self) -> Option<&Release> {
        let newest = self.releases.last()?;
        if newest.status == "succeeded" {
            return None;
        }
        let moved = |place: usize| {
            let next = self.releases.get(place + 1);
            next.is_some_and(|next| {
                next.status != "succeeded" && next.moves_what_was_detached_by(&self.releases[place])
            })
        };
        let last =
            self.releases.iter().enumerate().rev().find(|(at, release)| release.status == "succeeded" && !moved(*at));
        last.map(|(_, release)| release)
    }

    /// The release whose web dynos live on beside those of the newest one, where preboot keeps them.
    #[must_use]
    pub fn outgoing_release(&self, now: Timestamp) -> Option<&Release> {
        let over = |release: &&Release| super::after(release.updated_at, PREBOOT_OVERLAP) <= now;
        let before = self.releases.iter().rev().filter(over).find(|release| release.status == "succeeded")?;
        let newest = self.releases.iter().rev().find(|release| release.status == "succeeded")?;
        (self.preboot && before.version < newest.version).then_some(before)
    }

    /// Rows that its web writes each second.
    pub(crate) fn web_writes_per_second(&self) -> u64 {
        let web = self.formation.iter().filter(|process| process.kind == "web" && process.quantity > 0);
        if self.maintenance { 0 } else { web.map(|process| process.writes_per_second).sum() }
    }

    /// Rows that the app writes each second as it is now. Maintenance mode stops web traffic only
    /// (docs/heroku/procedures.md, "Maintenance mode").
    #[must_use]
    pub fn writes_per_second(&self) -> u64 {
        let processes = self.formation.iter().filter(|process| {
            process.quantity > 0 && process.kind != Self::RELEASE_PHASE && !(process.kind == "web" && self.maintenance)
        });
        processes.map(|process| process.writes_per_second).sum::<u64>()
            + self.one_offs.iter().map(|dyno| dyno.writes_per_second).sum::<u64>()
    }
}

impl World {
    /// The app of this name or id.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn app(&self, key: &str) -> Result<&App, Refusal> {
        self.apps.iter().find(|app| app.name == key || app.id == key).ok_or_else(|| Refusal::not_found("app"))
    }

    pub(crate) fn app_mut(&mut self, key: &str) -> Result<&mut App, Refusal> {
        self.apps.iter_mut().find(|app| app.name == key || app.id == key).ok_or_else(|| Refusal::not_found("app"))
    }

    /// Gives an app another name. Its config vars, add-ons and attachments stay as they are; the old name is nobody's then.
    ///
    /// # Errors
    /// 404 for an unknown app; 422 for a bad or taken name (Platform API reference, App: `name`, 3 to 30 letters, digits and
    /// dashes).
    pub fn rename_app(&mut self, app: &str, name: &str) -> Result<(), Refusal> {
        let old = self.app(app)?.name.clone();
        if !is_app_name(name) {
            return Err(Refusal::invalid(
                "Name must start with a letter, end with a letter or digit and can only contain lowercase letters, \
                 digits, and dashes.",
            ));
        }
        if self.apps.iter().any(|other| other.name == name && other.name != old) {
            return Err(Refusal::invalid(format!("Name {name} is already taken")));
        }
        self.app_mut(&old)?.name = name.to_owned();
        let named = self.addons.iter_mut().map(|addon| &mut addon.app);
        let named = named.chain(self.attachments.iter_mut().map(|attachment| &mut attachment.app));
        let named = named.chain(self.transfers.iter_mut().map(|transfer| &mut transfer.app));
        let named = named.chain(self.connections.iter_mut().map(|connection| &mut connection.app));
        let named = named.chain(self.removed_connections.iter_mut().map(|connection| &mut connection.app));
        let named = named.chain(self.timers.iter_mut().filter_map(|timer| timer.due.app_mut()));
        named.filter(|app| **app == old).for_each(|app| name.clone_into(app));
        if let Some(permissions) = self.account.permissions.remove(&old) {
            self.account.permissions.insert(name.to_owned(), permissions);
        }
        Ok(())
    }

    /// Switches maintenance mode.
    ///
    /// # Errors
    /// 404 when there is no such app.
    pub fn set_maintenance(&mut self, app: &str, on: bool) -> Result<(), Refusal> {
        self.app_mut(app)?.maintenance = on;
        Ok(())
    }

    /// Sets the quantity and, where given, the size of a process type. The quantity may be relative (`+1`, `-1`), as the
    /// official CLI sends it.
    ///
    /// # Errors
    /// 404 for an unknown app or process type, 422 for a quantity that is no number.
    pub fn scale(&mut self, app: &str, kind: &str, quantity: Option<&str>, size: Option<&str>) -> Result<(), Refusal> {
        let app = self.app_mut(app)?;
        let process = app
            .formation
            .iter_mut()
            .find(|process| process.kind == kind || process.id == kind)
            .ok_or_else(|| Refusal::new(404, "not_found", format!("Couldn't find that process type ({kind}).")))?;
        let quantity = quantity.map_or(Ok(process.quantity), |asked| new_quantity(process.quantity, asked))?;
        let size = size.unwrap_or(&process.size).to_owned();
        let most = most_dynos(&size);
        if quantity > most && (quantity > process.quantity || size != process.size) {
            return Err(Refusal::invalid(format!(
                "Cannot update to more than {most} {size} size dynos per process type."
            )));
        }
        (process.quantity, process.size) = (quantity, size);
        Ok(())
    }

    /// Stops a one-off dyno, or all dynos of a name; a dyno of the formation is started again by the platform.
    ///
    /// # Errors
    /// 404 when there is no such app or dyno.
    pub fn stop_dyno(&mut self, app: &str, dyno: &str) -> Result<(), Refusal> {
        let app = self.app_mut(app)?;
        let before = app.one_offs.len();
        app.one_offs.retain(|one_off| one_off.name != dyno && one_off.id != dyno);
        let kind = dyno.split('.').next().unwrap_or(dyno);
        if app.one_offs.len() < before || app.formation.iter().any(|process| process.kind == kind) {
            return Ok(());
        }
        Err(Refusal::new(404, "not_found", "Couldn't find that dyno."))
    }

    /// Sets or (with `None`) removes config vars of the app's own, which makes a release.
    ///
    /// # Errors
    /// 404 for an unknown app; 422 for a var that belongs to an add-on.
    pub fn set_config(&mut self, app: &str, changes: &[(String, Option<String>)]) -> Result<(), Refusal> {
        let name = self.app(app)?.name.clone();
        let owned = self.attached_config(&name);
        if let Some((taken, _)) = changes.iter().find(|(key, _)| owned.contains_key(key)) {
            return Err(Refusal::invalid(format!("Cannot overwrite the add-on's config var {taken}.")));
        }
        let app = self.app_mut(&name)?;
        for (key, value) in changes {
            match value {
                Some(value) => app.config.insert(key.clone(), value.clone()),
                None => app.config.remove(key),
            };
        }
        let keys: Vec<&str> = changes.iter().map(|(key, _)| key.as_str()).collect();
        let verb = if changes.iter().all(|(_, value)| value.is_none()) { "Remove" } else { "Set" };
        self.release(&name, format!("{verb} {} config vars", keys.join(", ")));
        Ok(())
    }

    /// All config vars of the app: its own, and those of its attachments.
    ///
    /// # Errors
    /// 404 when there is no such app.
    pub fn config(&self, app: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let app = self.app(app)?;
        let mut config = app.config.clone();
        config.extend(self.attached_config(&app.name));
        Ok(config)
    }
}

/// The most dynos of a process type: 1 of the smallest sizes, otherwise 100 (Dev Center: Dyno Types, Scaling).
/// heroku/typescript-api-schema, `App`: `^[a-z][a-z0-9-]{1,28}[a-z0-9]$`.
fn is_app_name(name: &str) -> bool {
    let is_own = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (3..=30).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|letter| is_own(letter) || letter == b'-')
        && !name.ends_with('-')
}

fn most_dynos(size: &str) -> u64 {
    if ["eco", "basic"].contains(&size.to_lowercase().as_str()) { 1 } else { 100 }
}

fn new_quantity(old: u64, asked: &str) -> Result<u64, Refusal> {
    let refusal = || Refusal::invalid(format!("Invalid quantity: {asked}"));
    let number = |digits: &str| digits.parse::<u64>().map_err(|_| refusal());
    if let Some(more) = asked.strip_prefix('+') {
        return Ok(old + number(more)?);
    }
    if let Some(fewer) = asked.strip_prefix('-') {
        return Ok(old.saturating_sub(number(fewer)?));
    }
    number(asked)
}

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use hcops_heroku::data::{NEWEST, not_offered};

use super::database::minor_version;
use super::timer::after;
use super::{Due, PlanName, Refusal, World};
use crate::fault::Fault;

/// Stages of an upgrade, as `step` shows them: the official CLI's tests end with `7/7`
/// (docs/heroku/procedures.md, "Upgrade in place").
const STEPS: u64 = 7;

/// The step in which an upgrade fails, if it does.
const FAILING_STEP: u64 = 4;

/// A version upgrade, planned or under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Upgrade {
    /// Being prepared.
    Preparing {
        /// The major version.
        to: String,
    },
    /// Prepared; starts by itself in the maintenance window.
    Scheduled {
        /// The major version.
        to: String,
        /// When the window begins.
        at: Timestamp,
    },
    /// Under way.
    Running {
        /// The major version.
        to: String,
        /// The step under way, from 1.
        step: u64,
    },
    /// It failed.
    Failed {
        /// The major version.
        to: String,
        /// Why, where a real server has said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// It is done.
    Done {
        /// The major version.
        to: String,
    },
}

impl Upgrade {
    /// Whether the database is being changed right now.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }

    const fn is_planned(&self) -> bool {
        matches!(self, Self::Preparing { .. } | Self::Scheduled { .. })
    }
}

impl World {
    pub(crate) fn check_no_upgrade(&self, key: &str) -> Result<(), Refusal> {
        let running = self.database(key)?.upgrade.as_ref().is_some_and(Upgrade::is_running);
        if running {
            return Err(Refusal::unprocessable(
                "database is in the middle of a version upgrade. To perform this action, wait until the upgrade is \
                 complete and try again.",
            ));
        }
        Ok(())
    }

    /// Prepares and schedules an upgrade of a leader.
    ///
    /// # Errors
    /// 404; 422 when one is scheduled or in progress, when the database is a follower or Essential, or when the version
    /// is not newer.
    pub fn prepare_upgrade(&mut self, key: &str, version: Option<&str>) -> Result<(), Refusal> {
        self.check_no_upgrade(key)?;
        let to = self.target_version(key, version)?;
        let database = self.database(key)?;
        if database.upgrade.as_ref().is_some_and(Upgrade::is_planned) {
            return Err(Refusal::unprocessable("Your database is already scheduled for an upgrade."));
        }
        if database.following.is_some() || self.addon(key)?.plan.is_essential() {
            return Err(Refusal::unprocessable("You can only prepare the upgrade of a leader database."));
        }
        let seconds = if self.behaviour.instant_prepare { 0 } else { self.latency.upgrade_prepare };
        let database = self.database_mut(key)?;
        database.upgrade = Some(Upgrade::Preparing { to });
        let addon = database.addon.clone();
        self.schedule(seconds, Due::UpgradePrepared { addon });
        Ok(())
    }

    /// Runs an upgrade: of a follower, which ceases to follow; of an Essential database in place; or the prepared one of
    /// a leader and its followers.
    ///
    /// # Errors
    /// 404; 400 when nothing is prepared or the preparation has not ended; 422 when one is in progress or the version is
    /// not newer.
    pub fn run_upgrade(&mut self, key: &str, version: Option<&str>) -> Result<(), Refusal> {
        self.check_no_upgrade(key)?;
        let to = self.upgrade_to_run(key, version)?;
        let now = self.settled_at;
        let database = self.database_mut(key)?;
        database.stop_following(now);
        let addon = database.addon.clone();
        self.cancel_due(|due| matches!(due, Due::UpgradeWindow { addon: of } if *of == addon));
        self.begin_step(&addon, to, 1);
        Ok(())
    }

    fn upgrade_to_run(&self, key: &str, version: Option<&str>) -> Result<String, Refusal> {
        let database = self.database(key)?;
        if database.following.is_some() || self.addon(key)?.plan.is_essential() {
            return self.target_version(key, version);
        }
        match &database.upgrade {
            Some(Upgrade::Scheduled { to, .. }) => Ok(to.clone()),
            Some(Upgrade::Preparing { .. }) => Err(Refusal::new(
                400,
                "bad_request",
                "Your database is not ready for upgrade. Please try running your upgrade later. You can check the \
                 status of your upgrade with `heroku pg:upgrade:wait`.",
            )),
            _ if self.behaviour.unprepared_upgrade_status == 422 => {
                Err(Refusal::unprocessable("You need to run `heroku pg:upgrade:prepare` first."))
            }
            _ => Err(Refusal::new(
                self.behaviour.unprepared_upgrade_status,
                "bad_request",
                "You haven't scheduled a version upgrade. You need to run `heroku pg:upgrade:prepare` first.",
            )),
        }
    }

    fn target_version(&self, key: &str, version: Option<&str>) -> Result<String, Refusal> {
        let database = self.database(key)?;
        let newest = NEWEST.to_string();
        let to = version.unwrap_or(&newest);
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        if number(to) <= number(database.major()) {
            return Err(Refusal::unprocessable(format!(
                "You can't upgrade from version {} to version {to}.",
                database.major()
            )));
        }
        self.check_major(to, false)?;
        Ok(to.to_owned())
    }

    /// Whether Heroku upgrades to this major version, or creates a new database on it.
    ///
    /// # Errors
    /// 422; the words are chosen.
    pub(crate) fn check_major(&self, version: &str, creates: bool) -> Result<(), Refusal> {
        let today = self.settled_at.to_zoned(TimeZone::UTC).date();
        let major: u32 = version.parse().unwrap_or(0);
        match not_offered(major, creates, today).filter(|_| self.behaviour.offers_major != Some(major)) {
            Some(why) => Err(Refusal::unprocessable(format!("Postgres version {version} is not available: {why}."))),
            None => Ok(()),
        }
    }

    /// Cancels a scheduled upgrade.
    ///
    /// # Errors
    /// 404; 422 when none is scheduled, or it is in progress.
    pub fn cancel_upgrade(&mut self, key: &str) -> Result<(), Refusal> {
        let lenient = self.behaviour.cancel_without_upgrade;
        let database = self.database_mut(key)?;
        let planned = database.upgrade.as_ref().is_some_and(Upgrade::is_planned);
        if !planned && lenient && database.upgrade.as_ref().is_none_or(|upgrade| !upgrade.is_running()) {
            return Ok(());
        }
        if !planned {
            return Err(Refusal::new(422, "bad_request", "There is no upgrade that could be cancelled."));
        }
        database.upgrade = None;
        let addon = database.addon.clone();
        self.cancel_due(
            |due| matches!(due, Due::UpgradePrepared { addon: of } | Due::UpgradeWindow { addon: of } if *of == addon),
        );
        Ok(())
    }

    pub(crate) fn end_preparation(&mut self, id: &str) {
        let (now, seconds) = (self.settled_at, self.latency.upgrade_window);
        let Ok(database) = self.database_mut(id) else { return };
        let Some(Upgrade::Preparing { to }) = database.upgrade.take() else { return };
        database.upgrade = Some(Upgrade::Scheduled { to, at: after(now, seconds) });
        self.schedule(seconds, Due::UpgradeWindow { addon: id.to_owned() });
    }

    pub(crate) fn begin_scheduled_upgrade(&mut self, id: &str) {
        let planned = self.database(id).ok().and_then(|database| database.upgrade.clone());
        if let Some(Upgrade::Scheduled { to, .. }) = planned {
            self.begin_step(id, to, 1);
        }
    }

    pub(crate) fn next_upgrade_step(&mut self, id: &str) {
        let running = self.database(id).ok().and_then(|database| database.upgrade.clone());
        let Some(Upgrade::Running { to, step }) = running else { return };
        if step == FAILING_STEP && self.behaviour.failing_upgrades > 0 {
            return self.fail_upgrade(id, to);
        }
        if step < STEPS { self.begin_step(id, to, step + 1) } else { self.end_upgrade(id, &to) }
    }

    fn begin_step(&mut self, id: &str, to: String, step: u64) {
        if let Ok(database) = self.database_mut(id) {
            database.upgrade = Some(Upgrade::Running { to, step });
            database.wait("upgrading", Some(format!("{step}/{STEPS}")));
        }
        let total = self.latency.upgrade;
        let seconds = total * step / STEPS - total * (step - 1) / STEPS;
        self.schedule(seconds, Due::UpgradeStep { addon: id.to_owned() });
    }

    /// The database stays on its old version, and what ceased to follow does not follow again.
    fn fail_upgrade(&mut self, id: &str, to: String) {
        self.behaviour.failing_upgrades -= 1;
        self.behaviour.meet(Fault::UpgradeFails, true);
        if let Ok(database) = self.database_mut(id) {
            database.upgrade = Some(Upgrade::Failed { to, why: None });
        }
        self.database_is_ready(id);
    }

    fn end_upgrade(&mut self, id: &str, to: &str) {
        for database in &mut self.databases {
            if database.addon == id || database.following.as_deref() == Some(id) {
                database.version = minor_version(to);
            }
        }
        if let Ok(database) = self.database_mut(id) {
            database.upgrade = Some(Upgrade::Done { to: to.to_owned() });
        }
        self.database_is_ready(id);
    }
}

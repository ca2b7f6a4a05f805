use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::timer::after;
use super::{Account, Addon, App, Attachment, Behaviour, Connection, Database, Due, Ids, StatusSite, Timer, Transfer};
use crate::latency::Latency;

/// The whole simulated Heroku.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// The scenario it began as.
    pub scenario: String,
    /// The moment up to which everything has been worked out, in whole milliseconds.
    pub settled_at: Timestamp,
    /// Where new identifiers come from.
    pub ids: Ids,
    /// The account.
    pub account: Account,
    /// Apps.
    pub apps: Vec<App>,
    /// Add-ons.
    pub addons: Vec<Addon>,
    /// Attachments, oldest first.
    pub attachments: Vec<Attachment>,
    /// Databases of the Postgres add-ons.
    pub databases: Vec<Database>,
    /// Copies.
    pub transfers: Vec<Transfer>,
    /// Connections of the Connect add-ons.
    pub connections: Vec<Connection>,
    /// Connections that were removed, newest last: what the person at the browser remembers of them.
    #[serde(default)]
    pub removed_connections: Vec<Connection>,
    /// The status site.
    pub status: StatusSite,
    /// Durations.
    pub latency: Latency,
    /// Choices where Heroku's conduct is unknown.
    pub behaviour: Behaviour,
    /// What is still to happen.
    pub timers: Vec<Timer>,
    /// Orders timers that are due at the same moment.
    pub timers_set: u64,
}

impl World {
    /// Works out everything that happens until `now`, in the order in which it is due.
    pub fn settle(&mut self, now: Timestamp) {
        let Ok(()) = self.settle_in_steps(now, |_, _| Ok::<(), std::convert::Infallible>(()));
    }

    /// The same, and `after` is shown the world after each thing that was due. When it fails the world is as it was shown
    /// then; settling again goes on from there.
    ///
    /// # Errors
    /// What `after` fails with.
    pub(crate) fn settle_in_steps<E>(
        &mut self,
        now: Timestamp,
        mut after: impl FnMut(&mut Self, &Due) -> Result<(), E>,
    ) -> Result<(), E> {
        let now = whole_milliseconds(now);
        while let Some(timer) = self.take_next(now) {
            self.flow(timer.at);
            self.settled_at = self.settled_at.max(timer.at);
            self.happen(&timer.due);
            after(self, &timer.due)?;
        }
        self.flow(now);
        self.settled_at = self.settled_at.max(now);
        Ok(())
    }

    fn take_next(&mut self, now: Timestamp) -> Option<Timer> {
        let due = self.timers.iter().enumerate().filter(|(_, timer)| timer.at <= now);
        let (index, _) = due.min_by_key(|(_, timer)| (timer.at, timer.order))?;
        Some(self.timers.remove(index))
    }

    fn happen(&mut self, due: &Due) {
        match due {
            Due::Provisioned { addon } => self.end_provisioning(addon),
            Due::Deprovisioned { addon } => self.forget_addon(addon),
            Due::PlanChanged { addon, plan } => self.end_plan_change(addon, plan),
            Due::DatabaseReady { addon } => self.database_is_ready(addon),
            Due::ForkFollowAvailable { addon } => self.fork_follow_is_available(addon),
            Due::UpgradePrepared { addon } => self.end_preparation(addon),
            Due::UpgradeWindow { addon } => self.begin_scheduled_upgrade(addon),
            Due::UpgradeStep { addon } => self.next_upgrade_step(addon),
            Due::MaintenanceBegins { addon } => self.begin_maintenance(addon),
            Due::MaintenanceEnds { addon } => self.end_maintenance(addon),
            Due::CopyEnds { transfer } => self.end_copy(transfer),
            Due::ReleasePhaseEnds { app, version } => self.end_release_phase(app, *version),
            // Who is at work follows from the time; the timer makes the flows change at that moment.
            Due::OutgoingDynosStop { .. } => {}
            Due::PollBegins { connection } => self.begin_poll(connection),
            Due::PollEnds { connection } => self.end_poll(connection),
            Due::Paused { connection } => self.become_paused(connection),
            Due::Resumed { connection } => self.become_resumed(connection),
            Due::BackToIdle { connection } => self.back_to_idle(connection),
            Due::LoggedIn { connection } => self.end_login(connection),
            Due::SetByHand { connection } => self.set_by_hand(connection),
            Due::SchemaRenamed { schema } => self.rename_schema(schema),
            Due::MappingPollBegins { mapping } => self.begin_mapping_poll(mapping),
            Due::MappingSynced { mapping } => self.mapping_is_synced(mapping),
        }
    }

    /// Lets something happen in so many seconds.
    pub(crate) fn schedule(&mut self, seconds: u64, due: Due) {
        self.timers_set += 1;
        self.timers.push(Timer { at: after(self.settled_at, seconds), order: self.timers_set, due });
    }

    /// Removes every timer about this add-on, connection, mapping or transfer.
    pub(crate) fn cancel(&mut self, about: &str) {
        self.cancel_due(|due| due.about() == about);
    }

    pub(crate) fn cancel_due(&mut self, chosen: impl Fn(&Due) -> bool) {
        self.timers.retain(|timer| !chosen(&timer.due));
    }
}

/// Finer times than the flows can count in would make the world depend on when it is looked at.
fn whole_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

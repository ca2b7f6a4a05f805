use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A transition that is due at a moment. Timers are data, so that a world can be saved in the middle of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// When it is due.
    pub at: Timestamp,
    /// Order among timers that are due at the same moment.
    pub order: u64,
    /// What happens.
    pub due: Due,
}

/// What a timer brings about. Add-ons, connections and mappings are named by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each field is the id of the thing that its variant's sentence names")]
pub enum Due {
    /// An add-on becomes `provisioned`.
    Provisioned { addon: String },
    /// An add-on is gone.
    Deprovisioned { addon: String },
    /// A new plan takes effect.
    PlanChanged { addon: String, plan: String },
    /// A database becomes ready.
    DatabaseReady { addon: String },
    /// Fork/Follow becomes `Available`.
    ForkFollowAvailable { addon: String },
    /// An upgrade's preparation ends.
    UpgradePrepared { addon: String },
    /// The maintenance window begins for which an upgrade is scheduled.
    UpgradeWindow { addon: String },
    /// The next step of an upgrade begins, or the upgrade ends.
    UpgradeStep { addon: String },
    /// The window of a planned maintenance begins.
    MaintenanceBegins { addon: String },
    /// A maintenance ends.
    MaintenanceEnds { addon: String },
    /// A copy ends.
    CopyEnds { transfer: String },
    /// A release phase ends.
    ReleasePhaseEnds { app: String, version: u64 },
    /// Web dynos of the release before stop, which preboot kept.
    OutgoingDynosStop { app: String },
    /// A connection begins to poll the trigger log.
    PollBegins { connection: String },
    /// A connection has finished polling the trigger log.
    PollEnds { connection: String },
    /// A pause takes effect.
    Paused { connection: String },
    /// A resume takes effect.
    Resumed { connection: String },
    /// An import, a recovery or an authentication ends, and the connection is `IDLE`.
    BackToIdle { connection: String },
    /// The person at the browser has logged in to Salesforce for a connection.
    LoggedIn { connection: String },
    /// The person at the browser has set what an import leaves.
    SetByHand { connection: String },
    /// The person at the console has renamed a schema that a removed connection has left behind.
    SchemaRenamed { schema: String },
    /// A mapping begins its regular poll of Salesforce.
    MappingPollBegins { mapping: String },
    /// A mapping is in sync.
    MappingSynced { mapping: String },
}

impl Due {
    /// Whether it changes which databases there are, what they hold, or who may write into them; the others are polls.
    pub(crate) const fn touches_databases(&self) -> bool {
        !matches!(
            self,
            Self::PollBegins { .. }
                | Self::MappingPollBegins { .. }
                | Self::MappingSynced { .. }
                | Self::LoggedIn { .. }
                | Self::SetByHand { .. }
                | Self::Provisioned { .. }
                | Self::ForkFollowAvailable { .. }
                | Self::MaintenanceBegins { .. }
                | Self::MaintenanceEnds { .. }
        )
    }

    /// The app that it is about, by name.
    pub(crate) const fn app_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::ReleasePhaseEnds { app, .. } | Self::OutgoingDynosStop { app } => Some(app),
            _ => None,
        }
    }

    /// The id of the add-on, connection, mapping, transfer or app that the timer is about; a person has none.
    #[must_use]
    pub fn about(&self) -> &str {
        match self {
            Self::Provisioned { addon }
            | Self::Deprovisioned { addon }
            | Self::PlanChanged { addon, .. }
            | Self::DatabaseReady { addon }
            | Self::ForkFollowAvailable { addon }
            | Self::UpgradePrepared { addon }
            | Self::UpgradeWindow { addon }
            | Self::UpgradeStep { addon }
            | Self::MaintenanceBegins { addon }
            | Self::MaintenanceEnds { addon } => addon,
            Self::CopyEnds { transfer } => transfer,
            Self::ReleasePhaseEnds { app, .. } | Self::OutgoingDynosStop { app } => app,
            Self::PollBegins { connection }
            | Self::PollEnds { connection }
            | Self::Paused { connection }
            | Self::Resumed { connection }
            | Self::BackToIdle { connection } => connection,
            Self::MappingPollBegins { mapping } | Self::MappingSynced { mapping } => mapping,
            // What the connection does meanwhile doesn't keep a person from finishing.
            Self::LoggedIn { .. } | Self::SetByHand { .. } | Self::SchemaRenamed { .. } => "the person at the browser",
        }
    }
}

/// `time` plus whole seconds; stays at the end of time rather than beyond it.
#[must_use]
pub(crate) fn after(time: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    time.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// `time` minus whole seconds; stays at the beginning of time rather than before it.
#[must_use]
pub(crate) fn before(time: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    time.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN)
}

//! How long Heroku's own work takes, with the source of each figure. A scenario may set any of them.

use serde::{Deserialize, Serialize};

/// Durations in whole seconds. "Chosen" marks a figure that no source gives; it is of a plausible order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Latency {
    /// From the order of an add-on to its state `provisioned`. Chosen; "from minutes to hours" for large databases.
    pub provision: u64,
    /// From `provisioned` to a new database being ready (`wait_status` no longer waiting), the second of the two
    /// clocks of docs/heroku/platform.md, "Add-ons". Chosen.
    pub database_ready: u64,
    /// From `deprovisioning` to gone. Chosen.
    pub deprovision: u64,
    /// How long a new, forked or unfollowed database says `Temporarily Unavailable` for Fork/Follow: "minutes to
    /// hours" (docs/heroku/platform.md, "Add-ons").
    pub fork_follow_unavailable: u64,
    /// Length of an unfollow. Chosen.
    pub unfollow: u64,
    /// Length of a version upgrade: "about 5 to 10 minutes" (docs/heroku/procedures.md, "Upgrade in place").
    pub upgrade: u64,
    /// Length of the preparation of an upgrade: "up to a day" (docs/heroku/data.md, "Upgrade").
    pub upgrade_prepare: u64,
    /// From the end of a preparation to the maintenance window in which the upgrade starts by itself. Chosen.
    pub upgrade_window: u64,
    /// Length of a maintenance of a database. Chosen.
    pub maintenance: u64,
    /// Length of a plan change's preparation: "up to hours" (docs/heroku/platform.md, "Plan changes").
    pub plan_change: u64,
    /// Length of a copy for each gigabyte: "about 3 minutes" (docs/heroku/procedures.md, "Copy").
    pub copy_per_gigabyte: u64,
    /// Length of a release phase. Chosen.
    pub release_phase: u64,
    /// From the accepted pause to `PAUSED`: "pending work completes first" (docs/heroku/connect.md,
    /// "Connection states"). Chosen.
    pub connect_pause: u64,
    /// From the accepted resume until the connection leaves `PAUSED`. Chosen.
    pub connect_resume: u64,
    /// From the start of the catching-up after a resume to `IDLE`, at least. Chosen.
    pub connect_catch_up: u64,
    /// Length of one mapping's poll of Salesforce. Chosen.
    pub mapping_poll: u64,
    /// Length of a mapping's reload. Chosen.
    pub mapping_reload: u64,
    /// Length of an import: a third-party provider waits 15 seconds (docs/heroku/connect.md, "Export and import").
    pub connect_import: u64,
    /// How long the person takes whom a procedure sends to a browser: to log in to Salesforce, or to set by hand what an
    /// import leaves. Chosen.
    pub person: u64,
    /// Length of a validation. Chosen.
    pub connect_validation: u64,
    /// Length of `RECOVERY` after a restart. Chosen.
    pub connect_recovery: u64,
}

impl Default for Latency {
    fn default() -> Self {
        Self {
            provision: 180,
            database_ready: 240,
            deprovision: 30,
            fork_follow_unavailable: 1_800,
            unfollow: 60,
            upgrade: 420,
            upgrade_prepare: 1_800,
            upgrade_window: 86_400,
            maintenance: 600,
            plan_change: 1_800,
            copy_per_gigabyte: 180,
            release_phase: 45,
            connect_pause: 8,
            connect_resume: 3,
            connect_catch_up: 30,
            mapping_poll: 6,
            mapping_reload: 120,
            connect_import: 15,
            person: 90,
            connect_validation: 3,
            connect_recovery: 20,
        }
    }
}

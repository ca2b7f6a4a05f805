use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// Where the real Heroku's conduct is unknown or varies: set by scenarios and faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Status for a pause of a connection that is not `IDLE` (unknown: docs/heroku/connect.md, "Connection actions").
    pub pause_refused_with: u16,
    /// Status of `confirmation_required` (unknown: docs/heroku/platform.md, "Error bodies").
    pub confirmation_status: u16,
    /// Status of a bare `upgrade/run` on a leader (400 in the tests of the CLI, 422 in the recorded cases).
    pub unprepared_upgrade_status: u16,
    /// Whether a request to prepare an upgrade finishes at once.
    pub instant_prepare: bool,
    /// `leader` of a follower as an object rather than a string.
    pub leader_as_object: bool,
    /// Data API 404s come with an empty body.
    pub empty_not_found: bool,
    /// A cancellation succeeds even when no upgrade is planned, as in the recorded cases.
    pub cancel_without_upgrade: bool,
    /// Each request takes so many seconds of simulated time, so that a client that polls sees things change without
    /// waiting for them.
    pub seconds_per_request: u64,
    /// The word in the names of new add-ons; then they are numbered from 10006, as in the recorded cases.
    pub word_of_new_addons: Option<String>,
    /// Full names of the plans that are offered, in this order; all when empty.
    pub offered_plans: Vec<String>,
    /// The faults of the world that something has met.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub met: BTreeSet<Fault>,
    /// So many of the next release phases fail, of releases that move an attachment.
    pub failing_release_phases: u64,
    /// The config var of an attachment whose release failed keeps the address of before instead of being missing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub failed_release_keeps_the_old_variable: bool,
    /// The config var of an attachment changes when its release has succeeded, not when it is made.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub variables_wait_for_the_release: bool,
    /// So many seconds after an attachment was moved Connect still shows the database of before.
    #[serde(skip_serializing_if = "is_none")]
    pub connect_settings_lag: u64,
    /// Connect does not show which database a connection uses.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub connect_hides_the_database: bool,
    /// Connection poolers have a host of their own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub poolers_have_their_own_host: bool,
    /// Answers leave out whatever the official clients' types call optional.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub leaves_out_what_is_optional: bool,
    /// Discovery also finds a connection of Heroku Events, which has another API. Whether the real one mixes them is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub discovers_events: bool,
    /// A Postgres major that Heroku offers beside those that are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offers_major: Option<u32>,
    /// The maintenance of an Essential database is refused with 422 (unknown).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refuses_essential_maintenance: bool,
    /// The next copies end with so many warnings.
    pub copy_warnings: u64,
    /// The next copies fail.
    pub copies_fail: bool,
    /// So many of the next upgrades fail half-way.
    pub failing_upgrades: u64,
    /// Nobody is there whom a procedure could send to a browser: nobody logs in to Salesforce, nobody sets anything by
    /// hand.
    pub absent_person: bool,
    /// Followers say that they have caught up while the replay of the servers behind them stands still.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replay_disagrees: bool,
    /// What a reload of a mapping does while its connection is paused. Not established for the real Connect.
    pub reload_while_paused: ReloadWhilePaused,
    /// What Connect does with a new connection whose schema is in its database already. Not established for the real Connect.
    pub existing_schema: ExistingSchema,
    /// A mapping that is saved makes the column of a field shorter that has become so: the Dev Center article of 2022 says so,
    /// Heroku's staff do not (heroku-connect-plugin, pull request 292).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub saving_shortens_columns: bool,
    /// A sync makes the column of a field longer that has become so: Heroku's staff say so (heroku-connect-plugin, pull request
    /// 292), the article has the mapping saved.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sync_lengthens_columns: bool,
    /// The list of dynos leaves out those of the release before that preboot keeps (unknown).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hides_outgoing_dynos: bool,
    /// An import does not turn accelerated polling on (unknown).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub import_leaves_out_acceleration: bool,
    /// Fields, as `Account.Fax`, that Connect leaves out of a configuration without a word (unknown).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped_fields: Vec<String>,
    /// Objects that Salesforce does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_objects: Vec<String>,
    /// What Connect does with a mapping of such an object in an import (unknown).
    pub missing_object: MissingObject,
    /// Heroku Connect's own maintenance: it answers 503 within this window.
    pub connect_maintenance: Option<Window>,
}

/// What a paused connection does with an accepted reload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReloadWhilePaused {
    /// It loads the table at once.
    #[default]
    Loads,
    /// It shows `RELOAD_TABLE` and loads the table once the connection is resumed.
    Waits,
    /// It does nothing.
    Drops,
}

/// What Connect does with the mapping of an object that Salesforce does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingObject {
    /// The mapping is there, and `BAD_CONFIG`.
    #[default]
    Broken,
    /// The whole import is refused.
    Refused,
    /// The mapping is left out without a word.
    Dropped,
}

/// What becomes of a new connection whose schema another connection has left behind in its database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExistingSchema {
    /// The connection goes on with its tables.
    #[default]
    Reused,
    /// Connect refuses it as the connection's schema: a customer's report (heroku/roadmap, issue 296).
    Refused,
    /// Connect takes the setting, and refuses to import mappings into it.
    RefusedAtImport,
}

impl Behaviour {
    /// Notes that something has met what a fault changed, if it `has`.
    pub(crate) fn meet(&mut self, fault: Fault, has: bool) {
        if has {
            self.met.insert(fault);
        }
    }
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            pause_refused_with: 409,
            confirmation_status: 423,
            unprepared_upgrade_status: 400,
            instant_prepare: false,
            leader_as_object: false,
            empty_not_found: false,
            cancel_without_upgrade: false,
            seconds_per_request: 0,
            word_of_new_addons: None,
            offered_plans: Vec::new(),
            met: BTreeSet::new(),
            failing_release_phases: 0,
            failed_release_keeps_the_old_variable: false,
            variables_wait_for_the_release: false,
            connect_settings_lag: 0,
            connect_hides_the_database: false,
            poolers_have_their_own_host: false,
            leaves_out_what_is_optional: false,
            discovers_events: false,
            offers_major: None,
            refuses_essential_maintenance: false,
            copy_warnings: 0,
            copies_fail: false,
            failing_upgrades: 0,
            absent_person: false,
            replay_disagrees: false,
            hides_outgoing_dynos: false,
            reload_while_paused: ReloadWhilePaused::Loads,
            existing_schema: ExistingSchema::Reused,
            saving_shortens_columns: false,
            sync_lengthens_columns: false,
            import_leaves_out_acceleration: false,
            dropped_fields: Vec::new(),
            missing_objects: Vec::new(),
            missing_object: MissingObject::Broken,
            connect_maintenance: None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
const fn is_none(seconds: &u64) -> bool {
    *seconds == 0
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First moment inside.
    pub from: Timestamp,
    /// First moment after.
    pub until: Timestamp,
}

impl Window {
    /// Whether the moment is inside.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.until
    }
}

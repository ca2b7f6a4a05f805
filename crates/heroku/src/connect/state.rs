use crate::open_enum::open_enum;

open_enum! {
    // docs/heroku/connect.md, "Connection states".
    /// How a connection stands.
    pub enum ConnectionState {
        /// Provisioned, not yet configured.
        New = "NEW",
        /// Waits for the Salesforce login.
        NeedAuthentication = "NEED_AUTHENTICATION",
        /// Healthy; no database poll in progress. The only state in which it can be paused.
        Idle = "IDLE",
        /// Reading the trigger log and writing to Salesforce.
        PollingDbChanges = "POLLING_DB_CHANGES",
        /// Stopped, by a user or for inactivity.
        Paused = "PAUSED",
        /// Coming back.
        Recovery = "RECOVERY",
        /// Applying an import.
        ImportConfiguration = "IMPORT_CONFIGURATION",
        /// Stopped by an unforeseen fault.
        SystemError = "SYSTEM_ERROR",
        /// Can't reach Postgres.
        DbUnavailable = "DB_UNAVAILABLE",
        /// Over the licence's row limit.
        TooManyRows = "TOO_MANY_ROWS",
        /// The Salesforce login expired.
        Unauthorized = "UNAUTHORIZED",
        /// The authorisation for the database is lost.
        HerokuUnauth = "HEROKU_UNAUTH",
        /// The Salesforce organisation is inactive.
        InactiveOrg = "INACTIVE_ORG",
        /// Working.
        Busy = "BUSY",
        /// A demo connection long out of use; only Heroku's support can revive it.
        SystemOnIce = "SYSTEM_ON_ICE",
    }
}

impl ConnectionState {
    /// Whether sync runs: the states that a monitor in production counts as good (docs/heroku/connect.md,
    /// "Connection states").
    #[must_use]
    pub const fn is_healthy_or_working(&self) -> bool {
        matches!(self, Self::Idle | Self::PollingDbChanges | Self::ImportConfiguration | Self::Busy)
    }

    /// Whether it stands still because of a fault that somebody must remove.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::SystemError
                | Self::DbUnavailable
                | Self::TooManyRows
                | Self::Unauthorized
                | Self::HerokuUnauth
                | Self::InactiveOrg
                | Self::SystemOnIce
                | Self::New
                | Self::NeedAuthentication
        )
    }
}

open_enum! {
    // docs/heroku/connect.md, "Mapping states".
    /// How a mapping stands.
    pub enum MappingState {
        /// In sync since the last poll.
        DataSynced = "DATA_SYNCED",
        /// The table is being created.
        Initial = "INITIAL",
        /// Loading after it was made, or after fields were added.
        Resync = "RESYNC",
        /// First load, or a reload.
        ReloadTable = "RELOAD_TABLE",
        /// The table is being changed.
        SchemaChanged = "SCHEMA_CHANGED",
        /// Polling Salesforce.
        PollingSfChanges = "POLLING_SF_CHANGES",
        /// Polling Salesforce by the Bulk API.
        PollingSfBulk = "POLLING_SF_BULK",
        /// Polling for deleted rows.
        PollingSfForDeletes = "POLLING_SF_FOR_DELETES",
        /// Waits for a bulk load.
        WaitBulkLoad = "WAIT_BULK_LOAD",
        /// Loads the result of a bulk job.
        LoadingBulkJob = "LOADING_BULK_JOB",
        /// Resolves external ids.
        ResolveExternalIds = "RESOLVE_EXTERNAL_IDS",
        /// Polls external ids.
        PollExternalIds = "POLL_EXTERNAL_IDS",
        /// Waits for a bulk update.
        WaitBulkUpdate = "WAIT_BULK_UPDATE",
        /// Applies a bulk update.
        ApplyingBulkUpdate = "APPLYING_BULK_UPDATE",
        /// An operation was aborted.
        Aborted = "ABORTED",
        /// Being recovered.
        Recovery = "RECOVERY",
        /// A bulk load failed.
        BulkLoadError = "BULK_LOAD_ERROR",
        /// Stopped by an unforeseen fault.
        SystemError = "SYSTEM_ERROR",
        /// Can't reach Postgres.
        DbUnavailable = "DB_UNAVAILABLE",
        /// The Salesforce login expired.
        Unauthorized = "UNAUTHORIZED",
        /// The Salesforce organisation is inactive.
        InactiveOrg = "INACTIVE_ORG",
        /// The configuration no longer fits Salesforce: its sync stopped silently.
        BadConfig = "BAD_CONFIG",
        /// The object can no longer be synced.
        SyncRemoved = "SYNC_REMOVED",
    }
}

/// What a mapping's state means for sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MappingClass {
    /// In sync, or at its usual work.
    Ok,
    /// On its way; usually clears by itself.
    Transient,
    /// Broken: somebody must act.
    Broken,
    /// A state that this version does not know.
    Unknown,
}

impl MappingState {
    /// What it means for sync (docs/heroku/connect.md, "Mapping states").
    #[must_use]
    pub const fn class(&self) -> MappingClass {
        match self {
            Self::DataSynced
            | Self::Resync
            | Self::ReloadTable
            | Self::PollingSfChanges
            | Self::PollingSfBulk
            | Self::PollingSfForDeletes
            | Self::WaitBulkLoad
            | Self::LoadingBulkJob
            | Self::ResolveExternalIds
            | Self::PollExternalIds
            | Self::WaitBulkUpdate
            | Self::ApplyingBulkUpdate
            | Self::Aborted => MappingClass::Ok,
            Self::Initial | Self::SchemaChanged | Self::Recovery => MappingClass::Transient,
            Self::BulkLoadError
            | Self::SystemError
            | Self::DbUnavailable
            | Self::Unauthorized
            | Self::InactiveOrg
            | Self::BadConfig
            | Self::SyncRemoved => MappingClass::Broken,
            Self::Other(_) => MappingClass::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_state_is_neither_good_nor_a_known_fault_and_stays_raw() {
        let state: ConnectionState = serde_json::from_str("\"HIBERNATING\"").unwrap();
        assert!(!state.is_healthy_or_working() && !state.is_fault());
        assert_eq!(
            (state.to_string().as_str(), serde_json::to_string(&state).unwrap().as_str()),
            ("HIBERNATING", "\"HIBERNATING\"")
        );
        assert_eq!(MappingState::from("DATA_SYNCHED").class(), MappingClass::Unknown);
    }

    #[test]
    fn words_are_read_and_written_the_same() {
        for word in MappingState::KNOWN {
            assert_eq!(MappingState::from(*word).as_str(), *word);
            assert_ne!(MappingState::from(*word).class(), MappingClass::Unknown, "{word}");
        }
        for word in ConnectionState::KNOWN {
            assert!(!matches!(ConnectionState::from(*word), ConnectionState::Other(_)), "{word}");
        }
    }

    #[test]
    fn an_unknown_word_cannot_move_the_cursor() {
        assert_eq!(ConnectionState::from("\u{1b}[2JIDLE").to_string(), "[2JIDLE");
    }
}

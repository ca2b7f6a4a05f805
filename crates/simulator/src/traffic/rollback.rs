use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Traffic, TrafficFault};

/// A database that holds what another one held at an earlier moment. What was written after that moment was given up on
/// purpose, and an audit of the new database does not call it lost (docs/heroku/procedures.md, "Rollback recovery").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rollback {
    /// Its number in the order of all that happened.
    pub(super) number: i64,
    /// The add-on's name of the database that was gone back from.
    pub(super) source: String,
    /// The simulated time that was gone back to.
    pub(super) moment: Timestamp,
}

impl Rollback {
    /// Whether a write is given up in every other database than the one that it went into.
    pub(super) fn gives_up(&self, database: &str, moment: Timestamp, number: i64) -> bool {
        self.source == database && moment > self.moment && number < self.number
    }
}

impl Traffic {
    /// Notes that a new database was made from what `source` held at `moment`. An audit of the new one counts later
    /// changes of `source` apart, and what Connect had brought there later is brought again, as a reload of the mappings
    /// does it. Noting the same once more changes nothing, so a call that a kill may have cut is simply repeated.
    ///
    /// # Errors
    /// [`TrafficFault::Io`].
    pub fn rolled_back(&mut self, source: &str, moment: Timestamp) -> Result<(), TrafficFault> {
        let same = |known: &&Rollback| known.source == source && known.moment == moment;
        let known = self.ledger.rollbacks.iter().find(same).cloned();
        let is_new = known.is_none();
        let rollback =
            known.unwrap_or_else(|| Rollback { number: self.next_number(), source: source.to_owned(), moment });
        if is_new {
            self.ledger.rolled_back(rollback.clone())?;
        }
        self.salesforce.rolled_back(rollback)
    }

    /// Whether a write is not expected in `current`, because a rollback gave it up.
    pub(super) fn is_given_up(&self, current: &str, database: &str, moment: Timestamp, number: i64) -> bool {
        database != current && self.ledger.rollbacks.iter().any(|rollback| rollback.gives_up(database, moment, number))
    }
}

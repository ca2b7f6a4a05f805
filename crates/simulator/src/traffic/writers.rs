use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio_postgres::Client;

use super::ledger::Ledger;
use super::prepare::{self, Home};
use super::salesforce::{Rejections, Salesforce};
use super::target::Target;
use super::{Contents, TrafficFault};

/// Everybody who writes into the databases, with what they know of it: the apps' ledger and Salesforce.
///
/// Everything it knows is in files to which lines are only added, so it can be killed at any moment and opened again; and
/// a call whose future is dropped leaves what it did as open, never as done.
#[derive(Debug)]
pub struct Traffic {
    pub(super) ledger: Ledger,
    pub(super) salesforce: Salesforce,
    left_open: Arc<AtomicBool>,
}

impl Traffic {
    /// Opens the ledgers in this folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`TrafficFault::Io`]; [`TrafficFault::Damaged`] when a line in the middle of a ledger is broken. A torn last line
    /// is none.
    pub fn open(folder: &Path) -> Result<Self, TrafficFault> {
        fs::create_dir_all(folder).map_err(TrafficFault::io(folder))?;
        Ok(Self {
            ledger: Ledger::open(&folder.join("ledger.jsonl"))?,
            salesforce: Salesforce::open(&folder.join("salesforce.jsonl"))?,
            left_open: Arc::new(AtomicBool::new(false)),
        })
    }

    /// Makes and fills, in one transaction, what is not in this database yet: the app's tables, and for each connection
    /// Connect's schema with its mapped tables. What is there stays as it is; a mapping that is new, or a new field of
    /// one, is added. The role must own the database. `database` is the add-on's name.
    ///
    /// # Errors
    /// [`TrafficFault::Refused`] and [`TrafficFault::Lost`]; call it again after either.
    pub async fn prepare(&mut self, client: &Client, database: &str, contents: &Contents) -> Result<(), TrafficFault> {
        let target = self.target(client, database);
        let origin = match Home::of(&target).await {
            Ok(home) => home.origin,
            Err(TrafficFault::Unprepared { .. }) => database.to_owned(),
            Err(fault) => return Err(fault),
        };
        // Noted first: after a kill in between the database is empty, and is seen to be.
        self.ledger.prepared(database, &origin, contents)?;
        prepare::prepare(&target, contents).await
    }

    /// Lets Salesforce turn some changes down from now on; with `None` it takes everything again.
    pub fn reject(&mut self, rejections: Option<Rejections>) {
        self.salesforce.rejections = rejections;
    }

    /// A number that nothing has had before.
    pub(super) fn next_number(&self) -> i64 {
        self.ledger.highest().max(self.salesforce.highest()) + 1
    }

    pub(super) fn target<'t>(&self, client: &'t Client, database: &'t str) -> Target<'t> {
        Target::new(client, database, Arc::clone(&self.left_open))
    }
}

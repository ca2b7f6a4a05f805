use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::contents::ConnectSchema;
use super::lines::Lines;
use super::rollback::Rollback;
use super::{Contents, TrafficFault};

/// What the apps know of their own writes: before each commit the intent, after it the acknowledgement.
#[derive(Debug)]
pub(super) struct Ledger {
    lines: Lines<Line>,
    /// Transactions by number, in the order in which they were begun.
    pub(super) transactions: BTreeMap<i64, Transaction>,
    /// Databases that were gone back from.
    pub(super) rollbacks: Vec<Rollback>,
    schemas: BTreeMap<(String, String), ConnectSchema>,
    /// The highest number that rows from the beginning have.
    seeded: i64,
    /// Records that were acknowledged, by the database where their contents began and by table.
    records: BTreeMap<(String, Table), Vec<i64>>,
    /// Records of which it is not known what they hold.
    in_doubt: BTreeSet<i64>,
}

/// A table, as the ledger names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Table {
    /// Its schema.
    pub(super) schema: String,
    /// Its name.
    pub(super) table: String,
}

/// One numbered change of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Change {
    /// Its number.
    pub(super) number: i64,
    /// The record: the number of the change that made it.
    pub(super) record: i64,
    #[serde(flatten)]
    pub(super) table: Table,
    /// Whether Connect's triggers capture it for Salesforce.
    pub(super) captured: bool,
}

impl Change {
    /// Whether it makes its record.
    pub(super) const fn is_insert(&self) -> bool {
        self.number == self.record
    }
}

/// A transaction of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Transaction {
    /// Its number: that of its first change.
    pub(super) number: i64,
    /// The database's add-on name.
    pub(super) database: String,
    /// The add-on's name of the database where these contents began.
    pub(super) origin: String,
    /// Who wrote.
    pub(super) writer: String,
    /// The simulated time.
    pub(super) moment: Timestamp,
    /// What it changes.
    pub(super) changes: Vec<Change>,
    /// How it ended; not part of the line.
    #[serde(skip)]
    pub(super) outcome: Outcome,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Not known: it may be there or not.
    #[default]
    Open,
    /// The database has acknowledged the commit.
    Acknowledged,
    /// It was not committed, for certain.
    Void,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Prepared { database: String, origin: String, contents: Contents },
    Intended(Transaction),
    Acknowledged { transaction: i64 },
    Voided { transaction: i64, reason: String },
    RolledBack(Rollback),
}

impl Ledger {
    /// Opens the ledger in this file.
    pub(super) fn open(path: &Path) -> Result<Self, TrafficFault> {
        let (lines, before) = Lines::open(path)?;
        let mut ledger = Self {
            lines,
            transactions: BTreeMap::new(),
            rollbacks: Vec::new(),
            schemas: BTreeMap::new(),
            seeded: 0,
            records: BTreeMap::new(),
            in_doubt: BTreeSet::new(),
        };
        before.into_iter().for_each(|line| ledger.take(line));
        Ok(ledger)
    }

    /// The highest number that was given out here.
    pub(super) fn highest(&self) -> i64 {
        let last = self.transactions.values().next_back().and_then(|transaction| transaction.changes.last());
        let gone_back = self.rollbacks.last().map_or(0, |rollback| rollback.number);
        last.map_or(0, |change| change.number).max(self.seeded).max(gone_back)
    }

    /// Notes what a database is about to be filled with, unless that is known.
    pub(super) fn prepared(&mut self, database: &str, origin: &str, contents: &Contents) -> Result<(), TrafficFault> {
        let known = |schema: &ConnectSchema| self.schema(origin, &schema.connection) == Some(schema);
        if self.seeded >= as_number(contents.app_rows) && contents.schemas.iter().all(known) {
            return Ok(());
        }
        let (database, origin) = (database.to_owned(), origin.to_owned());
        self.note(Line::Prepared { database, origin, contents: contents.clone() })
    }

    /// Notes what is about to be committed.
    pub(super) fn intended(&mut self, transaction: Transaction) -> Result<(), TrafficFault> {
        self.note(Line::Intended(transaction))
    }

    /// Notes that it was committed.
    pub(super) fn acknowledged(&mut self, transaction: i64) -> Result<(), TrafficFault> {
        self.note(Line::Acknowledged { transaction })
    }

    /// Notes that it was not.
    pub(super) fn voided(&mut self, transaction: i64, reason: String) -> Result<(), TrafficFault> {
        self.note(Line::Voided { transaction, reason })
    }

    /// Notes a rollback.
    pub(super) fn rolled_back(&mut self, rollback: Rollback) -> Result<(), TrafficFault> {
        self.note(Line::RolledBack(rollback))
    }

    /// The schema of a connection in databases of this origin.
    pub(super) fn schema(&self, origin: &str, connection: &str) -> Option<&ConnectSchema> {
        self.schemas.get(&(origin.to_owned(), connection.to_owned()))
    }

    /// All schemas in databases of this origin.
    pub(super) fn schemas_of<'s>(&'s self, origin: &'s str) -> impl Iterator<Item = &'s ConnectSchema> {
        self.schemas.iter().filter(move |((home, _), _)| home == origin).map(|(_, schema)| schema)
    }

    /// A record of this table whose content is known, chosen by `number`.
    pub(super) fn a_record(&self, origin: &str, table: &Table, number: i64) -> Option<i64> {
        let records = self.records.get(&(origin.to_owned(), table.clone()))?;
        let spread = usize::try_from(number.unsigned_abs().wrapping_mul(0x9E37_79B9)).unwrap_or(0);
        records.get(spread % records.len()).filter(|record| !self.in_doubt.contains(record)).copied()
    }

    /// Transactions in databases of this origin.
    pub(super) fn transactions_of<'t>(&'t self, origin: &'t str) -> impl Iterator<Item = &'t Transaction> {
        self.transactions.values().filter(move |transaction| transaction.origin == origin)
    }

    fn note(&mut self, line: Line) -> Result<(), TrafficFault> {
        let line = [line];
        self.lines.append(&line)?;
        line.into_iter().for_each(|line| self.take(line));
        Ok(())
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Prepared { origin, contents, .. } => {
                self.seeded = self.seeded.max(as_number(contents.app_rows));
                for schema in contents.schemas {
                    // A connection that was made anew takes over the schema of the one that is gone.
                    self.schemas.retain(|(home, _), known| *home != origin || known.schema != schema.schema);
                    self.schemas.insert((origin.clone(), schema.connection.clone()), schema);
                }
            }
            Line::Intended(transaction) => {
                self.in_doubt.extend(transaction.changes.iter().map(|change| change.record));
                self.transactions.insert(transaction.number, transaction);
            }
            Line::Acknowledged { transaction } => self.end(transaction, Outcome::Acknowledged),
            Line::Voided { transaction, .. } => self.end(transaction, Outcome::Void),
            Line::RolledBack(rollback) => self.rollbacks.push(rollback),
        }
    }

    fn end(&mut self, number: i64, outcome: Outcome) {
        let Some(transaction) = self.transactions.get_mut(&number) else { return };
        transaction.outcome = outcome;
        for change in &transaction.changes {
            self.in_doubt.remove(&change.record);
            if outcome == Outcome::Acknowledged && change.is_insert() {
                let place = (transaction.origin.clone(), change.table.clone());
                self.records.entry(place).or_default().push(change.record);
            }
        }
    }
}

fn as_number(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

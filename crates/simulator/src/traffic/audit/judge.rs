use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use super::findings::{Audit, TroubleKind};
use super::holdings::{Holdings, Row};
use crate::traffic::contents::ConnectSchema;
use crate::traffic::ledger::{Outcome, Table};
use crate::traffic::prepare::Home;
use crate::traffic::{Traffic, TrafficFault};

/// What a record must show.
#[derive(Debug, Default)]
struct Expected {
    /// The last change that was acknowledged; without one the record may be missing.
    last: Option<i64>,
    /// Later changes that may be there or not.
    open: BTreeSet<i64>,
}

impl Expected {
    fn allows(&self, change: i64) -> bool {
        self.last == Some(change) || self.last < Some(change) && self.open.contains(&change)
    }
}

type Records = BTreeMap<(Table, i64), Expected>;

impl Traffic {
    /// Counts after a run. `databases` are those that still exist, by add-on name, `current` is the one in use.
    ///
    /// Everything in the current database and its ledgers is judged that has the same beginning: databases that have
    /// nothing to do with it are left alone.
    ///
    /// # Errors
    /// [`TrafficFault::Unprepared`] when the current database is not among those given or holds nothing;
    /// [`TrafficFault::Refused`] and [`TrafficFault::Lost`].
    pub async fn audit(&self, databases: &[(String, &Client)], current: &str) -> Result<Audit, TrafficFault> {
        let unprepared = || TrafficFault::Unprepared { database: current.to_owned() };
        let (name, client) = databases.iter().find(|(name, _)| name == current).ok_or_else(unprepared)?;
        let target = self.target(client, name);
        let home = Home::of(&target).await?;
        let schemas: Vec<&ConnectSchema> = self.ledger.schemas_of(&home.origin).collect();
        let holdings = Holdings::read(&target, &home, &schemas).await?;
        let mut audit = Audit { current: current.to_owned(), origin: home.origin.clone(), ..Audit::default() };
        judge_beginning(&mut audit, &holdings);
        self.judge_app(&mut audit, &holdings);
        self.judge_made(&mut audit, &holdings);
        self.judge_unexplained(&mut audit, &holdings);
        self.judge_sent(&mut audit, &holdings);
        self.judge_salesforce_ids(&mut audit, &holdings);
        self.judge_elsewhere(&mut audit, databases, &holdings, &schemas).await?;
        audit.troubles.sort_by_key(|trouble| trouble.kind);
        Ok(audit)
    }

    fn judge_app(&self, audit: &mut Audit, holdings: &Holdings) {
        let (origin, current) = (audit.origin.clone(), audit.current.clone());
        let mut records = Records::new();
        let mut given_up_changes = BTreeSet::new();
        for transaction in self.ledger.transactions_of(&origin).filter(|it| it.outcome != Outcome::Void) {
            let given_up = self.is_given_up(&current, &transaction.database, transaction.moment, transaction.number);
            for change in &transaction.changes {
                let expected = records.entry((change.table.clone(), change.record)).or_default();
                if given_up {
                    audit.app.given_up += 1;
                    given_up_changes.insert(change.number);
                    expected.open.insert(change.number);
                } else if transaction.outcome == Outcome::Acknowledged {
                    audit.app.changes += 1;
                    expected.last = Some(change.number);
                } else {
                    audit.app.open += 1;
                    expected.open.insert(change.number);
                }
            }
        }
        let there = holdings.changes();
        let open = records.values().flat_map(|expected| &expected.open).filter(|it| !given_up_changes.contains(it));
        audit.app.open_there = open.filter(|change| there.contains(change)).count() as u64;
        audit.app.rows = judge_records(audit, &records, holdings, TroubleKind::RowMissing);
    }

    fn judge_made(&self, audit: &mut Audit, holdings: &Holdings) {
        let origin = audit.origin.clone();
        let mut records = Records::new();
        for made in self.salesforce.made.values().filter(|made| made.source.origin == origin) {
            let table = Table { schema: made.schema.clone(), table: made.table.clone() };
            let expected = records.entry((table, made.record)).or_default();
            if self.salesforce.is_brought(made.number) {
                audit.salesforce.changes += 1;
                expected.last = Some(made.number);
            } else {
                audit.salesforce.open += 1;
                expected.open.insert(made.number);
            }
        }
        let there = holdings.changes();
        let open = records.values().flat_map(|expected| &expected.open);
        audit.salesforce.open_there = open.filter(|change| there.contains(change)).count() as u64;
        audit.salesforce.rows = judge_records(audit, &records, holdings, TroubleKind::SalesforceChangeLost);
    }

    /// Numbered rows that neither ledger has ever heard of, or that were given up before their commit.
    fn judge_unexplained(&self, audit: &mut Audit, holdings: &Holdings) {
        let origin = audit.origin.clone();
        let written = self.ledger.transactions_of(&origin).filter(|it| it.outcome != Outcome::Void);
        let mut known: BTreeSet<i64> = written.flat_map(|it| &it.changes).map(|change| change.number).collect();
        known.extend(self.salesforce.made.keys());
        for ((table, record), rows) in &holdings.rows {
            for row in rows.iter().filter(|row| !known.contains(&row.change)) {
                let example = format!("{} {record} at change {}", shown(table), row.change);
                audit.add(TroubleKind::Unexplained, example);
            }
        }
    }
}

fn judge_beginning(audit: &mut Audit, holdings: &Holdings) {
    for found in &holdings.beginnings {
        audit.from_the_beginning += u64::try_from(found.good).unwrap_or_default();
        let wrong = (found.expected - found.good).unsigned_abs().max((found.all - found.expected).unsigned_abs());
        let example = format!(
            "{} had {} rows, {} of them are there unchanged, {} in all",
            shown(&found.table),
            found.expected,
            found.good,
            found.all
        );
        audit.add_many(TroubleKind::BeginningChanged, wrong, example);
    }
}

/// Returns how many records are there exactly once as they should be.
fn judge_records(audit: &mut Audit, records: &Records, holdings: &Holdings, missing: TroubleKind) -> u64 {
    let mut good = 0;
    for (key, expected) in records {
        let rows = holdings.rows.get(key).map_or(&[][..], Vec::as_slice);
        let name = format!("{} {}", shown(&key.0), key.1);
        match (rows, expected.last) {
            ([], None) => {}
            ([], Some(last)) => audit.add(missing, format!("{name} (change {last})")),
            ([row], _) if expected.allows(row.change) && row.agrees => good += 1,
            ([row], _) => audit.add(TroubleKind::ValueLost, describe(&name, row, expected)),
            _ => audit.add(TroubleKind::RowTwice, format!("{name} is there {} times", rows.len())),
        }
    }
    good
}

fn describe(name: &str, row: &Row, expected: &Expected) -> String {
    if expected.allows(row.change) {
        return format!("{name} is at change {}, but holds something else", row.change);
    }
    let last = expected.last.map_or_else(|| "none".to_owned(), |last| last.to_string());
    format!("{name} is at change {}, the last acknowledged one is {last}", row.change)
}

/// A table as it is told.
pub(super) fn shown(table: &Table) -> String {
    format!("{}.{}", table.schema, table.table)
}

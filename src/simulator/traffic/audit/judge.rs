use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio_postgres::Client;

use super::findings::{Audit, TroubleKind};
use super::holdings::{Holdings, Row};
use crate::simulator::traffic::contents::ConnectSchema;
use crate::simulator::traffic::ledger::{Outcome, Table};
use crate::simulator::traffic::prepare::Home;
use crate::simulator::traffic::salesforce::Arrival;
use crate::simulator::traffic::{Traffic, TrafficFault};

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
        self.last == Some(change) || self.open.contains(&change)
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

    fn judge_sent(&self, audit: &mut Audit, holdings: &Holdings) {
        let (origin, current) = (audit.origin.clone(), audit.current.clone());
        let mut arrived: HashMap<i64, Vec<&Arrival>> = HashMap::new();
        for arrival in self.salesforce.arrivals.iter().filter(|arrival| arrival.source.origin == origin) {
            match arrival.change {
                Some(change) => arrived.entry(change).or_default().push(arrival),
                None => audit.sent.unnumbered += 1,
            }
        }
        let mut waiting: HashMap<i64, Vec<&str>> = HashMap::new();
        for entry in &holdings.waiting {
            waiting.entry(entry.change).or_default().push(&entry.state);
        }
        for transaction in self.ledger.transactions_of(&origin).filter(|it| it.outcome != Outcome::Void) {
            for change in transaction.changes.iter().filter(|change| change.captured) {
                let given_up =
                    self.is_given_up(&current, &transaction.database, transaction.moment, transaction.number);
                let acknowledged = transaction.outcome == Outcome::Acknowledged && !given_up;
                let waiting = waiting.get(&change.number).map_or(&[][..], Vec::as_slice);
                let all = arrived.get(&change.number).map_or(&[][..], Vec::as_slice);
                let mut arrived: Vec<&Arrival> =
                    all.iter().filter(|it| !self.is_forgotten(&current, it)).copied().collect();
                if arrived.is_empty() && waiting.is_empty() {
                    arrived.extend(all.first());
                }
                judge_change(audit, change.number, acknowledged, &arrived, waiting);
            }
        }
    }

    /// Whether the current database cannot know of an arrival: it was sent after the moment that was gone back to, so its
    /// entry is in the log once more and is rightly sent once more.
    fn is_forgotten(&self, current: &str, arrival: &Arrival) -> bool {
        self.is_given_up(current, &arrival.source.database, arrival.source.moment, arrival.number)
    }

    /// A row whose change Salesforce has taken carries the record's Salesforce id, unless its entry is still in the log.
    fn judge_salesforce_ids(&self, audit: &mut Audit, holdings: &Holdings) {
        let unsettled: BTreeSet<i64> = holdings.waiting.iter().map(|entry| entry.change).collect();
        let mut given: HashMap<i64, &str> = HashMap::new();
        let remembered =
            |arrival: &&Arrival| arrival.source.origin == audit.origin && !self.is_forgotten(&audit.current, arrival);
        for arrival in self.salesforce.arrivals.iter().filter(remembered) {
            if let (Some(change), Some(sfid)) = (arrival.change, arrival.sfid.as_deref()) {
                given.insert(change, sfid);
            }
        }
        for ((table, record), rows) in &holdings.rows {
            for row in rows {
                let Some(sfid) = given.get(&row.change).filter(|_| !unsettled.contains(&row.change)) else { continue };
                if row.sfid.as_deref() != Some(*sfid) {
                    audit.add(TroubleKind::SalesforceIdLost, format!("{} {record}: {sfid}", shown(table)));
                }
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

fn judge_change(audit: &mut Audit, number: i64, acknowledged: bool, arrived: &[&Arrival], waiting: &[&str]) {
    // What is pending and has arrived was cut before it was settled: Connect will ask, and not send it again.
    let to_be_sent = waiting.iter().filter(|state| arrived.is_empty() || ["NEW", "REQUEUE"].contains(state)).count();
    let taken = arrived.iter().filter(|arrival| arrival.rejected.is_none()).count();
    match (arrived.len(), to_be_sent) {
        (0, 0) if acknowledged => audit.add(TroubleKind::ChangeLost, format!("change {number}")),
        (0, 0) => {}
        (0, 1) => audit.sent.waiting += 1,
        (1, 0) if taken == 1 => audit.sent.once += 1,
        (1, 0) => audit.sent.rejected += 1,
        (times, again) => {
            let example = format!("change {number} arrived {times} times and is in the trigger log {again} times");
            audit.add(TroubleKind::ChangeTwice, example);
        }
    }
}

fn shown(table: &Table) -> String {
    format!("{}.{}", table.schema, table.table)
}

//! What Connect captured, against what arrived in Salesforce.

use std::collections::{BTreeSet, HashMap};

use super::findings::{Audit, TroubleKind};
use super::holdings::Holdings;
use super::judge::shown;
use crate::traffic::Traffic;
use crate::traffic::ledger::Outcome;
use crate::traffic::salesforce::Arrival;

impl Traffic {
    /// Each captured change is in Salesforce once, or waits in the trigger log once.
    pub(super) fn judge_sent(&self, audit: &mut Audit, holdings: &Holdings) {
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
                let arrived = arrived.get(&change.number).map_or(&[][..], Vec::as_slice);
                judge_change(audit, change.number, acknowledged, arrived, waiting);
            }
        }
    }

    /// Whether the current database cannot know of an arrival: it was sent after the moment that was gone back to.
    fn is_forgotten(&self, current: &str, arrival: &Arrival) -> bool {
        self.is_given_up(current, &arrival.source.database, arrival.source.moment, arrival.number)
    }

    /// A row whose change Salesforce has taken carries the record's Salesforce id, unless its entry is still in the log.
    pub(super) fn judge_salesforce_ids(&self, audit: &mut Audit, holdings: &Holdings) {
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

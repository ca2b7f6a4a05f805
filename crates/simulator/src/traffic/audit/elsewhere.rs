use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use super::findings::{Audit, Elsewhere, TroubleKind};
use super::holdings::Holdings;
use crate::traffic::contents::ConnectSchema;
use crate::traffic::ledger::Outcome;
use crate::traffic::prepare::Home;
use crate::traffic::{Traffic, TrafficFault};

/// Something that was written: its number in the order of all that happened, where, and in which words.
struct Write<'w> {
    number: i64,
    database: &'w str,
    changes: Vec<i64>,
    words: String,
}

impl Traffic {
    /// Looks for writes into other databases of the same origin, after the first one into the current database: in the
    /// ledgers, whose numbers are given out in order, and in what those databases hold.
    pub(super) async fn judge_elsewhere(
        &self,
        audit: &mut Audit,
        databases: &[(String, &Client)],
        holdings: &Holdings,
        schemas: &[&ConnectSchema],
    ) -> Result<(), TrafficFault> {
        let (origin, current) = (audit.origin.clone(), audit.current.clone());
        let writes = self.writes(&origin);
        let mut others: BTreeMap<&str, Option<Holdings>> =
            writes.iter().map(|write| (write.database, None)).filter(|(name, _)| *name != current).collect();
        for (name, client) in databases.iter().filter(|(name, _)| *name != current) {
            if let Some(held) = self.look_into(name, client, &origin, schemas).await? {
                others.insert(name, Some(held));
            }
        }
        let first = writes.iter().filter(|write| write.database == current).map(|write| write.number).min();
        let here = holdings.changes();
        for (name, held) in others {
            let mut since = 0;
            if let Some(first) = first {
                since += count_ledgers(audit, &writes, name, first);
                since += count_contents(audit, held.as_ref(), name, first, &here, &writes);
            }
            let database = name.to_owned();
            audit.elsewhere.push(Elsewhere { database, looked_into: held.is_some(), written_since: since });
        }
        Ok(())
    }

    fn writes<'w>(&'w self, origin: &'w str) -> Vec<Write<'w>> {
        let app =
            self.ledger.transactions_of(origin).filter(|it| it.outcome == Outcome::Acknowledged).map(|it| Write {
                number: it.number,
                database: &it.database,
                changes: it.changes.iter().map(|change| change.number).collect(),
                words: format!("{} wrote {} changes at {}", it.writer, it.changes.len(), it.moment),
            });
        let arrived = self.salesforce.arrivals.iter().filter(|it| it.source.origin == origin).map(|it| Write {
            number: it.number,
            database: &it.source.database,
            changes: vec![it.number],
            words: format!("{} drained its trigger log at {}", it.source.connection, it.source.moment),
        });
        let brought = self.salesforce.brought.iter().filter(|it| it.source.origin == origin).map(|it| Write {
            number: it.number,
            database: &it.source.database,
            changes: it.changes.clone(),
            words: format!("{} wrote {} changes at {}", it.source.connection, it.changes.len(), it.source.moment),
        });
        app.chain(arrived).chain(brought).collect()
    }

    /// What another database holds, if it is of the same origin.
    async fn look_into(
        &self,
        name: &str,
        client: &Client,
        origin: &str,
        schemas: &[&ConnectSchema],
    ) -> Result<Option<Holdings>, TrafficFault> {
        let target = self.target(client, name);
        match Home::of(&target).await {
            Ok(home) if home.origin == origin => known(Holdings::read(&target, &home, schemas).await),
            Ok(_) => Ok(None),
            Err(fault) => known(Err(fault)),
        }
    }
}

/// A database that does not let itself be read is judged by the ledgers alone.
fn known(read: Result<Holdings, TrafficFault>) -> Result<Option<Holdings>, TrafficFault> {
    match read {
        Err(fault) if fault.is_refusal() => Ok(None),
        other => other.map(Some),
    }
}

/// By the ledgers: every change that was noted for this database later than `first`.
fn count_ledgers(audit: &mut Audit, writes: &[Write<'_>], name: &str, first: i64) -> u64 {
    let late = writes.iter().filter(|it| it.database == name && it.number > first);
    let mut count = 0;
    for write in late {
        let changes = write.changes.len() as u64;
        audit.add_many(TroubleKind::WrittenElsewhere, changes, format!("{name}: {}", write.words));
        count += changes;
    }
    count
}

/// By contents: changes that are there and not in the current database, and that the ledgers do not put there either. A
/// commit was cut then, or a writer keeps no ledger.
fn count_contents(
    audit: &mut Audit,
    held: Option<&Holdings>,
    name: &str,
    first: i64,
    here: &BTreeSet<i64>,
    writes: &[Write<'_>],
) -> u64 {
    let noted: BTreeSet<i64> =
        writes.iter().filter(|it| it.database == name).flat_map(|it| it.changes.clone()).collect();
    let changes = held.map(Holdings::changes).unwrap_or_default();
    let strange = |change: &i64| *change > first && !here.contains(change) && !noted.contains(change);
    let late: Vec<i64> = changes.into_iter().filter(strange).collect();
    for change in &late {
        audit.add(TroubleKind::WrittenElsewhere, format!("{name}: it holds change {change}"));
    }
    late.len() as u64
}

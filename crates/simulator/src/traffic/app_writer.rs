use std::collections::BTreeSet;

use jiff::Timestamp;
use tokio_postgres::Client;

use super::contents::{Access, MappedTable};
use super::ledger::{Change, Outcome, Table, Transaction};
use super::mark::Mark;
use super::prepare::Home;
use super::schema::qualified;
use super::target::{Side, Target};
use super::{Traffic, TrafficFault, orders};

/// How many changes an app commits at once.
const CHANGES_IN_A_TRANSACTION: u64 = 20;

/// Each so many-th change is one of an earlier row, where there is one.
const EVERY_UPDATE: usize = 3;

/// What an app has written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// New rows, committed.
    pub inserted: u64,
    /// Changed rows, committed.
    pub updated: u64,
    /// Changes that were given up because a row that they wanted to change was gone. The audit names it.
    pub given_up: u64,
}

impl Written {
    /// All changes that were committed.
    #[must_use]
    pub const fn changes(self) -> u64 {
        self.inserted + self.updated
    }
}

/// A table that apps write in, with its two statements. Both take the records, the changes and the moment.
struct Desk {
    table: Table,
    captured: bool,
    insert: String,
    update: String,
}

impl Traffic {
    /// An app changes `rows` rows: of its own table and of the mapped tables that go both ways, most of them new, in
    /// transactions of a few changes each. Before each commit the intent is in the ledger, after it the acknowledgement.
    ///
    /// `writer` is who writes, `moment` the simulated time.
    ///
    /// # Errors
    /// [`TrafficFault::Refused`] when the database turns a change down, as a follower does, and
    /// [`TrafficFault::Unprepared`] when the tables are missing: transactions before that stay committed.
    /// [`TrafficFault::Lost`] when the connection breaks: if that was in a commit, the ledger holds it as open.
    pub async fn app_writes(
        &mut self,
        client: &Client,
        database: &str,
        writer: &str,
        rows: u64,
        moment: Timestamp,
    ) -> Result<Written, TrafficFault> {
        let target = self.target(client, database);
        let home = Home::of(&target).await?;
        let desks = self.desks(&home.origin);
        let mut written = Written::default();
        let mut only_new = false;
        while written.changes() < rows {
            let count = (rows - written.changes()).min(CHANGES_IN_A_TRANSACTION);
            let changes = self.compose(&home.origin, &desks, count, only_new);
            let Some(first) = changes.first() else { break };
            let transaction = Transaction {
                number: first.number,
                database: database.to_owned(),
                origin: home.origin.clone(),
                writer: writer.to_owned(),
                moment,
                changes,
                outcome: Outcome::Open,
            };
            if self.commit(&target, &desks, &transaction).await? {
                written.inserted += count_of(&transaction, true);
                written.updated += count_of(&transaction, false);
            } else {
                written.given_up += count_of(&transaction, false);
                only_new = true;
            }
        }
        Ok(written)
    }

    /// Returns whether it was committed; it is not when a row that it wants to change is gone.
    async fn commit(
        &mut self,
        target: &Target<'_>,
        desks: &[Desk],
        transaction: &Transaction,
    ) -> Result<bool, TrafficFault> {
        self.ledger.intended(transaction.clone())?;
        match write(target, desks, transaction).await {
            Ok(true) => {}
            Ok(false) => {
                target.roll_back().await;
                let reason = "a row that it changes is not there".to_owned();
                return self.ledger.voided(transaction.number, reason).map(|()| false);
            }
            Err(fault) => {
                target.roll_back().await;
                self.ledger.voided(transaction.number, fault.to_string())?;
                return Err(fault);
            }
        }
        if let Err(fault) = target.commit().await {
            if fault.is_refusal() {
                self.ledger.voided(transaction.number, fault.to_string())?;
            }
            return Err(fault);
        }
        self.ledger.acknowledged(transaction.number).map(|()| true)
    }

    fn desks(&self, origin: &str) -> Vec<Desk> {
        let mapped = self.ledger.schemas_of(origin).flat_map(|schema| {
            let writable = schema.tables.iter().filter(|table| table.access == Access::ReadWrite);
            writable.filter_map(|table| Desk::of(&schema.schema, table))
        });
        std::iter::once(Desk::own()).chain(mapped).collect()
    }

    fn compose(&self, origin: &str, desks: &[Desk], count: u64, only_new: bool) -> Vec<Change> {
        let first = self.next_number();
        let mut taken = BTreeSet::new();
        let numbers = (first..).zip(0..count);
        let change = numbers.map(|(number, _)| {
            let (turn, desk) = turn_of(number, desks);
            let earlier = (!only_new && turn % EVERY_UPDATE == 0)
                .then(|| self.ledger.a_record(origin, &desk.table, number))
                .flatten()
                .filter(|record| taken.insert(*record));
            let record = earlier.unwrap_or(number);
            Change { number, record, table: desk.table.clone(), captured: desk.captured }
        });
        change.collect()
    }
}

/// Writes everything that the transaction wants, and does not commit it. Returns whether all rows were there.
async fn write(target: &Target<'_>, desks: &[Desk], transaction: &Transaction) -> Result<bool, TrafficFault> {
    let moment = transaction.moment.to_string();
    target.begin(Side::User).await?;
    for desk in desks {
        for new in [true, false] {
            let mine = transaction.changes.iter().filter(|it| it.table == desk.table && it.is_insert() == new);
            let (records, numbers): (Vec<i64>, Vec<i64>) = mine.map(|change| (change.record, change.number)).unzip();
            if records.is_empty() {
                continue;
            }
            let (doing, statement) = if new { ("add rows", &desk.insert) } else { ("change rows", &desk.update) };
            let written = target.change(doing, statement, &[&records, &numbers, &moment]).await?;
            if written < records.len() as u64 {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

const SOURCE: &str = "select u.record, u.change, u.change as n, $3::text::timestamptz as moment
                      from unnest($1::bigint[], $2::bigint[]) as u(record, change)";

impl Desk {
    fn own() -> Self {
        let table = Table { schema: orders::SCHEMA.to_owned(), table: orders::TABLE.to_owned() };
        Self { table, captured: false, insert: orders::insert(SOURCE), update: orders::update(SOURCE) }
    }

    /// Nobody writes numbered rows into a table that has no room for the number.
    fn of(schema: &str, mapped: &MappedTable) -> Option<Self> {
        let marked = mapped.marked_column()?;
        let external = mapped.external_column();
        let quoted = qualified(schema, &mapped.name());
        let columns: Vec<_> = mapped.columns().into_iter().filter(|column| !column.is_set_by_salesforce()).collect();
        let value = |column: &super::field::Column| {
            if *column == marked {
                Mark::expression("c.record", "c.change")
            } else if Some(column) == external.as_ref() {
                Mark::external_id_expression("c.record")
            } else {
                column.value(&mapped.object)
            }
        };
        let names: Vec<String> = columns.iter().map(super::field::Column::quoted).collect();
        let values: Vec<String> = columns.iter().map(value).collect();
        let is_the_record = external.as_ref().map_or_else(
            || format!("m.{} like {} || '-%'", marked.quoted(), Mark::external_id_expression("c.record")),
            |column| format!("m.{} = {}", column.quoted(), Mark::external_id_expression("c.record")),
        );
        Some(Self {
            table: Table { schema: schema.to_owned(), table: mapped.name() },
            captured: true,
            insert: format!(
                "insert into {quoted} ({}) select {} from ({SOURCE}) c",
                names.join(", "),
                values.join(", ")
            ),
            update: format!(
                "update {quoted} m set {} = {} from ({SOURCE}) c where {is_the_record}",
                marked.quoted(),
                Mark::expression("c.record", "c.change")
            ),
        })
    }
}

/// Each in its turn: the one that this number falls to, and how often it was there before.
pub(super) fn turn_of<T>(number: i64, all: &[T]) -> (usize, &T) {
    let number = usize::try_from(number).unwrap_or(0);
    (number / all.len(), &all[number % all.len()])
}

fn count_of(transaction: &Transaction, new: bool) -> u64 {
    transaction.changes.iter().filter(|change| change.is_insert() == new).count() as u64
}

use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio_postgres::Client;

use super::app_writer::turn_of;
use super::contents::{ConnectSchema, MappedTable};
use super::mark::Mark;
use super::salesforce::{Bringing, Made, Source, new_id};
use super::schema::qualified;
use super::target::{Side, Target};
use super::{Traffic, TrafficFault};

/// How many changes Connect writes in one transaction.
const BATCH: usize = 200;

/// Each so many-th change in Salesforce is one of an earlier record, where there is one.
const EVERY_UPDATE: usize = 3;

/// What Connect has brought from Salesforce.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brought {
    /// Changes that were made in Salesforce now.
    pub made: u64,
    /// Changes that were written into the database, those that had waited among them.
    pub written: u64,
}

impl Traffic {
    /// People change `rows` records in Salesforce, and Connect brings these changes, and those that have waited, into the
    /// mapped tables. Salesforce's people touch other records than the app does, so the last value of each is known.
    ///
    /// # Errors
    /// As [`Traffic::connect_drains`]. A change that was made and not acknowledged by the database waits for the next
    /// call; bringing it twice changes nothing.
    pub async fn connect_brings(
        &mut self,
        client: &Client,
        database: &str,
        connection: &str,
        schema: &str,
        rows: u64,
        moment: Timestamp,
    ) -> Result<Brought, TrafficFault> {
        let target = self.target(client, database);
        let (origin, known) = self.connected(&target, connection, schema).await?;
        let (connection, database) = (connection.to_owned(), database.to_owned());
        let source = Source { connection, database, origin, moment };
        let made = self.people_change(&known, &source, rows)?;
        let waiting = self.salesforce.not_brought(&source.origin, &source.connection);
        for batch in waiting.chunks(BATCH) {
            target.begin(Side::Connect).await?;
            let work = write(&target, &known, batch, moment).await;
            target.end(work).await?;
            let changes = batch.iter().map(|made| made.number).collect();
            self.salesforce.brought(Bringing { number: self.next_number(), changes, source: source.clone() })?;
        }
        Ok(Brought { made, written: waiting.len() as u64 })
    }

    fn people_change(&mut self, schema: &ConnectSchema, source: &Source, rows: u64) -> Result<u64, TrafficFault> {
        let marked = |table: &&MappedTable| table.marked_column().is_some();
        let tables: Vec<&MappedTable> = schema.tables.iter().filter(marked).collect();
        if tables.is_empty() {
            return Ok(0);
        }
        let first = self.next_number();
        let mut known = self.made_records(source);
        let changes = (first..).zip(0..rows).map(|(number, _)| {
            let (turn, table) = turn_of(number, &tables);
            let name = table.name();
            let records = known.entry((schema.schema.clone(), name.clone())).or_default();
            let earlier = records.get(turn % records.len().max(1)).filter(|_| turn % EVERY_UPDATE == 0).copied();
            let record = earlier.unwrap_or(number);
            if earlier.is_none() {
                records.push(number);
            }
            Made {
                number,
                record,
                org: schema.org_id.clone(),
                object: table.object.clone(),
                sfid: new_id(record, &table.object),
                schema: schema.schema.clone(),
                table: name,
                source: source.clone(),
            }
        });
        self.salesforce.make(changes.collect())?;
        Ok(rows)
    }

    fn made_records(&self, source: &Source) -> BTreeMap<(String, String), Vec<i64>> {
        let mut records: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
        let mine = |made: &&Made| {
            made.source.origin == source.origin
                && made.source.connection == source.connection
                && made.number == made.record
        };
        for made in self.salesforce.made.values().filter(mine) {
            records.entry((made.schema.clone(), made.table.clone())).or_default().push(made.record);
        }
        records
    }
}

/// Writes the last change of each record, in whichever order a table was changed.
async fn write(
    target: &Target<'_>,
    schema: &ConnectSchema,
    changes: &[Made],
    moment: Timestamp,
) -> Result<(), TrafficFault> {
    let mut last: BTreeMap<&str, BTreeMap<i64, &Made>> = BTreeMap::new();
    for made in changes {
        last.entry(&made.table).or_default().insert(made.record, made);
    }
    let moment = moment.to_string();
    for (name, records) in last {
        let Some(statement) = schema.table(name).and_then(|table| upsert(&schema.schema, table)) else { continue };
        let numbers: Vec<i64> = records.keys().copied().collect();
        let made: Vec<i64> = records.values().map(|made| made.number).collect();
        let ids: Vec<&str> = records.values().map(|made| made.sfid.as_str()).collect();
        target.change("bring Salesforce's changes", &statement, &[&numbers, &made, &ids, &moment]).await?;
    }
    Ok(())
}

fn upsert(schema: &str, table: &MappedTable) -> Option<String> {
    let marked = table.marked_column()?;
    let columns = table.columns();
    let value = |column: &super::field::Column| {
        if *column == marked {
            Mark::expression("c.record", "c.change")
        } else if ["systemmodstamp", "createddate", "lastmodifieddate"].contains(&column.name.as_str()) {
            "c.moment".to_owned()
        } else {
            column.value(&table.object)
        }
    };
    let names: Vec<String> = columns.iter().map(super::field::Column::quoted).collect();
    let values: Vec<String> = columns.iter().map(value).collect();
    Some(format!(
        "insert into {} as m (sfid, {}) select c.sfid, {}
         from (select u.record, u.change, u.sfid, u.record as n, $4::text::timestamptz at time zone 'UTC' as moment
               from unnest($1::bigint[], $2::bigint[], $3::text[]) as u(record, change, sfid)) c
         on conflict (sfid) do update set {marked} = excluded.{marked}, systemmodstamp = excluded.systemmodstamp",
        qualified(schema, &table.name()),
        names.join(", "),
        values.join(", "),
        marked = marked.quoted(),
    ))
}

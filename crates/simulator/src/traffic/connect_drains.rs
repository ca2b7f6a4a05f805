use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::json;
use tokio_postgres::{Client, Row};

use super::contents::ConnectSchema;
use super::mark::Mark;
use super::prepare::Home;
use super::salesforce::{Arrival, Sent, Source};
use super::schema::qualified;
use super::target::{Side, Target};
use super::{Traffic, TrafficFault};

/// How many entries Connect takes at once.
const BATCH: i64 = 200;

/// What Connect has done with a trigger log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Changes that were sent now and taken by Salesforce.
    pub sent: u64,
    /// Changes that Salesforce turned down now.
    pub rejected: u64,
    /// Changes that had been sent before an interruption, and were found in Salesforce when Connect asked.
    pub found: u64,
    /// Entries that were never to be sent and went to the archive.
    pub set_aside: u64,
}

/// An entry of the trigger log that Connect has taken.
struct Entry {
    id: i64,
    txid: i64,
    action: String,
    table: String,
    record_id: i64,
    sfid: Option<String>,
    values: HashMap<String, Option<String>>,
}

/// One drain: where, whose, and what for.
struct Drain<'d> {
    target: Target<'d>,
    schema: &'d ConnectSchema,
    source: Source,
}

impl Traffic {
    /// Connect empties the trigger log of its schema into Salesforce, in the order of the entries: `NEW` becomes
    /// `PENDING`, is sent, and goes to the archive as `SUCCESS`, while the row gets the Salesforce id of a new record. What
    /// Salesforce turns down stays in the log as `FAILED`, and the row shows why. Entries that are never sent
    /// (`READONLY`, `IGNORE`) go to the archive.
    ///
    /// An entry that is `PENDING` at the beginning was taken before an interruption: Connect asks Salesforce for it, and
    /// sends it only if it is not there.
    ///
    /// # Errors
    /// [`TrafficFault::Refused`], [`TrafficFault::Unprepared`] and [`TrafficFault::NotConnected`] when the database has no
    /// such log or takes no writes; [`TrafficFault::Lost`]. After any of them the next call goes on.
    pub async fn connect_drains(
        &mut self,
        client: &Client,
        database: &str,
        connection: &str,
        schema: &str,
        moment: Timestamp,
    ) -> Result<Drained, TrafficFault> {
        let target = self.target(client, database);
        let (origin, known) = self.connected(&target, connection, schema).await?;
        let (connection, database) = (connection.to_owned(), database.to_owned());
        let drain = Drain { target, schema: &known, source: Source { connection, database, origin, moment } };
        let mut drained = Drained::default();
        loop {
            let left = drain.pending().await?;
            if left.is_empty() {
                break;
            }
            self.deliver(&drain, left, true, &mut drained).await?;
        }
        drained.set_aside = drain.set_aside().await?;
        loop {
            let taken = drain.take().await?;
            if taken.is_empty() {
                return Ok(drained);
            }
            self.deliver(&drain, taken, false, &mut drained).await?;
        }
    }

    /// The origin of a database's contents and what was prepared there for a connection.
    pub(super) async fn connected(
        &self,
        target: &Target<'_>,
        connection: &str,
        schema: &str,
    ) -> Result<(String, ConnectSchema), TrafficFault> {
        let home = Home::of(target).await?;
        let known = self.ledger.schema(&home.origin, connection).filter(|known| known.schema == schema);
        let known = known.cloned().ok_or_else(|| TrafficFault::NotConnected {
            database: target.name.to_owned(),
            connection: connection.to_owned(),
            schema: schema.to_owned(),
        })?;
        Ok((home.origin, known))
    }

    async fn deliver(
        &mut self,
        drain: &Drain<'_>,
        entries: Vec<Entry>,
        ask: bool,
        drained: &mut Drained,
    ) -> Result<(), TrafficFault> {
        let ids = drain.salesforce_ids(&entries).await?;
        let mut settled = Vec::with_capacity(entries.len());
        let (mut waiting, mut to_send) = (Vec::new(), Vec::new());
        for entry in entries {
            let sent = drain.message(&entry, ids.get(&(entry.table.clone(), entry.record_id)));
            match self.salesforce.answer(&sent).filter(|_| ask) {
                Some(answer) => {
                    drained.found += 1;
                    settled.push((entry, answer.clone()));
                }
                None => {
                    waiting.push(entry);
                    to_send.push(sent);
                }
            }
        }
        let arrivals = self.salesforce.receive((self.next_number()..).zip(to_send).collect())?;
        drained.rejected += arrivals.iter().filter(|arrival| arrival.rejected.is_some()).count() as u64;
        drained.sent += arrivals.iter().filter(|arrival| arrival.rejected.is_none()).count() as u64;
        settled.extend(waiting.into_iter().zip(arrivals));
        drain.settle(&settled).await
    }
}

const COLUMNS: &str = "l.id::bigint, l.txid, l.action::text, l.table_name::text, l.record_id::bigint, l.sfid::text,
                       public.hstore_to_json(l.\"values\"::public.hstore)::text";

impl Drain<'_> {
    fn log(&self) -> String {
        qualified(&self.schema.schema, "_trigger_log")
    }

    fn archive(&self) -> String {
        qualified(&self.schema.schema, "_trigger_log_archive")
    }

    async fn pending(&self) -> Result<Vec<Entry>, TrafficFault> {
        let select = format!("select {COLUMNS} from {} l where l.state = 'PENDING' order by l.id limit $1", self.log());
        let rows = self.target.rows("read the trigger log", &select, &[&BATCH]).await?;
        rows.iter().map(|row| self.entry(row)).collect()
    }

    /// Takes the oldest new entries. Once this is committed they are Connect's to finish.
    async fn take(&self) -> Result<Vec<Entry>, TrafficFault> {
        let log = self.log();
        let take = format!(
            "with oldest as (select id from {log} where state = 'NEW' order by id limit $1),
                  l as (update {log} set state = 'PENDING', updated_at = clock_timestamp()
                        where id in (select id from oldest) returning *)
             select {COLUMNS} from l order by l.id"
        );
        self.target.begin(Side::Connect).await?;
        let rows = self.target.rows("take from the trigger log", &take, &[&BATCH]).await;
        let rows = self.target.end(rows).await?;
        rows.iter().map(|row| self.entry(row)).collect()
    }

    fn entry(&self, row: &Row) -> Result<Entry, TrafficFault> {
        let values: Option<String> = self.target.cell(row, 6)?;
        Ok(Entry {
            id: self.target.cell(row, 0)?,
            txid: self.target.cell::<Option<i64>>(row, 1)?.unwrap_or_default(),
            action: self.target.cell::<Option<String>>(row, 2)?.unwrap_or_default(),
            table: self.target.cell::<Option<String>>(row, 3)?.unwrap_or_default(),
            record_id: self.target.cell::<Option<i64>>(row, 4)?.unwrap_or_default(),
            sfid: self.target.cell(row, 5)?,
            values: values.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        })
    }

    /// The Salesforce ids that the rows have by now: an update may have been captured before its new row got one.
    async fn salesforce_ids(&self, entries: &[Entry]) -> Result<HashMap<(String, i64), String>, TrafficFault> {
        let mut found = HashMap::new();
        for (table, entries) in by_table(entries.iter()) {
            let select = format!(
                "select id::bigint, sfid::text from {} where id = any($1::bigint[]) and sfid is not null",
                qualified(&self.schema.schema, table)
            );
            let ids: Vec<i64> = entries.iter().map(|entry| entry.record_id).collect();
            for row in self.target.rows("read Salesforce ids", &select, &[&ids]).await? {
                found.insert((table.to_owned(), self.target.cell(&row, 0)?), self.target.cell(&row, 1)?);
            }
        }
        Ok(found)
    }

    fn message(&self, entry: &Entry, sfid: Option<&String>) -> Sent {
        let table = self.schema.table(&entry.table);
        let value = |column: super::field::Column| entry.values.get(&column.name).cloned().flatten();
        let mark = table.and_then(super::MappedTable::marked_column).and_then(value).and_then(|text| Mark::read(&text));
        let external = table.and_then(super::MappedTable::external_column).and_then(value);
        let (schema, source) = (&self.schema.schema, &self.source);
        Sent {
            org: self.schema.org_id.clone(),
            object: table.map_or_else(|| entry.table.clone(), |table| table.object.clone()),
            action: entry.action.clone(),
            sfid: entry.sfid.clone().or_else(|| sfid.cloned()),
            key: mark
                .map(|mark| mark.external_id())
                .or(external)
                .unwrap_or_else(|| format!("{}/{schema}/{}/{}", source.origin, entry.table, entry.record_id)),
            change: mark.map(|mark| mark.change),
            entry: format!("{}/{schema}/{}/{}", source.origin, entry.id, entry.txid),
            source: source.clone(),
        }
    }

    /// Notes in the database what became of the entries, all in one transaction.
    async fn settle(&self, settled: &[(Entry, Arrival)]) -> Result<(), TrafficFault> {
        self.target.begin(Side::Connect).await?;
        let work = self.write_answers(settled).await;
        self.target.end(work).await
    }

    async fn write_answers(&self, settled: &[(Entry, Arrival)]) -> Result<(), TrafficFault> {
        let (rejected, taken): (Vec<_>, Vec<_>) = settled.iter().partition(|(_, answer)| answer.rejected.is_some());
        self.mark_synced(&taken).await?;
        for (entry, answer) in rejected {
            self.mark_failed(entry, answer.rejected.as_deref().unwrap_or_default()).await?;
        }
        let ids: Vec<i64> = taken.iter().map(|(entry, _)| entry.id).collect();
        self.to_archive("l.id = any($1::bigint[])", &[&ids]).await.map(drop)
    }

    /// The rows get their Salesforce ids and the time of the change; the trigger says that they are `SYNCED`.
    async fn mark_synced(&self, taken: &[&(Entry, Arrival)]) -> Result<(), TrafficFault> {
        let moment = self.source.moment.to_string();
        let answers: HashMap<i64, &Arrival> = taken.iter().map(|(entry, answer)| (entry.id, answer)).collect();
        for (table, entries) in by_table(taken.iter().map(|(entry, _)| entry)) {
            let rows: Vec<i64> = entries.iter().map(|entry| entry.record_id).collect();
            let ids: Vec<Option<&str>> =
                entries.iter().map(|entry| answers.get(&entry.id).and_then(|it| it.sfid.as_deref())).collect();
            let update = format!(
                "update {} m set sfid = coalesce(m.sfid, a.sfid),
                                 systemmodstamp = $3::text::timestamptz at time zone 'UTC'
                 from (select u.id, max(u.sfid) as sfid from unnest($1::bigint[], $2::text[]) as u(id, sfid) group by 1) a
                 where m.id = a.id",
                qualified(&self.schema.schema, table)
            );
            self.target.change("write Salesforce ids", &update, &[&rows, &ids, &moment]).await?;
        }
        Ok(())
    }

    /// What `_hc_lastop` and `_hc_err` hold after a rejection is known in outline only (docs/heroku/connect.md,
    /// "Mapped tables"). A row that is marked already stays so: setting the same again would count as an ordinary write
    /// of Connect's, and the trigger would call it `SYNCED`.
    async fn mark_failed(&self, entry: &Entry, message: &str) -> Result<(), TrafficFault> {
        let table = qualified(&self.schema.schema, &entry.table);
        let problem = json!({ "op": entry.action, "msg": message }).to_string();
        let update = format!(
            "update {table} set _hc_lastop = 'FAILED', _hc_err = $2
             where id = $1::bigint and _hc_lastop is distinct from 'FAILED'"
        );
        self.target.change("mark a rejected row", &update, &[&entry.record_id, &problem]).await?;
        let update = format!(
            "update {} set state = 'FAILED', sf_message = $2, updated_at = clock_timestamp(),
                           processed_at = clock_timestamp(), processed_tx = txid_current()
             where id = $1::bigint",
            self.log()
        );
        self.target.change("mark a rejected entry", &update, &[&entry.id, &message]).await.map(drop)
    }

    async fn set_aside(&self) -> Result<u64, TrafficFault> {
        self.target.begin(Side::Connect).await?;
        let work = self.to_archive("l.state in ('READONLY', 'IGNORE') and $1::bigint[] is null", &[&None::<Vec<i64>>]);
        let work = work.await;
        self.target.end(work).await
    }

    async fn to_archive(&self, chosen: &str, values: super::target::Values<'_>) -> Result<u64, TrafficFault> {
        let move_them = format!(
            "with l as (delete from {} l where {chosen} returning *)
             insert into {} (id, txid, created_at, updated_at, processed_at, processed_tx, state, action, table_name,
                             record_id, sfid, old, \"values\", sf_result, sf_message)
             select l.id, l.txid, l.created_at, clock_timestamp(), clock_timestamp(), txid_current(),
                    case l.state when 'PENDING' then 'SUCCESS' when 'IGNORE' then 'IGNORED' else l.state end, l.action,
                    l.table_name, l.record_id, l.sfid, l.old, l.\"values\", l.sf_result, l.sf_message
             from l",
            self.log(),
            self.archive()
        );
        self.target.change("move entries to the archive", &move_them, values).await
    }
}

fn by_table<'e>(entries: impl Iterator<Item = &'e Entry>) -> BTreeMap<&'e str, Vec<&'e Entry>> {
    let mut groups: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(&entry.table).or_default().push(entry);
    }
    groups
}

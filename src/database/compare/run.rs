use std::sync::Arc;

use crate::database::inventory::{self, Inventory};
use crate::database::{Session, inventory::Difference};
use crate::model::{Clock, DatabaseUrl, Fault, FaultKind};

use super::canonical::Method;
use super::comparison::{Comparison, LargeObjects, NotCompared, ServerSeen, TableResult, Verdict};
use super::crew::Crew;
use super::ledger::Finding;
use super::locate::locate;
use super::options::Options;
use super::pace::Pace;
use super::pairing::{Pair, Pairs, pair};
use super::progress::{Meter, Phase, Watch};
use super::side::Side;
use super::tally::Tally;
use super::{catalog, large_objects, sequences};

/// Compares two live databases, of possibly different majors, and says whether the new one is an exact copy of the old one.
///
/// Both are only read, each at one moment. Contents are hashed on the servers, so next to nothing is sent; memory does not
/// grow with the number of rows. Dropping the future ends all connections.
///
/// # Errors
/// [`FaultKind::Usage`] for a URL that cannot be read or two URLs of one database, [`FaultKind::Refused`] when a pooler is
/// in between, and whatever keeps a database from being reached, after more than two minutes of trying again. A difference
/// is no error, and neither is a table that cannot be read: it is listed as not compared.
pub async fn compare(
    old: &DatabaseUrl,
    new: &DatabaseUrl,
    options: &Options,
    clock: Arc<dyn Clock>,
    watch: Arc<dyn Watch>,
) -> Result<Comparison, Fault> {
    if old.place() == new.place() {
        return Err(same_database(old));
    }
    let work = Work::begin(old, new, options, clock, watch).await?;
    work.carry_out().await
}

struct Work<'a> {
    options: &'a Options,
    sides: [Arc<Side>; 2],
    askers: [Session; 2],
    crew: Crew,
    meter: Arc<Meter>,
}

impl<'a> Work<'a> {
    async fn begin(
        old: &DatabaseUrl,
        new: &DatabaseUrl,
        options: &'a Options,
        clock: Arc<dyn Clock>,
        watch: Arc<dyn Watch>,
    ) -> Result<Self, Fault> {
        let meter = Arc::new(Meter::new(watch, Arc::clone(&clock)));
        meter.enter(Phase::Structure, 0);
        let open = |url| Side::open(url, Arc::clone(&clock));
        let (old, new) = tokio::try_join!(open(old), open(new))?;
        let askers = <[Session; 2]>::from(tokio::try_join!(old.asker(), new.asker())?);
        let sides = [Arc::new(old), Arc::new(new)];
        let crew = Crew {
            sides: sides.clone(),
            paces: [(); 2].map(|()| Arc::new(Pace::new(options.max_rate, Arc::clone(&clock)))),
            jobs: options.jobs.get(),
            // One statement must not take in more than a second's worth.
            chunk_bytes: options.chunk_bytes.min(options.max_rate.unwrap_or(u64::MAX)),
            meter: Arc::clone(&meter),
        };
        Ok(Self { options, sides, askers, crew, meter })
    }

    async fn carry_out(self) -> Result<Comparison, Fault> {
        let [old, new] = &self.askers;
        let (old_inventory, new_inventory) = tokio::try_join!(inventory::read(old), inventory::read(new))?;
        let structure = inventory::differences(&old_inventory, &new_inventory);
        let (old_tables, new_tables) = tokio::try_join!(catalog::read(old), catalog::read(new))?;
        let oldest = old.major().min(new.major());
        let Pairs { pairs, mut not_compared } = pair(old_tables, new_tables, oldest, self.options);
        let (tables, bytes) = self.contents(&pairs, &mut not_compared).await?;

        self.meter.enter(Phase::Remainder, 0);
        // What asked at the beginning may have been cut since.
        let [old, new] = self.askers;
        let (old, new) = tokio::try_join!(still_open(old, &self.sides[0]), still_open(new, &self.sides[1]))?;
        let sequences = sequences::compare(&old, &new, self.options.origin, &mut not_compared).await?;
        let large_objects = if has_large_objects(&old_inventory) || has_large_objects(&new_inventory) {
            large_objects::compare([&self.sides[0], &self.sides[1]], &mut not_compared).await?
        } else {
            Some(LargeObjects::default())
        };
        let old = seen(&self.sides[0], &old, &old_inventory).await?;
        let new = seen(&self.sides[1], &new, &new_inventory).await?;
        Ok(conclude(
            self.options,
            &self.meter,
            Parts { structure, tables, bytes, sequences, large_objects, not_compared, old, new },
        ))
    }

    /// Compares all pairs and locates what differs.
    async fn contents(
        &self,
        pairs: &[Pair],
        not_compared: &mut Vec<NotCompared>,
    ) -> Result<(Vec<TableResult>, u64), Fault> {
        let bytes = |pair: &Pair| pair.old.bytes + pair.new.bytes;
        self.meter.enter(Phase::Contents, pairs.iter().map(bytes).sum());
        let findings = self.crew.ask::<Tally>(pairs.iter().map(Pair::tally).collect()).await?;
        self.meter.enter(Phase::Locating, 0);
        let (mut tables, mut compared) = (Vec::new(), 0);
        for (pair, finding) in pairs.iter().zip(findings) {
            match finding {
                Finding::Unreadable(why) => not_compared.push(NotCompared { what: pair.old.title(), why }),
                Finding::Gathered(old, new) => {
                    tables.push(self.table(pair, &old, &new).await?);
                    compared += pair.old.bytes;
                }
            }
        }
        Ok((tables, compared))
    }

    async fn table(&self, pair: &Pair, old: &Tally, new: &Tally) -> Result<TableResult, Fault> {
        // Settled tallies hold only what differs.
        let same = old.buckets.is_empty() && new.buckets.is_empty();
        let located = match (same, pair.method) {
            (true, _) | (_, Method::Count) => Default::default(),
            _ => locate(&self.crew, pair, (old, new), self.options).await?,
        };
        Ok(TableResult {
            table: pair.old.title(),
            method: pair.method,
            as_text: pair.as_text(),
            old_rows: old.rows,
            new_rows: new.rows,
            same,
            differences: located.differences,
            differing: located.differing,
            differing_is_all: same || located.is_all,
        })
    }
}

async fn still_open(asker: Session, side: &Side) -> Result<Session, Fault> {
    if asker.is_closed() { side.asker().await } else { Ok(asker) }
}

fn has_large_objects(inventory: &Inventory) -> bool {
    inventory.of_kind("server").any(|server| server.facts.get("large objects").is_none_or(|count| count != "0"))
}

async fn seen(side: &Side, session: &Session, inventory: &Inventory) -> Result<ServerSeen, Fault> {
    let (snapshot, moments) = side.moment().await;
    let now = session.lines("select txid_current_snapshot()").await?.pop().and_then(|mut line| line.pop()).flatten();
    Ok(ServerSeen {
        place: session.url().place(),
        version: inventory.version().to_owned(),
        moved: now.as_ref() != Some(&snapshot),
        snapshot,
        moments,
    })
}

fn conclude(options: &Options, meter: &Meter, parts: Parts) -> Comparison {
    let mut comparison = Comparison {
        verdict: Verdict::DifferencesFound,
        statement: String::new(),
        remarks: remarks(&parts.old, &parts.new),
        depth: options.depth,
        origin: options.origin,
        rows: parts.tables.iter().map(|table| table.old_rows).sum(),
        old: parts.old,
        new: parts.new,
        structure: parts.structure,
        tables: parts.tables,
        sequences: parts.sequences,
        large_objects: parts.large_objects,
        not_compared: parts.not_compared,
        bytes: parts.bytes,
        seconds: meter.seconds(),
        retries: meter.retries(),
    };
    comparison.judge();
    comparison
}

struct Parts {
    structure: Vec<Difference>,
    tables: Vec<TableResult>,
    bytes: u64,
    sequences: Vec<sequences::SequenceResult>,
    large_objects: Option<LargeObjects>,
    not_compared: Vec<NotCompared>,
    old: ServerSeen,
    new: ServerSeen,
}

fn remarks(old: &ServerSeen, new: &ServerSeen) -> Vec<String> {
    let mut remarks = Vec::new();
    for (name, side) in [("old", old), ("new", new)] {
        if side.moved {
            remarks.push(format!(
                "Transactions were begun on the {name} database while it was compared: what is told here holds for the \
                 moment of its snapshot only, and something may still be writing."
            ));
        }
        if side.moments > 1 {
            remarks.push(format!(
                "The {name} database was read at {} moments, because its connections were lost and it had moved on before \
                 they were made again. Each table was read at one of them.",
                side.moments
            ));
        }
    }
    remarks
}

fn same_database(url: &DatabaseUrl) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("Both URLs name the same database, {}.", url.place()),
        "A database never differs from itself, so the comparison would prove nothing.",
        "Give the old database and the new one.",
    )
}

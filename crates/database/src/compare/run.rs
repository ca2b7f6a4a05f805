use std::sync::Arc;

use crate::collations::{self, Rebuild};
use crate::inventory::{self, Difference, Inventory};
use crate::{Session, statistics};
use hcops_model::{Clock, DatabaseUrl, Fault, FaultKind};

use super::canonical::Method;
use super::checkpoint::{Checkpoint, Header, Kept, Resumption};
use super::comparison::{Comparison, LargeObjects, NotCompared, ServerSeen, Sort, TableResult, Verdict};
use super::connect_side::{self, ConnectResult, Known};
use super::crew::{Crew, Question};
use super::ledger::Finding;
use super::locate::locate;
use super::options::{Options, Origin};
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
    carry_out(old, new, options, clock, watch, None).await
}

/// As [`compare`], keeping what was read in a checkpoint, so that another process goes on at the piece after this one was
/// killed. What an earlier process kept is used only while both databases are shown to be unchanged, by snapshot and
/// server process, and while the same is asked; otherwise everything is read again and [`Comparison::resumption`] says why.
///
/// # Errors
/// As [`compare`].
pub async fn compare_resumable(
    old: &DatabaseUrl,
    new: &DatabaseUrl,
    options: &Options,
    clock: Arc<dyn Clock>,
    watch: Arc<dyn Watch>,
    checkpoint: Arc<dyn Checkpoint>,
) -> Result<Comparison, Fault> {
    carry_out(old, new, options, clock, watch, Some(checkpoint)).await
}

async fn carry_out(
    old: &DatabaseUrl,
    new: &DatabaseUrl,
    options: &Options,
    clock: Arc<dyn Clock>,
    watch: Arc<dyn Watch>,
    checkpoint: Option<Arc<dyn Checkpoint>>,
) -> Result<Comparison, Fault> {
    if old.place() == new.place() {
        return Err(same_database(old));
    }
    let work = Work { checkpoint, ..Work::begin(old, new, options, clock, watch).await? };
    work.carry_out().await
}

struct Work<'a> {
    options: &'a Options,
    sides: [Arc<Side>; 2],
    askers: [Session; 2],
    crew: Crew,
    meter: Arc<Meter>,
    checkpoint: Option<Arc<dyn Checkpoint>>,
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
        Ok(Self { options, sides, askers, crew, meter, checkpoint: None })
    }

    async fn carry_out(self) -> Result<Comparison, Fault> {
        let [old, new] = &self.askers;
        let (old_inventory, new_inventory) = tokio::try_join!(inventory::read(old), inventory::read(new))?;
        let mut structure = inventory::differences(&old_inventory, &new_inventory);
        inventory::leave_roles(&mut structure, &self.options.left_roles);
        let (old_tables, new_tables) = tokio::try_join!(catalog::read(old), catalog::read(new))?;
        let oldest = old.major().min(new.major());
        let Pairs { mut pairs, mut not_compared } = pair(old_tables, new_tables, oldest, self.options);
        let left_out = inventory::left_out(&old_inventory, &new_inventory);
        not_compared.extend(left_out.into_iter().map(|(what, why)| NotCompared::unseen(what, why)));
        let questions: Vec<Question> = pairs.iter().map(Pair::tally).collect();
        let kept = self.kept(&questions).await;
        let (tables, bytes) = self.contents(&mut pairs, questions, kept.as_ref(), &mut not_compared).await?;

        self.meter.enter(Phase::Remainder, 0);
        // What asked at the beginning may have been cut since.
        let [old, new] = self.askers;
        let (old, new) = tokio::try_join!(still_open(old, &self.sides[0]), still_open(new, &self.sides[1]))?;
        let sequences = sequences::compare(&old, &new, self.options.origin, &mut not_compared).await?;
        let sides = [&*self.sides[0], &*self.sides[1]];
        let inventories = [&old_inventory, &new_inventory];
        let large_objects = if inventories.into_iter().any(has_large_objects) {
            large_objects::compare(sides, &mut not_compared).await?
        } else {
            Some(LargeObjects::default())
        };
        let known = Known {
            inventories,
            structure: &structure,
            sequences: &sequences,
            expected_orgs: &self.options.expected_orgs,
        };
        let connect = connect_side::compare(sides, &known, &mut not_compared).await?;
        let without_statistics = without_statistics(&new).await?;
        let rebuild = rebuild(&old, &new, self.options.origin).await?;
        let old = seen(&self.sides[0], &old, &old_inventory).await?;
        let new = seen(&self.sides[1], &new, &new_inventory).await?;
        let resumption = kept.map(|kept| kept.finish());
        let parts = Parts {
            structure,
            tables,
            bytes,
            sequences,
            large_objects,
            connect,
            without_statistics,
            rebuild,
            not_compared,
            old,
            new,
            resumption,
        };
        Ok(conclude(self.options, &self.meter, parts))
    }

    /// The checkpoint, with what may be used of it.
    async fn kept(&self, questions: &[Question]) -> Option<Arc<Kept>> {
        let store = self.checkpoint.clone()?;
        let marks = [self.sides[0].mark().await, self.sides[1].mark().await];
        let header = Header::of(questions, self.crew.chunk_bytes, marks);
        Some(Arc::new(Kept::open(store, &header)))
    }

    /// Compares all pairs and locates what differs.
    async fn contents(
        &self,
        pairs: &mut [Pair],
        questions: Vec<Question>,
        kept: Option<&Arc<Kept>>,
        not_compared: &mut Vec<NotCompared>,
    ) -> Result<(Vec<TableResult>, u64), Fault> {
        let bytes = |pair: &Pair| pair.old.bytes + pair.new.bytes;
        self.meter.enter(Phase::Contents, pairs.iter().map(bytes).sum());
        let findings = self.crew.ask_on::<Tally>(questions, kept).await?;
        self.meter.enter(Phase::Locating, 0);
        let (mut tables, mut compared) = (Vec::new(), 0);
        for (pair, finding) in pairs.iter_mut().zip(findings) {
            match self.second_way(pair, finding).await? {
                Finding::Unreadable(why) => not_compared.push(NotCompared::unseen(pair.old.title(), why)),
                Finding::Gathered(old, new) if pair.is_emptied(&old, &new) => {
                    not_compared.push(NotCompared::unseen(pair.old.title(), emptied(old.rows)));
                }
                Finding::Gathered(old, new) => {
                    tables.push(self.table(pair, &old, &new).await?);
                    compared += pair.old.bytes;
                }
            }
        }
        Ok((tables, compared))
    }

    /// A table that the fast way cannot read, such as one with a time in the year 294276, is read by its text.
    async fn second_way(&self, pair: &mut Pair, finding: Finding<Tally>) -> Result<Finding<Tally>, Fault> {
        if pair.method != Method::CanonicalRowHash || !matches!(finding, Finding::Unreadable(_)) {
            return Ok(finding);
        }
        pair.method = Method::RowTextHash;
        let second = self.crew.ask::<Tally>(vec![pair.tally()]).await?.pop();
        // Where neither works the first refusal is the one to tell.
        Ok(second.filter(|it| matches!(it, Finding::Gathered(..))).unwrap_or(finding))
    }

    async fn table(&self, pair: &Pair, old: &Tally, new: &Tally) -> Result<TableResult, Fault> {
        // Settled tallies hold only what differs.
        let same = old.buckets.is_empty() && new.buckets.is_empty();
        let expected = if same { None } else { pair.excuse(self.options.origin) };
        let located = match (same, pair.method) {
            (true, _) | (_, Method::Count) => Default::default(),
            _ if expected.is_some() => Default::default(),
            _ => locate(&self.crew, pair, (old, new), self.options).await?,
        };
        Ok(TableResult {
            table: pair.old.title(),
            sort: if pair.old.is_view() { Sort::MaterialisedView } else { Sort::Table },
            method: pair.method,
            as_text: pair.as_text(),
            old_rows: old.rows,
            new_rows: new.rows,
            same,
            expected,
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

/// Tables of the new database that need ANALYZE. Read last: what a follower lacks it may have got meanwhile.
async fn without_statistics(session: &Session) -> Result<Vec<String>, Fault> {
    let statistics = statistics::read(session).await?;
    Ok(statistics.unknown().map(|table| format!("{}.{}", table.schema, table.name)).collect())
}

/// The indexes of a copy were built where they are; those of a follower came as files.
async fn rebuild(old: &Session, new: &Session, origin: Origin) -> Result<Vec<Rebuild>, Fault> {
    let (before, now) = tokio::try_join!(collations::read(old), collations::read(new))?;
    Ok(collations::to_rebuild(&now, (origin == Origin::Follower).then_some(&before)))
}

const UPGRADABLE: &str = "select concat(name, ' ', installed_version, ', newer is ', default_version)
    from pg_available_extensions where installed_version <> default_version order by name";

async fn seen(side: &Side, session: &Session, inventory: &Inventory) -> Result<ServerSeen, Fault> {
    let (snapshot, moments) = side.moment().await;
    let now = session.lines("select txid_current_snapshot()").await?.pop().and_then(|mut line| line.pop()).flatten();
    let upgradable = session.lines(UPGRADABLE).await?;
    let fact = |name: &str| {
        let server = inventory.of_kind("server").next();
        server.and_then(|server| server.facts.get(name)).cloned().unwrap_or_default()
    };
    Ok(ServerSeen {
        place: session.url().place(),
        version: inventory.version().to_owned(),
        bytes: fact("bytes").parse().unwrap_or_default(),
        encoding: fact("encoding"),
        collation: fact("collation"),
        data_checksums: fact("data checksums"),
        upgradable_extensions: upgradable.into_iter().filter_map(|mut line| line.pop().flatten()).collect(),
        moved: now.as_ref() != Some(&snapshot),
        snapshot,
        moments,
    })
}

fn conclude(options: &Options, meter: &Meter, parts: Parts) -> Comparison {
    let mut comparison = Comparison {
        verdict: Verdict::DifferencesFound,
        statement: String::new(),
        remarks: remarks(&parts),
        depth: options.depth,
        origin: options.origin,
        rows: parts.tables.iter().map(|table| table.old_rows).sum(),
        old: parts.old,
        new: parts.new,
        structure: parts.structure,
        tables: parts.tables,
        sequences: parts.sequences,
        large_objects: parts.large_objects,
        connect: parts.connect,
        without_statistics: parts.without_statistics,
        rebuild: parts.rebuild,
        not_compared: parts.not_compared,
        bytes: parts.bytes,
        seconds: meter.seconds(),
        retries: meter.retries(),
        resumption: parts.resumption,
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
    connect: Vec<ConnectResult>,
    without_statistics: Vec<String>,
    rebuild: Vec<Rebuild>,
    not_compared: Vec<NotCompared>,
    old: ServerSeen,
    new: ServerSeen,
    resumption: Option<Resumption>,
}

fn remarks(parts: &Parts) -> Vec<String> {
    let mut remarks: Vec<String> = parts.sequences.iter().filter_map(|sequence| sequence.remark.clone()).collect();
    remarks.extend(collations::spoken(&parts.rebuild));
    let refreshed = parts.tables.iter().filter_map(|table| Some((table, table.expected.as_ref()?)));
    remarks.extend(refreshed.map(|(table, why)| {
        format!("The {} {} holds other rows than in old, as expected: {why}.", table.sort.word(), table.table)
    }));
    for (name, side) in [("old", &parts.old), ("new", &parts.new)] {
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

fn emptied(rows: u64) -> String {
    format!("it is unlogged: {rows} rows in old, none in new; a follower never gets its rows")
}

fn same_database(url: &DatabaseUrl) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("Both URLs name the same database, {}.", url.place()),
        "A database never differs from itself, so the comparison would prove nothing.",
        "Give the old database and the new one.",
    )
}

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::connect::{Manner, Session, literal};
use hcops_model::{Clock, DatabaseUrl, Fault, FaultKind};

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Which {
    Old,
    New,
}

impl Which {
    pub(super) const BOTH: [Self; 2] = [Self::Old, Self::New];

    pub(super) const fn index(self) -> usize {
        match self {
            Self::Old => 0,
            Self::New => 1,
        }
    }
}

/// One of the two databases, read at one moment by several connections.
///
/// A keeper holds a snapshot open; the others read through it. When the keeper is lost, a new one takes a new snapshot:
/// if no transaction was begun in between it shows the same moment, otherwise it is the next moment, and a table is never
/// put together from two.
pub(super) struct Side {
    url: DatabaseUrl,
    clock: Arc<dyn Clock>,
    keeper: Mutex<Keeper>,
}

struct Keeper {
    session: Session,
    /// The name under which others use the snapshot.
    name: String,
    /// What the snapshot shows: lowest, highest and open transactions.
    shows: String,
    /// The same with the server process that showed it; see [`Side::mark`].
    mark: String,
    moment: u32,
}

/// A connection that reads tables as they were at a moment.
pub(super) struct Reader {
    pub(super) session: Session,
    pub(super) moment: u32,
}

/// How often a lost connection is made again before it is given up: more than two minutes in all.
const ATTEMPTS: u32 = 12;

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What changes how a server prints or converts a value, fixed so that all servers agree (docs/heroku/postgres.md,
/// "Row hash"). Row security is off so that a policy is an error and not an unseen row.
const PINS: &str = "set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'iso_8601';
    set local extra_float_digits = 1; set local bytea_output = 'hex'; set local lc_monetary = 'C';
    set local client_encoding = 'UTF8'; set local search_path = pg_catalog; set local jit = off;
    set local xmlbinary = 'base64'; set local row_security = off; set local max_parallel_workers_per_gather = 0;";

/// A transaction's number may be given out again after a crash or a restore, so the start of the server counts too.
const SHOWN: &str = "select pg_export_snapshot(), txid_current_snapshot(), concat_ws(' ', txid_current_snapshot(),
    pg_postmaster_start_time(), pg_is_in_recovery(), current_setting('server_version_num'),
    (select oid from pg_database where datname = current_database()))";

const BEGIN: &str = "begin isolation level repeatable read read only;";

impl Side {
    /// Takes the first snapshot.
    ///
    /// # Errors
    /// As [`Session::open`]; a pooler is refused.
    pub(super) async fn open(url: &DatabaseUrl, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let keeper = Keeper::take(url, 0).await?;
        Ok(Self { url: url.clone(), clock, keeper: Mutex::new(keeper) })
    }

    /// A connection for questions to the catalog.
    pub(super) async fn asker(&self) -> Result<Session, Fault> {
        Session::open(&self.url, Manner::LONG_READ).await
    }

    /// A connection that reads through the snapshot; made again as often as need be while the database is away.
    pub(super) async fn reader(&self) -> Result<Reader, Fault> {
        let mut wait = Duration::from_millis(250);
        let mut attempt = 1;
        loop {
            match self.try_reader().await {
                Ok(reader) => return Ok(reader),
                Err(fault) if fault.kind == FaultKind::Transient && attempt < ATTEMPTS => self.clock.sleep(wait).await,
                Err(fault) => return Err(fault),
            }
            attempt += 1;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// What the snapshot shows, and how many moments the database was read at.
    pub(super) async fn moment(&self) -> (String, u32) {
        let keeper = self.keeper.lock().await;
        (keeper.shows.clone(), keeper.moment + 1)
    }

    /// The snapshot, and the server that showed it, at the present moment. Two processes that are given the same mark read
    /// the same rows in the same places: whoever writes is given a number first, and the snapshot shows the next one.
    pub(super) async fn mark(&self) -> String {
        self.keeper.lock().await.mark.clone()
    }

    async fn try_reader(&self) -> Result<Reader, Fault> {
        let mut keeper = self.keeper.lock().await;
        if keeper.session.lines("select 1").await.is_err() {
            *keeper = keeper.succeed(&self.url).await?;
        }
        let session = Session::open(&self.url, Manner::LONG_READ).await?;
        let import = format!("{BEGIN} set transaction snapshot {}; {PINS}", literal(&keeper.name));
        if let Err(mut fault) = session.lines(&import).await {
            // A snapshot goes with its keeper, and then the server only says that there is none of that name.
            if keeper.session.lines("select 1").await.is_err() {
                fault.kind = FaultKind::Transient;
            }
            return Err(fault);
        }
        Ok(Reader { session, moment: keeper.moment })
    }
}

impl Keeper {
    async fn take(url: &DatabaseUrl, moment: u32) -> Result<Self, Fault> {
        let session = Session::open(url, Manner::LONG_READ).await?;
        session.lines(&format!("{BEGIN} {PINS}")).await?;
        let line = session.lines(SHOWN).await?.pop().unwrap_or_default();
        let mut cells = line.into_iter().map(Option::unwrap_or_default);
        let mut cell = || cells.next().unwrap_or_default();
        let (name, shows, mark) = (cell(), cell(), format!("{} {}", url.place(), cell()));
        Ok(Self { session, name, shows, mark, moment })
    }

    /// A new keeper for one that was lost.
    async fn succeed(&self, url: &DatabaseUrl) -> Result<Self, Fault> {
        let mut next = Self::take(url, self.moment).await?;
        if next.mark != self.mark {
            next.moment += 1;
        }
        Ok(next)
    }
}

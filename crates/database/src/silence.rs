//! Does anything write? Two looks apart in time, and who was there.
//!
//! Movement of the log alone is no writer: checkpoints, autovacuum and hint bits move it too. Statistics arrive up to a
//! second late (docs/heroku/postgres.md, "Signs of writing"), and those of a session that goes idle right after its
//! second commit in a second up to ten. So there are two sorts of sign. At once: the snapshot, because only a
//! transaction that writes takes an id, and the newest row of the trigger log. Later, and with names: the statistics.
//! An unchanged snapshot means that nothing was written, whatever statistics of the past still arrive; a changed one
//! has to be explained by them.
//!
//! Transaction ids count the whole server, and an Essential database shares its server with others. So a changed snapshot
//! alone accuses nobody: what counts then is what this database shows, by its tables, its catalogue, its sequences and its
//! sessions, once their statistics have arrived.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use hcops_model::{Fault, FaultKind};

use super::{Lsn, Session, backlog};

/// What can be seen of writing at one moment. Two of them tell whether anything writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Seconds since 1970, by the server's clock.
    pub at: f64,
    /// The end of the log.
    pub log: Option<Lsn>,
    /// Transactions that were committed in this database since its statistics began.
    pub commits: i64,
    /// When the statistics began, so that a reset is noticed.
    pub since: Option<String>,
    /// Lowest, next and open transaction ids: `741:745:741,743`. Unchanged, no transaction that writes has ended.
    #[serde(default)]
    pub snapshot: Option<String>,
    /// Rows of the system catalogues that were written since the statistics began: what changing the structure writes.
    /// The planner's statistics are left out.
    #[serde(default)]
    pub catalogue: i64,
    /// Transactions that are prepared for a later commit.
    #[serde(default)]
    pub prepared: i64,
    /// A hash over the values of all sequences, which no statistics count; absent on a follower.
    #[serde(default)]
    pub sequences: Option<String>,
    /// Whether the server holds no other database, so that whoever took a transaction id did it in this one.
    #[serde(default)]
    pub alone: bool,
    /// The server's major version.
    #[serde(default)]
    pub major: u32,
    /// Rows that were written since then, by table. Temporary tables are left out.
    pub tables: BTreeMap<String, i64>,
    /// The newest id of the trigger log, 0 when it is empty; absent when no schema was named, or it has no such log.
    pub newest_log_id: Option<i64>,
    /// Everybody who is connected, except hcops and the server's own processes.
    pub sessions: Vec<Visitor>,
}

/// Somebody who is connected to the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visitor {
    /// The server process.
    pub pid: i64,
    /// The role.
    pub user: Option<String>,
    /// What it calls itself.
    pub application: Option<String>,
    /// Where it comes from.
    pub address: Option<String>,
    /// `active`, `idle`, `idle in transaction` …; hidden from credentials that may not see it.
    pub state: Option<String>,
    /// Whether its transaction has written something that is not committed yet.
    pub writing: bool,
    /// Seconds since its transaction began.
    pub transaction_seconds: Option<f64>,
    /// Seconds since it last changed its state.
    pub quiet_seconds: Option<f64>,
}

/// Whether anything wrote between two looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// Whether nothing wrote: no row of any table, no new row of the trigger log, no open transaction that has written.
    pub silent: bool,
    /// Whether it can be told at all; it cannot when the statistics were reset in between.
    pub reliable: bool,
    /// Whether transactions ended, here or in another database of the server, of which no sign tells what they did, while
    /// somebody is connected whose statistics may be late. [`settle`] decides it with a third look.
    pub unexplained: bool,
    /// Seconds between the looks.
    pub seconds: f64,
    /// Rows that were written in between, by table, most first.
    pub tables: Vec<(String, u64)>,
    /// Rows that were added to the trigger log in between.
    pub logged: Option<u64>,
    /// Rows of the system catalogues that were written in between: somebody changed the structure.
    pub catalogue: u64,
    /// Whether a sequence gave out a value or was set in between.
    pub sequences: bool,
    /// Transaction ids that were taken on the server in between. By themselves no sign of a writer: the server's own upkeep
    /// and its other databases take some.
    pub transactions: Option<u64>,
    /// Transactions that were committed in between, readers' and our own included.
    pub commits: u64,
    /// Bytes by which the log grew. By itself no sign of a writer.
    pub log_bytes: Option<u64>,
    /// Who may have written: whoever has written and not committed, and, when something was written or may have been,
    /// whoever did something in between.
    pub suspects: Vec<Visitor>,
    /// How to stop them, one sentence each.
    pub remedies: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Basics {
    at: f64,
    log: Option<Lsn>,
    commits: i64,
    since: Option<String>,
    snapshot: Option<String>,
    catalogue: i64,
    prepared: i64,
    sequences: Option<String>,
    alone: bool,
}

#[derive(Debug, Deserialize)]
struct Written {
    name: String,
    rows: i64,
}

const BASICS: &str = "
    select extract(epoch from clock_timestamp())::float8 as at,
           case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end as log,
           d.xact_commit as commits, d.stats_reset::text as since, txid_current_snapshot()::text as snapshot,
           (select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int8 from pg_stat_sys_tables
            where schemaname = 'pg_catalog' and relname not in ('pg_statistic', 'pg_statistic_ext_data')) as catalogue,
           (select count(*) from pg_prepared_xacts p where p.database = current_database()) as prepared,
           case when not pg_is_in_recovery() then
               (select coalesce(sum(hashtextextended(concat_ws('.', schemaname, sequencename, last_value), 0)), 0)::text
                from pg_sequences) end as sequences,
           not exists (select from pg_database o where not o.datistemplate
                       and o.datname not in (current_database(), 'postgres')) as alone
    from pg_stat_database d where d.datname = current_database()";

const TABLES: &str = "
    select schemaname || '.' || relname as name, n_tup_ins + n_tup_upd + n_tup_del as rows
    from pg_stat_user_tables where schemaname !~ '^pg_temp'";

/// Everybody else who is connected. Their times are measured at the moment of the look, however much later this is asked:
/// whoever did something since an earlier look is told by comparing with the time between the two.
fn sessions(at: f64) -> String {
    let now = format!("to_timestamp({at:?})");
    format!(
        "select a.pid, a.usename as user, nullif(a.application_name, '') as application, host(a.client_addr) as address, a.state,
           a.backend_xid is not null as writing,
           extract(epoch from {now} - a.xact_start)::float8 as transaction_seconds,
           extract(epoch from {now} - a.state_change)::float8 as quiet_seconds
    from pg_stat_activity a
    where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
      and a.application_name <> 'hcops'
    order by a.pid"
    )
}

/// Looks once. `schema` is the Connect schema, whose trigger log is looked at too. Works through a pooler.
///
/// # Errors
/// As the server refuses. A schema without a trigger log is no fault.
pub async fn look(session: &Session, schema: Option<&str>) -> Result<Look, Fault> {
    let basics: Basics = session.row(BASICS).await?;
    let tables: Vec<Written> = session.rows(TABLES).await?;
    let newest_log_id = match schema {
        Some(schema) => if_there(backlog::newest_id(session, schema).await)?.map(Option::unwrap_or_default),
        None => None,
    };
    Ok(Look {
        at: basics.at,
        log: basics.log,
        commits: basics.commits,
        since: basics.since,
        snapshot: basics.snapshot,
        catalogue: basics.catalogue,
        prepared: basics.prepared,
        sequences: basics.sequences,
        alone: basics.alone,
        major: session.major(),
        tables: tables.into_iter().map(|table| (table.name, table.rows)).collect(),
        newest_log_id,
        sessions: session.rows(&sessions(basics.at)).await?,
    })
}

fn if_there<T>(read: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match read {
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

impl Look {
    /// The look without who was connected and without tables that nobody ever wrote: small enough to be kept, and as good
    /// for telling later whether anything wrote since.
    #[must_use]
    pub fn seal(&self) -> Self {
        let written = self.tables.iter().filter(|(_, rows)| **rows != 0);
        let tables = written.map(|(name, rows)| (name.clone(), *rows)).collect();
        Self { tables, sessions: Vec::new(), ..self.clone() }
    }

    /// The next transaction id.
    fn next_transaction(&self) -> Option<u64> {
        self.snapshot.as_deref()?.split(':').nth(1)?.parse().ok()
    }
}

/// Seconds after which a session that went idle has told its statistics, on a server of 15 or later; an older one keeps
/// them until it does something again.
const STATISTICS_ARE_LATE: f64 = 15.0;

/// What two looks at the same database say together.
#[must_use]
pub fn judge(earlier: &Look, later: &Look) -> Silence {
    let seconds = later.at - earlier.at;
    let unmoved = later.snapshot.is_some() && earlier.snapshot == later.snapshot;
    let signs = Signs::between(earlier, later, unmoved);
    let late = if later.major >= 15 { seconds.min(STATISTICS_ARE_LATE) } else { seconds };
    // Of a session whose state is hidden nobody knows when it last did something.
    let may_be_late = |visitor: &&Visitor| visitor.quiet_seconds.is_none_or(|quiet| quiet < late);
    let unexplained = !unmoved && !signs.any() && later.sessions.iter().any(|visitor| may_be_late(&visitor));
    let active = |visitor: &&Visitor| {
        let in_between = signs.any() && visitor.quiet_seconds.is_none_or(|quiet| quiet < seconds);
        visitor.writing || in_between || unexplained && may_be_late(visitor)
    };
    let suspects: Vec<Visitor> = later.sessions.iter().filter(active).cloned().collect();
    let reliable = (unmoved || earlier.since == later.since) && seconds > 0.0;
    let open = later.prepared > 0 || suspects.iter().any(|visitor| visitor.writing);
    Silence {
        silent: reliable && !open && !signs.any() && !unexplained,
        reliable,
        unexplained,
        seconds,
        commits: later.commits.abs_diff(earlier.commits),
        log_bytes: later.log.zip(earlier.log).map(|(later, earlier)| later.since(earlier)),
        transactions: later
            .next_transaction()
            .zip(earlier.next_transaction())
            .map(|(to, from)| to.saturating_sub(from)),
        remedies: remedies(&suspects, signs.any(), later.prepared),
        suspects,
        tables: signs.tables,
        catalogue: signs.catalogue,
        sequences: signs.sequences,
        logged: signs.logged,
    }
}

/// Seconds, by the server's clock, after which every session has told what it did before.
pub const STATISTICS_HAVE_ARRIVED: f64 = 11.0;

/// A third look, once the statistics of what was done before the second one had their time by the server's own clock: ours may
/// run faster, as that of a simulation does. Usually they had it already.
///
/// # Errors
/// As [`look`].
pub async fn look_late(session: &Session, schema: Option<&str>, second: &Look) -> Result<Look, Fault> {
    let mut third = look(session, schema).await?;
    for _ in 0..WAITS {
        let missing = STATISTICS_HAVE_ARRIVED - (third.at - second.at);
        if missing <= 0.0 {
            break;
        }
        let _slept: Value = session.row(&format!("select pg_sleep({:?})::text as slept", missing.min(A_WAIT))).await?;
        third = look(session, schema).await?;
    }
    Ok(third)
}

/// Seconds of one wait on the server, below the limit of a statement.
const A_WAIT: f64 = 4.0;
/// Waits after which a third look is taken as it is.
const WAITS: u32 = 4;

/// Decides what two looks left unexplained, by a third: when the statistics had their time, and still nothing shows that
/// anything was written, it was the server's own upkeep or one of its other databases.
///
/// Where the server holds this database alone, no transaction may have ended since the second look. Where it holds others,
/// they go on taking ids; then it is known that nothing was written until the second look, and what was written after it is
/// found by the next one. [`Settled::now`] is what that one has to be compared with.
#[must_use]
pub fn settle(earlier: &Look, second: &Look, third: Look) -> Settled {
    let mut silence = judge(earlier, &third);
    let stands = third.snapshot.is_some() && second.snapshot == third.snapshot;
    let shared = !second.alone || !third.alone;
    let arrived = third.major >= 15 && third.at - second.at >= STATISTICS_HAVE_ARRIVED;
    let open = third.prepared > 0 || third.sessions.iter().any(|visitor| visitor.writing);
    if !silence.unexplained || !arrived || !silence.reliable || open || !(stands || shared) {
        return Settled { silence, now: third };
    }
    silence.silent = true;
    silence.unexplained = false;
    silence.suspects.clear();
    silence.remedies.clear();
    silence.seconds = if stands { silence.seconds } else { second.at - earlier.at };
    // With the snapshot of the second look, statistics that arrive later are not taken for those of the past.
    Settled { silence, now: Look { snapshot: second.snapshot.clone(), ..third } }
}

/// What three looks say together.
#[derive(Debug)]
pub struct Settled {
    /// Whether anything wrote.
    pub silence: Silence,
    /// The look that a later one is to be compared with.
    pub now: Look,
}

/// What was certainly written between two looks.
struct Signs {
    tables: Vec<(String, u64)>,
    catalogue: u64,
    sequences: bool,
    logged: Option<u64>,
}

impl Signs {
    fn between(earlier: &Look, later: &Look, unmoved: bool) -> Self {
        // The newest row may have gone with its time; that is no new one.
        let grown = |newest: i64| newest.saturating_sub(earlier.newest_log_id.unwrap_or_default());
        let logged = later.newest_log_id.map(|newest| u64::try_from(grown(newest)).unwrap_or_default());
        if unmoved {
            // Statistics that arrive now are of what was written before.
            return Self { tables: Vec::new(), catalogue: 0, sequences: false, logged };
        }
        let catalogue = later.catalogue.abs_diff(earlier.catalogue);
        let sequences = earlier.sequences.as_ref().zip(later.sequences.as_ref()).is_some_and(|(old, new)| old != new);
        Self { tables: written(earlier, later), catalogue, sequences, logged }
    }

    fn any(&self) -> bool {
        !self.tables.is_empty() || self.catalogue > 0 || self.sequences || self.logged.is_some_and(|rows| rows > 0)
    }
}

fn written(earlier: &Look, later: &Look) -> Vec<(String, u64)> {
    let before = |name: &String| earlier.tables.get(name).copied().unwrap_or_default();
    let rows = later.tables.iter().map(|(name, rows)| (name.clone(), rows.abs_diff(before(name))));
    let mut tables: Vec<(String, u64)> = rows.filter(|(_, rows)| *rows > 0).collect();
    tables.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    tables
}

fn remedies(suspects: &[Visitor], anything: bool, prepared: i64) -> Vec<String> {
    let mut remedies: Vec<String> = suspects
        .iter()
        .map(|visitor| {
            format!(
                "Stop {} (role {}, from {}) where it runs, then end what is left of it: heroku pg:kill {}",
                visitor.application.as_deref().unwrap_or("a program without a name"),
                visitor.user.as_deref().unwrap_or("unknown"),
                visitor.address.as_deref().unwrap_or("a local socket"),
                visitor.pid
            )
        })
        .collect();
    if prepared > 0 {
        remedies.push(
            "A transaction is prepared and not committed (pg_prepared_xacts): whoever prepared it must commit it or roll it \
             back."
                .to_owned(),
        );
    }
    if anything && suspects.is_empty() {
        remedies.push(
            "Whoever wrote came and went between the looks: look for one-off dynos, Scheduler jobs and programs outside \
             Heroku, and look again."
                .to_owned(),
        );
    }
    remedies
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod verdicts;

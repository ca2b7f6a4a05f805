//! Does anything write? Two looks apart in time, and who was there.
//!
//! Movement of the log alone is no writer: checkpoints, autovacuum and hint bits move it too. Statistics arrive up to a
//! second late (`reference/postgres.md` section 4), so the looks belong at least two seconds apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Fault;

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
    /// Rows that were written since then, by table. Temporary tables are left out.
    pub tables: BTreeMap<String, i64>,
    /// The newest id of the trigger log, 0 when it is empty; absent when no schema was named.
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
    /// Seconds between the looks.
    pub seconds: f64,
    /// Rows that were written in between, by table, most first.
    pub tables: Vec<(String, u64)>,
    /// Rows that were added to the trigger log in between.
    pub logged: Option<u64>,
    /// Transactions that were committed in between, readers' and our own included.
    pub commits: u64,
    /// Bytes by which the log grew. By itself no sign of a writer.
    pub log_bytes: Option<u64>,
    /// Who may have written: whoever has written and not committed, and, when rows were written, whoever did something in
    /// between.
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
}

#[derive(Debug, Deserialize)]
struct Written {
    name: String,
    rows: i64,
}

const BASICS: &str = "
    select extract(epoch from clock_timestamp())::float8 as at,
           case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end as log,
           d.xact_commit as commits, d.stats_reset::text as since
    from pg_stat_database d where d.datname = current_database()";

const TABLES: &str = "
    select schemaname || '.' || relname as name, n_tup_ins + n_tup_upd + n_tup_del as rows
    from pg_stat_user_tables where schemaname !~ '^pg_temp'";

const SESSIONS: &str = "
    select a.pid, a.usename as user, nullif(a.application_name, '') as application, host(a.client_addr) as address, a.state,
           a.backend_xid is not null as writing,
           extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_seconds,
           extract(epoch from clock_timestamp() - a.state_change)::float8 as quiet_seconds
    from pg_stat_activity a
    where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
      and a.application_name <> 'hcops'
    order by a.pid";

/// Looks once. `schema` is the Connect schema, whose trigger log is looked at too. Works through a pooler.
///
/// # Errors
/// As the server refuses; [`crate::model::FaultKind::NotFound`] when the schema has no trigger log.
pub async fn look(session: &Session, schema: Option<&str>) -> Result<Look, Fault> {
    let basics: Basics = session.row(BASICS).await?;
    let tables: Vec<Written> = session.rows(TABLES).await?;
    let newest_log_id = match schema {
        Some(schema) => Some(backlog::newest_id(session, schema).await?.unwrap_or(0)),
        None => None,
    };
    Ok(Look {
        at: basics.at,
        log: basics.log,
        commits: basics.commits,
        since: basics.since,
        tables: tables.into_iter().map(|table| (table.name, table.rows)).collect(),
        newest_log_id,
        sessions: session.rows(SESSIONS).await?,
    })
}

/// What two looks at the same database say together.
#[must_use]
pub fn judge(earlier: &Look, later: &Look) -> Silence {
    let tables = written(earlier, later);
    // The newest row may have gone with its time; that is no new one.
    let grown = |newest: i64| newest.saturating_sub(earlier.newest_log_id.unwrap_or_default());
    let logged = later.newest_log_id.map(|newest| u64::try_from(grown(newest)).unwrap_or_default());
    let seconds = later.at - earlier.at;
    let anything = !tables.is_empty() || logged.is_some_and(|rows| rows > 0);
    let active =
        |visitor: &&Visitor| visitor.writing || anything && visitor.quiet_seconds.is_none_or(|quiet| quiet < seconds);
    let suspects: Vec<Visitor> = later.sessions.iter().filter(active).cloned().collect();
    let reliable = earlier.since == later.since && seconds > 0.0;
    Silence {
        silent: reliable && !anything && !suspects.iter().any(|visitor| visitor.writing),
        reliable,
        seconds,
        commits: later.commits.abs_diff(earlier.commits),
        log_bytes: later.log.zip(earlier.log).map(|(later, earlier)| later.since(earlier)),
        remedies: remedies(&suspects, anything),
        suspects,
        tables,
        logged,
    }
}

fn written(earlier: &Look, later: &Look) -> Vec<(String, u64)> {
    let before = |name: &String| earlier.tables.get(name).copied().unwrap_or_default();
    let rows = later.tables.iter().map(|(name, rows)| (name.clone(), rows.abs_diff(before(name))));
    let mut tables: Vec<(String, u64)> = rows.filter(|(_, rows)| *rows > 0).collect();
    tables.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    tables
}

fn remedies(suspects: &[Visitor], anything: bool) -> Vec<String> {
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
mod tests {
    use super::{Look, judge, look};
    use crate::database::testing::{old_and_copy, shared_old_and_copy};
    use crate::database::{Manner, Session};

    #[tokio::test]
    async fn nothing_writes_to_a_database_that_is_only_read() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
        let earlier = look(&session, Some("salesforce")).await.unwrap();
        old.run("app", "select count(*) from salesforce.account").unwrap();
        let later = look(&session, Some("salesforce")).await.unwrap();
        let silence = judge(&earlier, &later);
        assert!(silence.silent && silence.reliable && silence.suspects.is_empty(), "{silence:?}");
        assert_eq!(silence.logged, Some(0));
    }

    #[tokio::test]
    async fn a_writer_is_named_with_what_it_wrote() {
        let Some((old, _)) = old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
        let earlier = look(&session, Some("salesforce")).await.unwrap();
        let (writer, connection) = tokio_postgres::connect(
            &format!("{}&application_name=nightly-job", old.url("app").open()),
            tokio_postgres::NoTls,
        )
        .await
        .unwrap();
        tokio::spawn(connection);
        writer
            .batch_execute(
                "update salesforce.account set name = 'x' where id < 4; select pg_stat_force_next_flush(); select 1",
            )
            .await
            .unwrap();
        let later = look(&session, Some("salesforce")).await.unwrap();
        let silence = judge(&earlier, &later);
        assert!(!silence.silent, "{silence:?}");
        assert!(silence.tables.contains(&("salesforce.account".to_owned(), 3)), "{silence:?}");
        assert_eq!(silence.logged, Some(3));
        assert_eq!(silence.suspects.len(), 1);
        assert_eq!(silence.suspects[0].application.as_deref(), Some("nightly-job"));
        assert!(silence.remedies[0].contains("nightly-job") && silence.remedies[0].contains("heroku pg:kill"));

        writer.batch_execute("begin; delete from two_keys where a = 1").await.unwrap();
        let open = look(&session, None).await.unwrap();
        let silence = judge(&open, &Look { at: open.at + 1.0, ..open.clone() });
        assert!(!silence.silent && silence.tables.is_empty(), "nothing is committed, but it has written: {silence:?}");
        assert!(silence.suspects[0].writing);
    }

    #[tokio::test]
    async fn statistics_that_were_reset_prove_nothing() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
        let earlier = look(&session, None).await.unwrap();
        let later = Look { since: Some("another time".to_owned()), at: earlier.at + 5.0, ..earlier.clone() };
        let silence = judge(&earlier, &later);
        assert!(!silence.reliable && !silence.silent);
    }
}

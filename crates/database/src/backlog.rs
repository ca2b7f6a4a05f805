//! Changes that Connect has captured and not yet sent to Salesforce (docs/heroku/connect.md, "Trigger log").

use serde::{Deserialize, Serialize};

use hcops_model::Fault;

use super::Session;
use super::connect::literal;

/// The trigger log at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backlog {
    /// Seconds since 1970, by the server's clock.
    pub at: f64,
    /// Rows that are captured or in flight: `NEW` and `PENDING`.
    pub open: u64,
    /// Rows that Salesforce rejected and that nothing retries by itself.
    pub failed: u64,
    /// Seconds since the oldest open row was captured.
    pub oldest_seconds: Option<f64>,
    /// Every state and table that has rows in the log. States that hcops does not know are among them, as they are.
    pub groups: Vec<Group>,
    /// The newest id that was given out, over log and archive.
    pub newest_id: Option<i64>,
    /// The newest id that was archived; absent without an archive, or while it is empty.
    #[serde(default)]
    pub archived_id: Option<i64>,
    /// Seconds since a row was last archived, by its own time of processing; absent without an archive.
    pub archived_seconds: Option<f64>,
}

/// Rows of one state and table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The state, as Connect writes it.
    pub state: String,
    /// The mapped table, without schema.
    pub table: String,
    /// How many.
    pub rows: u64,
    /// Seconds since the oldest was captured.
    pub oldest_seconds: Option<f64>,
}

/// How a backlog moves between two looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// Open rows that went away for each second, new ones counted against them; negative when the backlog grows.
    pub drained_per_second: f64,
    /// Rows that were captured in between.
    pub captured: u64,
    /// Seconds until nothing is open at this rate; absent when it does not shrink.
    pub seconds_left: Option<u64>,
}

/// States of rows that are still to be sent.
const OPEN: [&str; 2] = ["NEW", "PENDING"];

#[derive(Debug, Deserialize)]
struct Moment {
    at: f64,
}

struct Edges {
    at: f64,
    newest_id: Option<i64>,
    archived_id: Option<i64>,
    archived_seconds: Option<f64>,
}

impl Backlog {
    /// Whether everything that was captured is sent or settled otherwise.
    #[must_use]
    pub const fn is_drained(&self) -> bool {
        self.open == 0
    }

    /// How it has moved since an earlier look.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Trend {
        let seconds = (self.at - earlier.at).max(0.001);
        let drained_per_second = (earlier.open as f64 - self.open as f64) / seconds;
        let left = (drained_per_second > 0.0).then(|| (self.open as f64 / drained_per_second).ceil() as u64);
        Trend {
            drained_per_second,
            captured: self.newest_id.unwrap_or_default().abs_diff(earlier.newest_id.unwrap_or_default()),
            seconds_left: if self.is_drained() { Some(0) } else { left },
        }
    }
}

/// Reads the trigger log of a Connect schema. Works through a pooler.
///
/// # Errors
/// As the server refuses; [`hcops_model::FaultKind::NotFound`] when the schema has no trigger log.
pub async fn read(session: &Session, schema: &str) -> Result<Backlog, Fault> {
    let quoted = postgres_protocol::escape::escape_identifier(schema);
    let groups: Vec<Group> = session
        .rows(&format!(
            "select coalesce(state, '') as state, coalesce(table_name, '') as table, count(*) as rows,
                    extract(epoch from clock_timestamp() - min(created_at))::float8 as oldest_seconds
             from {quoted}._trigger_log group by 1, 2 order by 1, 2"
        ))
        .await?;
    let archive = Archive::of(session, schema).await?;
    let edges = Edges {
        at: session.row::<Moment>("select extract(epoch from clock_timestamp())::float8 as at").await?.at,
        newest_id: archive.newest_id(session, &quoted).await?,
        archived_id: archive.archived_id(session, &quoted).await?,
        archived_seconds: archive.archived_seconds(session, &quoted).await?,
    };
    Ok(summary(groups, &edges))
}

/// The newest id that the trigger log gave out, over log and archive: a row that was processed moves to the archive.
///
/// # Errors
/// As [`read`].
pub async fn newest_id(session: &Session, schema: &str) -> Result<Option<i64>, Fault> {
    let quoted = postgres_protocol::escape::escape_identifier(schema);
    Archive::of(session, schema).await?.newest_id(session, &quoted).await
}

/// How many of the rows up to this id are still open: what is left of a backlog that was there at some moment.
///
/// # Errors
/// As [`read`].
pub async fn open_up_to(session: &Session, schema: &str, id: i64) -> Result<u64, Fault> {
    let quoted = postgres_protocol::escape::escape_identifier(schema);
    let states = OPEN.map(literal).join(", ");
    let select = format!("select count(*) from {quoted}._trigger_log where id <= {id} and state in ({states})");
    Ok(number(session, &select).await?.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// Whether the schema has an archive; not every version of Connect makes one at once.
struct Archive {
    is_there: bool,
}

impl Archive {
    async fn of(session: &Session, schema: &str) -> Result<Self, Fault> {
        let select = format!(
            "select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                            where n.nspname = {} and c.relname = '_trigger_log_archive')::int4",
            literal(schema)
        );
        Ok(Self { is_there: number(session, &select).await? == Some(1) })
    }

    async fn newest_id(&self, session: &Session, quoted: &str) -> Result<Option<i64>, Fault> {
        let archived = if self.is_there {
            format!("(select max(id) from {quoted}._trigger_log_archive)")
        } else {
            "null".to_owned()
        };
        number(session, &format!("select greatest((select max(id) from {quoted}._trigger_log), {archived})")).await
    }

    async fn archived_id(&self, session: &Session, quoted: &str) -> Result<Option<i64>, Fault> {
        if !self.is_there {
            return Ok(None);
        }
        number(session, &format!("select max(id) from {quoted}._trigger_log_archive")).await
    }

    async fn archived_seconds(&self, session: &Session, quoted: &str) -> Result<Option<f64>, Fault> {
        if !self.is_there {
            return Ok(None);
        }
        let select = format!(
            "select extract(epoch from clock_timestamp() - processed_at)::float8 as at
             from {quoted}._trigger_log_archive where processed_at is not null order by id desc limit 1"
        );
        Ok(session.rows::<Moment>(&select).await?.pop().map(|moment| moment.at))
    }
}

async fn number(session: &Session, select: &str) -> Result<Option<i64>, Fault> {
    let line = session.lines(select).await?.pop().unwrap_or_default();
    Ok(line.into_iter().next().flatten().and_then(|text| text.parse().ok()))
}

fn summary(groups: Vec<Group>, edges: &Edges) -> Backlog {
    let is_open = |group: &&Group| OPEN.contains(&group.state.as_str());
    Backlog {
        at: edges.at,
        open: groups.iter().filter(is_open).map(|group| group.rows).sum(),
        failed: groups.iter().filter(|group| group.state == "FAILED").map(|group| group.rows).sum(),
        oldest_seconds: groups.iter().filter(is_open).filter_map(|group| group.oldest_seconds).reduce(f64::max),
        newest_id: edges.newest_id,
        archived_id: edges.archived_id,
        archived_seconds: edges.archived_seconds,
        groups,
    }
}

/// Asks to be told when something is captured, so that nobody has to look again and again. [`Session::notified`] waits.
///
/// # Errors
/// As the server refuses: a follower does, and then looking again is the way. The session must be its own
/// ([`super::connect::Sessions::Own`]); a pooler loses notifications.
pub async fn listen(session: &Session, schema: &str) -> Result<(), Fault> {
    session.listen(&format!("{schema}.hc_trigger_log")).await
}

#[cfg(test)]
mod tests {
    use super::{listen, open_up_to, read};
    use crate::testing::{old_and_copy, server};
    use crate::{Manner, Session};
    use hcops_model::FaultKind;

    #[tokio::test]
    async fn open_failed_and_unknown_states_are_counted_and_the_rate_is_told() {
        let Some((old, _)) = old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::LONG_READ).await.unwrap();
        assert!(read(&session, "salesforce").await.unwrap().is_drained());
        listen(&session, "salesforce").await.unwrap();
        let script = "insert into salesforce._trigger_log (state, table_name, created_at)
              select case when n <= 6 then 'NEW' when n <= 8 then 'PENDING' when n = 9 then 'FAILED' else 'MARTIAN' end,
                     'account', now() - n * interval '1 minute' from generate_series(1, 10) n;
            notify \"salesforce.hc_trigger_log\", 'ping'";
        old.run("app", script).unwrap();
        session.notified().await;
        let full = read(&session, "salesforce").await.unwrap();
        assert_eq!((full.open, full.failed, full.groups.len()), (8, 1, 4), "{full:?}");
        assert!((480.0..600.0).contains(&full.oldest_seconds.unwrap()), "{full:?}");

        let script = "insert into salesforce._trigger_log_archive (id, state, table_name, processed_at)
              select id, 'SUCCESS', 'account', now() from salesforce._trigger_log where state = 'NEW';
            delete from salesforce._trigger_log where state = 'NEW'";
        old.run("app", script).unwrap();
        let mut later = read(&session, "salesforce").await.unwrap();
        later.at = full.at + 3.0;
        let trend = later.since(&full);
        assert_eq!((later.open, trend.drained_per_second, trend.seconds_left, trend.captured), (2, 2.0, Some(1), 0));
        assert!(later.archived_seconds.unwrap() < 60.0);
        assert_eq!((full.archived_id, later.archived_id), (None, Some(6)));
        let left = [6, 8, 10].map(|id| open_up_to(&session, "salesforce", id));
        let [none, both, all] = left;
        assert_eq!((none.await.unwrap(), both.await.unwrap(), all.await.unwrap()), (0, 2, 2));
        assert_eq!(full.since(&later).seconds_left, None, "it grows");

        old.run("app", "drop table salesforce._trigger_log_archive").unwrap();
        let without = read(&session, "salesforce").await.unwrap();
        assert_eq!((without.open, without.archived_seconds), (2, None));
    }

    #[tokio::test]
    async fn a_schema_without_a_trigger_log_is_not_found() {
        let Some(server) = server() else { return };
        let session = Session::open(&server.url("postgres"), Manner::QUESTION).await.unwrap();
        assert_eq!(read(&session, "public").await.unwrap_err().kind, FaultKind::NotFound);
    }
}

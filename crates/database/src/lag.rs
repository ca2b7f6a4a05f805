//! How far a follower is behind its leader, seen from both ends.

use serde::{Deserialize, Serialize};

use hcops_model::{Fault, FaultKind};

use super::{Lsn, Session};

/// How far a follower is behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lag {
    /// Where the leader's log ended when it was looked at, before the follower was.
    pub leader: Lsn,
    /// How far the follower had replayed it, absent before it has replayed anything.
    pub replayed: Option<Lsn>,
    /// Bytes that were still to be replayed.
    pub bytes: u64,
    /// Seconds since the newest transaction that the follower has replayed. It grows while the leader merely has nothing to
    /// do, so it says nothing once `caught_up` is true.
    pub seconds: Option<f64>,
    /// Whether the follower has replayed everything that the leader had written.
    pub caught_up: bool,
    /// Whether the two are known to be no pair: servers that were not made of one another, whose logs say nothing about
    /// each other.
    #[serde(default)]
    pub strangers: bool,
    /// What the leader says of its followers.
    pub followers: Vec<Follower>,
}

/// A follower, as its leader sees it. What this credential may not see is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Follower {
    /// The name under which it follows.
    pub application: Option<String>,
    /// `streaming`, `catchup` …
    pub state: Option<String>,
    /// How far it has replayed.
    pub replayed: Option<Lsn>,
    /// Replay delay in seconds, as the leader measures it. Absent when idle and caught up, and inexact: go by the bytes.
    pub seconds: Option<f64>,
}

/// A database's part in replication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Whether it replays another one's log and refuses writes.
    pub follows: bool,
    /// The end of its own log, or how far it has replayed its leader's.
    pub at: Option<Lsn>,
    /// How far it has received its leader's log. Received = replayed also holds when the leader is dead.
    pub received: Option<Lsn>,
}

/// The leader's place is where it inserts, not where it has written: a session with `synchronous_commit = off` has committed
/// rows that are not written yet, and a follower that has everything written does not have them.
const ROLE: &str = "
    select pg_is_in_recovery() as follows,
           case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end as at,
           case when pg_is_in_recovery() then pg_last_wal_receive_lsn() end as received";

const FOLLOWERS: &str = "
    select nullif(application_name, '') as application, state, replay_lsn as replayed,
           extract(epoch from replay_lag)::float8 as seconds
    from pg_stat_replication order by 1";

/// What a server and all its physical copies have in common.
const SYSTEM: &str = "select system_identifier::text as identifier from pg_control_system()";

#[derive(Debug, Deserialize)]
struct System {
    identifier: String,
}

/// The identifier that a server has in common with its physical copies; nothing where the credential may not ask for it.
///
/// # Errors
/// As the server refuses, except for a lack of permission.
pub async fn system(session: &Session) -> Result<Option<String>, Fault> {
    match session.row::<System>(SYSTEM).await {
        Ok(System { identifier }) => Ok(Some(identifier)),
        Err(fault) if matches!(fault.kind, FaultKind::Refused | FaultKind::Unauthorized) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Which part a database has in replication. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn role(session: &Session) -> Result<Role, Fault> {
    session.row(ROLE).await
}

/// How far `follower` is behind `leader`. Nothing when `follower` does not follow anything, or `leader` does.
///
/// The leader is looked at first: what it writes afterwards is not held against the follower. Caught up means by the log's
/// bytes, because every measure in time is wrong when the leader is idle (docs/heroku/postgres.md, "Lag").
///
/// # Errors
/// As the servers refuse.
pub async fn between(leader: &Session, follower: &Session) -> Result<Option<Lag>, Fault> {
    let (above, followers) = (role(leader).await?, leader.rows::<Follower>(FOLLOWERS).await?);
    let below = role(follower).await?;
    let Some(end) = above.at.filter(|_| !above.follows && below.follows) else { return Ok(None) };
    let strangers = match (system(leader).await?, system(follower).await?) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    };
    let end = end.end_of_last_record();
    let seconds = "select extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as seconds";
    let behind = below.at.map_or(end.0, |replayed| end.since(replayed));
    Ok(Some(Lag {
        leader: end,
        replayed: below.at,
        bytes: behind,
        seconds: follower.row::<Seconds>(seconds).await?.seconds,
        caught_up: behind == 0 && !strangers,
        strangers,
        followers,
    }))
}

#[derive(Debug, Deserialize)]
struct Seconds {
    seconds: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::{between, role};
    use crate::testing::{server, server_of};
    use crate::{Manner, Session};

    #[tokio::test]
    async fn a_follower_that_stopped_replaying_is_behind_and_one_that_replays_catches_up() {
        let Some(leader) = server() else { return };
        let follower = leader.follower().unwrap();
        let open = async |server: &hcops_simulator::postgres::Cluster| {
            Session::open(&server.url("postgres"), Manner::QUESTION).await.unwrap()
        };
        let (above, below) = (open(&leader).await, open(&follower).await);
        follower.run("postgres", "select pg_wal_replay_pause()").unwrap();
        leader.run("postgres", "create table more as select generate_series(1, 10000)").unwrap();
        let lag = between(&above, &below).await.unwrap().unwrap();
        assert!(!lag.caught_up && lag.bytes > 100_000, "{lag:?}");

        follower.run("postgres", "select pg_wal_replay_resume()").unwrap();
        // The leader writes to its log by itself now and then, so being level may take more than one look.
        let mut lag = between(&above, &below).await.unwrap().unwrap();
        for _ in 0..10_000 {
            if lag.caught_up {
                break;
            }
            lag = between(&above, &below).await.unwrap().unwrap();
        }
        assert!(lag.caught_up && lag.bytes == 0 && lag.replayed >= Some(lag.leader), "{lag:?}");
        assert_eq!(lag.followers.len(), 1);
        assert_eq!(lag.followers[0].state.as_deref(), Some("streaming"));
    }

    #[tokio::test]
    async fn a_follower_of_another_server_is_no_pair_however_far_its_log_is() {
        // Servers of one major are made of one template here, and have its identifier.
        let (Some(one), Some(other)) = (server_of(17), server()) else { return };
        let follower = other.follower().unwrap();
        let open = async |server: &hcops_simulator::postgres::Cluster| {
            Session::open(&server.url("postgres"), Manner::QUESTION).await.unwrap()
        };
        let (above, below) = (open(&one).await, open(&follower).await);
        other.run("postgres", "create table more as select generate_series(1, 50000)").unwrap();
        let mut lag = between(&above, &below).await.unwrap().unwrap();
        for _ in 0..1_000 {
            if lag.bytes == 0 {
                break;
            }
            lag = between(&above, &below).await.unwrap().unwrap();
        }
        assert_eq!(lag.bytes, 0, "its log is further than that of a server that did nothing");
        assert!(lag.strangers && !lag.caught_up, "{lag:?}");
        let own = between(&open(&other).await, &below).await.unwrap().unwrap();
        assert!(!own.strangers, "{own:?}");
    }

    #[tokio::test]
    async fn a_promoted_follower_follows_nothing() {
        let Some(leader) = server() else { return };
        let mut follower = leader.follower().unwrap();
        follower.promote().unwrap();
        let above = Session::open(&leader.url("postgres"), Manner::QUESTION).await.unwrap();
        let below = Session::open(&follower.url("postgres"), Manner::QUESTION).await.unwrap();
        assert!(!role(&below).await.unwrap().follows);
        assert_eq!(between(&above, &below).await.unwrap(), None);
    }
}

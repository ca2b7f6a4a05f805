//! Lag that agrees: while the world says that a follower is behind, its replay stands still and its leader is ahead of it;
//! when the world says that it is not, it has replayed its leader's log.

use super::PlaneFault;
use super::server::{Replay, Server};

/// How long a follower may take to come to where it should be, in seconds; small servers need a tenth of one.
const PATIENCE: u64 = 30;

/// Looks in each second.
const LOOKS: u64 = 100;

/// Where a leader's log ends. The next record may begin behind the header of a page, a place that no follower reports.
const END: &str = "with it as (select pg_current_wal_insert_lsn() place) select case when mod(place - '0/0', 8192) in \
                   (24, 40) then place - mod(place - '0/0', 8192) else place end::text from it";

/// The follower replays everything that its leader has now.
pub(super) async fn catch_up(leader: &mut Server, follower: &mut Server) -> Result<(), PlaneFault> {
    let end = leader.ask("looking for the end of the leader's log", END).await?;
    follower.ask("resuming replay", "select pg_wal_replay_resume()").await?;
    let there = format!("select coalesce(pg_last_wal_replay_lsn() >= '{end}', false)");
    wait_until(follower, "waiting for a follower to catch up", &there).await?;
    follower.replay = Replay::Running;
    Ok(())
}

/// The follower's replay stands still, and its leader is ahead of it.
pub(super) async fn hold_back(leader: &mut Server, follower: &mut Server) -> Result<(), PlaneFault> {
    follower.ask("pausing replay", "select pg_wal_replay_pause()").await?;
    let paused = "select pg_get_wal_replay_pause_state() = 'paused'";
    wait_until(follower, "waiting for replay to pause", paused).await?;
    let end = leader.ask("looking for the end of the leader's log", END).await?;
    let level = format!("select coalesce(pg_last_wal_replay_lsn() >= '{end}', false)");
    if follower.ask("comparing the logs", &level).await? == "t" {
        // A mark is a record of the log that changes nothing.
        leader.ask("moving the leader's log", "select pg_create_restore_point('hcops_ahead')").await?;
    }
    follower.replay = Replay::Behind;
    Ok(())
}

/// Waits until recovery has ended; the server is a leader then.
pub(super) async fn leave_recovery(server: &mut Server) -> Result<(), PlaneFault> {
    wait_until(server, "waiting for recovery to end", "select not pg_is_in_recovery()").await?;
    server.replay = Replay::Unknown;
    server.cluster.forget_recovery().map_err(|source| PlaneFault::server("ending recovery", source))
}

/// Asks until the answer is yes.
pub(super) async fn wait_until(server: &mut Server, doing: &str, question: &str) -> Result<(), PlaneFault> {
    for _ in 0..PATIENCE * LOOKS {
        if server.ask(doing, question).await? == "t" {
            return Ok(());
        }
        server.ask(doing, "select pg_sleep(0.01)").await?;
    }
    Err(PlaneFault::Late { doing: doing.to_owned(), seconds: PATIENCE })
}

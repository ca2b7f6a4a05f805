use super::server_fault::finish;
use super::{Cluster, ServerFault};

impl Cluster {
    /// A streaming follower of this server, made by a base backup, and running.
    ///
    /// # Errors
    /// When the backup fails or the follower does not start.
    pub fn follower(&self) -> Result<Self, ServerFault> {
        let place = self.workshop.new_place()?;
        let mut backup = self.client("pg_basebackup");
        backup.arg("--pgdata").arg(place.join("data"));
        backup.args(["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]);
        finish(backup)?;
        let mut follower = Self::new(self.workshop.clone(), self.binaries.clone(), place, self.encryption);
        follower.start()?;
        Ok(follower)
    }

    /// Whether this follower has replayed everything that `leader` has committed up to now, written or not: these servers
    /// commit before they write. The next record may begin behind the header of a page, a place that no follower reports.
    ///
    /// # Errors
    /// When one of the two does not answer.
    pub fn has_caught_up_with(&self, leader: &Self) -> Result<bool, ServerFault> {
        let place = "with it as (select pg_current_wal_insert_lsn() place)
            select case when mod(place - '0/0', 8192) in (24, 40) then place - mod(place - '0/0', 8192) else place end from it";
        let end = leader.run("postgres", place)?;
        let question = format!("select coalesce(pg_last_wal_replay_lsn() >= '{}', false)", end.trim());
        Ok(self.run("postgres", &question)?.trim() == "t")
    }

    /// Ends recovery: the follower becomes a leader and takes writes.
    ///
    /// # Errors
    /// When the server does not follow anything.
    pub fn promote(&mut self) -> Result<(), ServerFault> {
        finish(self.pg_ctl("promote")).map(drop)
    }
}

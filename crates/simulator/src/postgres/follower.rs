use std::fs;

use super::server_fault::finish;
use super::{Cluster, ServerFault, Stop};

/// Settings that only matter while a server recovers.
const RECOVERY: [&str; 3] = ["primary_conninfo", "restore_command", "recovery_target"];

impl Cluster {
    /// A streaming follower of this server, made by a base backup, and running.
    ///
    /// # Errors
    /// When the backup fails or the follower does not start.
    pub fn follower(&self) -> Result<Self, ServerFault> {
        let mut follower = self.unstarted_follower()?;
        follower.start()?;
        Ok(follower)
    }

    /// The same, not started yet, so that its port can be chosen.
    ///
    /// # Errors
    /// When the backup fails.
    pub fn unstarted_follower(&self) -> Result<Self, ServerFault> {
        let place = self.workshop.new_place()?;
        let mut backup = self.client("pg_basebackup");
        backup.arg("--pgdata").arg(place.join("data"));
        backup.args(["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]);
        finish(backup)?;
        Ok(Self::new(self.workshop.clone(), self.binaries.clone(), place, self.encryption))
    }

    /// Lets this follower, before it is started, look for its leader where that is now: after a restart of both the port
    /// and the folder of the sockets may be others.
    ///
    /// # Errors
    /// When the setting can't be written.
    pub fn follow(&self, leader: &Self) -> Result<(), ServerFault> {
        let host = leader.socket_folder().display();
        self.set_recovery(&format!("primary_conninfo = 'user=postgres host={host} port={}'\n", leader.port()))
    }

    /// Writes how this server, before it is started, is to recover, in place of what was said about that before. A server
    /// that has recovered must forget it: its own followers would inherit it.
    pub(super) fn set_recovery(&self, settings: &str) -> Result<(), ServerFault> {
        let file = self.data().join("postgresql.auto.conf");
        let before = fs::read_to_string(&file).map_err(ServerFault::io(&file))?;
        let others = before.lines().filter(|line| !RECOVERY.iter().any(|name| line.starts_with(name)));
        let others: String = others.flat_map(|line| [line, "\n"]).collect();
        fs::write(&file, others + settings).map_err(ServerFault::io(&file))
    }

    /// Forgets how it has recovered.
    ///
    /// # Errors
    /// When the settings can't be written.
    pub fn forget_recovery(&self) -> Result<(), ServerFault> {
        self.set_recovery("")
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

    /// Whether it is in recovery: a follower that has not been promoted.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn is_in_recovery(&self) -> Result<bool, ServerFault> {
        Ok(self.run("postgres", "select pg_is_in_recovery()")?.trim() == "t")
    }

    /// Ends recovery where the replay is, be it paused: what the follower has received beyond that is lost to it. A server
    /// that is no follower any more is left as it is.
    ///
    /// # Errors
    /// When the server does not answer or does not start again.
    pub fn promote_as_replayed(&mut self) -> Result<(), ServerFault> {
        let said = self.run(
            "postgres",
            "select pg_is_in_recovery(), pg_is_in_recovery() and pg_get_wal_replay_pause_state() = 'paused'
                and pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn(), pg_last_wal_replay_lsn()",
        )?;
        match said.trim().split('|').collect::<Vec<_>>()[..] {
            ["t", "t", replayed] => self.recover_until_place(replayed),
            ["t", ..] => self.promote(),
            _ => Ok(()),
        }
    }

    /// A promotion would replay all that was received. A recovery with an end does not.
    fn recover_until_place(&mut self, place: &str) -> Result<(), ServerFault> {
        self.stop(Stop::Clean)?;
        self.set_recovery(&format!(
            "restore_command = '/bin/false'\nrecovery_target_lsn = '{place}'\nrecovery_target_inclusive = off\n\
             recovery_target_action = 'promote'\n"
        ))?;
        let (standby, recovery) = (self.data().join("standby.signal"), self.data().join("recovery.signal"));
        fs::rename(&standby, &recovery).map_err(ServerFault::io(&recovery))?;
        self.start()
    }

    /// Ends recovery: the follower becomes a leader and takes writes.
    ///
    /// # Errors
    /// When the server does not follow anything.
    pub fn promote(&mut self) -> Result<(), ServerFault> {
        finish(self.pg_ctl("promote")).map(drop)
    }
}

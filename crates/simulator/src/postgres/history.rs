//! A server's past: an archive of its log and a base backup, from which a server of an earlier moment can be made.
//!
//! The archive and the backup are beside the server's data, in its own folder, and are named there by relative paths: so
//! they go where the server goes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::server_fault::finish;
use super::{Cluster, ServerFault};

/// The server runs in its data folder, so this leads to the folder beside it. A file that is there already is the same.
const ARCHIVE: &str = "
archive_mode = on
archive_command = 'test -f ../archive/%f || { cp %p ../archive/%f.part && mv ../archive/%f.part ../archive/%f; }'
";

impl Cluster {
    /// Lets this server, before it is started, keep its log from now on.
    ///
    /// # Errors
    /// When its folder can't be written.
    pub fn keep_history(&self) -> Result<(), ServerFault> {
        let mut make = self.workshop.command("/bin/mkdir");
        make.arg("-p").arg(self.archive());
        finish(make)?;
        let file = self.data().join("hcops.conf");
        let before = fs::read_to_string(&file).map_err(ServerFault::io(&file))?;
        if before.contains("archive_mode") {
            return Ok(());
        }
        fs::write(&file, before + ARCHIVE).map_err(ServerFault::io(&file))
    }

    /// Makes the base backup that a rollback begins with; an earlier one goes.
    ///
    /// # Errors
    /// When the backup fails.
    pub fn make_basis(&self) -> Result<(), ServerFault> {
        let (basis, part) = (self.basis(), self.place.join("basis.part"));
        remove(&part)?;
        let mut backup = self.client("pg_basebackup");
        backup.arg("--pgdata").arg(&part).args(["--wal-method=stream", "--checkpoint=fast", "--no-sync"]);
        finish(backup)?;
        remove(&basis)?;
        fs::rename(&part, &basis).map_err(ServerFault::io(&basis))
    }

    /// Marks this moment under a name in the log. A follower cannot.
    ///
    /// # Errors
    /// When the server does not answer or is a follower.
    pub fn mark(&self, name: &str) -> Result<(), ServerFault> {
        self.run("postgres", &format!("select pg_create_restore_point('{name}')")).map(drop)
    }

    /// A server as this one was at the mark of this name, not started yet: its base backup and the archived log up to
    /// there. When it is started it becomes a leader of its own.
    ///
    /// # Errors
    /// When there is no base backup, or the log up to the mark does not get into the archive.
    pub fn rolled_back_to(&self, name: &str) -> Result<Self, ServerFault> {
        self.archive_everything()?;
        let place = self.workshop.new_place()?;
        for (from, to) in [(self.basis(), place.join("data")), (self.archive(), place.join("past"))] {
            let mut copy = self.workshop.command("/bin/cp");
            copy.arg("-R").arg(&from).arg(&to);
            finish(copy)?;
        }
        let earlier = Self::new(self.workshop.clone(), self.binaries.clone(), place, self.encryption);
        earlier.recover_until(name)?;
        Ok(earlier)
    }

    fn recover_until(&self, name: &str) -> Result<(), ServerFault> {
        let data = self.data();
        self.set_recovery(&format!(
            "restore_command = 'cp ../past/%f %p'\nrecovery_target_name = '{name}'\nrecovery_target_action = 'promote'\n\
             recovery_target_timeline = 'current'\n"
        ))?;
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).map_err(ServerFault::io(&data))?;
        self.workshop.write(&data.join("recovery.signal"), "")
    }

    /// Closes the piece of the log that is being written and waits until it is in the archive.
    fn archive_everything(&self) -> Result<(), ServerFault> {
        let script = "
            create temporary table hcops_piece as select pg_walfile_name(pg_switch_wal()) piece;
            do $$ begin
              for attempt in 1..600 loop
                perform pg_stat_clear_snapshot();
                exit when (select coalesce(last_archived_wal, '') from pg_stat_archiver) >= (select piece from hcops_piece);
                if attempt = 600 then raise 'the log does not get into the archive'; end if;
                perform pg_sleep(0.05);
              end loop;
            end $$;";
        self.run("postgres", script).map(drop)
    }

    fn archive(&self) -> PathBuf {
        self.place.join("archive")
    }

    fn basis(&self) -> PathBuf {
        self.place.join("basis")
    }
}

fn remove(folder: &Path) -> Result<(), ServerFault> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ServerFault::io(folder)(error)),
        _ => Ok(()),
    }
}

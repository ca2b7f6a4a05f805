use super::server_fault::finish;
use super::{Cluster, ServerFault, Stop};

impl Cluster {
    /// Upgrades this leader to another major with `pg_upgrade` and starts the new server, on the same port where that is
    /// still free. The old folder goes.
    ///
    /// # Errors
    /// When the major is not installed, when it is not newer, or with what `pg_upgrade` said; then this server is lost
    /// as well, because it had to be stopped.
    pub fn upgrade(mut self, major: u32) -> Result<Self, ServerFault> {
        let mut upgraded = self.workshop.unstarted(major, self.encryption)?;
        self.stop(Stop::Clean)?;
        let mut command = self.workshop.lend(upgraded.binaries.command("pg_upgrade"));
        // It writes its scripts and sockets into the folder in which it runs.
        command.current_dir(&upgraded.place).arg("--socketdir").arg(&upgraded.place).arg("--username=postgres");
        command.arg("--old-bindir").arg(self.binaries.folder()).arg("--new-bindir").arg(upgraded.binaries.folder());
        command.arg("--old-datadir").arg(self.data()).arg("--new-datadir").arg(upgraded.data());
        finish(command)?;
        upgraded.port = self.port;
        upgraded.start()?;
        Ok(upgraded)
    }
}

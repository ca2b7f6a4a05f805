use super::server_fault::finish;
use super::{Cluster, ServerFault, Stop};

impl Cluster {
    /// Upgrades this leader to another major with `pg_upgrade` and starts the new server, on the same port where that is
    /// still free. The old folder goes.
    ///
    /// # Errors
    /// As [`Cluster::upgraded`]; this server goes as well.
    pub fn upgrade(mut self, major: u32) -> Result<Self, ServerFault> {
        let mut upgraded = self.upgraded(major)?;
        upgraded.start()?;
        Ok(upgraded)
    }

    /// The server that `pg_upgrade` makes of this leader, for another major and the same port, not started yet. This one
    /// is stopped and keeps what it holds.
    ///
    /// # Errors
    /// When the major is not installed, when it is not newer, or with what `pg_upgrade` said; then this server runs again.
    pub fn upgraded(&mut self, major: u32) -> Result<Self, ServerFault> {
        let mut upgraded = self.workshop.unstarted(major, self.encryption)?;
        upgraded.port = self.port;
        self.stop(Stop::Clean)?;
        if let Err(fault) = self.convert_into(&upgraded) {
            upgraded.remove();
            self.start()?;
            return Err(fault);
        }
        Ok(upgraded)
    }

    fn convert_into(&self, upgraded: &Self) -> Result<(), ServerFault> {
        let mut command = self.workshop.lend(upgraded.binaries.command("pg_upgrade"));
        // Upgrades side by side use the same port, so each has a folder for its sockets.
        let sockets = self.workshop.sockets().join(upgraded.number().to_string());
        let mut make = self.workshop.command("/bin/mkdir");
        make.arg(&sockets);
        finish(make)?;
        // It writes its scripts into the folder in which it runs.
        command.current_dir(&upgraded.place).arg("--socketdir").arg(&sockets).arg("--username=postgres");
        command.arg("--old-bindir").arg(self.binaries.folder()).arg("--new-bindir").arg(upgraded.binaries.folder());
        command.arg("--old-datadir").arg(self.data()).arg("--new-datadir").arg(upgraded.data());
        finish(command).map(drop)
    }
}

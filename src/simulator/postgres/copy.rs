use super::server_fault::finish;
use super::{Cluster, ServerFault};

impl Cluster {
    /// Dumps `database` with the target's programs and restores it into a new database `name` on `target`, as a
    /// copy between add-ons does it: without owners and grants.
    ///
    /// # Errors
    /// With what `pg_dump` or `pg_restore` said.
    pub fn copy_into(&self, database: &str, target: &Self, name: &str) -> Result<(), ServerFault> {
        target.run("postgres", &format!("create database \"{name}\""))?;
        self.copy_contents(database, target, name, "postgres")
    }

    /// The same into a database in place of the one that is there, all of it owned by `role`: a copy replaces what its
    /// target holds (`reference/procedures.md`, P4), so that one that was cut off can be made again.
    ///
    /// # Errors
    /// With what `pg_dump` or `pg_restore` said.
    pub fn copy_over(&self, database: &str, target: &Self, name: &str, role: &str) -> Result<(), ServerFault> {
        target.run("postgres", &format!("drop database if exists \"{name}\" with (force)"))?;
        target.run("postgres", &format!("create database \"{name}\" owner \"{role}\""))?;
        self.copy_contents(database, target, name, role)
    }

    fn copy_contents(&self, database: &str, target: &Self, name: &str, role: &str) -> Result<(), ServerFault> {
        let file = target.place.join(format!("{name}.dump"));
        let mut dump = target.workshop.lend(target.binaries.command("pg_dump"));
        dump.arg("--host").arg(self.workshop.sockets());
        dump.args(["--port", &self.port().to_string(), "--username=postgres"]);
        dump.args(["--format=custom", "--compress=0", "--dbname", database]).arg("--file").arg(&file);
        finish(dump)?;
        let mut restore = target.client("pg_restore");
        restore.args(["--no-owner", "--no-acl", "--exit-on-error", "--role", role, "--dbname", name]).arg(&file);
        finish(restore)?;
        std::fs::remove_file(&file).map_err(ServerFault::io(&file))
    }
}

use super::server_fault::finish;
use super::{Cluster, ServerFault};

impl Cluster {
    /// Dumps `database` with the target's programs and restores it into a new database `name` on `target`, as a
    /// copy between add-ons does it: without owners and grants.
    ///
    /// # Errors
    /// With what `pg_dump` or `pg_restore` said.
    pub fn copy_into(&self, database: &str, target: &Self, name: &str) -> Result<(), ServerFault> {
        target.run("postgres", &format!("create database {name}"))?;
        let file = target.place.join(format!("{name}.dump"));
        let mut dump = target.workshop.lend(target.binaries.command("pg_dump"));
        dump.arg("--host").arg(&self.place).args(["--port", &self.port().to_string(), "--username=postgres"]);
        dump.args(["--format=custom", "--compress=0", "--dbname", database]).arg("--file").arg(&file);
        finish(dump)?;
        let mut restore = target.client("pg_restore");
        restore.args(["--no-owner", "--no-acl", "--exit-on-error", "--dbname", name]).arg(&file);
        finish(restore).map(drop)
    }
}

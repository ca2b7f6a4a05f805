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
        self.dump_for(database, target, name)?;
        target.restore(name, name, "postgres")
    }

    /// As [`Cluster::copy_into`], with owners and grants.
    ///
    /// # Errors
    /// With what `pg_dump` or `pg_restore` said.
    pub fn copy_whole_into(&self, database: &str, target: &Self, name: &str) -> Result<(), ServerFault> {
        target.run("postgres", &format!("create database \"{name}\""))?;
        self.dump_for(database, target, name)?;
        let mut restore = target.client("pg_restore");
        restore.args(["--exit-on-error", "--dbname", name]).arg(target.dump(name));
        finish(restore)?;
        target.forget_dump(name)
    }

    /// Dumps `database`, as it is at this moment, with the programs of `target` into a file of that server. A dump of the
    /// same name is replaced.
    ///
    /// # Errors
    /// With what `pg_dump` said.
    pub fn dump_for(&self, database: &str, target: &Self, name: &str) -> Result<(), ServerFault> {
        let mut dump = target.workshop.lend(target.binaries.command("pg_dump"));
        dump.arg("--host").arg(self.workshop.sockets());
        dump.args(["--port", &self.port().to_string(), "--username=postgres"]);
        dump.args(["--format=custom", "--compress=0", "--dbname", database]).arg("--file").arg(target.dump(name));
        finish(dump).map(drop)
    }

    /// Restores a dump that was made for this server in place of the database that is there, all of it owned by `role`: a
    /// copy replaces what its target holds (docs/heroku/procedures.md, "Copy"), so that one that was cut off can be
    /// made again. The dump goes.
    ///
    /// # Errors
    /// With what `pg_restore` said, or when there is no such dump.
    pub fn restore_over(&self, dump: &str, name: &str, role: &str) -> Result<(), ServerFault> {
        let renewed = format!(
            "create temp table kept as select s.setrole, s.setconfig from pg_db_role_setting s
               join pg_database d on d.oid = s.setdatabase where d.datname = '{name}';
             drop database if exists \"{name}\" with (force);
             create database \"{name}\" owner \"{role}\";
             insert into pg_db_role_setting (setdatabase, setrole, setconfig)
               select d.oid, k.setrole, k.setconfig from kept k join pg_database d on d.datname = '{name}'"
        );
        self.run("postgres", &renewed)?;
        self.restore(dump, name, role)
    }

    /// Removes a dump that was made for this server; one that is not there is as good.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget_dump(&self, name: &str) -> Result<(), ServerFault> {
        let file = self.dump(name);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ServerFault::io(&file)(error)),
            _ => Ok(()),
        }
    }

    fn restore(&self, dump: &str, name: &str, role: &str) -> Result<(), ServerFault> {
        let mut restore = self.client("pg_restore");
        restore.args(["--no-owner", "--no-acl", "--exit-on-error", "--role", role, "--dbname", name]);
        restore.arg(self.dump(dump));
        finish(restore)?;
        self.forget_dump(dump)
    }

    fn dump(&self, name: &str) -> std::path::PathBuf {
        self.place.join(format!("{name}.dump"))
    }
}

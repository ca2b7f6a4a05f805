//! Who writes: apps, Connect, others outside Heroku. The world counts their commits; here some of them become real.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::PlaneFault;
use super::counters::Counters;
use super::inside::Inside;
use super::replay::wait_until;
use super::server::{Server, connect};
use super::sessions::Place;
use crate::traffic::{Audit, Contents, TrafficFault};
use crate::world::{App, Connection, Database, World};

/// Commits of the world for which one row is written: a rehearsal writes a few thousand rows and takes seconds.
const COMMITS_FOR_A_ROW: u64 = 20;

/// How the world's writers begin that are not apps.
const CONNECT: &str = "connect:";
const OUTSIDE: &str = "outside:";

impl Inside {
    /// Puts into a new database of the beginning what its owner and Connect have there.
    pub(super) async fn fill(&mut self, world: &World, database: &Database, server: &Server) -> Result<(), PlaneFault> {
        let name = name_of(world, database);
        let contents = Contents::of(world, &name, self.register.rows);
        let opened = connect(&server.cluster, &database.user, &database.database, "hcops simulator").await?;
        let filled = self.traffic.prepare(opened.client(), &name, &contents).await;
        opened.close().await;
        filled.map_err(PlaneFault::Traffic)
    }

    /// Writes what the world's writers have written since the servers last agreed with it; then Connect sends what it has
    /// sent.
    pub(super) async fn write(&mut self, world: &World, now: &Counters) -> Result<(), PlaneFault> {
        let mut written = BTreeSet::new();
        for database in &world.databases {
            for writer in database.writes.keys() {
                let commits = now.written_since(&self.seen, &database.addon, writer);
                if commits > 0 {
                    let rows = (commits / (1_000 * COMMITS_FOR_A_ROW)).max(1);
                    self.write_as(world, database, writer, rows).await?;
                    written.insert(database.addon.clone());
                }
            }
        }
        let sent = world.connections.iter().filter(|connection| now.has_sent_since(&self.seen, &connection.id));
        for connection in sent.collect::<Vec<_>>() {
            self.send(world, connection).await?;
            written.extend(read_by(world, connection).map(|database| database.addon.clone()));
        }
        // One mark behind all that was written up to a moment: a rollback to that moment holds it.
        for addon in written {
            self.mark(&addon, world.settled_at).await?;
        }
        Ok(())
    }

    async fn write_as(
        &mut self,
        world: &World,
        database: &Database,
        writer: &str,
        rows: u64,
    ) -> Result<(), PlaneFault> {
        let (name, moment) = (name_of(world, database), world.settled_at);
        let Some(server) = self.servers.get(&database.addon) else { return Ok(()) };
        if let Some(resource) = writer.strip_prefix(CONNECT) {
            let Some(connection) = connection_named(world, resource) else { return Ok(()) };
            let client = self.sessions.of(server, &place(database), resource).await?;
            let schema = &connection.schema_name;
            let brought = self.traffic.connect_brings(client, &name, resource, schema, rows, moment).await;
            tolerate(brought.map(drop))?;
        } else {
            let applications = applications(world, writer);
            let share = shares(rows, applications.len());
            for (application, rows) in applications.iter().zip(share) {
                let client = self.sessions.of(server, &place(database), application).await?;
                let written = self.traffic.app_writes(client, &name, application, rows, moment).await;
                tolerate(written.map(drop))?;
            }
        }
        Ok(())
    }

    async fn send(&mut self, world: &World, connection: &Connection) -> Result<(), PlaneFault> {
        let Some(database) = read_by(world, connection) else { return Ok(()) };
        let (name, resource) = (name_of(world, database), world.resource_name(connection));
        let Some(server) = self.servers.get(&database.addon) else { return Ok(()) };
        let client = self.sessions.of(server, &place(database), &resource).await?;
        let (schema, moment) = (&connection.schema_name, world.settled_at);
        let sent = self.traffic.connect_drains(client, &name, &resource, schema, moment).await;
        tolerate(sent.map(drop))
    }

    /// Closes the sessions of those who are not at work any more, and waits until the servers show none of them.
    pub(super) async fn send_home(&mut self, world: &World) -> Result<(), PlaneFault> {
        let at_work = at_work(world);
        let wanted = |addon: &str, name: &str| at_work.contains(&(addon.to_owned(), name.to_owned()));
        for (addon, name) in self.sessions.close_except(wanted).await {
            let Some(server) = self.servers.get_mut(&addon) else { continue };
            let name = postgres_protocol::escape::escape_literal(&name);
            let gone = format!("select not exists (select from pg_stat_activity where application_name = {name})");
            wait_until(server, "waiting for a session to end", &gone).await?;
        }
        Ok(())
    }

    /// Counts what is in the databases and in Salesforce against what was written.
    pub(super) async fn audit(&mut self, world: &World) -> Result<Audit, PlaneFault> {
        let mut open = Vec::new();
        for database in &world.databases {
            if let Some(server) = self.servers.get(&database.addon) {
                let session = connect(&server.cluster, &database.user, &database.database, "hcops simulator").await?;
                open.push((name_of(world, database), session));
            }
        }
        let clients: Vec<(String, &Client)> =
            open.iter().map(|(name, session)| (name.clone(), session.client())).collect();
        let audit = self.traffic.audit(&clients, &current(world)).await.map_err(PlaneFault::Traffic);
        for (_, session) in open {
            session.close().await;
        }
        audit
    }
}

/// The database that is in use: the one that the first connection reads, or else the first app.
fn current(world: &World) -> String {
    let of_connection = world.connections.first().and_then(|connection| read_by(world, connection));
    let of_app = || world.apps.first().and_then(|app| world.database_of_dynos(&app.name));
    of_connection.or_else(of_app).map_or_else(String::new, |database| name_of(world, database))
}

/// Who is at work, by database and application.
fn at_work(world: &World) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for app in world.apps.iter().filter(|app| app.writes_per_second() > 0) {
        if let Some(database) = writable(world.database_of_dynos(&app.name)) {
            all.extend(dynos_of(app).into_iter().map(|name| (database.addon.clone(), name)));
        }
    }
    for connection in world.connections.iter().filter(|connection| connection.is_syncing()) {
        if let Some(database) = writable(read_by(world, connection)) {
            all.insert((database.addon.clone(), world.resource_name(connection)));
        }
    }
    for database in world.databases.iter().filter(|database| database.is_writable()) {
        all.extend(database.outside_writers.keys().map(|name| (database.addon.clone(), name.clone())));
    }
    all
}

fn writable(database: Option<&Database>) -> Option<&Database> {
    database.filter(|database| database.is_writable())
}

pub(super) fn read_by<'world>(world: &'world World, connection: &Connection) -> Option<&'world Database> {
    world.database_behind(&connection.app, connection.db_key.as_deref()?)
}

fn connection_named<'world>(world: &'world World, resource: &str) -> Option<&'world Connection> {
    world.connections.iter().find(|connection| world.resource_name(connection) == resource)
}

/// The names under which a writer comes: an app's are those of its dynos, as `acme-crm web`.
fn applications(world: &World, writer: &str) -> Vec<String> {
    if let Some(name) = writer.strip_prefix(OUTSIDE) {
        return vec![name.to_owned()];
    }
    let dynos = world.app(writer).map(dynos_of).unwrap_or_default();
    // Who has just been stopped had written before.
    if dynos.is_empty() { vec![writer.to_owned()] } else { dynos }
}

fn dynos_of(app: &App) -> Vec<String> {
    let writes = |process: &&crate::world::Process| {
        process.quantity > 0 && process.writes_per_second > 0 && !(process.kind == "web" && app.maintenance)
    };
    let processes = app.formation.iter().filter(writes).map(|process| process.kind.as_str());
    let one_offs = app.one_offs.iter().filter(|dyno| dyno.writes_per_second > 0).map(|dyno| dyno.name.as_str());
    processes.chain(one_offs).map(|dyno| format!("{} {dyno}", app.name)).collect()
}

/// Rows for each of several, as evenly as possible.
fn shares(rows: u64, among: usize) -> Vec<u64> {
    let among = u64::try_from(among).unwrap_or(1).max(1);
    (0..among).map(|index| rows / among + u64::from(index < rows % among)).collect()
}

fn place(database: &Database) -> Place<'_> {
    Place { addon: &database.addon, database: &database.database, user: &database.user }
}

pub(super) fn name_of(world: &World, database: &Database) -> String {
    world.addon(&database.addon).map_or_else(|_| database.addon.clone(), |addon| addon.name.clone())
}

/// A writer that its database turns down has failed as it would at Heroku; the simulation goes on.
pub(super) fn tolerate(outcome: Result<(), TrafficFault>) -> Result<(), PlaneFault> {
    match outcome {
        Err(fault) if fault.is_refusal() => {
            tracing::debug!("a simulated writer failed: {fault}");
            Ok(())
        }
        other => other.map_err(PlaneFault::Traffic),
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn rows_are_shared_out_without_loss() {
        assert_eq!(shares(1, 3), [1, 0, 0]);
        assert_eq!(shares(7, 3), [3, 2, 2]);
        assert_eq!(shares(4, 0), [4]);
    }
}

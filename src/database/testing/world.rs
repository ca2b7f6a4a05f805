use std::sync::OnceLock;

use crate::simulator::postgres::Cluster;

/// The SQL of a small database with every sort of object, for comparisons.
pub(in crate::database) const WORLD: &str = include_str!("world.sql");

/// Two servers of their own, the newest major, with that database, called `app`, and a true copy of it by dump and restore.
pub(crate) fn old_and_copy() -> Option<(Cluster, Cluster)> {
    let (old, new) = (super::server()?, super::server()?);
    fill(&old);
    old.copy_into("app", &new, "app").unwrap();
    Some((old, new))
}

/// Two such servers that all tests share: nothing may be changed in their `app`. The new one has a second copy, `pristine`,
/// of which tests make copies that they may change.
pub(in crate::database) fn shared_old_and_copy() -> Option<&'static (Cluster, Cluster)> {
    static SHARED: OnceLock<Option<(Cluster, Cluster)>> = OnceLock::new();
    let make = || {
        let (old, new) = old_and_copy()?;
        old.copy_into("app", &new, "pristine").unwrap();
        Some((old, new))
    };
    SHARED.get_or_init(make).as_ref()
}

/// Makes the database `app` on a server.
pub(in crate::database) fn fill(server: &Cluster) {
    server.run("postgres", "create database app").unwrap();
    server.run("app", WORLD).unwrap();
}

/// The majors for which servers are installed, lowest first.
pub(in crate::database) fn majors() -> Vec<u32> {
    super::servers::workshop().map(|workshop| workshop.installations().majors()).unwrap_or_default()
}

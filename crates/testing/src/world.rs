use std::sync::OnceLock;

use hcops_simulator::postgres::Cluster;

/// The SQL of a small database with every sort of object, for comparisons.
pub(crate) const WORLD: &str = include_str!("world.sql");

/// Two servers of their own, the newest major, with that database, called `app`, and a true copy of it by dump and restore.
///
/// # Panics
/// When a server does not do what it is told.
#[must_use]
pub fn old_and_copy() -> Option<(Cluster, Cluster)> {
    let (old, new) = (crate::server()?, crate::server()?);
    fill(&old);
    old.copy_into("app", &new, "app").unwrap();
    Some((old, new))
}

/// Two such servers that all tests share: nothing may be changed in their `app`. The new one has a second copy, `pristine`,
/// of which tests make copies that they may change.
///
/// # Panics
/// When a server does not do what it is told.
#[must_use]
pub fn shared_old_and_copy() -> Option<&'static (Cluster, Cluster)> {
    static SHARED: OnceLock<Option<(Cluster, Cluster)>> = OnceLock::new();
    let make = || {
        let (old, new) = old_and_copy()?;
        old.copy_into("app", &new, "pristine").unwrap();
        Some((old, new))
    };
    SHARED.get_or_init(make).as_ref()
}

/// Makes the database `app` on a server.
///
/// # Panics
/// When a server does not do what it is told.
pub fn fill(server: &Cluster) {
    server.run("postgres", "create database app").unwrap();
    server.run("app", WORLD).unwrap();
}

/// The majors for which servers are installed, lowest first.
#[must_use]
pub fn majors() -> Vec<u32> {
    crate::servers::workshop().map(|workshop| workshop.installations().majors()).unwrap_or_default()
}

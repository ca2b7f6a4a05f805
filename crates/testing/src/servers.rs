use std::sync::OnceLock;

use hcops_simulator::postgres::{Cluster, Encryption, Installations, Workshop};

/// The workshop of this test process, or nothing, with the reason printed, where no server is installed.
pub(crate) fn workshop() -> Option<&'static Workshop> {
    static WORKSHOP: OnceLock<Option<Workshop>> = OnceLock::new();
    let workshop = WORKSHOP.get_or_init(|| {
        let installations = Installations::find(&[], Some(&crate::cached_servers()));
        (!installations.majors().is_empty()).then(|| Workshop::open(installations, None).unwrap())
    });
    if workshop.is_none() {
        crate::missing("postgres", "no PostgreSQL server is installed here; `scripts/postgres` fetches some");
    }
    workshop.as_ref()
}

/// The servers that are installed here; nothing, with the reason printed, where one of these majors is missing.
#[must_use]
pub fn installations(majors: &[u32]) -> Option<Installations> {
    let installations = Installations::find(&[], Some(&crate::cached_servers()));
    let missing = majors.iter().find(|major| !installations.majors().contains(major));
    if let Some(major) = missing {
        let why = format!("PostgreSQL {major} is not installed here; `scripts/postgres {major}` fetches it");
        crate::missing("postgres", &why);
        return None;
    }
    Some(installations)
}

/// A new server of the newest major; nothing, with the reason printed, where none is installed.
///
/// # Panics
/// When the server does not start.
#[must_use]
pub fn server() -> Option<Cluster> {
    server_with(Encryption::Off)
}

/// A new server of the newest major with this encryption; nothing, with the reason printed, where none is installed.
///
/// # Panics
/// When the server does not start.
#[must_use]
pub fn server_with(encryption: Encryption) -> Option<Cluster> {
    let workshop = workshop()?;
    let newest = *workshop.installations().majors().last()?;
    Some(workshop.cluster(newest, encryption).unwrap())
}

/// A new server of this major, or nothing, with the reason printed, where it is not installed.
///
/// # Panics
/// When the server does not start.
#[must_use]
pub fn server_of(major: u32) -> Option<Cluster> {
    installations(&[major])?;
    Some(workshop()?.cluster(major, Encryption::Off).unwrap())
}

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::simulator::postgres::{Cluster, Encryption, Installations, Workshop};

/// The workshop of this test process, or nothing, with the reason printed, where no server is installed.
pub(super) fn workshop() -> Option<&'static Workshop> {
    static WORKSHOP: OnceLock<Option<Workshop>> = OnceLock::new();
    let workshop = WORKSHOP.get_or_init(|| {
        let cache = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".cache/postgres");
        let installations = Installations::find(&[], Some(&cache));
        (!installations.majors().is_empty()).then(|| Workshop::open(installations, None).unwrap())
    });
    if workshop.is_none() {
        crate::parts::missing("postgres", "no PostgreSQL server is installed here; `scripts/postgres` fetches some");
    }
    workshop.as_ref()
}

/// A new server of the newest major.
pub(crate) fn server() -> Option<Cluster> {
    server_with(Encryption::Off)
}

/// A new server of the newest major with this encryption.
pub(in crate::database) fn server_with(encryption: Encryption) -> Option<Cluster> {
    let workshop = workshop()?;
    let newest = *workshop.installations().majors().last()?;
    Some(workshop.cluster(newest, encryption).unwrap())
}

/// A new server of this major, or nothing, with the reason printed, where it is not installed.
pub(in crate::database) fn server_of(major: u32) -> Option<Cluster> {
    let workshop = workshop()?;
    if !workshop.installations().majors().contains(&major) {
        crate::parts::missing(
            "postgres",
            &format!("PostgreSQL {major} is not installed here; `scripts/postgres {major}` fetches it"),
        );
        return None;
    }
    Some(workshop.cluster(major, Encryption::Off).unwrap())
}

use jiff::Timestamp;

use crate::world::{App, TransferLog, Upgrade, World};

/// What a server shows that the world cannot know by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Correction {
    /// Where the server listens.
    Address { addon: String, port: u16 },
    /// Its whole version.
    Version { addon: String, version: String },
    /// An upgrade that the world took as done has failed; the server has the version that it had.
    UpgradeFailed { addon: String, version: String, why: String },
    /// A copy that the world took as done has failed.
    CopyFailed { transfer: String, why: String },
    /// The earliest moment that a rollback can reach.
    RollbackFrom { addon: String, moment: Timestamp },
}

/// The machine on which the servers are.
const HERE: &str = "127.0.0.1";

impl Correction {
    /// Puts it into the world.
    pub(crate) fn apply(self, world: &mut World) {
        match self {
            Self::Address { addon, port } => readdress(world, &addon, port),
            Self::Version { addon, version } => with_database(world, &addon, |database| database.version = version),
            Self::UpgradeFailed { addon, version, why } => with_database(world, &addon, |database| {
                let to = database.major().to_owned();
                database.version = version;
                database.upgrade = Some(Upgrade::Failed { to, why: Some(why) });
            }),
            Self::CopyFailed { transfer, why } => fail_copy(world, &transfer, why),
            Self::RollbackFrom { addon, moment } => {
                with_database(world, &addon, |database| database.rollback_from = Some(moment));
            }
        }
    }
}

fn with_database(world: &mut World, addon: &str, change: impl FnOnce(&mut crate::world::Database)) {
    if let Ok(database) = world.database_mut(addon) {
        change(database);
    }
}

/// Config vars of an app's own that hold the database's URL are changed as well: they mean the database, not its port.
fn readdress(world: &mut World, addon: &str, port: u16) {
    let Ok(database) = world.database_mut(addon) else { return };
    let before = database.clone();
    database.hostaddr = Some(HERE.to_owned());
    database.port = port;
    let url = database.url(None);
    for value in world.apps.iter_mut().flat_map(App::addresses) {
        if before.is_at(value) {
            value.clone_from(&url);
        }
    }
}

fn fail_copy(world: &mut World, uuid: &str, message: String) {
    let now = world.settled_at;
    let Some(transfer) = world.transfers.iter_mut().find(|transfer| transfer.uuid == uuid) else { return };
    transfer.succeeded = Some(false);
    transfer.logs.push(TransferLog { created_at: now, level: "error".to_owned(), message });
}

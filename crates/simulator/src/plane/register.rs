use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::PlaneFault;

/// What the plane knows of its servers. In a simulation that is kept it is on disk, so that another process finds them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Register {
    /// Version of this document.
    format: u32,
    /// Where the servers' folders are.
    pub(super) folder: Option<PathBuf>,
    /// Rows that the databases of the beginning hold.
    pub(super) rows: u64,
    /// Databases of the beginning, by add-on: they have contents from the start.
    pub(super) initial: BTreeSet<String>,
    /// Databases by add-on.
    pub(super) databases: BTreeMap<String, Known>,
    /// Copies that have begun and whose source was dumped, by UUID.
    #[serde(default)]
    pub(super) dumps: BTreeSet<String>,
    /// The revision to which the table of each mapping was brought, by the mapping's id.
    #[serde(default)]
    pub(super) shaped: BTreeMap<String, u64>,
    /// Removed connections whose schema was renamed, by id.
    #[serde(default)]
    pub(super) renamed: BTreeSet<String>,
    /// Copies that were carried out or have failed, by UUID.
    pub(super) copies: BTreeSet<String>,
    #[serde(skip)]
    path: Option<PathBuf>,
}

/// One database of the world, as the plane knows it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Known {
    /// Its port, from the first moment on.
    pub(super) port: u16,
    /// Its server, once there is one.
    pub(super) server: Option<Placed>,
    /// The leader's add-on while it follows.
    pub(super) follows: Option<String>,
    /// Name of the database in the server.
    pub(super) database: String,
    /// Name of the owner in the server.
    pub(super) user: String,
    /// The moment of the base backup that a rollback begins with.
    pub(super) basis: Option<Timestamp>,
    /// Moments that a rollback can reach, oldest first.
    pub(super) marks: Vec<Timestamp>,
}

/// Where a server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Placed {
    /// Number of its folder.
    pub(super) number: u32,
    /// Its major.
    pub(super) major: u32,
}

const FORMAT: u32 = 1;

/// The file in the folder of a simulation that is kept.
const FILE: &str = "plane.json";

impl Register {
    /// One that is kept nowhere.
    pub(super) fn in_memory(rows: u64) -> Self {
        Self { format: FORMAT, rows, ..Self::default() }
    }

    /// The one in this folder, or a new one that is kept there.
    ///
    /// # Errors
    /// When it can't be read or is of another version.
    pub(super) fn in_folder(folder: &Path, rows: u64) -> Result<Self, PlaneFault> {
        let path = folder.join(FILE);
        let mut register = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| PlaneFault::register(&path, error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::in_memory(rows),
            Err(error) => return Err(PlaneFault::register(&path, error)),
        };
        if register.format != FORMAT {
            let why = format!("format {} is not the one of this hcops, {FORMAT}", register.format);
            return Err(PlaneFault::register(&path, why));
        }
        register.path = Some(path);
        Ok(register)
    }

    /// Puts it on disk, where it is kept, as a whole.
    ///
    /// # Errors
    /// When the file can't be written.
    pub(super) fn save(&self) -> Result<(), PlaneFault> {
        let Some(path) = &self.path else { return Ok(()) };
        let written = || {
            let beside = path.with_extension("new");
            fs::write(&beside, serde_json::to_vec(self)?)?;
            fs::rename(&beside, path)
        };
        written().map_err(|error| PlaneFault::register(path, error))
    }

    /// Folders of servers that somebody uses.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.databases.values().filter_map(|known| Some(known.server?.number)).collect()
    }
}

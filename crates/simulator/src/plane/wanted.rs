use std::path::PathBuf;

use super::PlaneFault;
use crate::postgres::Installations;
use crate::traffic::DEFAULT_ROWS;
use crate::world::World;

/// Real servers under a simulation.
#[derive(Debug, Clone)]
pub struct DatabasesWanted {
    /// The PostgreSQL servers of this machine.
    pub installations: Installations,
    /// How many rows the databases of the beginning hold.
    pub rows: u64,
    /// A folder in which they stay when this process ends, for another one to go on with; else they go with it.
    pub keep_in: Option<PathBuf>,
}

impl DatabasesWanted {
    /// The usual rows, kept nowhere.
    #[must_use]
    pub const fn of(installations: Installations) -> Self {
        Self { installations, rows: DEFAULT_ROWS, keep_in: None }
    }

    /// Checks that the servers of a world can be had here.
    ///
    /// # Errors
    /// When a major of the world is not installed.
    pub fn check(&self, world: &World) -> Result<(), PlaneFault> {
        world.databases.iter().try_for_each(|database| self.check_major(major_of(database.major())))
    }

    /// Checks that servers of this major can be had here.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn check_major(&self, major: u32) -> Result<(), PlaneFault> {
        self.installations.of(major).map(drop).map_err(PlaneFault::NotThere)
    }

    /// Puts into the world the versions that its databases have here: `16.15` for `16.9`.
    pub(crate) fn name_versions(&self, world: &mut World) {
        for database in &mut world.databases {
            if let Ok(binaries) = self.installations.of(major_of(database.major())) {
                database.version.clone_from(&binaries.version);
            }
        }
    }
}

pub(super) fn major_of(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

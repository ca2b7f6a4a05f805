//! A simulation on disk, so that a rehearsal can be killed and continued by another process.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::api::Saved;

/// The format that this version writes and reads.
const FORMAT: u32 = 1;

/// Why a saved simulation could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// The file could not be read.
    #[error("the saved simulation {path} could not be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not a saved simulation.
    #[error("{path} is not a saved simulation: {source}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// It is of another version.
    #[error("{path} has the format {found}; this version of hcops reads {FORMAT}. Begin the rehearsal again.")]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
}

/// Replaces the file as a whole: a reader sees the old one or the new one, never a half.
pub(super) fn write(path: &Path, saved: &Saved) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = private_file().write(true).create(true).truncate(true).open(&beside)?;
    file.write_all(&serde_json::to_vec(saved)?)?;
    drop(file);
    fs::rename(&beside, path)
}

/// Options for a file that only its owner may read: a world holds passwords, even if they open nothing.
fn private_file() -> fs::OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(super) fn read(path: &Path) -> Result<Saved, SavedError> {
    let bytes = fs::read(path).map_err(|source| SavedError::Unreadable { path: path.to_owned(), source })?;
    let saved: Saved =
        serde_json::from_slice(&bytes).map_err(|source| SavedError::Damaged { path: path.to_owned(), source })?;
    if saved.format == FORMAT {
        Ok(saved)
    } else {
        Err(SavedError::OtherFormat { path: path.to_owned(), found: saved.format })
    }
}

//! One process for each run: a lock on a file, and a fence number for the case that the lock was lost in silence.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::engine::journal::StoreFault;
use crate::engine::journal::files::{io_fault, private_file};
use crate::model::JournalFault;

const LOCK: &str = "lease";
const HOLDER: &str = "holder.json";
const LOCK_TRIES: u32 = 50;

/// Who holds a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The person: the account's address or the machine's user.
    pub by: String,
    /// The machine.
    pub machine: String,
    /// The process.
    pub pid: u32,
    /// Since when.
    pub since: Timestamp,
    /// The fence it writes under; 0 until it is known.
    #[serde(default)]
    pub fence: u64,
}

impl Holder {
    /// This process, on behalf of a person.
    #[must_use]
    pub fn this_process(by: impl Into<String>, machine: impl Into<String>, since: Timestamp) -> Self {
        Self { by: by.into(), machine: machine.into(), pid: std::process::id(), since, fence: 0 }
    }

    /// Machine and process in one word, for the journal.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{} (process {})", self.machine, self.pid)
    }
}

/// A run that this process holds; given back when dropped.
#[derive(Debug)]
pub struct Lease {
    _lock: File,
    directory: PathBuf,
    holder: Holder,
}

impl Lease {
    /// Takes the run in this directory.
    ///
    /// # Errors
    /// [`StoreFault::LeasedElsewhere`] when another process holds it; [`StoreFault::Journal`] when the files cannot be
    /// written.
    pub fn take(directory: &Path, holder: Holder) -> Result<Self, StoreFault> {
        let path = directory.join(LOCK);
        let lock = private_file()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| io_fault("open", &path, &error))?;
        match try_lock(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held_elsewhere(directory)),
            Err(TryLockError::Error(error)) => return Err(io_fault("lock", &path, &error).into()),
        }
        let lease = Self { _lock: lock, directory: directory.to_owned(), holder };
        lease.write_holder()?;
        Ok(lease)
    }

    /// Writes the fence that this process holds the run under.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set_fence(&mut self, fence: u64) -> Result<(), JournalFault> {
        self.holder.fence = fence;
        self.write_holder()
    }

    /// Whether this process still is the holder.
    ///
    /// # Errors
    /// When another process has taken the run in the meantime, or it cannot be told.
    pub fn check(&self) -> Result<(), JournalFault> {
        match holder_of(&self.directory) {
            Some(holder) if holder == self.holder => Ok(()),
            Some(holder) => Err(JournalFault::new(
                format!("the run was taken by {} on {} at {}", holder.by, holder.place(), holder.since),
                "This process stops, so that two never work on one run. Nothing is lost: the other one goes on.",
            )
            .taken_elsewhere()),
            None => Err(JournalFault::new(
                format!("{} cannot be read any more", self.directory.join(HOLDER).display()),
                "It can't be told who holds the run, so this process stops. Take it up again with `hcops resume`.",
            )),
        }
    }

    fn write_holder(&self) -> Result<(), JournalFault> {
        let path = self.directory.join(HOLDER);
        let draft = self.directory.join(format!(".{HOLDER}.{}", std::process::id()));
        let write = || {
            let mut file = private_file().write(true).create(true).truncate(true).open(&draft)?;
            file.write_all(&serde_json::to_vec(&self.holder)?)?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        };
        write().map_err(|error| io_fault("write", &path, &error))
    }
}

/// Who holds the run in this directory, or held it last.
#[must_use]
pub fn holder_of(directory: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(directory.join(HOLDER)).ok()?).ok()
}

/// Whether any process holds the run in this directory at this moment.
#[must_use]
pub fn is_held(directory: &Path) -> bool {
    let Ok(lock) = File::open(directory.join(LOCK)) else { return false };
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// [`is_held`] takes the lock for an instant, which must not look like a holder.
fn try_lock(lock: &File) -> Result<(), TryLockError> {
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            other => return other,
        }
    }
    lock.try_lock()
}

fn held_elsewhere(directory: &Path) -> StoreFault {
    let holder = holder_of(directory);
    let who = holder.as_ref().map_or_else(
        || "another process".to_owned(),
        |holder| {
            let since = holder.since.round(Unit::Second).unwrap_or(holder.since);
            format!("{} on {} since {since}", holder.by, holder.place())
        },
    );
    StoreFault::LeasedElsewhere {
        saw: format!("the run is held by {who}"),
        remedy:
            "Only one process works on a run. Follow it with `hcops watch`, or have it stop at its next safe point: then \
             the run can be gone on with here."
                .to_owned(),
        holder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Exit;

    fn holder(by: &str) -> Holder {
        Holder::this_process(by, "night-shift", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_second_holder_is_told_who_the_first_is() {
        let directory = tempfile::tempdir().unwrap();
        let first = Lease::take(directory.path(), holder("ann@example.com")).unwrap();
        assert!(is_held(directory.path()));
        let refused = Lease::take(directory.path(), holder("bob@example.com")).unwrap_err();
        let text = refused.to_string();
        assert!(text.contains("ann@example.com") && text.contains(&std::process::id().to_string()), "{text}");
        assert_eq!(refused.exit().code(), 13);
        first.check().unwrap();
        drop(first);
        assert!(!is_held(directory.path()));
        Lease::take(directory.path(), holder("bob@example.com")).unwrap();
    }

    #[test]
    fn a_holder_that_was_replaced_notices() {
        let directory = tempfile::tempdir().unwrap();
        let lease = Lease::take(directory.path(), holder("ann@example.com")).unwrap();
        let other = Holder { fence: 2, ..holder("bob@example.com") };
        fs::write(directory.path().join(HOLDER), serde_json::to_vec(&other).unwrap()).unwrap();
        let taken = lease.check().unwrap_err();
        assert!(taken.saw.contains("bob@example.com"));
        assert_eq!(taken.exit, Exit::LeasedElsewhere);
        fs::remove_file(directory.path().join(HOLDER)).unwrap();
        assert!(lease.check().unwrap_err().saw.contains("cannot be read"));
    }
}

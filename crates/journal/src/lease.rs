//! One process for each run: a lock on a file, and a fence number for the case that the lock was lost in silence.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::StoreFault;
use crate::files::{io_fault, private_file};
use hcops_model::{Folder, JournalFault, TakenOver};

mod folder;

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
    /// The machine and the run's folder there; unknown where an older hcops took the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Box<Folder>>,
}

impl Holder {
    /// This process, on behalf of a person.
    #[must_use]
    pub fn this_process(by: impl Into<String>, machine: impl Into<String>, since: Timestamp) -> Self {
        Self { by: by.into(), machine: machine.into(), pid: std::process::id(), since, fence: 0, folder: None }
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
        Self::take_with(directory, holder, None)
    }

    /// The same where `why` says that nobody goes on with the folder that this one may be a copy of. The other one, where
    /// it is on this machine, is told so: whoever drives the run there notices before its next line.
    ///
    /// # Errors
    /// [`StoreFault::Copied`] where it is a copy and nothing was said; else as [`Lease::take`], also where a process works
    /// on the run in the other folder.
    pub fn take_with(directory: &Path, holder: Holder, why: Option<&str>) -> Result<Self, StoreFault> {
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
        let mut holder = Holder { folder: Some(Box::new(folder::of(directory, &holder.machine))), ..holder };
        let other = match original_of(directory, &holder) {
            None => None,
            Some(before) => Some(take_over(&before, &mut holder, why)?),
        };
        let lease = Self { _lock: lock, directory: directory.to_owned(), holder };
        lease.write_holder()?;
        if let Some(other) = other.flatten() {
            other.tell(&lease.holder)?;
        }
        Ok(lease)
    }

    /// Who holds it: this process.
    #[must_use]
    pub const fn holder(&self) -> &Holder {
        &self.holder
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
        write_holder(&self.directory, &self.holder)
    }
}

fn write_holder(directory: &Path, holder: &Holder) -> Result<(), JournalFault> {
    let path = directory.join(HOLDER);
    let draft = directory.join(format!(".{HOLDER}.{}", std::process::id()));
    let write = || {
        let mut file = private_file().write(true).create(true).truncate(true).open(&draft)?;
        file.write_all(&serde_json::to_vec(holder)?)?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    };
    write().map_err(|error| io_fault("write", &path, &error))
}

/// The folder that a copy was made of, on this machine, locked.
struct Original {
    _lock: File,
    directory: PathBuf,
}

impl Original {
    fn tell(&self, holder: &Holder) -> Result<(), JournalFault> {
        write_holder(&self.directory, holder)
    }
}

/// Who had the run last, where that was in another folder than this one.
fn original_of(directory: &Path, holder: &Holder) -> Option<Holder> {
    let before = holder_of(directory)?;
    let (there, here) = (before.folder.as_ref()?, holder.folder.as_ref()?);
    (!folder::is_same(there, here)).then_some(before)
}

fn take_over(before: &Holder, holder: &mut Holder, why: Option<&str>) -> Result<Option<Original>, StoreFault> {
    let (Some(there), Some(here)) = (&before.folder, &mut holder.folder) else { return Ok(None) };
    let Some(why) = why else { return Err(copied(before, there, here)) };
    let from = format!("{} on {}, in {}", before.by, before.place(), there.path);
    here.taken_over = Some(TakenOver { from, why: why.to_owned() });
    let original = PathBuf::from(&there.path);
    if there.machine != here.machine || !folder::is_still_there(there) {
        return Ok(None);
    }
    let path = original.join(LOCK);
    let Ok(lock) = private_file().write(true).create(true).truncate(false).open(&path) else { return Ok(None) };
    match try_lock(&lock) {
        Ok(()) => Ok(Some(Original { _lock: lock, directory: original })),
        Err(TryLockError::WouldBlock) => Err(held_elsewhere(&original)),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

fn copied(before: &Holder, there: &Folder, here: &Folder) -> StoreFault {
    let process = match (there.machine == here.machine, there.boot == here.boot) {
        (false, _) => "whether its process is still at work cannot be seen from here",
        (true, true) => "its process may still be there",
        (true, false) => "this machine has been started anew since, so its process is gone",
    };
    StoreFault::Copied {
        saw: format!(
            "this folder is a copy: the run was held by {} on {} in {}, and this is {}; {process}",
            before.by,
            before.place(),
            there.path,
            here.path
        ),
        remedy:
            "Go on with it there (`hcops stop` and `hcops resume`). Where that machine is lost, or nobody will go on \
                 there, say why: --take-over \"WHY\". It is written into the journal."
                .to_owned(),
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
    use hcops_model::Exit;

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

    /// A copy of a folder, as `cp -r` makes it.
    fn copied(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }

    #[test]
    fn a_copy_is_taken_up_only_with_a_word_and_the_original_notices() {
        let place = tempfile::tempdir().unwrap();
        let (original, copy) = (place.path().join("one"), place.path().join("two"));
        fs::create_dir(&original).unwrap();
        let first = Lease::take(&original, holder("ann@example.com")).unwrap();
        copied(&original, &copy);
        let refused = Lease::take(&copy, holder("bob@example.com")).unwrap_err();
        assert!(matches!(refused, StoreFault::Copied { .. }), "{refused:?}");
        assert!(
            refused.to_string().contains("ann@example.com") && refused.remedy().contains("--take-over"),
            "{refused:?}"
        );
        assert_eq!(refused.exit(), Exit::LeasedElsewhere);
        let at_work = Lease::take_with(&copy, holder("bob@example.com"), Some("it is lost")).unwrap_err();
        assert!(matches!(at_work, StoreFault::LeasedElsewhere { .. }), "its process is seen at work: {at_work:?}");
        drop(first);
        let second = Lease::take_with(&copy, holder("bob@example.com"), Some("it is lost")).unwrap();
        let taken_over = second.holder().folder.as_ref().unwrap().taken_over.clone().unwrap();
        assert_eq!(taken_over.why, "it is lost");
        assert!(taken_over.from.contains("ann@example.com on night-shift"), "{taken_over:?}");
        drop(second);
        let back = Lease::take(&original, holder("ann@example.com")).unwrap_err();
        assert!(back.to_string().contains("bob@example.com"), "the run is elsewhere now: {back}");
        Lease::take(&copy, holder("bob@example.com")).unwrap();
    }

    #[test]
    fn a_folder_that_was_moved_is_no_copy_and_one_from_another_machine_is() {
        let place = tempfile::tempdir().unwrap();
        let (one, two) = (place.path().join("one"), place.path().join("two"));
        fs::create_dir(&one).unwrap();
        drop(Lease::take(&one, holder("ann@example.com")).unwrap());
        fs::rename(&one, &two).unwrap();
        drop(Lease::take(&two, holder("ann@example.com")).unwrap());
        let mut elsewhere = holder_of(&two).unwrap();
        elsewhere.folder.as_mut().unwrap().machine = "another".into();
        fs::write(two.join(HOLDER), serde_json::to_vec(&elsewhere).unwrap()).unwrap();
        assert!(matches!(Lease::take(&two, holder("ann@example.com")), Err(StoreFault::Copied { .. })));
        elsewhere.folder = None;
        fs::write(two.join(HOLDER), serde_json::to_vec(&elsewhere).unwrap()).unwrap();
        Lease::take(&two, holder("ann@example.com")).unwrap();
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

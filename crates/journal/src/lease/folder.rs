//! Which folder on which machine a run is in.

use std::fs;
use std::path::Path;

use hcops_model::{Digest, Folder};

/// The machine's id (machine-id(5)); it is confidential, so that only a digest of it is kept.
const MACHINE: &str = "/etc/machine-id";
/// The id of the machine's start (random(4)).
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// This folder. `name` stands for a machine without an id.
pub(super) fn of(directory: &Path, name: &str) -> Folder {
    let path = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    Folder {
        machine: line_of(MACHINE).map_or_else(|| name.to_owned(), |id| digest(&id)),
        boot: line_of(BOOT),
        path: path.display().to_string(),
        inode: inode(&path).unwrap_or_default(),
        taken_over: None,
    }
}

/// Whether both are one folder: a folder that was moved on its machine is still the same, and gone from where it was.
pub(super) fn is_same(there: &Folder, here: &Folder) -> bool {
    let same = there.machine == here.machine && there.inode == here.inode;
    same && (there.path == here.path || !is_still_there(there))
}

/// Whether this machine has that folder.
pub(super) fn is_still_there(folder: &Folder) -> bool {
    inode(Path::new(&folder.path)) == Some(folder.inode)
}

fn digest(id: &str) -> String {
    Digest::of_bytes(format!("hcops {id}").as_bytes()).0.chars().take(16).collect()
}

fn line_of(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|found| found.ino())
}

#[cfg(not(unix))]
fn inode(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|_| 0)
}
